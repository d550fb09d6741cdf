package bluesky

import (
	"context"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
)

var _ connector.Checker = (*Bluesky)(nil)

// Check signs in and looks whose account it is, and whether it may ask what is needed.
func (b *Bluesky) Check(ctx context.Context) []connector.Finding {
	me, err := b.ask(ctx)
	if err != nil {
		return []connector.Finding{refusedOr(err, "bluesky.sign_in_refused")}
	}
	switch {
	case !strings.EqualFold(me.Handle, b.handle):
		return []connector.Finding{wrong("bluesky.other_handle", "handle", b.handle, "is", me.Handle)}
	case me.Active != nil && !*me.Active:
		return []connector.Finding{wrong("bluesky.inactive", "handle", b.handle, "status", me.Status)}
	}
	for name, read := range b.lists() {
		if _, err := read(ctx, ""); err != nil {
			return []connector.Finding{refusedOr(err, "bluesky."+name+"_refused")}
		}
	}
	return []connector.Finding{{ID: "bluesky.ready", Args: []any{"handle", b.handle}}}
}

func wrong(id string, args ...any) connector.Finding {
	return connector.Finding{ID: id, Args: args, Bad: true}
}

// refusedOr tells a no of the platform's from an answer that never came.
func refusedOr(err error, refused string) connector.Finding {
	e := connector.OutcomeOf(err)
	if status := httpapi.ErrorOf(err).Status; status/100 == 4 && status != 429 {
		return wrong(refused, "detail", e.Detail)
	}
	detail := e.Detail
	if cause := connector.OutcomeOf(e.Cause); cause != nil && cause.Detail != "" {
		detail = cause.Detail
	}
	return wrong("bluesky.no_answer", "detail", detail)
}
