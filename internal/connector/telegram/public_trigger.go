package telegram

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"
)

// reader finds in a message what makes a question of it.
type reader struct {
	bot     string // its name without "@"
	self    int64
	hashtag string // with "#"; "" is none
}

// reading is a message without its triggers, and which of them it had.
type reading struct {
	text                      string
	mention, hashtag, command bool
	foreign                   bool // a command, but not ours
}

// span is a part of a text, in units of UTF-16, with what stands there instead.
type span struct {
	from, to int
	instead  string
}

func (rd reader) read(m *models.Message) reading {
	var r reading
	text, entities := textOf(m)
	coded := utf16.Encode([]rune(text))
	var cuts []span
	if s, ok := parseCommand(text); ok {
		r.command = s.name == commandAsk && (s.bot == "" || strings.EqualFold(s.bot, rd.bot))
		r.foreign = !r.command
		cuts = append(cuts, span{0, firstWord(coded), ""})
	}
	for _, e := range entities {
		c := span{e.Offset, e.Offset + e.Length, ""}
		switch {
		case !c.within(coded):
		case rd.marks(&r, e, string(utf16.Decode(coded[c.from:c.to]))):
			cuts = append(cuts, c.addressing(coded))
		case e.Type == models.MessageEntityTypeTextLink:
			cuts = append(cuts, behind(coded, c, e.URL))
		}
	}
	r.text = tidy(replace(coded, cuts))
	return r
}

// marks reports whether an entity is a trigger, and notes which.
func (rd reader) marks(r *reading, e models.MessageEntity, part string) bool {
	switch {
	case e.Type == models.MessageEntityTypeMention && rd.bot != "" && strings.EqualFold(part, "@"+rd.bot),
		e.Type == models.MessageEntityTypeTextMention && e.User != nil && e.User.ID == rd.self:
		r.mention = true
		return true
	case e.Type == models.MessageEntityTypeHashtag && rd.hashtag != "" && strings.EqualFold(part, rd.hashtag):
		r.hashtag = true
		return true
	}
	return false
}

func (s span) within(coded []uint16) bool { return 0 <= s.from && s.from < s.to && s.to <= len(coded) }

// addressing takes the comma or colon along with which somebody addresses the bot.
func (s span) addressing(coded []uint16) span {
	if s.to < len(coded) && (coded[s.to] == ',' || coded[s.to] == ':') {
		s.to++
	}
	return s
}

// behind writes out the address of a link that hides it.
func behind(coded []uint16, c span, address string) span {
	if string(utf16.Decode(coded[c.from:c.to])) == address || address == "" {
		return span{c.to, c.to, ""}
	}
	return span{c.to, c.to, " (" + address + ")"}
}

// firstWord is how long the command that a text begins with is.
func firstWord(coded []uint16) int {
	for i, u := range coded {
		if isBlank(rune(u)) {
			return i
		}
	}
	return len(coded)
}

// replace puts what stands instead in place of parts of a text. Parts that overlap an
// earlier one are left as they are.
func replace(coded []uint16, cuts []span) string {
	var b strings.Builder
	at := 0
	for _, c := range cuts {
		if c.from < at {
			continue
		}
		b.WriteString(string(utf16.Decode(coded[at:c.from])) + c.instead)
		at = c.to
	}
	return b.String() + string(utf16.Decode(coded[at:]))
}

// tidy closes the gaps that the triggers left.
func tidy(text string) string {
	lines := strings.Split(clean(text), "\n")
	for i, l := range lines {
		lines[i] = oneLine(l)
	}
	text = strings.TrimSpace(strings.Join(lines, "\n"))
	return strings.TrimLeftFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:", r) })
}

// readText is what somebody wrote, with the addresses that are behind parts of it.
func readText(m *models.Message) string {
	text, entities := textOf(m)
	coded := utf16.Encode([]rune(text))
	var cuts []span
	for _, e := range entities {
		if c := (span{e.Offset, e.Offset + e.Length, ""}); e.Type == models.MessageEntityTypeTextLink && c.within(coded) {
			cuts = append(cuts, behind(coded, c, e.URL))
		}
	}
	return strings.TrimSpace(clean(replace(coded, cuts)))
}
