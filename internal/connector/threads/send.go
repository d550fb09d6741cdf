package threads

import (
	"context"
	"net/url"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/session"
)

var (
	_ connector.Replier   = (*Threads)(nil)
	_ connector.Retractor = (*Threads)(nil)
	_ connector.Reader    = (*Threads)(nil)
	_ connector.Finder    = (*Threads)(nil)
)

// codeUnready is said of a container that is not there yet (github.com/fbsamples/threads_api/issues/70).
const codeUnready = 24

// staged brings a post out.
func (t *Threads) staged(p connector.Post) graph.Staged {
	return graph.Staged{Login: t.login, Title: "Threads", State: "status", Why: "error_message", Publish: "/me/threads_publish",
		Unready: func(err error) bool { return graph.Code(err) == codeUnready },
		Make:    func(ctx context.Context) (url.Values, string, error) { return t.container(ctx, p) },
		Among:   func(ctx context.Context) (connector.Sent, bool, error) { return t.among(ctx, p) },
		Link: func(ctx context.Context, at string) string {
			m, _ := t.one(ctx, at)
			return m.link()
		}}
}

// Reply publishes a container.
func (t *Threads) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if err := graph.Fits(ctx, p, t.Limits().Longest); err != nil {
		return connector.Sent{}, err
	}
	return t.staged(p).Reply(ctx, p)
}

// Find asks what became of the container that was kept.
func (t *Threads) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	return t.staged(p).Find(ctx, p)
}

// container is what one is made of.
func (t *Threads) container(ctx context.Context, p connector.Post) (url.Values, string, error) {
	params := url.Values{"media_type": {"TEXT"}, "text": {p.Text}}
	if at := string(p.Original.Message); at != "" {
		if err := t.above(ctx, at); err != nil {
			return nil, "", err
		}
		params.Set("reply_to_id", at)
	}
	return params, "/me/threads", nil
}

// above looks whether what is to be replied to is there: of a reply to what is gone nothing is
// documented.
func (t *Threads) above(ctx context.Context, at string) error {
	if !graph.IDForm.MatchString(at) {
		return graph.Refused("there is no such post")
	}
	_, err := t.one(ctx, at)
	if graph.Missing(err) {
		return graph.Refused("the post to reply to is not there any more")
	}
	return connector.Repeatable(err)
}

const (
	// clocks is how far ours and that of Threads may be apart.
	clocks = 2 * time.Minute
	// mostOwn is how many pages of the account's own posts are read.
	mostOwn = 20
)

// among looks for a post among the account's own: with its text, under the same one, and not from
// before it was approved. The newest comes first.
func (t *Threads) among(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	to, from := "/me/threads", p.Approved.Add(-clocks)
	if p.Original.Message != "" {
		to = "/me/replies"
	}
	var sent connector.Sent
	pages := graph.List[media]{Left: mostOwn, Take: t.read.Take,
		Ask: func(ctx context.Context, q url.Values, p *graph.Page) error { return t.login.Get(ctx, to, q, p) },
		Enough: func(some []media) bool {
			i := slices.IndexFunc(some, func(m media) bool {
				return graph.Alike(m.Text, p.Text) && string(m.RepliedTo.ID) == string(p.Original.Message) && !m.At.Before(from)
			})
			if i >= 0 {
				sent = connector.Sent{Message: session.MessageID(some[i].ID), URL: some[i].link()}
			}
			return i >= 0 || some[len(some)-1].At.Before(from)
		}}
	_, _, err := pages.Read(ctx, url.Values{"fields": {fields}})
	return sent, sent.Message != "", err
}

// Retract deletes a post (https://developers.facebook.com/docs/threads/posts/delete-posts).
func (t *Threads) Retract(ctx context.Context, at session.MessageID, _ connector.Post) error {
	return t.login.Delete(ctx, at)
}

// Stands looks at the post itself.
func (t *Threads) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	_, err := t.one(ctx, string(at))
	return graph.There(err)
}
