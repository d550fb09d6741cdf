package instagram

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/session"
)

var _ connector.Hider = (*Instagram)(nil)

// Hide hides a comment
// (https://developers.facebook.com/docs/instagram-platform/comment-moderation).
func (g *Instagram) Hide(ctx context.Context, of session.Origin, hidden bool) error {
	at := string(of.Message)
	if !graph.IDForm.MatchString(at) {
		return graph.Refused("there is no such comment")
	}
	look := func(ctx context.Context) (bool, error) {
		c, err := g.one(ctx, at)
		return c.Hidden, err
	}
	return graph.Hiding{Memory: g.env.Memory(g.Name), Of: of.Message, Look: look, Post: g.login.Post, To: "/" + at,
		Param: "hide"}.Hide(ctx, hidden)
}
