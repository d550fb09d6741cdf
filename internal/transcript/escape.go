package transcript

import (
	"strings"
	"unicode"
)

// always lists what has a meaning anywhere in a line, in CommonMark or one of its
// common dialects.
const always = "\\`*_{}[]#|~^$"

// entities are written for what HTML would read, so that not even a program that
// takes the file for HTML finds a tag in it.
var entities = map[rune]string{'<': "&lt;", '>': "&gt;", '&': "&amp;"}

// wordJoiner is invisible and ends what GitHub would make a mention or an address
// of; it looks for those after it has resolved the escapes.
const wordJoiner = "\u2060"

// escapeLine makes one line of plain text mean itself in Markdown: no markup, no
// HTML, no link, not even by a dialect that links bare addresses. Ordinary
// sentences stay readable in the source.
func escapeLine(line string) string {
	var b strings.Builder
	rs := []rune(line)
	for i, r := range rs {
		switch entity, ok := entities[r]; {
		case ok:
			b.WriteString(entity)
		case r == '@':
			b.WriteString(`\@` + wordJoiner)
		case strings.ContainsRune(always, r), joins(rs, i), begins(rs, i):
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// joins reports a ":" or "." inside a word, which could make an address of it.
func joins(rs []rune, i int) bool {
	return (rs[i] == ':' || rs[i] == '.') && i+1 < len(rs) && !unicode.IsSpace(rs[i+1])
}

// begins reports a sign that would begin a list, a heading, a rule or a definition:
// at the start of the line, or after its number.
func begins(rs []rune, i int) bool {
	before := strings.TrimSpace(string(rs[:i]))
	switch rs[i] {
	case '-', '+', '=', ':':
		return before == ""
	case '.', ')':
		return before != "" && strings.Trim(before, "0123456789") == ""
	}
	return false
}
