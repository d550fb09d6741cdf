package mastodon

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// plain is the text of a post's HTML, which strangers' servers wrote: of tags only where
// a line ends is taken.
func plain(markup string) string {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(markup)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			b.Write(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			skip(z, string(name))
			b.WriteString(breaks[string(name)])
		}
	}
}

// breaks are the tags before which a line begins.
var breaks = map[string]string{"br": "\n", "p": "\n\n", "li": "\n", "blockquote": "\n", "div": "\n"}

// skip passes over what is no text, whatever stands in it.
func skip(z *html.Tokenizer, name string) {
	if name != "script" && name != "style" {
		return
	}
	for t := z.Next(); t != html.ErrorToken && t != html.EndTagToken; t = z.Next() {
		continue
	}
}

// swap puts something in place of a name wherever it stands as a word, in any case.
func swap(text, name, instead string) string {
	var b strings.Builder
	low, sought := strings.ToLower(text), strings.ToLower(name)
	if len(low) != len(text) || len(sought) < 2 { // lower case has other lengths in a few scripts
		low, sought = text, name
	}
	for {
		i := strings.Index(low, sought)
		if i < 0 || len(sought) < 2 {
			return b.String() + text
		}
		end := i + len(sought)
		b.WriteString(text[:i])
		if ends(text[end:]) {
			b.WriteString(instead)
		} else {
			b.WriteString(text[i:end])
		}
		text, low = text[end:], low[end:]
	}
}

// ends reports whether a name is over where rest begins.
func ends(rest string) bool {
	for _, r := range rest {
		return r != '_' && r != '@' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	return true
}

// folded is a text as it is compared: servers make white space their own.
func folded(text string) string { return strings.Join(strings.Fields(text), " ") }
