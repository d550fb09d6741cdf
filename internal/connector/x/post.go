package x

import (
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"experthour/internal/session"
)

// number is an id: longer than a float64 can hold.
var number = regexp.MustCompile(`^[0-9]{1,19}$`)

type rawPost = json.RawMessage

// post is what is read of one. X renamed its fields in 2026; the former names are read too.
type post struct {
	ID      string       `json:"id"`
	Author  string       `json:"author_id"`
	Text    string       `json:"text"`
	Created time.Time    `json:"created_at"`
	Range   []int        `json:"display_text_range"`
	History []string     `json:"edit_history_post_ids"`
	Before  []string     `json:"edit_history_tweet_ids"`
	Above   []referenced `json:"referenced_posts"`
	Over    []referenced `json:"referenced_tweets"`
	Links   struct {
		URLs []shortURL `json:"urls"`
	} `json:"entities"`
	Attached struct {
		Media []string `json:"media_keys"`
	} `json:"attachments"`
	Note struct {
		Text  string `json:"text"`
		Links struct {
			URLs []shortURL `json:"urls"`
		} `json:"entities"`
	} `json:"note_post"`
	Metrics struct {
		Likes int `json:"like_count"`
	} `json:"public_metrics"`
}

type referenced struct{ Type, ID string }

type shortURL struct {
	Short string `json:"url"`
	Full  string `json:"expanded_url"`
}

// parse reads one of a list; ok is false for what is none.
func parse(raw rawPost) (p post, ok bool) {
	if json.Unmarshal(raw, &p) != nil || !number.MatchString(p.ID) {
		return p, false
	}
	p.History = append(p.History, p.Before...)
	p.Above = append(p.Above, p.Over...)
	return p, !slices.ContainsFunc(p.History, func(id string) bool { return !number.MatchString(id) })
}

// first is the id that it had when it was new: an edit gives another one.
func (p post) first() string {
	if len(p.History) > 0 {
		return p.History[0]
	}
	return p.ID
}

// above is what it refers to in one way; empty is nothing.
func (p post) above(how string) string {
	i := slices.IndexFunc(p.Above, func(r referenced) bool { return r.Type == how })
	if i < 0 || !number.MatchString(p.Above[i].ID) {
		return ""
	}
	return p.Above[i].ID
}

// said is what its author wrote: without whom a reply calls by itself, and with whole addresses.
func (p post) said() string {
	text, links := p.Text, p.Links.URLs
	if p.Note.Text != "" {
		text, links = p.Note.Text, p.Note.Links.URLs
	} else if rs := []rune(text); len(p.Range) == 2 && p.Range[0] > 0 && p.Range[0] <= len(rs) {
		text = string(rs[p.Range[0]:])
	}
	for _, l := range links {
		if l.Short != "" && l.Full != "" {
			text = strings.ReplaceAll(text, l.Short, shownLink(l.Full))
		}
	}
	return strings.TrimSpace(html.UnescapeString(text))
}

// ownMedia is the address that stands in a text for what is attached to it.
var ownMedia = regexp.MustCompile(`^https://(?:x|twitter)\.com/[^/]+/status/[0-9]+/(?:photo|video)/[0-9]+$`)

func shownLink(full string) string {
	if ownMedia.MatchString(full) {
		return ""
	}
	return full
}

// with is what was sent with the words, as far as the keys of files tell.
func (p post) with() session.Media {
	if len(p.Attached.Media) == 0 {
		return ""
	}
	switch kind, _, _ := strings.Cut(p.Attached.Media[0], "_"); kind {
	case "3":
		return session.MediaPicture
	case "7", "16", "13":
		return session.MediaVideo
	}
	return session.MediaFile
}

// names reports whether a text calls an account.
func names(text, username string) bool { return swap(text, "@"+username, "") != text }

// question is what is asked: without the account's own name, and the hashtag.
func question(text, username, hashtag string) string {
	text = swap(text, "@"+username, "")
	if hashtag != "" {
		text = swap(text, "#"+hashtag, "")
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.TrimLeft(strings.TrimSpace(strings.Join(lines, "\n")), ",;: \n")
}

// swap puts something in place of a name wherever it stands as a word, in any case.
func swap(text, name, instead string) string {
	rs, sought := []rune(text), []rune(name)
	var out []rune
	for i := 0; i < len(rs); i++ {
		end := i + len(sought)
		if len(sought) > 1 && end <= len(rs) && strings.EqualFold(string(rs[i:end]), name) && (end == len(rs) || !inName(rs[end])) &&
			(i == 0 || !inName(rs[i-1])) {
			out = append(out, []rune(instead)...)
			i = end - 1
			continue
		}
		out = append(out, rs[i])
	}
	return string(out)
}

func inName(r rune) bool { return r == '_' || r == '@' || unicode.IsLetter(r) || unicode.IsDigit(r) }
