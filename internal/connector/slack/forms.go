package slack

import (
	"cmp"
	"context"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
)

func (s *Slack) openView(ctx context.Context, at surface, v slack.ModalViewRequest) error {
	return s.request(ctx, "views.open", func(ctx context.Context) error {
		_, err := s.api.OpenViewContext(ctx, at.trigger, v)
		return err
	})
}

func (s *Slack) pushView(ctx context.Context, at surface, v slack.ModalViewRequest) error {
	return s.request(ctx, "views.push", func(ctx context.Context) error {
		_, err := s.api.PushViewContext(ctx, at.trigger, v)
		return err
	})
}

// updateView replaces the form at a surface, unless it was replaced since.
func (s *Slack) updateView(ctx context.Context, at surface, v slack.ModalViewRequest) error {
	return s.request(ctx, "views.update", func(ctx context.Context) error {
		_, err := s.api.UpdateViewContext(ctx, v, "", at.view.hash, at.view.id)
		return err
	})
}

// show brings a form to the person: in place of the one they pressed in, on top of
// it, or on its own.
func (s *Slack) show(ctx context.Context, at surface, f connector.Form, push bool) {
	v := s.blindPainter().modal(f)
	v.ExternalID = at.name()
	var err error
	switch {
	case !at.view.modal():
		err = s.openView(ctx, at, v)
	case push:
		if err = s.pushView(ctx, at, v); code(err) == "push_limit_reached" {
			err = s.updateView(ctx, at, v)
		}
	default:
		err = s.updateView(ctx, at, v)
	}
	if err != nil {
		s.notShown(ctx, at, err)
		return
	}
	s.watchModal(ctx, at.user, f, v.ExternalID)
}

// notShown says that a form did not come. A person who pressed twice has the form of
// the other press.
func (s *Slack) notShown(ctx context.Context, at surface, err error) {
	say := s.words.Text("adapter.try_again")
	switch code(err) {
	case "hash_conflict", "not_found":
		return
	case "expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged":
		say = s.words.Text("slack.press_again")
	}
	s.log.Warn("slack: a form was not shown", "error", err)
	s.whisper(ctx, at, say, nil)
}

// end closes a form from outside. Slack offers no such thing, so the form says that it
// is over, and closes everything when it is closed.
func (s *Slack) end(ctx context.Context, at surface, say string) {
	v := s.blindPainter().tell(cmp.Or(say, s.words.Text("adapter.done")), true)
	v.ExternalID = at.name() // it is not the form any more that is watched
	if err := s.updateView(ctx, at, v); err != nil {
		s.notShown(ctx, at, err)
	}
}
