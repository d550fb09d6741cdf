package slack

import (
	"cmp"
	"regexp"
	"strings"

	"experthour/internal/session"
)

// token is what Slack writes for a link, a person, a channel or a group. Text that
// somebody typed cannot look like one: its < and > arrive as &lt; and &gt;.
var token = regexp.MustCompile(`<([^<>\n]+)>`)

// unescape reads the three characters that Slack escapes; each once.
var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// directory says what stands behind the ids in a message.
type directory struct {
	// person gives a name, or "", and whether it is somebody on the staff.
	person func(session.UserRef) (name string, staff bool)
	// channel gives a name, or "".
	channel func(id string) string
}

// unnamed stands for a name that cannot be found out: an id says nothing to anybody.
const unnamed = "…"

// decode reads a message as its author typed it, line by line.
func decode(text string, who directory) []session.ChatLine {
	var lines []session.ChatLine
	code := false
	for _, raw := range strings.Split(text, "\n") {
		l := decodeLine(raw, who)
		l.Code = code || strings.HasPrefix(strings.TrimSpace(raw), "`")
		code = code != (strings.Count(raw, "```")%2 == 1)
		lines = append(lines, l)
	}
	return lines
}

func decodeLine(raw string, who directory) session.ChatLine {
	var l session.ChatLine
	var b strings.Builder
	at := 0
	for _, m := range token.FindAllStringSubmatchIndex(raw, -1) {
		shown, calls := decodeToken(raw[m[2]:m[3]], who)
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
// colleagues.
func decodeToken(t string, who directory) (shown string, calls bool) {
	target, text, _ := strings.Cut(t, "|")
	target, text = unescape.Replace(target), unescape.Replace(text)
	switch {
	case strings.HasPrefix(target, "@"):
		name, staff := who.person(session.UserRef(target[1:]))
		return "@" + cmp.Or(text, name, unnamed), staff
	case strings.HasPrefix(target, "#"):
		return "#" + cmp.Or(strings.TrimPrefix(text, "#"), who.channel(target[1:]), unnamed), false
	case strings.HasPrefix(target, "!date^"):
		return text, false
	case strings.HasPrefix(target, "!subteam^"):
		return "@" + cmp.Or(strings.TrimPrefix(text, "@"), target[len("!subteam^"):]), true
	case strings.HasPrefix(target, "!"):
		return "@" + cmp.Or(strings.TrimPrefix(text, "@"), target[1:]), true
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
