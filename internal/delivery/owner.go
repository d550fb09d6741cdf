package delivery

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// What the owner of a place does there besides posting: hiding what others wrote, and pinning.

// hide hides what the asker wrote, or shows it again; twice is harmless.
func (t *copyTask) hide(ctx context.Context) outcome {
	h, ok := connector.As[connector.Hider](t.conn)
	if !ok {
		return refusal("connector cannot hide anything")
	}
	return outcomeOf(h.Hide(ctx, t.post(t.copy.Wanted).Original, t.copy.Wanted != 0))
}

// pin pins the announcement that is wanted, and lets go the one that was pinned; twice is harmless.
func (t *copyTask) pin(ctx context.Context) outcome {
	p, ok := connector.As[connector.Pinner](t.conn)
	if !ok {
		return refusal("connector cannot pin anything")
	}
	was, is := t.copy.Message, session.MessageID(t.copy.Text)
	if was != "" && was != is {
		if o := outcomeOf(p.Pin(ctx, was, false)); o.result != sent || is == "" {
			return o
		}
	}
	t.sent.Message = is
	if is == "" {
		return outcome{result: sent}
	}
	return outcomeOf(p.Pin(ctx, is, true))
}

// underHidden reports whether it is a notice that nobody would see: what it replies to is hidden.
func (t *copyTask) underHidden() bool {
	q, c := t.Read, t.copy
	return c.Kind.Notice() && c.Original == q.Ref.Number && c.Connector == q.Origin.Connector && q.Hidden()
}

// errHidden is why nobody is told anything under what is hidden.
var errHidden = &connector.SendError{Outcome: connector.Refused, Unreachable: true, Detail: "what it replies to is hidden"}
