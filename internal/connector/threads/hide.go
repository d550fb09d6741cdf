package threads

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/session"
)

var _ connector.Hider = (*Threads)(nil)

// Hide hides a reply with all that stands under it. Threads hides only what replies right to a post
// of the account (https://developers.facebook.com/documentation/threads/reply-management).
func (t *Threads) Hide(ctx context.Context, of session.Origin, hidden bool) error {
	at := string(of.Message)
	if !graph.IDForm.MatchString(at) {
		return graph.Refused("there is no such post")
	}
	look := func(ctx context.Context) (bool, error) {
		m, err := t.one(ctx, at)
		if err == nil && m.Hide != "HIDDEN" && (m.RootPost.ID == "" || m.RepliedTo.ID != m.RootPost.ID) {
			err = graph.Refused("Threads hides only what stands right under a post of the account; hide the reply above it in the app")
		}
		return m.Hide == "HIDDEN", err
	}
	return graph.Hiding{Memory: t.env.Memory(t.Name), Of: of.Message, Look: look, Post: t.login.Post, To: "/" + at + "/manage_reply",
		Param: "hide"}.Hide(ctx, hidden)
}
