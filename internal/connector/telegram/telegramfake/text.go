package telegramfake

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

const (
	longestText = 4096    // UTF-16 units, after parsing
	longestRaw  = 1 << 15 // bytes, before
)

// readText parses the text of a message. Emptiness is judged here; length is judged
// later, in other words for a send than for an edit.
func readText(p params) (string, []Entity, error) {
	raw := p["text"]
	switch {
	case raw == "":
		return "", nil, badRequest("message text is empty")
	case len(raw) > longestRaw:
		return "", nil, badRequest("text is too long")
	case !utf8.ValidString(raw):
		return "", nil, badRequest("strings must be encoded in UTF-8")
	}
	text, marked, err := parse(raw, p)
	if err != nil {
		return "", nil, err
	}
	text, marked = trim(text, marked)
	if text == "" {
		return "", nil, badRequest("message text is empty")
	}
	return text, marked, nil
}

func parse(raw string, p params) (string, []Entity, error) {
	switch strings.ToLower(p["parse_mode"]) {
	case "", "none":
		marked, err := readEntities(raw, p["entities"])
		return raw, marked, err
	case "html":
		return parseHTML(raw)
	case "markdown", "markdownv2":
		return "", nil, badRequest("this fake does not parse Markdown")
	}
	return "", nil, badRequest("unsupported parse_mode")
}

// readEntities reads markup that came as a list instead of tags.
func readEntities(text, list string) ([]Entity, error) {
	if list == "" {
		return nil, nil
	}
	var raw []struct {
		Type           string
		Offset, Length int
		URL, Language  string
		User           struct{ ID int64 }
	}
	if err := json.Unmarshal([]byte(list), &raw); err != nil {
		return nil, badRequest("can't parse entities JSON object")
	}
	var out []Entity
	for _, r := range raw {
		part, ok := cut(text, r.Offset, r.Length)
		if !ok {
			return nil, badRequest("can't parse MessageEntity: it is outside of the text")
		}
		out = append(out, Entity{
			Type: r.Type, Offset: r.Offset, Length: r.Length, Text: part,
			URL: r.URL, Language: r.Language, User: r.User.ID,
		})
	}
	return out, nil
}

// cut takes a part out of a text by UTF-16 units.
func cut(text string, offset, length int) (string, bool) {
	from, to, n := -1, -1, 0
	for i, r := range text + " " {
		if n == offset && from < 0 {
			from = i
		}
		if n == offset+length && to < 0 {
			to = i
		}
		n += unitsOf(r)
	}
	if from < 0 || to < from {
		return "", false
	}
	return text[from:to], true
}

// trim takes white space away at both ends and moves the entities along.
func trim(text string, marked []Entity) (string, []Entity) {
	short := strings.TrimLeft(text, " \n\t\r")
	gone := units(text[:len(text)-len(short)])
	short = strings.TrimRight(short, " \n\t\r")
	end := units(short)
	var out []Entity
	for _, e := range marked {
		from, to := max(e.Offset-gone, 0), min(e.Offset-gone+e.Length, end)
		if from < to {
			e.Offset, e.Length = from, to-from
			e.Text, _ = cut(short, from, to-from)
			out = append(out, e)
		}
	}
	return short, out
}
