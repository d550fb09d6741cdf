package mastodon

import (
	"context"
	"net/http"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
)

var _ connector.Pinner = (*Mastodon)(nil)

// pinScope is what a token must allow for pinning, and for no other call of the program.
const pinScope = "write:accounts"

// Pin features a post on top of the profile, beside up to four others. A server refuses to pin what it has pinned
// already, so it is looked before (https://docs.joinmastodon.org/methods/statuses/#pin).
func (m *Mastodon) Pin(ctx context.Context, at session.MessageID, pinned bool) error {
	s, err := m.status(ctx, at)
	switch {
	case m.gone(ctx, at, err) && !pinned:
		return nil
	case err != nil || s.Pinned == pinned:
		return err
	}
	return m.pin(ctx, at, pinned)
}

func (m *Mastodon) pin(ctx context.Context, at session.MessageID, pinned bool) error {
	to := address(at) + "/unpin"
	if pinned {
		to = address(at) + "/pin"
	}
	_, err := m.do(ctx, httpapi.Request{Method: http.MethodPost, To: to})
	return err
}

// tryPin looks whether the token may pin, where that is wanted: it lets a post go that is not there.
func (m *Mastodon) tryPin(ctx context.Context) []connector.Finding {
	if m.pins && httpapi.ErrorOf(m.pin(ctx, "0", false)).Status == http.StatusForbidden {
		return []connector.Finding{{ID: "mastodon.pin", Bad: true}}
	}
	return nil
}
