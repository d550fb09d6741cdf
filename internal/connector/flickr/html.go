package flickr

import (
	"html"
	"strings"
	"unicode"

	parser "golang.org/x/net/html"
)

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// markup is a text as it is sent: Flickr lets a few tags through, and none of ours is meant. It
// makes links of addresses by itself.
func markup(text string) string {
	return escaper.Replace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text))
}

// stored is how many bytes a text takes.
func stored(text string) int { return len(markup(text)) }

// hidden are elements whose content nobody reads.
var hidden = map[string]bool{"script": true, "style": true, "template": true, "noscript": true, "iframe": true}

// reader makes plain text of markup.
type reader struct {
	text []byte
	skip string // the hidden element in which it is
	href string // of the link in which it is
	from int    // where the words of that link begin
}

// plain is the text of a comment. Where the words of a link are its address without the
// beginning, as Flickr makes them, it is the address.
func plain(markup string) string {
	var r reader
	z := parser.NewTokenizer(strings.NewReader(markup))
	for {
		switch kind := z.Next(); kind {
		case parser.ErrorToken: // the end
			return strings.TrimSpace(string(r.text))
		case parser.TextToken:
			if r.skip == "" {
				r.text = append(r.text, html.UnescapeString(string(z.Raw()))...)
			}
		case parser.StartTagToken, parser.SelfClosingTagToken:
			r.start(z.Token(), kind == parser.StartTagToken)
		case parser.EndTagToken:
			r.end(z.Token().Data)
		}
	}
}

func (r *reader) start(t parser.Token, opens bool) {
	switch {
	case t.Data == "br":
		r.text = append(r.text, '\n')
	case opens && r.skip == "" && hidden[t.Data]:
		r.skip = t.Data
	case opens && t.Data == "a":
		r.href, r.from = "", len(r.text)
		for _, a := range t.Attr {
			if a.Key == "href" {
				r.href = a.Val
			}
		}
	}
}

func (r *reader) end(name string) {
	switch {
	case name == r.skip:
		r.skip = ""
	case name == "a" && r.href != "":
		if short(string(r.text[r.from:]), r.href) {
			r.text = append(r.text[:r.from], r.href...)
		}
		r.href = ""
	}
}

// short reports whether words are an address, perhaps without its beginning and its end.
func short(words, href string) bool {
	words, _, cut := strings.Cut(strings.TrimSpace(words), "…")
	if words, href = unschemed(words), unschemed(href); cut {
		return words != "" && strings.HasPrefix(href, words)
	}
	return words == href
}

func unschemed(address string) string {
	return strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
}

// same reports whether a comment is what was sent, whatever became of its spaces.
func same(markup, sent string) bool {
	return strings.Join(strings.Fields(plain(markup)), " ") == strings.Join(strings.Fields(sent), " ")
}

// alike reports whether it has the same letters and digits, whatever Flickr made of its marks
// and of the beginnings of its addresses.
func alike(markup, sent string) bool {
	a := letters(plain(markup))
	return a != "" && a == letters(sent)
}

func letters(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "https://", ""), "http://", "")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}
