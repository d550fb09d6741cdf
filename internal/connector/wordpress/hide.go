package wordpress

import (
	"context"
	"net/http"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var (
	_ connector.Hider  = (*WordPress)(nil)
	_ connector.Pinner = (*WordPress)(nil)
)

// Pin makes a post sticky: it stands before all others on the front page.
func (w *WordPress) Pin(ctx context.Context, at session.MessageID, pinned bool) error {
	m, ok := parseMessageID(at)
	err := refused("there is no such post")
	if ok && m.comment == 0 {
		err = w.api(ctx, http.MethodPost, m.path(), nil, map[string]any{"sticky": pinned}, nil)
	}
	if !pinned && (!ok || m.comment != 0 || isMissing(err)) {
		return nil
	}
	return err
}

// memo is what is remembered of a comment that the bot hides: how it was before.
func memo(of session.MessageID) string { return "hidden " + string(of) }

// Hide holds a comment. Only one that was not held before is approved when it is shown again: what
// the site's own people never let through must not get through by a decision that was taken back.
func (w *WordPress) Hide(ctx context.Context, of session.Origin, hidden bool) error {
	m, ok := parseMessageID(of.Message)
	if !ok || m.comment == 0 {
		return refused("the question is no comment")
	}
	c, there, err := w.comment(ctx, m.comment)
	if err != nil || !there || !c.shown() {
		return err // what is not there, nobody reads
	}
	memory := w.env.Memory(w.Name)
	was, before, err := memory.Recall(ctx, memo(of.Message))
	switch {
	case err != nil:
		return err
	case !hidden:
		return w.show(ctx, m, string(was), c.Status)
	case !before:
		if err := memory.Keep(ctx, memo(of.Message), []byte(c.Status), connector.MemoFor); err != nil {
			return err
		}
	}
	return w.status(ctx, m, "hold", c.Status)
}

// show makes a comment what it was before it was hidden; it was nothing where nobody hid it.
func (w *WordPress) show(ctx context.Context, m messageID, was, is string) error {
	if was == "approved" {
		if err := w.status(ctx, m, was, is); err != nil {
			return err
		}
	}
	return w.env.Memory(w.Name).Forget(ctx, memo(m.id()))
}

// status makes a comment held or approved, if it is not.
func (w *WordPress) status(ctx context.Context, m messageID, wanted, is string) error {
	if wanted == is {
		return nil
	}
	return w.api(ctx, http.MethodPost, m.path(), nil, map[string]any{"status": wanted}, nil)
}
