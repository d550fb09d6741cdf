package routing

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"experthour/internal/session"
)

// Bounds that keep a comparison cheap whatever people write, and where the measures are cut:
// TestAlikeIsMeasured has the figures.
const (
	comparedLetters = 300
	leastNear       = 0.25 // worth offering
	sameWord        = 0.5  // of a word and another form of it: "nodoklis" and "nodokļu"
	mostlyCovered   = 0.73 // one text says nearly nothing but what the other says
	halfCovered     = 0.6  // and the other not much more
)

// Reading is a text as it is compared with others. Make it once for each text.
type Reading struct {
	letters profile
	words   [][]rune
}

// ReadingOf reads the beginning of a text.
func ReadingOf(text string) Reading {
	rs := fold(session.Shorten(unaddressed(text), comparedLetters))
	return Reading{profileOf(rs), contentOf(string(rs))}
}

// unaddressed leaves out addresses, which say nothing of what is asked and share most of their letters; a text that is
// nothing else stays.
func unaddressed(text string) string {
	said := slices.DeleteFunc(strings.Fields(text), func(w string) bool { return strings.Contains(w, "://") })
	if len(said) == 0 {
		return text
	}
	return strings.Join(said, " ")
}

// Near is how much two texts share letters, from 0 to 1; near is whether that is worth a look.
func (r Reading) Near(o Reading) (score float64, near bool) {
	score = r.letters.near(o.letters)
	return score, score >= leastNear
}

// Alike reports whether two texts ask the same, so that one may be merged into the other
// without looking for more: the words that say what they are about stand in both, in whatever
// form. Where there is one such word, or none, all letters must be much the same.
func (r Reading) Alike(o Reading) bool {
	if min(len(r.words), len(o.words)) < 2 {
		return r.letters.near(o.letters) >= 0.9
	}
	a, b := covered(r.words, o.words), covered(o.words, r.words)
	return min(a, b) >= halfCovered && max(a, b) >= mostlyCovered
}

// covered is which share of the words stands in others.
func covered(words, others [][]rune) float64 {
	total := 0.0
	for _, w := range words {
		best := 0.0
		for _, o := range others {
			best = max(best, sameBeginning(w, o))
		}
		if best >= sameWord {
			total += best
		}
	}
	return total / float64(max(len(words), 1))
}

// sameBeginning is how much of two words is the beginning that they share: endings change.
func sameBeginning(a, b []rune) float64 {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return 2 * float64(n) / float64(len(a)+len(b))
}

// asking are folded words that say how something is asked, and not about what.
var asking = words(`a an the is are was were be been do does did i you we he she it they my your our his her its their me us of to in
	on at for from by with as and or if so that this there have has had can could may might must shall should will would no not when
	where what which who whose whom why how much many long any some possible mean also too just only please get go exactly somewhere
	roughly un vai ir kas ko kam kur kad ka kads kada kadu kura kuru kuram kurai kurs cik var es mes mums man jus tas ta pie par uz ar
	pec lai ja ari tikai bet kaut kapec nav bus tiek vel jau mans mana musu kuras loti tiesi`)

// contentOf are the words of a folded text that are not asking, once each.
func contentOf(folded string) [][]rune {
	var content [][]rune
	seen := map[string]bool{}
	for _, w := range strings.Fields(folded) {
		if !asking[w] && !seen[w] {
			seen[w] = true
			content = append(content, []rune(w))
		}
	}
	return content
}

// A profile is the sorted trigrams of a text, each as one number.
type profile []uint64

func profileOf(rs []rune) profile {
	p := make(profile, 0, len(rs))
	for i := 0; i+2 < len(rs); i++ {
		p = append(p, uint64(rs[i])<<42|uint64(rs[i+1])<<21|uint64(rs[i+2]))
	}
	slices.Sort(p)
	return p
}

// near is the cosine of two profiles: 1 for the same trigrams, 0 for none shared.
func (p profile) near(o profile) float64 {
	if len(p) == 0 || len(o) == 0 {
		return 0
	}
	return p.product(o) / math.Sqrt(p.product(p)*o.product(o))
}

// product is the scalar product of the counts of both profiles.
func (p profile) product(o profile) float64 {
	total := 0
	for len(p) > 0 && len(o) > 0 {
		np, no := p.run(), o.run()
		switch cmp.Compare(p[0], o[0]) {
		case 0:
			total += np * no
			p, o = p[np:], o[no:]
		case -1:
			p = p[np:]
		default:
			o = o[no:]
		}
	}
	return float64(total)
}

// run is how often the first trigram occurs.
func (p profile) run() int {
	n := 1
	for n < len(p) && p[n] == p[0] {
		n++
	}
	return n
}

// Fold is a text as it is searched: "Nodokļu" and "nodoklu" are the same.
func Fold(text string) string { return string(fold(text)) }

// fold leaves lower-case letters without their marks and digits, with one space
// before, between and after words.
func fold(text string) []rune {
	rs := []rune{' '}
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			rs = append(rs, r)
		case rs[len(rs)-1] != ' ':
			rs = append(rs, ' ')
		}
	}
	if rs[len(rs)-1] != ' ' {
		rs = append(rs, ' ')
	}
	return rs
}
