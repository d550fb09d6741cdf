package slackfake

import (
	"regexp"
	"strings"
)

// Mention is something in a text that is more than letters: it calls people or can be followed.
type Mention struct {
	Kind   string // user, group, channel, broadcast, link, date
	Target string // the id, the address, or "channel", "here", "everyone"
	Label  string // what a link pretends to be
}

// Span is a piece of text that Slack formats.
type Span struct {
	Style string // bold, italic, strike, code, block
	Text  string
}

// rendering is a text as people see it, and what is alive in it.
type rendering struct {
	w        *Workspace
	lines    []string
	mentions []Mention
	spans    []Span
}

func (r *rendering) line(s string) {
	if s != "" {
		r.lines = append(r.lines, s)
	}
}

func (r *rendering) String() string { return strings.Join(r.lines, "\n") }

var (
	tokenPattern = regexp.MustCompile("<([^<>\n]+)>")
	bareLink     = regexp.MustCompile(`https?://[^\s<>|]+`)
	formats      = []struct {
		style   string
		pattern *regexp.Regexp
	}{
		{"block", regexp.MustCompile("(^|.)```([^`]+)```(.|$)")},
		{"code", regexp.MustCompile("(^|[^`])`([^`\n]+)`([^`]|$)")},
		{"bold", regexp.MustCompile(`(^|[\s(_~.,:;!?"'-])\*([^\s*](?:[^*\n]*[^\s*])?)\*([\s)_~.,:;!?"'-]|$)`)},
		{"italic", regexp.MustCompile(`(^|[\s(*~.,:;!?"'-])_([^\s_](?:[^_\n]*[^\s_])?)_([\s)*~.,:;!?"'-]|$)`)},
		{"strike", regexp.MustCompile(`(^|[\s(*_.,:;!?"'-])~([^\s~](?:[^~\n]*[^\s~])?)~([\s)*_.,:;!?"'-]|$)`)},
	}
)

// mrkdwn shows a text in Slack's markup. Entities and tokens are resolved after the formatting is found, so that what
// came out of an entity is never markup.
func (r *rendering) mrkdwn(s string, verbatim bool) string {
	if !verbatim {
		for _, link := range bareLink.FindAllString(tokenPattern.ReplaceAllString(s, ""), -1) {
			r.mentions = append(r.mentions, Mention{Kind: "link", Target: unescape(link)})
		}
	}
	for _, f := range formats {
		s = r.format(s, f.style, f.pattern)
		s = r.format(s, f.style, f.pattern) // neighbours share the blank between them
	}
	s = tokenPattern.ReplaceAllStringFunc(s, func(t string) string { return r.token(t[1 : len(t)-1]) })
	return unescape(s)
}

func (r *rendering) format(s, style string, pattern *regexp.Regexp) string {
	return pattern.ReplaceAllStringFunc(s, func(match string) string {
		parts := pattern.FindStringSubmatch(match)
		r.spans = append(r.spans, Span{Style: style, Text: unescape(parts[2])})
		return parts[1] + parts[2] + parts[3]
	})
}

// token shows one <…>; the result is still escaped.
func (r *rendering) token(t string) string {
	target, label, _ := strings.Cut(t, "|")
	add := func(kind, target, shown string) string {
		r.mentions = append(r.mentions, Mention{Kind: kind, Target: unescape(target), Label: unescape(label)})
		if label != "" {
			return label
		}
		return shown
	}
	switch {
	case strings.HasPrefix(target, "@"):
		return add("user", target[1:], "@"+escape(r.personName(target[1:])))
	case strings.HasPrefix(target, "#"):
		return add("channel", target[1:], target)
	case strings.HasPrefix(target, "!subteam^"):
		return add("group", strings.TrimPrefix(target, "!subteam^"), "@"+target[9:])
	case strings.HasPrefix(target, "!date^"):
		return add("date", target[6:], label)
	case strings.HasPrefix(target, "!"):
		return add("broadcast", target[1:], "@"+target[1:])
	}
	return add("link", target, target)
}

func (r *rendering) personName(id string) string {
	if u := r.w.user(id); u != nil {
		return u.name
	}
	if id == r.w.opts.BotUserID {
		return "bot"
	}
	return id
}

