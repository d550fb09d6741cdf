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
	memory, key := w.env.Memory(w.Name), "shown "+string(of.Message)
	if hidden {
		if c.Status != "approved" {
			return nil
		}
		if err := memory.Keep(ctx, key, []byte{1}, connector.MemoFor); err != nil {
			return err
		}
		return w.api(ctx, http.MethodPost, m.path(), nil, map[string]any{"status": "hold"}, nil)
	}
	_, was, err := memory.Recall(ctx, key)
	if err != nil || !was || c.Status == "approved" {
		return err
	}
	return w.api(ctx, http.MethodPost, m.path(), nil, map[string]any{"status": "approved"}, nil)
}
