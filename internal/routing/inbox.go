package routing

import (
	"context"
	"slices"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Service is what the inbox needs of session.Service.
type Service interface {
	Ask(ctx context.Context, a session.Asked) (q session.Question, added bool, err error)
	Do(ctx context.Context, by session.Actor, cmd session.Command) (session.Result, error)
}

// Store is what the inbox needs of session.Store.
type Store interface {
	Sessions(ctx context.Context) ([]session.Session, error)
	Session(ctx context.Context, id session.ID) (session.Session, error)
	Questions(ctx context.Context, id session.ID, numbers ...int) ([]session.Question, error)
	Vote(ctx context.Context, v session.Vote) (votes int, err error)
	Like(ctx context.Context, l session.Likes) (votes int, err error)
	List(ctx context.Context, id session.ID, l session.Listing) ([]session.Question, error)
	// Tried reports whether one of a session's own copies, by their keys, may have been posted by
	// an attempt whose outcome is not stored.
	Tried(ctx context.Context, id session.ID, copies ...string) (bool, error)
	session.Lookup
}

// Inbox takes what the public does on platforms to the session it belongs to. Its
// errors are *session.Error: only those of kind Unavailable are worth a second
// delivery by the platform. The fields are set before the first event arrives and
// not changed afterwards; connectors may be given the inbox before that.
type Inbox struct {
	Service Service
	Store   Store
	// Voter makes the keyed hash under which a platform's user votes.
	Voter func(session.ConnectorID, session.UserRef) session.Hash
	Now   func() time.Time
	// Pictures are taken as this says; the zero value takes none.
	Pictures Enclosing

	mu   sync.Mutex
	last []session.Session
	read time.Time // when last was read

	open sync.Map // session.ID -> originalsAt
}

// fresh is how long a list of sessions is used, so that a flood of questions does
// not read it for every one.
const fresh = 5 * time.Second

var _ connector.PublicInbox = (*Inbox)(nil)

// asker is the actor of everything that the public does to a question of its own.
var asker = session.Actor{Role: session.Asker}

// Asked stores the question in the session under whose announcement it was written, or
// else in the one that takes questions at its place now. What an app cut off from the
// question before becomes a part of that.
func (i *Inbox) Asked(ctx context.Context, a connector.Asked) (session.QuestionRef, error) {
	if a.Cut {
		return i.rest(ctx, a)
	}
	return i.take(ctx, a)
}

// take refuses nobody because of a list that is some seconds old.
func (i *Inbox) take(ctx context.Context, a connector.Asked) (session.QuestionRef, error) {
	if s, ok := of(i.known(), a, i.Now()); ok {
		ref, err := i.ask(ctx, s.ID, a)
		if session.KindOf(err) != session.Refused {
			return ref, err
		}
	}
	all, err := i.refresh(ctx)
	if err != nil {
		return session.QuestionRef{}, err
	}
	s, ok := of(all, a, i.Now())
	if !ok {
		return session.QuestionRef{}, session.Fail(session.Refused, "ask_nowhere")
	}
	return i.ask(ctx, s.ID, a)
}

func (i *Inbox) ask(ctx context.Context, id session.ID, a connector.Asked) (session.QuestionRef, error) {
	q, _, err := i.Service.Ask(ctx, session.Asked{Session: id, Key: a.Key, Text: a.Text, With: a.With, Name: a.Name,
		Email: a.Email, Language: a.Language, Origin: a.Origin, At: a.At})
	if err == nil && a.Origin.Private {
		_, err = i.Service.Do(ctx, session.Program, session.GreetAsker{On: session.On{Question: q.Ref}})
	}
	return q.Ref, err
}

// Reworded hands on the asker's edit of a message.
func (i *Inbox) Reworded(ctx context.Context, at session.Origin, text string, edited time.Time) error {
	return i.asAsker(ctx, at, func(on session.On) session.Command {
		return session.RewordQuestion{On: on, Message: at.Message, Text: text, Edited: edited}
	})
}

// Withdrawn withdraws the question that a message belongs to.
func (i *Inbox) Withdrawn(ctx context.Context, at session.Origin) error {
	return i.asAsker(ctx, at, func(on session.On) session.Command { return session.WithdrawQuestion{On: on} })
}

func (i *Inbox) asAsker(ctx context.Context, at session.Origin, cmd func(session.On) session.Command) error {
	ref, err := i.find(ctx, at)
	if err != nil {
		return err
	}
	_, err = i.Service.Do(ctx, asker, cmd(session.On{Question: ref}))
	return err
}

// Voted counts a like of the original as a vote for the question. Who likes it has read
// it there, also before it is accepted.
func (i *Inbox) Voted(ctx context.Context, at session.Origin, by session.UserRef, up bool) error {
	ref, err := i.find(ctx, at)
	if err != nil {
		return err
	}
	_, err = i.Store.Vote(ctx, session.Vote{Question: ref, By: i.Voter(at.Connector, by), Up: up, Early: true, From: at.Connector})
	return err
}

// mostLikes bounds what is believed of a platform.
const mostLikes = 1_000_000

// Liked takes over how many people like the original of a question. Likes of its other parts
// are those of the same people, and left out.
func (i *Inbox) Liked(ctx context.Context, at session.Origin, count int, seen time.Time) error {
	q, err := i.of(ctx, at)
	if err != nil || q.Origin.Message != at.Message {
		return err
	}
	_, err = i.Store.Like(ctx, session.Likes{Question: q.Ref, From: at.Connector, Count: min(max(count, 0), mostLikes), At: seen})
	return err
}

func (i *Inbox) known() []session.Session { return i.younger(fresh) }

// younger are the sessions if they were read at most so long ago.
func (i *Inbox) younger(than time.Duration) []session.Session {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.Now().Sub(i.read) > than {
		return nil
	}
	return i.last
}

// sessions are those known, or else what the store says.
func (i *Inbox) sessions(ctx context.Context) ([]session.Session, error) {
	if all := i.known(); all != nil {
		return all, nil
	}
	return i.refresh(ctx)
}

func (i *Inbox) refresh(ctx context.Context) ([]session.Session, error) {
	all, err := i.Store.Sessions(ctx)
	if err != nil {
		return nil, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.last, i.read = all, i.Now()
	return all, nil
}

// of finds the session to which a question belongs at now. Under the announcement of an
// hour that is over people ask the next one.
func of(all []session.Session, a connector.Asked, now time.Time) (session.Session, bool) {
	if i := slices.IndexFunc(all, func(s session.Session) bool { return s.ID == a.Session && rank(s, now) > 0 }); i >= 0 {
		return all[i], true
	}
	return At(all, a.Origin, now)
}

// At finds the session to which a question asked at o belongs at now: the open
// one; else one that ended a moment ago; else the next one, whether it takes early
// questions yet or refuses them with the time from which it will.
func At(all []session.Session, o session.Origin, now time.Time) (session.Session, bool) {
	var best session.Session
	for _, s := range all {
		if rank(s, now) > 0 && targets(s, o) && (best.ID == "" || before(s, best, now)) {
			best = s
		}
	}
	return best, best.ID != ""
}

func before(a, b session.Session, now time.Time) bool {
	if rank(a, now) != rank(b, now) {
		return rank(a, now) < rank(b, now)
	}
	return a.Start.Before(b.Start)
}

// rank orders the states in which a session is thought of; 0 is never.
func rank(s session.Session, now time.Time) int {
	switch {
	case s.State == session.Open:
		return 1
	case s.State == session.Closing && s.Asking(now):
		return 2
	case s.State == session.Scheduled && s.Asking(now):
		return 3
	case s.State == session.Scheduled:
		return 4
	}
	return 0
}

// targets reports whether the session takes questions at the connector, in private as
// well as at its place there: one connector serves one place.
func targets(s session.Session, o session.Origin) bool {
	return slices.ContainsFunc(s.Targets, func(t session.Target) bool { return t.Connector == o.Connector })
}