// object shows a text object of Block Kit.
func (r *rendering) object(o obj) string {
	if str(o, "type") == "plain_text" {
		return unescape(str(o, "text"))
	}
	return r.mrkdwn(str(o, "text"), flag(o, "verbatim"))
}

// render shows a whole message. The caller holds w.mu.
func (m *Message) render() *rendering {
	r := &rendering{w: m.w}
	if m.tombstone {
		r.line("This message was deleted.")
		return r
	}
	if len(m.blocks) == 0 {
		r.line(r.mrkdwn(m.text, false))
		return r
	}
	r.blocks(objects(m.blocks))
	return r
}

func (m *Message) visible() string { return m.render().String() }

func (r *rendering) blocks(blocks []obj) {
	for _, b := range blocks {
		r.block(b)
	}
}

func (r *rendering) block(b obj) {
	switch str(b, "type") {
	case "section":
		r.line(r.object(sub(b, "text")))
		for _, f := range list(b, "fields") {
			r.line(r.object(f))
		}
		r.line(r.element(sub(b, "accessory")))
	case "header":
		r.line(r.object(sub(b, "text")))
	case "divider":
		r.line("---")
	case "markdown":
		r.line(str(b, "text"))
	case "image":
		r.line(r.object(sub(b, "title")))
		r.line("(" + unescape(str(b, "alt_text")) + ")")
	case "input":
		r.line(r.object(sub(b, "label")))
		r.line(r.element(sub(b, "element")))
		r.line(r.object(sub(b, "hint")))
	case "rich_text":
		r.line(r.rich(b["elements"]))
	default:
		r.elements(list(b, "elements"))
	}
}

func (r *rendering) elements(elements []obj) {
	var parts []string
	for _, e := range elements {
		if s := r.element(e); s != "" {
			parts = append(parts, s)
		}
	}
	r.line(strings.Join(parts, " "))
}

// element shows what an element says without being touched: a button its label, a menu what is chosen.
func (r *rendering) element(e obj) string {
	switch str(e, "type") {
	case "plain_text", "mrkdwn":
		return r.object(e)
	case "button":
		return "[" + r.object(sub(e, "text")) + "]"
	case "overflow":
		return "[…]"
	case "image":
		return "(" + unescape(str(e, "alt_text")) + ")"
	case "plain_text_input", "url_text_input", "email_text_input", "number_input":
		return str(e, "initial_value")
	case "checkboxes", "radio_buttons":
		var parts []string
		for _, o := range list(e, "options") {
			parts = append(parts, r.object(sub(o, "text")), r.object(sub(o, "description")))
		}
		return strings.Join(parts, " ")
	}
	return r.chosen(e)
}

// confirm shows a confirm dialog.
func (r *rendering) confirm(o obj) string {
	if o == nil {
		return ""
	}
	return r.object(sub(o, "title")) + "\n" + r.object(sub(o, "text")) + "\n[" +
		r.object(sub(o, "confirm")) + "] [" + r.object(sub(o, "deny")) + "]"
}

func (r *rendering) chosen(e obj) string {
	if o := sub(e, "initial_option"); o != nil {
		return r.object(sub(o, "text"))
	}
	for _, key := range []string{"initial_date", "initial_time"} {
		if s := str(e, key); s != "" {
			return s
		}
	}
	return r.object(sub(e, "placeholder"))
}

// rich shows the parts of a rich_text block.
func (r *rendering) rich(v any) string {
	var b strings.Builder
	for _, e := range objects(v) {
		switch str(e, "type") {
		case "text":
			b.WriteString(str(e, "text"))
		case "emoji":
			b.WriteString(":" + str(e, "name") + ":")
		case "link":
			b.WriteString(r.token(richLink(e)))
		case "user":
			b.WriteString(r.token("@" + str(e, "user_id")))
		case "usergroup":
			b.WriteString(r.token("!subteam^" + str(e, "usergroup_id")))
		case "channel":
			b.WriteString(r.token("#" + str(e, "channel_id")))
		case "broadcast":
			b.WriteString(r.token("!" + str(e, "range")))
		default:
			b.WriteString(r.rich(e["elements"]))
		}
	}
	return b.String()
}

func richLink(e obj) string {
	if label := str(e, "text"); label != "" {
		return str(e, "url") + "|" + label
	}
	return str(e, "url")
}
