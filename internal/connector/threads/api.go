package threads

import (
	"context"
	"net/url"
	"regexp"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/httpapi"
)

// version is the one that is called.
const version = "/v1.0"

// rules are those of the codes that are Threads' own, and what it says of a request at fault
// whatever the status.
var rules = []httpapi.Rule{
	{Code: "24", Outcome: connector.Deferred},
	{Code: "100", Outcome: connector.Refused},
}

// media is what is read of a post (https://developers.facebook.com/documentation/threads/reference/media-retrieval).
type media struct {
	ID        graph.ID
	Text      string
	User      string      `json:"username"`
	Link      string      `json:"permalink"`
	At        graph.Stamp `json:"timestamp"`
	Kind      string      `json:"media_type"`
	Hide      string      `json:"hide_status"`
	Mine      bool        `json:"is_reply_owned_by_me"`
	RootPost  graph.Made  `json:"root_post"`
	RepliedTo graph.Made  `json:"replied_to"`
}

// fields are those of media.
const fields = "id,text,username,permalink,timestamp,media_type,hide_status,is_reply_owned_by_me,root_post,replied_to"

// permalink is the only form in which the address of a post is taken.
var permalink = regexp.MustCompile(`^https://(www\.)?threads\.(net|com)/@[A-Za-z0-9._]{1,60}/post/[A-Za-z0-9_-]{1,40}/?$`)

func (m media) link() string {
	if permalink.MatchString(m.Link) {
		return m.Link
	}
	return ""
}

// one reads a post.
func (t *Threads) one(ctx context.Context, at string) (m media, err error) {
	err = t.login.Get(ctx, "/"+at, url.Values{"fields": {fields}}, &m)
	return m, err
}

// own reports whether the account wrote a post.
func own(me graph.Me, m media) bool { return m.Mine || strings.EqualFold(m.User, me.Name) }
