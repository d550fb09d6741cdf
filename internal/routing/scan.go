package routing

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"experthour/internal/session"
)

// A cluster is what a reader takes for one character; it is never cut.
type cluster struct {
	text string
	end  int // its end in the whole text, in bytes
}

func (c cluster) space() bool { return strings.TrimSpace(c.text) == "" }

func (c cluster) in(set string) bool {
	r, n := utf8.DecodeRuneInString(c.text)
	return n == len(c.text) && strings.ContainsRune(set, r)
}

// scanned is a text in clusters.
type scanned []cluster

func scan(text string) scanned {
	s := make(scanned, 0, len(text))
	for end := 0; end < len(text); {
		c := first(text[end:])
		end += len(c)
		s = append(s, cluster{c, end})
	}
	return s
}

// first is the cluster that a text begins with. Two characters of the Latin blocks, which
// end before the combining marks, are never one cluster, and asking about them is slow.
func first(text string) string {
	const marks = 0x300
	r, n := utf8.DecodeRuneInString(text)
	if next, _ := utf8.DecodeRuneInString(text[n:]); r < marks && next < marks && r != '\r' {
		return text[:n]
	}
	c, _, _, _ := uniseg.FirstGraphemeClusterInString(text, -1)
	return c
}

// longWord is from how many clusters on a word may be cut: it is a script without
// spaces, or no word at all.
const longWord = 40

// words lists the ends of words, in bytes. A web address is never cut.
func (s scanned) words() []int {
	var ends []int
	for i := 0; i < len(s); {
		end := s.wordEnd(i)
		if end-i > longWord && !s.address(i, end) {
			for j := i + longWord; j < end-1; j++ {
				ends = append(ends, s[j].end)
			}
		}
		if end > i && end < len(s) {
			ends = append(ends, s[end-1].end)
		}
		i = end + 1
	}
	return ends
}

// wordEnd is the index of the next space at or after i.
func (s scanned) wordEnd(i int) int {
	for i < len(s) && !s[i].space() {
		i++
	}
	return i
}

func (s scanned) address(from, to int) bool {
	var b strings.Builder
	for _, c := range s[from:to] {
		b.WriteString(c.text)
	}
	return strings.Contains(b.String(), "://")
}

// clusters lists every place at which the first word can be cut without breaking
// a character; a web address has none.
func (s scanned) clusters() []int {
	end := s.wordEnd(0)
	if s.address(0, end) {
		return nil
	}
	var ends []int
	for _, c := range s[:end] {
		ends = append(ends, c.end)
	}
	return ends
}

const (
	stops      = ".!?…؟"
	fullStops  = "。！？" // these need no space after them
	closers    = "\"'”’»)]}"
	unfinished = ",:;-–—(["
)

// sentences lists the ends of sentences but the last one, in bytes. It rather
// misses one than takes an abbreviation for the end.
func (s scanned) sentences(lang session.Language) []int {
	var ends []int
	for i := 0; i < len(s); i++ {
		next := i + 1
		for next < len(s) && s[i].in(stops+fullStops) && s[next].in(stops+fullStops+closers) {
			next++
		}
		if next < len(s) && s.ends(i, next, lang) {
			ends = append(ends, s[next-1].end)
		}
		i = next - 1
	}
	return ends
}

// ends reports whether a sentence ends at cluster i, the next one after closing
// marks being next.
func (s scanned) ends(i, next int, lang session.Language) bool {
	if s[i].in(fullStops) {
		return true
	}
	first, breaks := s.skipSpace(next)
	if first == next || first == len(s) {
		return false
	}
	if breaks > 1 {
		return !s[i].in(unfinished) && !s[i].space()
	}
	if !s[i].in(stops) || startsLower(s[first].text) {
		return false
	}
	return next > i+1 && s[i+1].in(stops) || !s[i].in(".") || !s.abbreviated(i, s[first].text, lang)
}

// skipSpace finds the first cluster from i on that is no space, and counts the
// line breaks before it.
func (s scanned) skipSpace(i int) (first, breaks int) {
	for i < len(s) && s[i].space() {
		breaks += strings.Count(s[i].text, "\n")
		i++
	}
	return i, breaks
}

// abbreviated reports whether the full stop at i belongs to the word before it.
func (s scanned) abbreviated(i int, next string, lang session.Language) bool {
	from := i
	for from > 0 && !s[from-1].space() && !s[from-1].in("(["+"„“\"«") {
		from--
	}
	var b strings.Builder
	for _, c := range s[from:i] {
		b.WriteString(c.text)
	}
	atStart := from == 0 || strings.Contains(s[from-1].text, "\n")
	return abbreviation(strings.ToLower(b.String()), next, lang, atStart)
}

func startsLower(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(r)
}
