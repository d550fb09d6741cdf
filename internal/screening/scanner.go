package screening

import (
	"regexp"
	"sort"
	"unicode"
	"unicode/utf8"
)

// A detector looks for one kind. Its pattern is anchored and tried only where a
// part of the text may begin, on a window that is never longer than reach: so the
// time is bounded, and the pattern need not say where it may begin.
type detector struct {
	kind     Kind
	severity Severity
	begins   class          // what its first character may be
	pattern  *regexp.Regexp // begins with \A; its first group, if it has one, is the finding
	reach    int            // bytes
	inside   bool           // may begin and end inside a word or a number
	links    bool           // also look inside web addresses

	// words, if set, must occur at most within bytes before or behind the finding.
	words  *regexp.Regexp
	within int

	// accept checks what a pattern cannot say and may move the ends. Nil accepts all.
	accept func(text string, start, end int) (int, int, bool)
}

// A begin is a place where a run of letters or digits begins, or a "+" or "@".
type begin struct {
	at     int
	class  class
	inside bool // directly behind a letter or digit
}

// A scanner holds one text while the detectors go over it.
type scanner struct {
	text   string
	begins []begin
	links  [][]int // web addresses
	found  []Finding
}

var link = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"“”„]+`)

func newScanner(text string) *scanner {
	s := &scanner{text: text, links: link.FindAllStringIndex(text, -1)}
	last := other
	for i, r := range text {
		c := classOf(r)
		if c != other && c != last {
			s.begins = append(s.begins, begin{i, c, last&(letter|digit) != 0 && c != plus})
		}
		last = c
	}
	return s
}

// run tries a detector wherever it may begin; behind what it found it goes on.
func (s *scanner) run(d detector) {
	var words [][]int
	if d.words != nil {
		if words = d.words.FindAllStringIndex(s.text, -1); words == nil {
			return
		}
	}
	from := 0
	for _, b := range s.begins {
		if b.at < from || b.class&d.begins == 0 || b.inside && !d.inside || !d.links && overlaps(s.links, b.at, b.at+1) {
			continue
		}
		start, end, ok := d.find(s.text, b.at)
		if ok && (d.words == nil || overlaps(words, start-d.within, end+d.within)) {
			s.found = append(s.found, Finding{d.kind, d.severity, start, end})
			from = end
		}
	}
}

func (d detector) find(text string, at int) (start, end int, ok bool) {
	m := d.pattern.FindStringSubmatchIndex(text[at:min(len(text), at+d.reach)])
	if m == nil {
		return 0, 0, false
	}
	if start, end = at+m[0], at+m[1]; len(m) > 2 {
		start, end = at+m[2], at+m[3]
	}
	if !d.inside && !ends(text, end) {
		return 0, 0, false
	}
	if d.accept == nil {
		return start, end, true
	}
	return d.accept(text, start, end)
}

// overlaps reports whether one of the sorted parts shares a byte with start:end.
func overlaps(parts [][]int, start, end int) bool {
	i := sort.Search(len(parts), func(i int) bool { return parts[i][1] > start })
	return i < len(parts) && parts[i][0] < end
}

// A class is a set of kinds of characters.
type class uint8

const (
	letter class = 1 << iota
	digit
	plus
	at
	other class = 0
)

func classOf(r rune) class {
	switch {
	case '0' <= r && r <= '9':
		return digit
	case r == '+':
		return plus
	case r == '@':
		return at
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return letter
	}
	return other
}

// before is the character that ends at byte i, 0 at the beginning.
func before(text string, i int) rune {
	if i == 0 {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return r
}

// ends reports that no letter or digit stands directly at byte i.
func ends(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return classOf(r)&(letter|digit) == 0
}

// word makes a pattern for whole words, in any case of letters.
func word(alternatives string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:\A|[^\p{L}\p{M}])(?:` + alternatives + `)(?:\z|[^\p{L}\p{M}])`)
}
