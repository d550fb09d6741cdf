package instagram

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/session"
)

var (
	_ connector.Replier   = (*Instagram)(nil)
	_ connector.Retractor = (*Instagram)(nil)
	_ connector.Reader    = (*Instagram)(nil)
	_ connector.Finder    = (*Instagram)(nil)
)

// Reply replies to a comment, or comments on the post when there is none.
func (g *Instagram) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if err := g.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	to, hidden, err := g.list(ctx, p)
	switch {
	case err != nil:
		return connector.Sent{}, connector.Repeatable(err)
	case hidden:
		return connector.Sent{}, refused("the comment to reply to is hidden, and Instagram takes no reply to it: show it again in the app")
	}
	var answer graph.Made
	if err := g.login.Post(ctx, to, url.Values{"message": {p.Text}}, &answer); err != nil {
		return connector.Sent{}, err
	}
	if answer.ID == "" {
		return connector.Sent{}, graph.Unusable(http.MethodPost)
	}
	return connector.Sent{Message: session.MessageID(answer.ID)}, nil
}

// list is where a post goes and is found: the replies to a comment, which are all right under the
// top one, or the comments on the post; and whether the comment is hidden
// (https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment/replies).
func (g *Instagram) list(ctx context.Context, p connector.Post) (to string, hidden bool, err error) {
	at := string(p.Original.Message)
	if at == "" {
		return "/" + string(g.settings.Media) + "/comments", false, nil
	}
	if !graph.IDForm.MatchString(at) {
		return "", false, refused("there is no such comment")
	}
	c, err := g.one(ctx, at)
	switch {
	case graph.Missing(err):
		return "", false, refused("the comment to reply to is not there any more")
	case err != nil:
		return "", false, err
	case c.Parent != "":
		at = string(c.Parent)
	}
	return "/" + at + "/replies", c.Hidden, nil
}

// fits looks before anybody is asked.
func (g *Instagram) fits(ctx context.Context, p connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case strings.TrimSpace(p.Text) == "":
		return refused("there is no text")
	case !g.Limits().Longest.Fits(p.Text):
		return refused("the text is too long")
	case len(p.Pictures) > 0:
		return refused("it takes no pictures")
	}
	return nil
}

const (
	// clocks is how far ours and that of Instagram may be apart.
	clocks = 2 * time.Minute
	// mostFound bounds a look, in pages.
	mostFound = 40
)

// Find looks for what the account itself wrote there with that text, not before it was approved.
// That of a comment which is gone nobody sees, and it cannot be looked for.
func (g *Instagram) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	me, err := g.login.Who(ctx)
	if err != nil {
		return connector.Sent{}, false, err
	}
	to, _, err := g.list(ctx, p)
	if err != nil {
		return connector.Sent{}, false, err
	}
	var sent connector.Sent
	pages := graph.List[comment]{Left: mostFound, Take: take,
		Ask: func(ctx context.Context, q url.Values, p *graph.Page) error { return g.login.Get(ctx, to, q, p) },
		Enough: func(some []comment) bool {
			i := slices.IndexFunc(some, func(c comment) bool {
				return graph.Alike(c.Text, p.Text) && own(me, c) && !c.At.Before(p.Approved.Add(-clocks))
			})
			if i >= 0 {
				sent.Message = session.MessageID(some[i].ID)
			}
			return i >= 0
		}}
	_, end, err := pages.Read(ctx, url.Values{"fields": {fields}})
	if err == nil && sent.Message == "" && end == graph.Short {
		err = &connector.SendError{Outcome: connector.Deferred, Detail: "there are too many comments to look through"}
	}
	return sent, sent.Message != "", err
}

// Retract deletes a comment.
func (g *Instagram) Retract(ctx context.Context, at session.MessageID, _ connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case !graph.IDForm.MatchString(string(at)):
		return refused("there is no such comment")
	}
	var said struct{ Success bool }
	err := g.login.Call(ctx, http.MethodDelete, "/"+string(at), nil, &said)
	switch {
	case graph.Missing(err):
		return nil // Stands looks
	case err == nil && !said.Success:
		return refused("Instagram did not delete the comment")
	}
	return err
}

// Stands looks at the comment itself.
func (g *Instagram) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	_, err := g.one(ctx, string(at))
	if graph.Missing(err) {
		return false, nil
	}
	return err == nil, err
}
