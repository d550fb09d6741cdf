package slack

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// openedHome draws a person's own page when they look at it. A page that Slack does
// not take is drawn again when they look again; one that was drawn meanwhile is newer.
func (s *Slack) openedHome(ctx context.Context, m event) error {
	form, err := s.opts.Inbox.Home(ctx, s.known(session.UserRef(m.User)))
	if err != nil {
		return fmt.Errorf("home: %w", err)
	}
	s.beside(ctx, func(ctx context.Context) {
		if err := s.publish(ctx, session.UserRef(m.User), form, m.View.Hash); err != nil && code(err) != "hash_conflict" {
			s.log.Warn("slack: a page of the app was not drawn", "error", err)
		}
	})
	return nil
}

// known is somebody of whom only the account is known now.
func (s *Slack) known(u session.UserRef) connector.User {
	return connector.User{Desk: s.opts.ID, ID: u, Name: s.nameOf(u)}
}

// redrawHome draws a person's own page anew, with what is said to them on top. Without the page
// they are told it in private.
func (s *Slack) redrawHome(ctx context.Context, at surface, a connector.Answer) {
	seen := ""
	if at.view.home {
		seen = at.view.hash
	}
	err := s.drawHome(ctx, at.user, a, seen)
	if code(err) == "hash_conflict" { // another press was quicker, and may have drawn what was before this one
		err = s.drawHome(ctx, at.user, a, "")
	}
	if err == nil {
		return
	}
	s.log.Warn("slack: a page of the app was not drawn", "error", err)
	if a.Say != "" {
		s.whisper(ctx, at, a.Say, a.Buttons)
	}
}

// drawHome draws the page unless another one is there than the one with that hash.
func (s *Slack) drawHome(ctx context.Context, user session.UserRef, a connector.Answer, hash string) error {
	form, err := s.opts.Inbox.Home(ctx, s.known(user))
	if err != nil {
		return err
	}
	return s.publish(ctx, user, form.Topped(a.Say, a.Buttons), hash)
}

// publish draws a page, and watches it.
func (s *Slack) publish(ctx context.Context, user session.UserRef, form connector.Form, hash string) error {
	hash, err := s.put(ctx, user, form, hash)
	if err == nil {
		s.watch(ctx, "home "+string(user)+hash, user, form, func(ctx context.Context, now connector.Form) (err error) {
			hash, err = s.put(ctx, user, now, hash)
			return err
		})
	}
	return err
}

// put draws a page unless another one is there than the one with that hash, and gives its own.
func (s *Slack) put(ctx context.Context, user session.UserRef, form connector.Form, hash string) (now string, err error) {
	r := slack.PublishViewContextRequest{UserID: string(user), View: s.blindPainter().home(form)}
	if hash != "" {
		r.Hash = &hash
	}
	err = s.request(ctx, "views.publish", func(ctx context.Context) error {
		drawn, err := s.api.PublishViewContext(ctx, r)
		if err == nil {
			now = drawn.Hash
		}
		return err
	})
	return now, err
}
