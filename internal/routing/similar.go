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

// Bounds that keep a comparison cheap whatever people write: about 30 ms for a
// thousand long questions.
const (
	comparedLetters   = 300
	comparedQuestions = 1000
	leastAlike        = 0.25 // worth offering
	clearlyAlike      = 0.5  // worth a warning; other questions about one topic reach 0.4
)

// Similar lists at most n questions among those given into which q could be merged
// because they read alike, the most alike first. It compares the first 1,000 it is
// given, by the letters in them: "nodoklis" is found for "nodokļu".
func Similar(q session.Question, among []session.Question, n int) []session.Question {
	type match struct {
		session.Question
		score float64
	}
	var found []match
	own := profileOf(q.Text)
	for _, o := range among[:min(len(among), comparedQuestions)] {
		if o.Ref == q.Ref || !mergeable(o.State) {
			continue
		}
		if score := own.alike(profileOf(o.Text)); score >= leastAlike {
			found = append(found, match{o, score})
		}
	}
	slices.SortFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.Ref.Number, b.Ref.Number))
	})
	var qs []session.Question
	for _, m := range found[:min(len(found), max(n, 0))] {
		qs = append(qs, m.Question)
	}
	return qs
}

// Alike tells whether two questions read so much alike that a moderator should look
// before accepting the second.
func Alike(q, o session.Question) bool {
	return profileOf(q.Text).alike(profileOf(o.Text)) >= clearlyAlike
}

// mergeable are the states of a merge target.
func mergeable(s session.State) bool {
	switch s {
	case session.Received, session.Queued, session.Claimed, session.Review, session.Approved, session.Published:
		return true
	}
	return false
}

// A profile is the sorted trigrams of a text, each as one number.
type profile []uint64

func profileOf(text string) profile {
	rs := fold(text)
	p := make(profile, 0, len(rs))
	for i := 0; i+2 < len(rs); i++ {
		p = append(p, uint64(rs[i])<<42|uint64(rs[i+1])<<21|uint64(rs[i+2]))
	}
	slices.Sort(p)
	return p
}

// alike is the cosine of two profiles: 1 for the same trigrams, 0 for none shared.
func (p profile) alike(o profile) float64 {
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

// fold leaves lower-case letters without their marks and digits, with one space
// before, between and after words.
func fold(text string) []rune {
	rs := []rune{' '}
	for _, r := range norm.NFD.String(strings.ToLower(session.Shorten(text, comparedLetters))) {
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
