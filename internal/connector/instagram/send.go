package instagram

import (
	"context"
	"net/http"
	"net/url"
	"slices"
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

// Reply replies to a comment. Without one it comments on the post that was given, or announces.
func (g *Instagram) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if err := graph.Fits(ctx, p, g.Limits().Longest); err != nil {
		return connector.Sent{}, err
	}
	if g.announces(p) {
		return g.staged(p).Reply(ctx, p)
	}
	to, hidden, err := g.list(ctx, p)
	switch {
	case err != nil:
		return connector.Sent{}, connector.Repeatable(err)
	case hidden:
		return connector.Sent{}, graph.Refused("the comment to reply to is hidden, and Instagram takes no reply to it: show it again in the app")
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
		return "", false, graph.Refused("there is no such comment")
	}
	c, err := g.one(ctx, at)
	switch {
	case graph.Missing(err):
		return "", false, graph.Refused("the comment to reply to is not there any more")
	case err != nil:
		return "", false, err
	case c.Parent != "":
		at = string(c.Parent)
	}
	return "/" + at + "/replies", c.Hidden, nil
}

const (
	// clocks is how far ours and that of Instagram may be apart.
	clocks = 2 * time.Minute
	// mostFound bounds a look, in pages.
	mostFound = 40
)

// Find asks what became of the container of an announcement. Else it looks for what the account
// itself wrote there with that text, not before it was approved. That of a comment which is gone
// nobody sees, and it cannot be looked for.
func (g *Instagram) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	if g.announces(p) {
		return g.staged(p).Find(ctx, p)
	}
	me, err := g.login.Who(ctx)
	if err != nil {
		return connector.Sent{}, false, err
	}
	to, _, err := g.list(ctx, p)
	if err != nil {
		return connector.Sent{}, false, err
	}
	var sent connector.Sent
	pages := graph.List[comment]{Left: mostFound, Take: g.read.Take,
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

// Retract deletes a comment. With the log-in of Instagram no program deletes a post
// (https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login.md lists what it may).
func (g *Instagram) Retract(ctx context.Context, at session.MessageID, p connector.Post) error {
	if p.Kind == session.KindAnnouncement && g.announces(p) && ctx.Err() == nil {
		return graph.Refused("Instagram lets no program delete a post: delete it in the app")
	}
	return g.login.Delete(ctx, at)
}

// Stands looks at the comment itself.
func (g *Instagram) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	_, err := g.one(ctx, string(at))
	return graph.There(err)
}
