package slack

import (
	"strings"
	"unicode"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"

	"experthour/internal/connector"
)

const ellipsis = "…"

// length counts as the strictest reader of Slack's limits does: in units of UTF-16,
// of which a letter has one and most emoji two.
func length(text string) int { return connector.UTF16Units(text) }

// clean takes out what Slack's JSON reader or a reader's screen cannot show: bytes
// that are no UTF-8 and NUL.
func clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
}

// head is the beginning of a text, so that nobody's long one costs more than is shown
// of it. What is left is still more than most units, if the text was.
func head(text string, most int) string {
	runes := 4*most + 100
	if len(text) <= runes {
		return text
	}
	for at := range text {
		if runes--; runes < 0 {
			return text[:at]
		}
	}
	return text
}

// cut shortens a text to at most most units, at the end of a word where there is one
// in the second half, and marks it with "…".
func cut(text string, most int) string { return cutBy(text, most, length) }

// cutBy is cut with another way to count.
func cutBy(text string, most int, count func(string) int) string {
	text = head(text, most)
	if count(text) <= most {
		return text
	}
	room, end, word := most-count(ellipsis), 0, 0
	for at, r := range text {
		size := count(string(r))
		if size > room {
			end = at
			break
		}
		if unicode.IsSpace(r) {
			word = at
		}
		room -= size
	}
	if word*2 >= end && word > 0 {
		end = word
	}
	return strings.TrimRightFunc(text[:end], unicode.IsSpace) + ellipsis
}

// oneLine folds all white space, for where Slack shows one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// plain is a text in which nothing is read as markup, as a mention or as an emoji. An
// empty one is not allowed there, so it shows a blank.
func plain(text string, most int) *slack.TextBlockObject {
	text = cutBy(clean(head(text, most)), most, escapedLength)
	if strings.TrimSpace(text) == "" {
		text = "\u00A0"
	}
	return slack.NewTextBlockObject(slack.PlainTextType, entities.Replace(text), false, false)
}

// entities are read even in plain text, where everything else stands for itself.
var entities = strings.NewReplacer("&amp;", "&amp;amp;", "&lt;", "&amp;lt;", "&gt;", "&amp;gt;")

// label is plain on one line.
func label(text string, most int) *slack.TextBlockObject {
	return plain(oneLine(head(text, most)), most)
}

// markup is mrkdwn that the adapter made; everything of others in it went through
// escape. Verbatim keeps Slack from finding links, channels and people in it.
func markup(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
}

// escape makes a text harmless inside mrkdwn: no mention, no link.
func escape(text string) string { return slackutilsx.EscapeMessage(clean(text)) }

// escapedLength counts a text as it is after escape.
func escapedLength(text string) int { return length(slackutilsx.EscapeMessage(text)) }

// escapeCut escapes a text so that at most most units are left, without cutting an
// escaped character in two.
func escapeCut(text string, most int) string {
	return escape(cutBy(clean(head(text, most)), most, escapedLength))
}

// firstPart takes from a text what has room, up to the end of a line or else of a
// word; sep is what stood there, so that part + sep + rest is the text.
func firstPart(text string, most int, count func(string) int) (part, sep, rest string) {
	if count(head(text, most)) <= most {
		return text, "", ""
	}
	end := 0
	for at, r := range text {
		if most -= count(string(r)); most < 0 {
			end = at
			break
		}
	}
	for _, sep := range []string{"\n", " "} {
		if at := strings.LastIndex(text[:end], sep); at > 0 {
			return text[:at], sep, text[at+1:]
		}
	}
	return text[:end], "", text[end:]
}

// pieces are a text in as many parts as sections are needed for it, but for the line
// breaks and blanks between them. More than most parts are not looked for.
func pieces(text string, most int) (parts []string) {
	for rest := clean(text); ; {
		part, _, more := firstPart(rest, mostSection, escapedLength)
		parts = append(parts, part)
		if more == "" || len(parts) == most {
			return parts
		}
		rest = more
	}
}

// announce is a text for notifications and screen readers, escaped and short. Where
// blocks are shown nobody sees it, but an address in it could be followed.
func announce(text string, most int) string {
	return escapeCut(strings.ReplaceAll(head(text, most), "://", ":\u2060//"), most)
}
