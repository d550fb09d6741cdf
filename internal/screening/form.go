package screening

import (
	"regexp"
	"strings"
	"unicode"
)

// What is still well: more hashtags, more links, or fewer letters in a text of
// nothing but capitals (an abbreviation).
const (
	hashtags    = 3
	links       = 2
	abbreviated = 12
)

var (
	hashtag = regexp.MustCompile(`(?:\A|[^\p{L}\p{M}\p{N}&/#])#[\p{L}\p{M}\p{N}_]*\p{L}`)
	// 1/3 or (1/3) at the beginning, (1/3) at the end, 1/3 at the end unless it can
	// be a mark out of 5 or 10, or the thread sign.
	chained = regexp.MustCompile(`\A\s*[(\[]?\d{1,2}/(?:\d{1,2}|n|x)[)\]]?(?:[\s.:]|\z)` +
		`|[(\[]\d{1,2}/(?:\d{1,2}|n|x)[)\]]\s*\z|\s\d{1,2}/(?:[2-46-9]|1[1-9]|2\d|n|x)\s*\z|🧵`)
	// @name, of whom platforms tell its owner; not the one within an address.
	called = regexp.MustCompile(`(\A|[^=/\p{L}\p{N}_])[@＠]+([\p{L}\p{N}_])`)
	part   = regexp.MustCompile(`(\d{1,2})/(\d{1,2}|n|x)`)
)

// Uncalled is a text in which nobody is called: names in it have lost their "@".
func Uncalled(text string) string { return called.ReplaceAllString(text, "$1$2") }

// isAllCaps reports that of the letters outside links nine of ten are capitals.
func isAllCaps(text string) bool {
	upper, lower := 0, 0
	for _, r := range link.ReplaceAllString(text, "") {
		if unicode.IsUpper(r) {
			upper++
		} else if unicode.IsLower(r) {
			lower++
		}
	}
	return upper >= abbreviated && upper >= 9*lower
}

// isChain reports a part number at the beginning or the end: "1/3", "(2/3)",
// "2/n". The part is never more than the whole, which leaves most dates out.
func isChain(text string) bool {
	m := chained.FindString(text)
	if m == "" {
		return false
	}
	p := part.FindStringSubmatch(m)
	return p == nil || plausible(p[1], p[2])
}

func plausible(part, whole string) bool {
	if whole == "n" || whole == "x" {
		return true
	}
	pad := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
	part, whole = pad(part), pad(whole)
	return "01" <= part && part <= whole && "02" <= whole && whole <= "25"
}
