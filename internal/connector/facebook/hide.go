package facebook

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/session"
)

var _ connector.Hider = (*Facebook)(nil)

// Hide hides a comment from everybody but those whom Facebook shows it all the same
// (https://developers.facebook.com/docs/graph-api/changelog/version2.2).
func (f *Facebook) Hide(ctx context.Context, of session.Origin, hidden bool) error {
	id := string(of.Message)
	if !nodeID.MatchString(id) {
		return refused("the question is no comment")
	}
	look := func(ctx context.Context) (bool, error) {
		n, err := f.read(ctx, id)
		if !graph.Missing(err) {
			return n.Hidden, err
		}
		err = f.sees(ctx)
		return err == nil, err
	}
	return graph.Hiding{Memory: f.env.Memory(f.Name), Of: of.Message, Look: look, Post: f.graph.post, To: "/" + id,
		Param: "is_hidden"}.Hide(ctx, hidden)
}
