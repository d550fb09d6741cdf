package screening

import (
	"regexp"
	"slices"
	"strings"

	"experthour/internal/session"
)

// Guideline is one of what a copy of an answer should keep to: self-contained, in plain and ordinary
// words, with few hashtags and links. The catalogue words what is wrong as "guideline."+Guideline.
type Guideline string

// The guidelines.
const (
	Personally    Guideline = "personal"       // no personal data
	SelfContained Guideline = "self_contained" // the question is restated where it cannot be read
	Fits          Guideline = "fits"           // whole, or with a link to the whole
	Hashtag       Guideline = "hashtag"        // that of the institution is there
	Addresses     Guideline = "addresses"      // well-formed, and reachable as written
	Illustrated   Guideline = "pictures"       // with an author and a text that says what they show
	AllCaps       Guideline = "all_caps"
	Chain         Guideline = "chain" // one post, not a part of several
	ManyHashtags  Guideline = "many_hashtags"
	SeveralLinks  Guideline = "several_links"
	CallsSomeone  Guideline = "calls_someone"
	LongSentences Guideline = "long_sentences"
	Officialese   Guideline = "officialese"
)

// Guidelines lists them all, what matters most first.
var Guidelines = []Guideline{Personally, Fits, SelfContained, Addresses, Illustrated, Hashtag, Chain, AllCaps, CallsSomeone, ManyHashtags,
	SeveralLinks, LongSentences, Officialese}

// Rule says what comes of a guideline that is not kept to.
type Rule string

// The rules. Without one a guideline is a hint.
const (
	Off      Rule = "off"
	Hint     Rule = "hint"
	Blocking Rule = "block" // approving asks for a reason
)

// Post is one copy of an answer, with what its readers do and do not see besides.
type Post struct {
	Text   string // all of it
	Answer string // the answer itself, whole
	// Question is that which is answered, where the post is read without it; else empty.
	Question string
	Hashtags []string // without "#", one of which should be there
	Link     string   // to the whole answer; empty where there is none
	TooLong  bool
	Pictures []session.Picture
}

// Breach is a guideline that is not kept to.
type Breach struct {
	Guideline Guideline
	Kinds     []Kind    // of what may be personal data
	Detail    string    // an address, a hashtag or a number
	Words     []Plainer // of officialese
}

// OfAnswer lists what an answer itself does not keep to, in whatever copy, in the order of Guidelines.
func OfAnswer(text string, l session.Language) []Breach {
	return breaches(ofAnswer, answer{text, l})
}

// Breaches lists what a post does not keep to beyond its answer.
func (p Post) Breaches() []Breach { return breaches(ofPost, p) }

type checks[T any] map[Guideline]func(T) (Breach, bool)

func breaches[T any](cs checks[T], of T) []Breach {
	var all []Breach
	for _, g := range Guidelines {
		if check, ok := cs[g]; ok {
			if b, broken := check(of); broken {
				b.Guideline = g
				all = append(all, b)
			}
		}
	}
	return all
}

// answer is a text that is looked at once for all its copies.
type answer struct {
	text     string
	language session.Language
}

var ofPost = checks[Post]{
	SelfContained: func(p Post) (Breach, bool) { return Breach{}, !strings.Contains(p.Text, restated(p.Question)) },
	Fits:          func(p Post) (Breach, bool) { return Breach{}, !p.fits() },
	Hashtag:       missesHashtag,
	Illustrated:   func(p Post) (Breach, bool) { return Breach{}, slices.ContainsFunc(p.Pictures, unexplained) },
}

var ofAnswer = checks[answer]{
	Personally:    personalData,
	Addresses:     unreachable,
	AllCaps:       text(isAllCaps),
	Chain:         text(isChain),
	ManyHashtags:  text(func(text string) bool { return len(hashtag.FindAllStringIndex(text, hashtags+1)) > hashtags }),
	SeveralLinks:  text(func(text string) bool { return len(link.FindAllStringIndex(text, links+1)) > links }),
	CallsSomeone:  text(called.MatchString),
	LongSentences: wordy,
	Officialese:   official,
}

func text(broken func(string) bool) func(answer) (Breach, bool) {
	return func(a answer) (Breach, bool) { return Breach{}, broken(a.text) }
}

func personalData(a answer) (Breach, bool) {
	var b Breach
	for _, f := range Personal(a.text) {
		if !slices.Contains(b.Kinds, f.Kind) {
			b.Kinds = append(b.Kinds, f.Kind)
		}
	}
	return b, len(b.Kinds) > 0
}

// recognised is how much of a question must be there to see which it is.
const recognised = 30

// restated is the beginning of a question as a post says it: on one line, calling nobody.
func restated(question string) string {
	line := []rune(Uncalled(session.CleanLine(question)))
	return strings.TrimSpace(string(line[:min(len(line), recognised)]))
}

func (p Post) fits() bool {
	whole := strings.Contains(p.Text, p.Answer)
	return !p.TooLong && (whole || p.Link != "" && strings.Contains(p.Text, p.Link))
}

func missesHashtag(p Post) (Breach, bool) {
	if len(p.Hashtags) == 0 {
		return Breach{}, false
	}
	text := strings.ToLower(p.Text)
	there := slices.ContainsFunc(p.Hashtags, func(tag string) bool { return strings.Contains(text, "#"+strings.ToLower(tag)) })
	return Breach{Detail: "#" + p.Hashtags[0]}, !there
}

func unexplained(p session.Picture) bool { return p.Alt == "" || p.Author == "" }

var (
	// meant is what somebody meant as an address: with a scheme, or a host as people write it.
	meant = regexp.MustCompile(`(?i)(?:\A|[\s(„“"«])((?:[a-z][a-z0-9+.-]{1,9}:/{1,3}|www\.)[^\s<>"“”„]+|` +
		`(?:[\p{L}\p{N}-]+\.)+(?:lv|eu|com|org|net|info|gov|int)(?:/[^\s<>"“”„]*)?)`)
	sentenceMarks = ".,;:!?)»"
)

// unreachable finds an address that a reader cannot open as it is written: without https, or one of
// which no link is made.
func unreachable(a answer) (Breach, bool) {
	var good []string
	for _, piece := range session.Pieces(a.text) {
		if strings.HasPrefix(strings.ToLower(piece.Text), "https://") && piece.URL != "" {
			good = append(good, piece.Text)
		}
	}
	for _, m := range meant.FindAllStringSubmatch(a.text, -1) {
		address := strings.TrimRight(m[1], sentenceMarks)
		if !slices.ContainsFunc(good, func(g string) bool { return strings.HasPrefix(g, address) || strings.HasPrefix(address, g) }) {
			return Breach{Detail: session.Shorten(address, 80)}, true
		}
	}
	return Breach{}, false
}
