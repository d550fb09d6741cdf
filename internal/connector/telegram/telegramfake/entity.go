package telegramfake

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Entity is a part of a text that means something. Offset and Length count UTF-16
// units.
type Entity struct {
	Type           string
	Offset, Length int
	Text           string // the part itself
	URL            string // of a text_link
	User           int64  // of a text_mention
	Language       string // of a pre
	Emoji          string // of a custom_emoji

	// Detected is an entity that Telegram found in plain text, such as a bare
	// address; the others come from markup.
	Detected bool
}

func (e Entity) json(s *Server) map[string]any {
	out := map[string]any{"type": e.Type, "offset": e.Offset, "length": e.Length}
	setIf(out, "url", e.URL)
	setIf(out, "language", e.Language)
	setIf(out, "custom_emoji_id", e.Emoji)
	if u, ok := s.users[e.User]; ok {
		out["user"] = u.json()
	}
	return out
}

// byPlace sorts outer entities before inner ones.
func byPlace(a, b Entity) int {
	return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
}

func unitsOf(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// units is the length of a text as Telegram counts it.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += unitsOf(r)
	}
	return n
}

// finish makes the entity of a tag that ended.
func (p *htmlParser) finish(tag openTag) error {
	text := p.out.String()[tag.bytes:]
	if text == "" {
		return nil
	}
	e := Entity{Type: tags[tag.name], Offset: tag.units, Length: p.units - tag.units, Text: text}
	switch tag.name {
	case "tg-emoji":
		if n, err := strconv.ParseInt(tag.argument, 10, 64); err != nil || n == 0 {
			return unparsed("Invalid custom emoji identifier specified")
		}
		e.Emoji = tag.argument
	case "a":
		return p.link(e, cmp.Or(tag.argument, text))
	case "pre", "code":
		p.block(e, tag.argument)
		return nil
	case "blockquote":
		if tag.argument != "" {
			e.Type = "expandable_blockquote"
		}
	}
	p.found = append(p.found, e)
	return nil
}

// link drops an address that is none without a word, as the real server does.
func (p *htmlParser) link(e Entity, href string) error {
	if id, ok := strings.CutPrefix(href, "tg://user?id="); ok {
		e.Type = "text_mention"
		e.User, _ = strconv.ParseInt(id, 10, 64)
		p.found = append(p.found, e)
		return nil
	}
	if checkLink(href) == nil {
		e.URL = href
		if !strings.Contains(href, ":") {
			e.URL = "http://" + href
		}
		p.found = append(p.found, e)
	}
	return nil
}

// block joins <pre><code class="language-go"> into one entity with a language.
func (p *htmlParser) block(e Entity, language string) {
	if n := len(p.found); n > 0 {
		last := &p.found[n-1]
		same := last.Offset == e.Offset && last.Length == e.Length && last.Type != e.Type
		if same && (last.Type == "code" && last.Language != "" || last.Type == "pre" && language != "") {
			last.Type, last.Language = "pre", cmp.Or(last.Language, language)
			return
		}
	}
	if e.Type == "code" {
		e.Language = language
	}
	p.found = append(p.found, e)
}

// finders are what Telegram finds in plain text, by the group that is the entity.
var finders = []struct {
	kind string
	re   *regexp.Regexp
}{
	{"url", regexp.MustCompile(`(?i)(?:^|[^\w@.])((?:https?://|tg://)[^\s<>"]*[^\s<>".,;:!?)\]}']|` +
		`(?:[\w-]+\.)+(?:com|org|net|info|io|me|app|dev|eu|lv|de|uk|ru|fr|example)(?:/[^\s<>"]*[^\s<>".,;:!?)\]}'])?)\b`)},
	{"email", regexp.MustCompile(`(?i)(?:^|[^\w.+-])([\w.+-]+@(?:[\w-]+\.)+[a-z]{2,})`)},
	{"mention", regexp.MustCompile(`(?:^|[^\w@/.])(@[A-Za-z]\w{3,31})\b`)},
	{"bot_command", regexp.MustCompile(`(?:^|[^\w/<>])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?)(?:$|[^\w/])`)},
	{"hashtag", regexp.MustCompile(`(?:^|[^\pL\pN_#])(#[\pL\pN_]*\pL[\pL\pN_]*)`)},
}

// detect adds what Telegram finds by itself to what markup made of a text.
func detect(text string, marked []Entity) []Entity {
	out := slices.Clone(marked)
	for _, f := range finders {
		for at := 0; at < len(text); {
			m := f.re.FindStringSubmatchIndex(text[at:])
			if m == nil {
				break
			}
			e := place(f.kind, text, at+m[2], at+m[3])
			if !slices.ContainsFunc(out, e.clashes) {
				out = append(out, e)
			}
			at += m[3]
		}
	}
	slices.SortStableFunc(out, byPlace)
	return out
}

func place(kind, text string, from, to int) Entity {
	return Entity{
		Type: kind, Offset: units(text[:from]), Length: units(text[from:to]), Text: text[from:to], Detected: true,
	}
}

// clashes says whether the other one leaves no room: a link within a link.
func (e Entity) clashes(o Entity) bool {
	if e.Offset >= o.Offset+o.Length || o.Offset >= e.Offset+e.Length {
		return false
	}
	return o.Detected || slices.Contains([]string{"code", "pre", "text_link", "text_mention"}, o.Type)
}
