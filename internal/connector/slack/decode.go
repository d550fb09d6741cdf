package slack

import (
	"regexp"
	"strings"

	"experthour/internal/session"
)

// token is what Slack writes for a link, a person, a channel or a group. Text that
// somebody typed cannot look like one: its < and > arrive as &lt; and &gt;.
var token = regexp.MustCompile(`<([^<>\n]+)>`)

// unescape reads the three characters that Slack escapes; each once.
var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// decode reads a message as its author typed it, line by line. name gives the name of
// a user, or "".
func decode(text string, name func(session.UserRef) string) []session.ChatLine {
	var lines []session.ChatLine
	for _, raw := range strings.Split(text, "\n") {
		lines = append(lines, decodeLine(raw, name))
	}
	return lines
}

func decodeLine(raw string, name func(session.UserRef) string) session.ChatLine {
	var l session.ChatLine
	var b strings.Builder
	at := 0
	for _, m := range token.FindAllStringSubmatchIndex(raw, -1) {
		shown, calls := decodeToken(raw[m[2]:m[3]], name)
		b.WriteString(unescape.Replace(raw[at:m[0]]))
		b.WriteString(shown)
		l.Mentions = l.Mentions || calls
		at = m[1]
	}
	b.WriteString(unescape.Replace(raw[at:]))
	l.Text = b.String()
	return l
}

// decodeToken reads what stands between < and >; calls is true for what notifies
// people.
func decodeToken(t string, name func(session.UserRef) string) (shown string, calls bool) {
	target, text, _ := strings.Cut(t, "|")
	target, text = unescape.Replace(target), unescape.Replace(text)
	switch {
	case strings.HasPrefix(target, "@"):
		return "@" + firstOf(text, name(session.UserRef(target[1:])), target[1:]), true
	case strings.HasPrefix(target, "#"):
		return "#" + firstOf(strings.TrimPrefix(text, "#"), target[1:]), false
	case strings.HasPrefix(target, "!date^"):
		return text, false
	case strings.HasPrefix(target, "!subteam^"):
		return "@" + firstOf(strings.TrimPrefix(text, "@"), target[len("!subteam^"):]), true
	case strings.HasPrefix(target, "!"):
		return "@" + firstOf(strings.TrimPrefix(text, "@"), target[1:]), true
	}
	return decodeLink(target, text), false
}

// decodeLink gives what was typed, where Slack made the link, and both the words and
// the address where its author did.
func decodeLink(target, text string) string {
	switch bare := strings.TrimPrefix(strings.TrimPrefix(target, "https://"), "http://"); {
	case text == "":
		return strings.TrimPrefix(target, "mailto:")
	case text == target || text == bare || text == strings.TrimSuffix(bare, "/"):
		return text
	case strings.TrimPrefix(strings.TrimPrefix(target, "mailto:"), "tel:") == text:
		return text
	}
	return text + " (" + target + ")"
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
