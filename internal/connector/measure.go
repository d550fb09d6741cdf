package connector

import "strings"

// Measure counts a text in the platform's units, each web address in it at the
// cost of a link where the platform has one. It never counts less than the
// platform does, as long as Length of a text is at most the sum over its parts.
func (l Limits) Measure(text string) int {
	if l.Link == 0 {
		return l.length(text)
	}
	total := 0
	for text != "" {
		before, link, after := cutLink(text)
		total += l.length(before)
		if link != "" {
			total += l.Link
		}
		text = after
	}
	return total
}

func (l Limits) length(text string) int {
	if l.Length != nil {
		return l.Length(text)
	}
	return len([]rune(text))
}

// cutLink splits text around its first web address. Letters beyond ASCII and what
// may be punctuation of the sentence are not taken for a part of the address.
func cutLink(text string) (before, link, after string) {
	at := linkStart(text)
	if at < 0 {
		return text, "", ""
	}
	link = text[at:]
	if end := strings.IndexFunc(link, func(r rune) bool { return r <= ' ' || r > '~' }); end >= 0 {
		link = link[:end]
	}
	link = strings.TrimRight(link, ".,;:!?)]}>\"'»”…")
	return text[:at], link, text[at+len(link):]
}

// linkStart finds "http://" or "https://" with something after it.
func linkStart(text string) int {
	first := -1
	for _, scheme := range []string{"https://", "http://"} {
		i := strings.Index(text, scheme)
		if i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	return first
}
