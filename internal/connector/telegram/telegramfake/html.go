package telegramfake

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The tags of Telegram's HTML, with the entity that each makes. Those of a and pre
// depend on more than the name.
var tags = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
	"span": "spoiler", "tg-emoji": "custom_emoji", "tg-time": "date_time", "a": "text_link", "code": "code", "pre": "pre",
	"blockquote": "blockquote",
}

// htmlParser reads the HTML of a message the way the real server does. Offsets in
// errors count bytes; those in entities count UTF-16 units.
type htmlParser struct {
	in    string
	at    int
	out   strings.Builder
	units int
	open  []openTag
	found []Entity
}

type openTag struct {
	name, argument string
	units, bytes   int // where its text begins
}

// parseHTML returns the plain text and its entities, or what Telegram says instead.
func parseHTML(in string) (string, []Entity, error) {
	p := &htmlParser{in: in}
	for p.at < len(p.in) {
		if err := p.step(); err != nil {
			return "", nil, err
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, unparsed("Can't find end tag corresponding to start tag \"%s\"", p.open[n-1].name)
	}
	slices.SortStableFunc(p.found, byPlace)
	for i := range p.found {
		if p.found[i].Type == "code" {
			p.found[i].Language = ""
		}
	}
	return p.out.String(), p.found, nil
}

func unparsed(format string, args ...any) error {
	return badRequest("can't parse entities: "+format, args...)
}

func (p *htmlParser) step() error {
	switch p.in[p.at] {
	case '<':
		if strings.HasPrefix(p.in[p.at:], "</") {
			return p.closeTag()
		}
		return p.openTag()
	case '&':
		if r, n := htmlEntity(p.in[p.at:]); n > 0 {
			p.at += n
			p.emit(r)
			return nil
		}
	}
	r, n := utf8.DecodeRuneInString(p.in[p.at:])
	p.at += n
	p.emit(r)
	return nil
}

func (p *htmlParser) emit(r rune) {
	p.out.WriteRune(r)
	p.units += unitsOf(r)
}

// htmlEntity knows four names and numbers; anything else stays as it is written.
func htmlEntity(s string) (rune, int) {
	end := 1
	for end < len(s) && (s[end] == '#' && end == 1 || isAlnum(s[end])) {
		end++
	}
	name, n := s[1:end], end
	if end < len(s) && s[end] == ';' {
		n++
	}
	if number, ok := strings.CutPrefix(name, "#"); ok {
		return numericEntity(number, n)
	}
	switch name {
	case "lt":
		return '<', n
	case "gt":
		return '>', n
	case "amp":
		return '&', n
	case "quot":
		return '"', n
	}
	return 0, 0
}

func numericEntity(number string, n int) (rune, int) {
	base := 10
	if hex, ok := strings.CutPrefix(number, "x"); ok {
		number, base = hex, 16
	}
	code, err := strconv.ParseInt(number, base, 32)
	if err != nil || code <= 0 || code >= 0x10ffff || n > 10 {
		return 0, 0
	}
	return rune(code), n
}

func (p *htmlParser) openTag() error {
	begin := p.at
	p.at++
	name := strings.ToLower(p.until(" \t\r\n>"))
	if p.at == len(p.in) {
		return unparsed("Unclosed start tag at byte offset %d", begin)
	}
	if tags[name] == "" {
		return unparsed("Unsupported start tag \"%s\" at byte offset %d", name, begin)
	}
	tag := openTag{name: name, units: p.units, bytes: p.out.Len()}
	if err := p.attributes(&tag, begin); err != nil {
		return err
	}
	if name == "span" && tag.argument != "spoiler" {
		return unparsed("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, tag)
	return nil
}

// attributes reads up to the end of the tag.
func (p *htmlParser) attributes(tag *openTag, begin int) error {
	for {
		p.space()
		if p.next() == '>' {
			p.at++
			return nil
		}
		name := p.until(" \t\r\n=>/\"'")
		if name == "" {
			return unparsed("Empty attribute name in the tag \"%s\" at byte offset %d", tag.name, begin)
		}
		p.space()
		value := ""
		if p.next() == '=' {
			var err error
			if value, err = p.value(begin); err != nil {
				return err
			}
		}
		if p.at == len(p.in) {
			return unparsed("Unclosed start tag \"%s\" at byte offset %d", tag.name, begin)
		}
		tag.take(name, value)
	}
}

// value reads what follows an equals sign.
func (p *htmlParser) value(begin int) (string, error) {
	p.at++
	p.space()
	quote := p.next()
	if quote != '"' && quote != '\'' {
		from := p.at
		for p.at < len(p.in) && (isAlnum(p.in[p.at]) || strings.IndexByte(".-", p.in[p.at]) >= 0) {
			p.at++
		}
		if c := p.next(); c != 0 && c != '>' && !isSpace(c) {
			return "", unparsed("Unexpected end of name token at byte offset %d", from)
		}
		return strings.ToLower(p.in[from:p.at]), nil
	}
	p.at++
	raw := p.until(string(quote))
	if p.at == len(p.in) {
		return "", unparsed("Unclosed start tag at byte offset %d", begin)
	}
	p.at++
	return decoded(raw), nil
}

func decoded(raw string) string {
	var b strings.Builder
	for at := 0; at < len(raw); {
		if raw[at] == '&' {
			if r, n := htmlEntity(raw[at:]); n > 0 {
				b.WriteRune(r)
				at += n
				continue
			}
		}
		b.WriteByte(raw[at])
		at++
	}
	return b.String()
}

// take keeps the attribute when it means something for this tag; others are ignored.
func (t *openTag) take(name, value string) {
	switch {
	case t.name == "a" && name == "href", t.name == "tg-emoji" && name == "emoji-id":
		t.argument = value
	case t.name == "code" && name == "class" && strings.HasPrefix(value, "language-"):
		t.argument = strings.TrimPrefix(value, "language-")
	case t.name == "span" && name == "class" && strings.HasPrefix(value, "tg-"):
		t.argument = strings.TrimPrefix(value, "tg-")
	case t.name == "blockquote" && name == "expandable":
		t.argument = "1"
	}
}

func (p *htmlParser) closeTag() error {
	begin := p.at
	if len(p.open) == 0 {
		return unparsed("Unexpected end tag at byte offset %d", begin)
	}
	p.at += 2
	name := strings.ToLower(p.until(" \t\r\n>"))
	p.space()
	if p.next() != '>' {
		return unparsed("Unclosed end tag at byte offset %d", begin)
	}
	p.at++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return unparsed("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	return p.finish(tag)
}

func (p *htmlParser) until(stops string) string {
	from := p.at
	if n := strings.IndexAny(p.in[from:], stops); n >= 0 {
		p.at = from + n
	} else {
		p.at = len(p.in)
	}
	return p.in[from:p.at]
}

func (p *htmlParser) space() {
	for p.at < len(p.in) && isSpace(p.in[p.at]) {
		p.at++
	}
}

// next is the byte to come, 0 at the end.
func (p *htmlParser) next() byte {
	if p.at == len(p.in) {
		return 0
	}
	return p.in[p.at]
}

func isSpace(c byte) bool { return strings.IndexByte(" \t\r\n", c) >= 0 }

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
