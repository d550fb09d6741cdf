package youtube

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Hider = (*YouTube)(nil)

// The states that a comment is put into. "rejected" is said nowhere to be undone, and hides all replies
// (https://developers.google.com/youtube/v3/docs/comments/setModerationStatus).
const (
	statusHeld   = "heldForReview"
	statusPublic = "published"
)

// Hide holds a comment for review. Only one that everybody could read before is published again: what
// the channel's own people held must not get through by a decision that was taken back.
func (y *YouTube) Hide(ctx context.Context, of session.Origin, hidden bool) error {
	id := string(of.Message)
	if !commentID.MatchString(id) {
		return refused(details[noComment])
	}
	there, public, err := y.shown(ctx, id)
	if err != nil || !there {
		return err // what is not there, nobody reads
	}
	memory, key := y.env.Memory(y.Name), "shown "+id
	if hidden {
		if !public {
			return nil
		}
		if err := memory.Keep(ctx, key, []byte{1}, connector.MemoFor); err != nil {
			return err
		}
		return y.moderate(ctx, id, statusHeld)
	}
	_, was, err := memory.Recall(ctx, key)
	if err != nil || !was {
		return err
	}
	if err := y.moderate(ctx, id, statusPublic); err != nil {
		return err
	}
	return memory.Forget(ctx, key) // what they hold from now on is theirs
}

func (y *YouTube) moderate(ctx context.Context, id, status string) error {
	q := url.Values{"id": {id}, "moderationStatus": {status}}
	err := y.call(ctx, http.MethodPost, "comments/setModerationStatus", q, nil, nil)
	if said(err, noComment) {
		return nil
	}
	return err
}

// shown reports whether a comment is there for the channel, and whether it is for everybody. Of a
// comment that is asked for by its id YouTube does not tell its state
// (https://developers.google.com/youtube/v3/docs/comments#snippet.moderationStatus).
func (y *YouTube) shown(ctx context.Context, id string) (there, public bool, err error) {
	top, there, err := y.top(ctx, id)
	if err != nil || !there {
		return false, false, err
	}
	if top == id {
		found, err := y.threads(ctx, free, id)
		t, there := found[id]
		return there, there && (t.Snippet.IsPublic == nil || *t.Snippet.IsPublic), err
	}
	err = y.replies(ctx, top, free, func(items []json.RawMessage) (bool, error) {
		for _, raw := range items {
			if c, ok := parse[comment](raw); ok && c.ID == id {
				public = c.Snippet.Status == "" || c.Snippet.Status == statusPublic
				return true, nil
			}
		}
		return false, nil
	})
	return true, public, err
}
