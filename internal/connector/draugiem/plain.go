package draugiem

import (
	"html"
	"strings"
	"unicode"

	parser "golang.org/x/net/html"
)

// marks are the tags that are taken for markup, with what becomes of them. Whether texts are
// markup is not documented, so everything else stays as somebody may have written it.
var marks = map[string]string{"br": "\n", "p": "\n", "div": "\n", "li": "\n", "ul": "", "ol": "", "a": "", "b": "", "i": "", "u": "",
	"em": "", "strong": "", "span": ""}

// plain is a text as people see it.
func plain(markup string) string {
	var b strings.Builder
	z := parser.NewTokenizer(strings.NewReader(markup))
	for {
		kind := z.Next()
		raw := string(z.Raw())
		if kind == parser.ErrorToken {
			b.WriteString(html.UnescapeString(raw)) // what is left
			return strings.TrimSpace(b.String())
		}
		name, _ := z.TagName()
		sign, is := marks[string(name)]
		tag := kind == parser.StartTagToken || kind == parser.EndTagToken || kind == parser.SelfClosingTagToken
		switch {
		case tag && is && !(kind == parser.EndTagToken && string(name) == "br"):
			b.WriteString(sign)
		case kind == parser.TextToken:
			b.WriteString(html.UnescapeString(raw))
		default:
			b.WriteString(raw)
		}
	}
}

// same reports whether a text is what was sent, whatever became of its spaces and whether or not
// it came back as markup.
func same(stands, sent string) bool {
	return spaced(stands) == spaced(sent) || spaced(stands) == spaced(plain(sent))
}

func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }

// alike reports whether it has the same letters and digits, whatever became of its marks.
func alike(stands, sent string) bool {
	a := letters(stands)
	return a != "" && (a == letters(sent) || a == letters(plain(sent)))
}

func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}
