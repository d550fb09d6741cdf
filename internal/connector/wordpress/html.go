package wordpress

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode"

	parser "golang.org/x/net/html"
)

// link is a web address in a text. Brackets end it: WordPress looks for shortcodes inside of
// tags as well.
var link = regexp.MustCompile(`https?://[^\s<>"\[\]]+`)

// markup is a text as it is stored at a site. Addresses become links; line ends stay, for
// WordPress makes paragraphs of them when it shows the text.
func markup(text string) string {
	var b strings.Builder
	at := 0
	for _, span := range link.FindAllStringIndex(text, -1) {
		address := strings.TrimRight(text[span[0]:span[1]], ".,;:!?)}'»”…")
		b.WriteString(literal(text[at:span[0]]))
		fmt.Fprintf(&b, `<a href="%s">%s</a>`, html.EscapeString(address), literal(address))
		at = span[0] + len(address)
	}
	b.WriteString(literal(text[at:]))
	return b.String()
}

// literal spells a text so that readers get it letter by letter: WordPress makes curly
// quotes, dashes, signs of multiplication, shortcodes, pictures of smileys and more of what
// it recognises, but nothing of numeric references.
func literal(text string) string {
	var b strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case r == '\n' || r == ' ' || r == '\t' || r == ',':
			b.WriteRune(r)
		case unicode.IsControl(r):
		case r < unicode.MaxASCII && !unicode.IsLetter(r) && !unicode.IsDigit(r), r == 'x' && between(runes, i):
			fmt.Fprintf(&b, "&#%03d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "Wordpress", "Word&#112;ress")
}

// between reports whether a letter stands between two digits.
func between(runes []rune, i int) bool {
	return i > 0 && i+1 < len(runes) && unicode.IsDigit(runes[i-1]) && unicode.IsDigit(runes[i+1])
}

// linkRoom is what a site may add to the tag of a link when it stores it.
const linkRoom = 32

// stored is how many bytes a text takes at a site.
func stored(text string) int {
	return len(markup(text)) + linkRoom*len(link.FindAllString(text, -1))
}

// hidden are elements whose content nobody reads.
var hidden = map[string]bool{"script": true, "style": true, "template": true, "noscript": true, "iframe": true}

// plain is the text of markup that a stranger wrote.
func plain(markup string) string {
	var b strings.Builder
	z := parser.NewTokenizer(strings.NewReader(markup))
	for skip := ""; ; {
		switch z.Next() {
		case parser.ErrorToken: // the end
			return strings.TrimSpace(b.String())
		case parser.TextToken:
			if skip == "" {
				b.WriteString(html.UnescapeString(string(z.Raw())))
			}
		case parser.StartTagToken:
			if name, _ := z.TagName(); skip == "" && hidden[string(name)] {
				skip = string(name)
			} else if string(name) == "br" {
				b.WriteByte('\n')
			}
		case parser.SelfClosingTagToken:
			if name, _ := z.TagName(); string(name) == "br" {
				b.WriteByte('\n')
			}
		case parser.EndTagToken:
			name, _ := z.TagName()
			if string(name) == skip {
				skip = ""
			} else if string(name) == "p" {
				b.WriteString("\n\n")
			}
		}
	}
}
