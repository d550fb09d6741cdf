package setting

import (
	"regexp"
	"strings"
	"unicode"
)

// word is what stands between spaces and quotation marks.
var word = regexp.MustCompile(`[^\s"'` + "`" + `,;]+`)

// run is a part of a word as tokens and keys are made of.
var run = regexp.MustCompile(`[A-Za-z0-9_+=-]{16,}`)

// Scrub hides what may be a secret in a text about what an operator wrote: a token ends up
// as the name of a key, or behind the wrong one, and the text is copied into a ticket. A
// word is hidden that has 16 characters or more in one go, digits and letters among them;
// paths stay.
func Scrub(text string) string {
	return word.ReplaceAllStringFunc(text, func(w string) string {
		if !strings.HasPrefix(w, "/") && anyRun(w, tokenLike) {
			return redacted
		}
		return w
	})
}

func anyRun(w string, is func(string) bool) bool {
	for _, r := range run.FindAllString(w, -1) {
		if is(r) {
			return true
		}
	}
	return false
}

// tokenLike reports whether chance may have made a text: it has three digits and three
// letters or more.
func tokenLike(s string) bool {
	digits, letters := 0, 0
	for _, c := range s {
		switch {
		case unicode.IsDigit(c):
			digits++
		case unicode.IsLetter(c):
			letters++
		}
	}
	return digits >= 3 && letters >= 3
}
