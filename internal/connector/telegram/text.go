package telegram

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"experthour/internal/connector"
)

const ellipsis = "…"

// units is the length of a text as Telegram counts it.
func units(text string) int { return connector.UTF16Units(text) }

// clean takes out what cannot be sent: bytes that are no UTF-8 and control characters
// other than line ends and tabs.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}

// cut shortens a text to at most most units: at the end of a sentence in the second
// half, or else of a word in the last third, and marks it with "…".
func cut(text string, most int) string {
	if units(text) <= most {
		return text
	}
	end := fitting(text, most-units(ellipsis))
	if stop := lastSentence(text[:end]); stop > end/2 {
		end = stop
	} else if word := strings.LastIndexFunc(text[:end], unicode.IsSpace); word > end*2/3 {
		end = word
	}
	return strings.TrimRightFunc(text[:end], unicode.IsSpace) + ellipsis
}

// fitting is how many bytes of a text have room in that many units.
func fitting(text string, room int) int {
	for at, r := range text {
		if room -= utf16.RuneLen(r); room < 0 {
			return at
		}
	}
	return len(text)
}

// lastSentence is where the last sentence that is whole ends, or 0.
func lastSentence(text string) int {
	for at := len(text) - 1; at > 0; at-- {
		if isSpace(text[at]) && strings.ContainsRune(".!?", rune(text[at-1])) {
			return at
		}
	}
	return 0
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\t' }

// oneLine folds all white space.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// firstPart takes from a text what has room, up to the end of a line or else of a
// word; part + rest is the text, but for the space or line end where it was cut.
func firstPart(text string, room int) (part, rest string) {
	end := fitting(text, room)
	if end == len(text) {
		return text, ""
	}
	for _, sep := range []string{"\n", " "} {
		if at := strings.LastIndex(text[:end], sep); at > end/2 {
			return text[:at], text[at+1:]
		}
	}
	return text[:end], text[end:]
}
