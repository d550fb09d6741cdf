package slack

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"experthour/internal/session"
)

// richPart is a part of a rich_text block, of any kind.
type richPart struct {
	Type     string          `json:"type"`
	Elements []richPart      `json:"elements"`
	Style    json.RawMessage `json:"style"` // a word for a list, an object for everything else
	Indent   int             `json:"indent"`
	Offset   int             `json:"offset"`

	Text      string `json:"text"`
	URL       string `json:"url"`
	Name      string `json:"name"`
	Unicode   string `json:"unicode"`
	User      string `json:"user_id"`
	Usergroup string `json:"usergroup_id"`
	Channel   string `json:"channel_id"`
	Range     string `json:"range"`
	Fallback  string `json:"fallback"`
	Value     string `json:"value"`
}

// decodeRich reads the blocks in which Slack's editor keeps what somebody typed, line by
// line and without its style. ok is false for anything that is not known for sure; text
// is the same message in Slack's markup.
func decodeRich(raw json.RawMessage, text string, who directory) (lines []session.ChatLine, ok bool) {
	var blocks []richPart
	if len(raw) == 0 || json.Unmarshal(raw, &blocks) != nil || len(blocks) == 0 {
		return nil, false
	}
	r := richReader{lines: []session.ChatLine{{}}, text: text, who: who}
	for _, b := range blocks {
		if b.Type != "rich_text" || !r.paragraphs(b.Elements) {
			return nil, false
		}
	}
	return r.lines, true
}

type richReader struct {
	lines []session.ChatLine
	text  string
	who   directory
	code  bool // what is read now is content, whatever it looks like
}

// write goes on in the last line.
func (r *richReader) write(text string) {
	for i, part := range strings.Split(text, "\n") {
		if i > 0 {
			r.lines = append(r.lines, session.ChatLine{})
		}
		if l := r.last(); l.Text == "" {
			l.Code = r.code && part != ""
		}
		r.last().Text += part
	}
}

// call writes what notifies somebody.
func (r *richReader) call(who string, staff bool) {
	r.write("@" + oneLine(who))
	r.last().Mentions = r.last().Mentions || staff
}

func (r *richReader) last() *session.ChatLine { return &r.lines[len(r.lines)-1] }

// begin starts a paragraph on a line of its own.
func (r *richReader) begin() {
	if r.last().Text != "" {
		r.write("\n")
	}
}

func (r *richReader) paragraphs(parts []richPart) bool {
	for _, p := range parts {
		r.begin()
		r.code = p.Type == "rich_text_preformatted"
		switch p.Type {
		case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
			if !r.words(p.Elements) {
				return false
			}
		case "rich_text_list":
			if !r.list(p) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (r *richReader) list(l richPart) bool {
	for i, item := range l.Elements {
		r.begin()
		mark := "•"
		if string(l.Style) == `"ordered"` {
			mark = strconv.Itoa(l.Offset+i+1) + "."
		}
		r.write(strings.Repeat("    ", min(max(l.Indent, 0), 8)) + mark + " ")
		if !r.words(item.Elements) {
			return false
		}
	}
	return true
}

func (r *richReader) words(parts []richPart) bool {
	for _, p := range parts {
		if !r.word(p) {
			return false
		}
	}
	return true
}

func (r *richReader) word(p richPart) bool {
	switch p.Type {
	case "text":
		r.write(p.Text)
		return r.unescaped(p.Text)
	case "link":
		r.write(decodeLink(p.URL, p.Text))
		return r.unescaped(p.Text)
	case "emoji":
		r.write(emoji(p))
	case "user":
		name, staff := r.who.person(session.UserRef(p.User))
		r.call(cmp.Or(name, unnamed), staff)
	case "usergroup":
		r.call(p.Usergroup, true)
	case "broadcast":
		r.call(p.Range, true)
	case "channel":
		r.write("#" + cmp.Or(oneLine(r.who.channel(p.Channel)), unnamed))
	case "date":
		r.write(p.Fallback)
		return p.Fallback != ""
	case "color":
		r.write(p.Value)
	default:
		return false
	}
	return true
}

// unescaped makes sure that a text stands for itself, as Slack promises: what looks
// escaped in it must be escaped twice in the markup.
func (r *richReader) unescaped(text string) bool {
	return unescape.Replace(text) == text || strings.Contains(r.text, escape(text))
}

// emoji is the character, or its name for one that only this workspace has.
func emoji(p richPart) string {
	var b strings.Builder
	for _, hex := range strings.Split(p.Unicode, "-") {
		n, err := strconv.ParseInt(hex, 16, 32)
		if err != nil {
			return fmt.Sprintf(":%s:", p.Name)
		}
		b.WriteRune(rune(n))
	}
	return b.String()
}
