package transcript

import (
	"strings"
	"unicode"
)

// always lists what has a meaning anywhere in a line, in CommonMark or one of its
// common dialects.
const always = "`*_{}[]#|~^$"

// entities are written for what HTML would read, so that not even a program that
// takes the file for HTML finds a tag in it, and for the backslash, which some
// readers take for an escape of the hard line break behind it.
var entities = map[rune]string{'<': "&lt;", '>': "&gt;", '&': "&amp;", '\\': "&#92;"}

// wordJoiner is invisible and ends what GitHub would make a mention or an address
// of; it looks for those after it has resolved the escapes.
const wordJoiner = "\u2060"

// escapeLine makes one line of plain text mean itself in Markdown: no markup, no
// HTML, no link, not even by a dialect that links bare addresses. Ordinary
// sentences and times stay readable in the source.
func escapeLine(line string) string { return escapePart(strings.TrimSpace(line), true) }

// escapePart escapes a part of a line, and at its beginning also what would begin a list or a
// heading.
func escapePart(text string, begins bool) string {
	var b strings.Builder
	rs := []rune(text)
	first := -1
	if begins {
		first = opening(rs)
	}
	for i, r := range rs {
		switch entity, ok := entities[r]; {
		case ok:
			b.WriteString(entity)
		case r == '@':
			b.WriteString(`\@` + wordJoiner)
		case i == first, strings.ContainsRune(always, r), joins(rs, i):
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// opening is the place of a sign that would begin a list, a rule, the underline of
// a heading or a definition: the first in the line, or the one after its number.
// It is -1 when there is none.
func opening(rs []rune) int {
	digits := 0
	for digits < len(rs) && rs[digits] >= '0' && rs[digits] <= '9' {
		digits++
	}
	signs := "-+=:"
	if digits > 0 {
		signs = ".)"
	}
	if digits == len(rs) || !strings.ContainsRune(signs, rs[digits]) {
		return -1
	}
	return digits
}

// joins reports a ":" or "." inside a word, which could make an address of it;
// between digits it is a time or a date.
func joins(rs []rune, i int) bool {
	if rs[i] != ':' && rs[i] != '.' || i+1 == len(rs) || unicode.IsSpace(rs[i+1]) {
		return false
	}
	return i == 0 || !unicode.IsDigit(rs[i-1]) || !unicode.IsDigit(rs[i+1])
}
