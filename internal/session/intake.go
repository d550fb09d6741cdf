package session

import (
	"context"
	"errors"
	"net/mail"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Asked is what a platform handed over.
type Asked struct {
	Session  ID
	Key      string // names the message at its connector; the same key is one question
	Text     string
	With     Media  // what was sent with the text; see Question
	Name     string // shown with the question; empty for "a citizen"
	Email    string
	Language Language
	Origin   Origin
	Proof    Proof     // of the receipt that its asker gets; none where nobody gets one
	Network  Hash      // keyed, of the network it came from; "" where none is known
	At       time.Time // when it reached the program; zero is now
	Opened   time.Time // when the form was opened in which it was written; zero where there was none
}

// Ask stores a question before the platform is told so. added is false when the
// same key was stored before; that is a success. Errors are *Error.
func (s *Service) Ask(ctx context.Context, a Asked) (q Question, added bool, err error) {
	for range attempts {
		q, added, err = s.ask(ctx, a)
		if !errors.Is(err, ErrConflict) {
			return q, added, err
		}
		s.cache.Delete(a.Session)
	}
	return Question{}, false, Fail(Unavailable, "busy")
}

func (s *Service) ask(ctx context.Context, a Asked) (Question, bool, error) {
	ses, remembered, err := s.session(ctx, a.Session)
	if err != nil {
		return Question{}, false, err
	}
	now := s.now()
	q, err := ses.receive(a, now)
	if err != nil && remembered {
		return Question{}, false, ErrConflict // it may have been opened meanwhile
	}
	if err != nil {
		return Question{}, false, err
	}
	q.Posing = s.Poses != nil && s.Poses(q.Name)
	n := NewQuestion{Session: ses, Key: string(a.Origin.Connector) + ":" + a.Key, Question: q, Op: uuid.NewString(),
		Network: a.Network, Cards: ses.CardLane()}
	c := Context{By: Actor{Role: Asker}, At: now}
	if n.Entry, n.Sealed, err = s.entry(c, ses.ID, line{version: 1, verb: Ask, command: a.sealed(), after: q}); err != nil {
		return Question{}, false, err
	}
	q, added, err := s.Store.Add(ctx, n)
	if err == nil && added {
		s.changed(a.Session)
	}
	return q, added, err
}

// sealed is what the record commits to.
func (a Asked) sealed() any {
	return struct {
		Text   string `json:"text"`
		Name   string `json:"name,omitempty"`
		Origin Origin `json:"origin"`
	}{a.Text, a.Name, a.Origin}
}

// receive checks a question against the session and makes its first document.
func (s Session) receive(a Asked, now time.Time) (Question, error) {
	asked := now
	if !a.At.IsZero() && a.At.Before(now) {
		asked = a.At.UTC().Truncate(time.Millisecond)
	}
	if !s.Asking(asked) && !s.wasWriting(a.Opened, asked) {
		return Question{}, s.notAsking()
	}
	text, err := CheckQuestion(a.Text, s.QuestionLimit)
	if err != nil {
		return Question{}, err
	}
	if err := a.check(); err != nil {
		return Question{}, err
	}
	language := a.Language
	if !language.Known() {
		language = s.Language
	}
	return Question{Schema: Schema, Ref: QuestionRef{Session: s.ID}, State: Received, Since: now, Asked: asked,
		Text: text, With: a.With, Wording: 1, Name: CleanLine(a.Name),
		Email: CleanLine(a.Email), Language: language, Origin: a.Origin, Proof: a.Proof}, nil
}

func (a Asked) check() error {
	if a.Key == "" || len(a.Key) > maxKey {
		return Fail(Invalid, "key_form", "limit", maxKey).At("key")
	}
	if err := tooLong("name", CleanLine(a.Name), maxName); err != nil {
		return err
	}
	return checkEmail(CleanLine(a.Email))
}

// checkEmail is Invalid unless an address is none at all or one that can be written to.
func checkEmail(email string) error {
	if err := tooLong("email", email, maxEmail); err != nil {
		return err
	}
	if email == "" {
		return nil
	}
	if at, err := mail.ParseAddress(email); err != nil || at.Address != email {
		return Fail(Invalid, "email_form").At("email")
	}
	return nil
}

// wasWriting reports whether a form that was opened before the end, and came a moment after it,
// is still taken.
func (s Session) wasWriting(opened, at time.Time) bool {
	return s.State == Closing && !s.IntakePaused && !opened.IsZero() && opened.Before(s.Stopped) && at.Before(s.Stopped.Add(FormGrace))
}

func (s Session) notAsking() error {
	if s.IntakePaused && slices.Contains(askable, s.State) {
		return Fail(Refused, "ask_paused")
	}
	switch s.State {
	case Scheduled:
		return Fail(Refused, "ask_early", "from", Since(s.AskFrom.In(s.Location())))
	case Cancelled:
		return Fail(Refused, "ask_cancelled")
	}
	return Fail(Refused, "ask_over")
}
