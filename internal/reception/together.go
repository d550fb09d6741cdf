package reception

import (
	"context"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

const (
	// restWithin is how long the rest of a text may take that an app cut.
	restWithin = 3 * time.Second
	// togetherFor is how long it is remembered what was sent together.
	togetherFor = time.Minute
)

// long is a text that an app may have cut: its messages so far.
type long struct {
	Messages []session.MessageID `json:"messages"`
	At       time.Time           `json:"at"`                // of the last one
	Refused  bool                `json:"refused,omitempty"` // and so is its rest
}

func longKey(v visit) string { return "long:" + string(v.User) }

// before is the text that a message is the rest of; it has no messages when there is
// none.
func (r *Reception) before(ctx context.Context, v visit, m connector.Said) (long, error) {
	var l long
	_, err := r.read(ctx, longKey(v), &l)
	again := slices.Index(l.Messages, m.Message)
	if apart := m.At.Sub(l.At); err != nil || apart < 0 || apart > restWithin || again == 0 || again > 0 && !l.Refused {
		return long{}, err
	}
	return l, nil
}

// notePart remembers a message whose rest may follow, and that a text was refused.
func (r *Reception) notePart(ctx context.Context, v visit, m connector.Said, before long, refused bool) error {
	if !m.Full && (!refused || len(before.Messages) == 0) {
		return nil
	}
	return r.keep(ctx, longKey(v), long{Messages: append(before.Messages, m.Message), At: m.At, Refused: refused}, togetherFor)
}

// together reports whether a message was sent together with one that is known already.
func (r *Reception) together(ctx context.Context, v visit, m connector.Said) (bool, error) {
	if m.Album == "" {
		return false, nil
	}
	key := "album:" + string(v.User) + ":" + m.Album
	_, known, err := r.Memory.Recall(ctx, key)
	if err != nil || known {
		return known, err
	}
	return false, r.Memory.Keep(ctx, key, nil, togetherFor)
}
