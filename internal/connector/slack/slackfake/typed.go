package slackfake

import (
	"regexp"
	"slices"
	"strings"
)

// typing is what Slack's client makes of what somebody types: a text in markup, and a rich_text block beside it.
type typing struct {
	markup string
	blocks []any
}

var typedPattern = regexp.MustCompile(`https?://[^\s<>]*[^\s<>.,;:!?)]|[\w.+-]+@[\w-]+\.[a-z]{2,}|` +
	`\b(?:[a-z0-9-]+\.)+(?:com|org|net|lv|eu|test)\b(?:/[^\s<>]*)?|@(?:channel|here|everyone)\b`)

// typed turns keystrokes into a message. The caller holds w.mu.
func (w *Workspace) typed(text string) typing {
	var markup strings.Builder
	var parts []any
	plain := func(s string) {
		if s != "" {
			markup.WriteString(escape(s))
			parts = append(parts, obj{"type": "text", "text": s})
		}
	}
	for text != "" {
		start, end, part, token := w.nextTyped(text)
		plain(text[:start])
		if part != nil {
			markup.WriteString(token)
			parts = append(parts, part)
		}
		text = text[end:]
	}
	w.sequence++
	return typing{markup: markup.String(), blocks: []any{obj{"type": "rich_text", "block_id": "typed" + escape(w.id("")),
		"elements": []any{obj{"type": "rich_text_section", "elements": parts}}}}}
}

// nextTyped finds the next thing in a text that is more than letters; start is len(text) when there is none.
func (w *Workspace) nextTyped(text string) (start, end int, part obj, token string) {
	start, end = len(text), len(text)
	if at := typedPattern.FindStringIndex(text); at != nil {
		start, end = at[0], at[1]
		part, token = linkOrCall(text[start:end])
	}
	for _, u := range w.byNameLength() {
		if i := strings.Index(text, "@"+u.name); i >= 0 && i < start {
			start, end = i, i+1+len(u.name)
			part, token = obj{"type": "user", "user_id": u.id}, "<@"+u.id+">"
		}
	}
	return start, end, part, token
}

// byNameLength lists people with the longest names first, so that "@Anna Ozola" is not taken for "@Anna".
func (w *Workspace) byNameLength() []*User {
	named := slices.DeleteFunc(slices.Clone(w.users), func(u *User) bool { return u.name == "" })
	slices.SortStableFunc(named, func(a, b *User) int { return len(b.name) - len(a.name) })
	return named
}

func linkOrCall(s string) (obj, string) {
	switch {
	case strings.HasPrefix(s, "http"):
		return obj{"type": "link", "url": s}, "<" + escape(s) + ">"
	case s[0] == '@':
		return obj{"type": "broadcast", "range": s[1:]}, "<!" + s[1:] + ">"
	case strings.Contains(s, "@"):
		return obj{"type": "link", "url": "mailto:" + s, "text": s}, "<mailto:" + s + "|" + s + ">"
	}
	return obj{"type": "link", "url": "http://" + s, "text": s}, "<http://" + escape(s) + "|" + escape(s) + ">"
}
