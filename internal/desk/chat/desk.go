// Package chat is the desk in a chat: how the views of package view read there, and what
// presses, forms, commands and messages mean, for every platform alike.
//
// It knows the domain, the words and the ports of package connector. It must not know
// any platform: a connector draws what this package says and hands over what people
// did. It decides nothing about who may do what; every action becomes a command of
// package session, and the answer to the person says what came of it.
package chat

import (
	"context"
	"errors"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/desk/view"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// Service is what the desk needs of session.Service.
type Service interface {
	Do(ctx context.Context, by session.Actor, cmd session.Command) (session.Result, error)
	DoSession(ctx context.Context, by session.Actor, id session.ID, cmd session.SessionCommand) (session.Result, error)
	Schedule(ctx context.Context, by session.Actor, h session.Hour) (session.Result, error)
	Preview(ses session.Session, q session.Question) ([]session.Rendered, string)
	Foresee(ctx context.Context, by session.Actor, id session.ID, cmd session.SessionCommand) ([]session.Rendered, string, error)
	ForeseeHour(ctx context.Context, by session.Actor, h session.Hour) ([]session.Rendered, string, error)
}

// Store is what the desk reads of session.Store.
type Store interface {
	Session(ctx context.Context, id session.ID) (session.Session, error)
	Sessions(ctx context.Context) ([]session.Session, error)
	Questions(ctx context.Context, id session.ID, numbers ...int) ([]session.Question, error)
	List(ctx context.Context, id session.ID, l session.Listing) ([]session.Question, error)
	Counts(ctx context.Context, id session.ID) (session.Counts, error)
}

// Cards knows where cards stand.
type Cards interface {
	At(ctx context.Context, id session.ID, lane session.Lane, numbers ...int) (map[int]session.MessageID, error)
	Of(ctx context.Context, id session.ID, lane session.Lane, at session.MessageID) (number int, ok bool, err error)
	// Adopt makes a message the card, when its posting had an unknown outcome.
	Adopt(ctx context.Context, id session.ID, lane session.Lane, number int, at session.MessageID) error
	Repost(ctx context.Context, id session.ID, lane session.Lane, number int) error
	Touch(ctx context.Context, id session.ID, lane session.Lane, number int) error
	// Look tells what the board shows; it leases nothing here.
	Look(ctx context.Context, id session.ID, t delivery.Take) (delivery.Work, error)
}

// Staff finds out who somebody is: routing.Roll.
type Staff interface {
	People() session.Directory
	Who(u connector.User) (session.Person, bool)
}

// Options is everything that a desk needs. All fields are set but Files and Shows, which depend on
// the platform.
type Options struct {
	Service Service
	Store   Store
	Cards   Cards
	Staff   Staff
	Memory  connector.Memory
	// Pictures keep what is sent as a part of an answer, and Files read it from the platform;
	// without them no pictures are taken. Shows, where the platform can, shows them to whoever
	// approves.
	Pictures session.PictureStore
	Files    connector.Filer
	Shows    connector.Shower
	Views    *view.Desk
	Lane     session.Lane        // where cards of new hours are posted
	Hour     func() session.Hour // what every new hour has in common
	// Command is how people type a command, such as "/hour".
	Command string
	Now     func() time.Time
}

// Chat is the desk in a chat.
type Chat struct {
	Options
	words wording.Words
}

var _ connector.DeskInbox = (*Chat)(nil)

// New makes a desk.
func New(o Options) *Chat { return &Chat{Options: o, words: o.Views.Words} }

func (c *Chat) text(id string, args ...any) string { return c.words.Text("chat."+id, args...) }

// who finds the person, or words for somebody who is not on the list of staff.
func (c *Chat) who(u connector.User) (session.Actor, *connector.Answer) {
	p, ok := c.Staff.Who(u)
	if ok {
		return p.Actor(), nil
	}
	return session.Actor{}, &connector.Answer{Say: c.text("stranger", "people", c.moderators())}
}

// moderators are whom to ask.
func (c *Chat) moderators() string {
	var names []string
	for _, p := range c.Staff.People() {
		if p.Role == session.Moderator {
			names = append(names, string(p.Name))
		}
	}
	if len(names) == 0 {
		return c.text("nobody")
	}
	return commas(names)
}

// said makes an answer of an error: in words, unless the person should try again.
func (c *Chat) said(err error) (connector.Answer, error) {
	if err == nil {
		return connector.Answer{}, nil
	}
	if away(err) {
		return connector.Answer{}, err
	}
	return connector.Answer{Say: c.words.Error(err)}, nil
}

// away reports whether an error says nothing about what the person asked for.
func away(err error) bool {
	return session.KindOf(err) == session.Unavailable || session.KindOf(err) == session.Internal ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// hours are the sessions of this desk that somebody may still work on, the one that
// runs first, then by their start.
func (c *Chat) hours(ctx context.Context) ([]session.Session, error) {
	all, err := c.Store.Sessions(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s session.Session) bool {
		return s.Desk.Connector != c.Lane.Connector || s.State == session.Cancelled
	})
	slices.SortStableFunc(all, func(a, b session.Session) int {
		if d := order(a.State) - order(b.State); d != 0 {
			return d
		}
		if order(a.State) == order(session.Archived) {
			return b.Start.Compare(a.Start)
		}
		return a.Start.Compare(b.Start)
	})
	return all, nil
}

// order is 0 for a session that somebody thinks of first.
func order(s session.SessionState) int {
	return max(0, slices.Index([]session.SessionState{session.Open, session.Closing, session.Scheduled, session.Closed, session.Archived}, s))
}

// tagged finds the session that a button names.
func (c *Chat) tagged(ctx context.Context, t connector.Tag) (session.Session, error) {
	all, err := c.hours(ctx)
	if err != nil {
		return session.Session{}, err
	}
	i := slices.IndexFunc(all, func(s session.Session) bool { return t.Names(string(s.ID)) })
	if i < 0 {
		return session.Session{}, session.Fail(session.NotFound, "not_found")
	}
	return all[i], nil
}

func (c *Chat) question(ctx context.Context, id session.ID, number int) (session.Question, error) {
	qs, err := c.Store.Questions(ctx, id, number)
	if err != nil {
		return session.Question{}, err
	}
	return qs[0], nil
}
