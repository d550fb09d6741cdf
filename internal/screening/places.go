package screening

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// street is a word for a street with a house number, and a flat if there is one:
// "Brīvības ielā 12-3". The finding takes in the name before the word.
var street = detector{
	kind: Address, begins: letter, reach: 64,
	pattern: regexp.MustCompile(`\A(?i:iel(?:a|ā|as|ai)|gatv(?:e|ē|es|ei)|prospekt(?:s|ā|a|am)|bulvār(?:is|ī|a|im)|` +
		`laukum(?:s|ā|a|am)|ceļ(?:š|ā|a|am)|šosej(?:a|ā|as|ai))[` + space + `]{1,2}(?i:nr\.?[` + space + `]?)?` +
		`\d{1,3}[A-Za-z]?(?i:[` + space + `]?k-?\d{1,2})?(?:[` + space + `]?[` + hyphen + `/][` + space + `]?\d{1,4}[a-z]?)?` +
		`(?:,?[` + space + `]?(?i:dz\.)[` + space + `]?\d{1,4})?`),
	accept: func(text string, start, end int) (int, int, bool) {
		counts := notHouse.MatchString(text[end:min(len(text), end+24)])
		return nameStart(text, start), end, !counts
	},
}

// notHouse is what shows that the number behind a street word counts something
// else: a day, an hour, a length.
var notHouse = regexp.MustCompile(`(?i)\A(?:[.:]\d` +
	`|\.[` + space + `]?(?:janv|febr|mart|aprīl|maij|jūn|jūl|aug|sept|okt|nov|dec|gad|stāv|g\.)` +
	`|[` + space + `]?(?:(?:km|m2|m²|m|h|min)(?:\z|[^\p{L}])|metr|minūt|stund|dien|nedēļ|mēne|gad|reiz|cilvēk|procent|eiro|eur|€|%))`)

// nameStart goes back from a street word over the name before it: the word next
// to it, and up to two more that begin with a capital letter.
func nameStart(text string, at int) int {
	start := at
	for i := range 3 {
		from, name := wordBefore(text, start)
		first, _ := utf8.DecodeRuneInString(name)
		if !unicode.IsLetter(first) || i > 0 && !unicode.IsUpper(first) {
			break
		}
		start = from
	}
	return start
}

// wordBefore is the word that one space parts from byte i, "" if there is none
// within 40 bytes.
func wordBefore(text string, i int) (int, string) {
	head := strings.TrimSuffix(strings.TrimSuffix(text[:i], " "), "\u00a0")
	if len(head) == i {
		return i, ""
	}
	from := len(head)
	for from > max(0, len(head)-40) {
		r, size := utf8.DecodeLastRuneInString(head[:from])
		if classOf(r) == other && !strings.ContainsRune(".-–'", r) {
			break
		}
		from -= size
	}
	return from, head[from:]
}

// postcode is a Latvian postcode: LV-1010.
var postcode = detector{
	kind: Address, begins: letter, reach: 16,
	pattern: regexp.MustCompile(`\A(?i:LV)[` + hyphen + `]\d{4}`),
}

// email begins at its "@"; accept goes back over the local part.
var email = detector{
	kind: Email, begins: at, reach: 320, inside: true, links: true,
	pattern: regexp.MustCompile(`\A@(?:[\p{L}\p{M}\d](?:[\p{L}\p{M}\d\-]{0,62})\.){1,8}\p{L}{2,24}`),
	accept: func(text string, start, end int) (int, int, bool) {
		for back := 0; back < 64 && start > 0; back++ {
			r, size := utf8.DecodeLastRuneInString(text[:start])
			if classOf(r) == other && !strings.ContainsRune("._%+-'", r) {
				break
			}
			start -= size
		}
		return start, end, text[start] != '@'
	},
}
