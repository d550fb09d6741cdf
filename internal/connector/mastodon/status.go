package mastodon

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// person is an account, ours or another's.
type person struct {
	ID   string `json:"id"`
	Acct string `json:"acct"`
	URL  string `json:"url"`
}

// spellings are how a text may name the account, the longest first.
func (p person) spellings() []string {
	name, _, _ := strings.Cut(p.Acct, "@")
	all := []string{"@" + p.Acct, "@" + name}
	if u, err := url.Parse(p.URL); err == nil && u.Host != "" {
		all = append([]string{"@" + name + "@" + u.Host}, all...)
	}
	return all
}

// status is a post, as far as it matters.
type status struct {
	ID         string    `json:"id"`
	URI        string    `json:"uri"`
	URL        string    `json:"url"`
	Content    string    `json:"content"`
	Warning    string    `json:"spoiler_text"`
	Visibility string    `json:"visibility"`
	Language   string    `json:"language"`
	CreatedAt  time.Time `json:"created_at"`
	EditedAt   time.Time `json:"edited_at"`
	ReplyTo    string    `json:"in_reply_to_id"`
	ReplyToWho string    `json:"in_reply_to_account_id"`
	Account    person    `json:"account"`
	Reblog     *struct{} `json:"reblog"`
	Mentions   []person  `json:"mentions"`
	Tags       []tag     `json:"tags"`
	Likes      int       `json:"favourites_count"`
	Pinned     bool      `json:"pinned"`
	Media      []medium  `json:"media_attachments"`
}

// medium is a file with a post, which another server may have sent.
type medium struct {
	Type string `json:"type"`
	URL  string `json:"url"`                  // at the server; empty while it has none
	Far  string `json:"remote_url,omitempty"` // where the server has it from
	Alt  string `json:"description"`
}

type tag struct {
	Name string `json:"name"`
}

func (s status) mentions(id string) bool {
	return slices.ContainsFunc(s.Mentions, func(p person) bool { return p.ID == id })
}

func (s status) tagged(name string) bool {
	return name != "" && slices.ContainsFunc(s.Tags, func(t tag) bool { return strings.EqualFold(t.Name, name) })
}

// text is what somebody wrote, with the warning that they put above it.
func (s status) text() string {
	return strings.TrimSpace(s.Warning + "\n" + plain(s.Content))
}

// question is the same without what only addresses it: mentions at its beginning, the
// account's own name and the hashtag. Of others' names the "@" goes, so that nobody is
// called by an answer that quotes the question.
func (s status) question(self person, hashtag string) string {
	text := s.text()
	for _, p := range append(s.Mentions, self) {
		name, _, _ := strings.Cut(p.Acct, "@")
		instead := name
		if p.ID == self.ID {
			instead = ""
		}
		for _, spelling := range p.spellings() {
			text = swap(text, spelling, instead)
		}
	}
	if hashtag != "" {
		text = swap(text, "#"+hashtag, "")
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.TrimLeft(strings.TrimSpace(strings.Join(lines, "\n")), ",;: \n")
}
