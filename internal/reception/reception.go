// Package reception is what the bot says to the public in private, for every platform
// where people can write to it: how to ask, what became of their questions, and what
// they may choose.
//
// It knows the words and the port connector.PublicInbox, through which a question goes
// the same way as from anywhere else. It must not know any platform, and it decides
// nothing about a question: whether it is taken and what becomes of it is the domain's.
// What staff write to the bot is a question only once they have pressed a button that
// says so.
package reception

import (
	"context"
	"time"

	"experthour/internal/connector"
	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// Inbox takes what the public does to the hour it belongs to: routing.Inbox.
type Inbox interface {
	connector.PublicInbox
	// Said takes a message of a conversation: a question, or, when joined is set, a part of
	// the one that its author asked a moment ago.
	Said(ctx context.Context, a connector.Asked) (ref session.QuestionRef, joined bool, err error)
	// Parted makes a question of its own of a message that was joined to number from.
	Parted(ctx context.Context, a connector.Asked, from int) (session.QuestionRef, error)
	// Answered takes what somebody wrote back about their question: joined is set when it is
	// a part of that now.
	Answered(ctx context.Context, about session.QuestionRef, a connector.Asked) (ref session.QuestionRef, joined bool, err error)
	// TakenBack withdraws a question, as the one whose address was left with it.
	TakenBack(ctx context.Context, about session.QuestionRef, email string) error
	// Withdrawn withdraws the question that a message belongs to.
	Withdrawn(ctx context.Context, at session.Origin) error
	// Mine lists a person's own questions, the newest first.
	Mine(ctx context.Context, c session.ConnectorID, u session.UserRef) ([]session.Question, error)
}

// Sessions lists the hours.
type Sessions interface {
	Sessions(ctx context.Context) ([]session.Session, error)
}

// Options is everything that a reception needs. All fields are set but Institution.
type Options struct {
	Inbox       Inbox
	Sessions    Sessions
	Memory      connector.Memory
	Staff       session.Staff // with their accounts at the connectors of the public
	Institution string
	PublicURL   string
	Language    session.Language // for people of whom nobody knows what they read
	Now         func() time.Time
}

// Reception answers visitors.
type Reception struct{ Options }

var _ connector.Reception = (*Reception)(nil)

// New makes a reception.
func New(o Options) *Reception { return &Reception{o} }

// visit is one message or press, with what is known about the person.
type visit struct {
	connector.Visitor
	choice choice
	words  wording.Words
	staff  bool
}

func (r *Reception) enter(ctx context.Context, v connector.Visitor) (visit, error) {
	c, err := r.recall(ctx, v)
	if err != nil {
		return visit{}, err
	}
	for _, l := range []session.Language{c.Language, v.Language, r.Language} {
		if l.Known() {
			v.Language = l
			break
		}
	}
	_, staff := r.Staff.People().Account(v.Connector, v.User)
	return visit{v, c, wording.In(v.Language), staff}, nil
}

func (v visit) text(id string, args ...any) string { return v.words.Text("reception."+id, args...) }

// origin is where a question of the visitor stands.
func (v visit) origin(m session.MessageID) session.Origin {
	return session.Origin{Connector: v.Connector, Place: v.Place, Message: m, User: v.User, Private: true}
}

// Said takes a message: a command, or a question.
func (r *Reception) Said(ctx context.Context, who connector.Visitor, m connector.Said) (connector.Reply, error) {
	v, err := r.enter(ctx, who)
	if err != nil {
		return connector.Reply{}, err
	}
	switch {
	case m.Letter:
		return r.letter(ctx, v, m)
	case !m.Edited.IsZero() && v.staff:
		return r.editedByStaff(ctx, v, m)
	case !m.Edited.IsZero():
		return r.edited(ctx, v, m)
	}
	if name, rest, ok := parse(m.Text); ok {
		return r.command(ctx, v, m, name, rest)
	}
	return r.question(ctx, v, m, m.Text)
}

// said makes a reply of an error: in words, unless nothing is known to be stored.
func (v visit) said(err error) (connector.Reply, error) {
	if err == nil || away(err) {
		return connector.Reply{}, err
	}
	return connector.Reply{Text: v.words.Error(err)}, nil
}

// away reports whether an error says nothing about what somebody wrote.
func away(err error) bool {
	kind := session.KindOf(err)
	return err != nil && (kind == session.Internal || kind == session.Unavailable)
}

// hour is the session that a question of the visitor would go to now, or the one that
// was held last.
func (r *Reception) hour(ctx context.Context, v visit) (now, last session.Session, err error) {
	all, err := r.Sessions.Sessions(ctx)
	if err != nil {
		return now, last, err
	}
	now, _ = routing.At(all, v.origin(""), r.Now())
	for _, s := range all { // the latest start first
		if over := s.State == session.Closing || s.State.Held(); over && last.ID == "" && held(s, v) {
			last = s
		}
	}
	return now, last, nil
}

// held reports whether the session took questions at the visitor's connector.
func held(s session.Session, v visit) bool {
	for _, t := range s.Targets {
		if t.Connector == v.Connector {
			return true
		}
	}
	return false
}

func (r *Reception) page(s session.Session) string { return r.PublicURL + "/s/" + string(s.ID) }
