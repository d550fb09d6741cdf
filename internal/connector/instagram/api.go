package instagram

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
const version = "/v26.0"

// rules are what Instagram says of a request at fault, whatever the status; of a picture that it did
// not get in time; of too many posts in a day; and of a container that is not ready, or not known yet
// (https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/error-codes).
var rules = []httpapi.Rule{
	{Code: "100", Outcome: connector.Refused},
	{Code: "-2", Outcome: connector.Deferred}, {Code: "9", Outcome: connector.Deferred, Wait: graph.RateWait},
	{Code: "9007", Outcome: connector.Deferred}, {Code: "24", Outcome: connector.Deferred},
}

// comment is what is read of one
// (https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment).
type comment struct {
	ID     graph.ID
	Text   string
	At     graph.Stamp `json:"timestamp"`
	User   string      `json:"username"`
	From   struct{ ID, Username string }
	Hidden bool
	Likes  *int     `json:"like_count"`
	Parent graph.ID `json:"parent_id"`
}

// fields are those of comment.
const fields = "id,text,timestamp,username,from,hidden,like_count,parent_id"

// author is who wrote a comment: the name, which the app shows, and which an answer names.
func (c comment) author() string {
	name := c.From.Username
	if name == "" {
		name = c.User
	}
	if !nameForm.MatchString(name) {
		return "comment " + string(c.ID)
	}
	return name
}

// nameForm is how people are named there.
var nameForm = regexp.MustCompile(`^[A-Za-z0-9._]{1,60}$`)

// one reads a comment.
func (g *Instagram) one(ctx context.Context, at string) (c comment, err error) {
	err = g.login.Get(ctx, "/"+at, url.Values{"fields": {fields}}, &c)
	return c, err
}

// own reports whether the account wrote a comment.
func own(me graph.Me, c comment) bool { return strings.EqualFold(c.author(), me.Name) }
