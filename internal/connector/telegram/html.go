package telegram

import (
	"html"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// frag is a piece of a message: HTML, and how many units of text people see of it.
type frag struct {
	b     strings.Builder
	units int
}

// tag adds markup of the adapter's own.
func (f *frag) tag(markup string) *frag {
	f.b.WriteString(markup)
	return f
}

// text adds what people read. Whatever Telegram would make a link, a mention, a
// command or a hashtag of by itself stays plain text; addresses of own pages may
// become links.
func (f *frag) text(text, own string) *frag {
	text = clean(text)
	f.units += units(text)
	for text != "" {
		space := text[:len(text)-len(strings.TrimLeftFunc(text, unicode.IsSpace))]
		text = text[len(space):]
		end := strings.IndexFunc(text, unicode.IsSpace)
		if end < 0 {
			end = len(text)
		}
		f.b.WriteString(space)
		f.word(text[:end], own)
		text = text[end:]
	}
	return f
}

// word writes a word as it is, or as code, in which Telegram finds nothing.
func (f *frag) word(word, own string) {
	escaped := html.EscapeString(word)
	if !risky(word) || own != "" && (word == own || strings.HasPrefix(word, own+"/")) {
		f.b.WriteString(escaped)
		return
	}
	f.b.WriteString("<code>" + escaped + "</code>")
}

// link adds a link; a label without an address that Telegram takes is plain text.
func (f *frag) link(label, address string) *frag {
	if address == "" {
		return f.text(label, "")
	}
	f.units += units(clean(label))
	f.b.WriteString(`<a href="` + html.EscapeString(address) + `">` + html.EscapeString(clean(label)) + "</a>")
	return f
}

func (f *frag) add(o *frag) *frag {
	f.b.WriteString(o.b.String())
	f.units += o.units
	return f
}

// fits reports whether it is a message that Telegram takes.
func (f *frag) fits() bool { return f.units <= longestText && f.b.Len() <= longestHTML }

// longestHTML is what Telegram reads of a message at most, in bytes.
const longestHTML = 32 << 10

// risky reports whether Telegram might find an entity in a word: an address, a
// mention, a command, a hashtag or a cashtag.
func risky(word string) bool {
	if strings.Contains(word, "://") {
		return true
	}
	before := ' '
	for at, r := range word {
		after := word[at+utf8.RuneLen(max(r, 0)):]
		if startsEntity(before, r, after) {
			return true
		}
		before = r
	}
	return false
}

// startsEntity looks at one character, at what stands before it and behind it.
func startsEntity(before, r rune, after string) bool {
	next, _ := utf8.DecodeRuneInString(after)
	switch r {
	case '@', '$':
		return isWord(next)
	case '#':
		return strings.ContainsFunc(after, unicode.IsLetter)
	case '/':
		return isASCIIWord(next) && !isASCIIWord(before)
	case '.':
		host := unicode.IsLetter(next) && letters(after) >= 2
		return isWord(before) && (host || unicode.IsDigit(next) && strings.Count(after, ".") >= 2)
	}
	return false
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r))
}

func isASCIIWord(r rune) bool { return r < utf8.RuneSelf && isWord(r) }

// letters counts those that a text begins with, as the end of a name of a host does.
func letters(text string) int {
	n := 0
	for _, r := range text {
		if !unicode.IsLetter(r) && r != '-' && !unicode.IsDigit(r) {
			break
		}
		n++
	}
	return n
}

const longestAddress = 1000

// webAddress is an address that Telegram takes for a link, or "".
func webAddress(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || !strings.Contains(u.Hostname(), ".") || len(raw) > longestAddress {
		return ""
	}
	return clean(raw)
}
