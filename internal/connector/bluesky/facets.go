package bluesky

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Facet marks a part of a text as a link or a hashtag.
type Facet struct {
	Index    Index     `json:"index"`
	Features []Feature `json:"features"`
}

// Index is where a facet is, in bytes; the platform takes wrong ones without a word.
type Index struct {
	Start int `json:"byteStart"`
	End   int `json:"byteEnd"`
}

// Feature is what a facet does.
type Feature struct {
	Type string `json:"$type"`
	URI  string `json:"uri,omitempty"`
	Tag  string `json:"tag,omitempty"`
}

// The types of features.
const (
	LinkFeature = "app.bsky.richtext.facet#link"
	TagFeature  = "app.bsky.richtext.facet#tag"
)

// Facets finds the links that begin with own, an address of the program that ends in a
// slash, and the given tags, without their #. Nothing else is marked: the text may quote a
// stranger, who must not get a link, a tag or a mention out of it.
func Facets(text, own string, tags []string) (found []Facet) {
	for at := 0; at < len(text); {
		f, ok := Facet{}, false
		if begins(text, at) {
			f, ok = facetAt(text, at, own, tags)
		}
		if ok {
			found = append(found, f)
			at = f.Index.End
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return found
}

// begins reports whether a word can begin at a byte.
func begins(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	return at == 0 || unicode.IsSpace(before) || strings.ContainsRune("([«„“\"'", before)
}

func facetAt(text string, at int, own string, tags []string) (Facet, bool) {
	rest := text[at:]
	if own != "" && strings.HasPrefix(rest, own) {
		uri := strings.TrimRight(rest[:span(rest, isAddress)], ".,;:!?)]}>\"'")
		return marked(at, len(uri), Feature{Type: LinkFeature, URI: uri}), true
	}
	if !strings.HasPrefix(rest, "#") {
		return Facet{}, false
	}
	tag := rest[1 : 1+span(rest[1:], isTag)]
	known := slices.ContainsFunc(tags, func(t string) bool { return strings.EqualFold(t, tag) })
	return marked(at, 1+len(tag), Feature{Type: TagFeature, Tag: tag}), known && tag != ""
}

func marked(at, length int, f Feature) Facet {
	return Facet{Index: Index{Start: at, End: at + length}, Features: []Feature{f}}
}

// span is how many bytes from the beginning are of letters that are so.
func span(text string, is func(rune) bool) int {
	if end := strings.IndexFunc(text, func(r rune) bool { return !is(r) }); end >= 0 {
		return end
	}
	return len(text)
}

func isAddress(r rune) bool { return r > ' ' && r <= '~' }

func isTag(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_'
}
