package slack

import (
	"context"
	"reflect"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// lookLater is after how long a form is looked at that nobody could look at just now.
const lookLater = 5 * time.Second

// watch shows a form anew once what it says is not so any more, as long as it stands there. Slack is
// called only then; each form has a name of its own.
func (s *Slack) watch(ctx context.Context, name string, user session.UserRef, made connector.Form,
	put func(context.Context, connector.Form) error) {
	shown := made
	s.runner.At(ctx, name, shown.Until, func(ctx context.Context) time.Time {
		now, err := s.opts.Inbox.Renewed(ctx, s.known(user), made)
		if err != nil {
			s.log.Warn("slack: a form was not looked at again", "error", err)
			return s.now().Add(lookLater)
		}
		if !alike(now, shown) {
			if err := put(ctx, now); err != nil {
				s.log.Info("slack: a form is not there any more, or was not shown anew", "error", err)
				return time.Time{}
			}
			shown = now
		}
		return now.Until
	})
}

// alike reports whether two forms look the same.
func alike(a, b connector.Form) bool {
	a.Since, a.Until = b.Since, b.Until
	return reflect.DeepEqual(a, b)
}

// watchModal watches a modal by its name: when another one stood there meanwhile,
// Slack finds none of that name.
func (s *Slack) watchModal(ctx context.Context, user session.UserRef, f connector.Form, name string) {
	s.watch(ctx, name, user, f, func(ctx context.Context, now connector.Form) error {
		v := s.blindPainter().modal(now)
		v.ExternalID = name
		return s.request(ctx, "views.update", func(ctx context.Context) error {
			_, err := s.api.UpdateViewContext(ctx, v, name, "", "")
			return err
		})
	})
}
