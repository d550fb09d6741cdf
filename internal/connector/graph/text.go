package graph

import (
	"strings"
	"unicode"
)

// Alike reports whether two texts are the same but for signs and spaces: what the platforms make
// of these is not known, and a second post would be worse.
func Alike(a, b string) bool { return a == b || letters(a) == letters(b) && letters(a) != "" }

func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}
