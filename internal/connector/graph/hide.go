package graph

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Hiding hides what somebody wrote, or shows it again. Only what was not hidden before is shown
// again: what the institution hid by hand must not come back by a decision that was taken back.
type Hiding struct {
	Memory connector.Memory
	Of     session.MessageID
	Look   func(context.Context) (hidden bool, err error)
	Post   func(ctx context.Context, to string, params url.Values, into any) error
	To     string // is posted to
	Param  string // that says whether it is to be hidden
}

// Hide makes it so; twice is harmless, so that what is not known may be repeated. Showing again
// does not look: of what is hidden the API may say that it is not there.
func (h Hiding) Hide(ctx context.Context, hidden bool) error {
	key := "shown " + string(h.Of)
	if !hidden {
		_, was, err := h.Memory.Recall(ctx, key)
		if err != nil || !was {
			return err
		}
		if err := h.set(ctx, false); err != nil {
			return err
		}
		return connector.Repeatable(h.Memory.Forget(ctx, key)) // what is hidden by hand from now on is theirs
	}
	is, err := h.Look(ctx)
	if is || Missing(err) { // and nobody reads it
		return nil
	}
	if err == nil {
		err = h.Memory.Keep(ctx, key, []byte{1}, connector.MemoFor)
	}
	if err != nil {
		return connector.Repeatable(err)
	}
	return h.set(ctx, true)
}

func (h Hiding) set(ctx context.Context, hidden bool) error {
	var said struct{ Success bool }
	err := h.Post(ctx, h.To, url.Values{h.Param: {strconv.FormatBool(hidden)}}, &said)
	switch {
	case Missing(err):
		return nil
	case err == nil && !said.Success:
		err = Unusable(http.MethodPost)
	}
	return connector.Repeatable(err)
}
