package slackfake

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// obj is a JSON object as it came: whatever the app wrote in a block is kept and given back.
type obj = map[string]any

func str(o obj, key string) string {
	s, _ := o[key].(string)
	return s
}

func flag(o obj, key string) bool {
	b, _ := o[key].(bool)
	return b
}

func sub(o obj, key string) obj {
	m, _ := o[key].(obj)
	return m
}

func list(o obj, key string) []obj { return objects(o[key]) }

func objects(v any) []obj {
	items, _ := v.([]any)
	var out []obj
	for _, item := range items {
		if m, ok := item.(obj); ok {
			out = append(out, m)
		}
	}
	return out
}

func anyList[T any](items []T) []any {
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = item
	}
	return out
}

// clone copies a JSON value deeply, so that what left the lock cannot change any more.
func clone[T any](v T) T {
	data, err := json.Marshal(v)
	if err != nil {
		panic("slackfake: not JSON: " + err.Error())
	}
	var out T
	if err := json.Unmarshal(data, &out); err != nil {
		panic("slackfake: not JSON: " + err.Error())
	}
	return out
}

func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic("slackfake: not JSON: " + err.Error())
	}
	return data
}

func characters(s string) int { return utf8.RuneCountInString(s) }

func truncate(s string, n int) string {
	if characters(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

// normalize is what Slack does to text on its way in: the three control characters that are no entity and no token
// become entities.
func normalize(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '&' && !entity(s[i:]):
			b.WriteString("&amp;")
		case c == '<':
			end := token(s[i:])
			if end == 0 {
				b.WriteString("&lt;")
				continue
			}
			b.WriteString(s[i : i+end])
			i += end - 1
		case c == '>':
			b.WriteString("&gt;")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func entity(s string) bool {
	return strings.HasPrefix(s, "&amp;") || strings.HasPrefix(s, "&lt;") || strings.HasPrefix(s, "&gt;")
}

// token gives the length of the <…> token that s begins with, or 0.
func token(s string) int {
	end := strings.IndexAny(s[1:], "<>\n")
	if end < 1 || s[1+end] != '>' {
		return 0
	}
	return end + 2
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

func unescape(s string) string {
	return strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(s)
}

// normalizePlain is normalize for text in which no token means anything.
func normalizePlain(s string) string {
	return strings.NewReplacer("&amp;", "&amp;", "&lt;", "&lt;", "&gt;", "&gt;", "&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
