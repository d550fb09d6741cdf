package session

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
)

// attempts bounds how often a command is decided again after a conflict.
const attempts = 20

// Service runs commands: read, decide, plan, commit, and again on conflict. It has no
// rule of its own: what a command may and does stands with the command and in the table
// of states.
type Service struct {
	Store   Store
	Planner Planner
	Staff   Staff
	Now     func() time.Time
	// Place, if set, makes the place where the desk of a new session works; without a
	// place of its own it works at the one that was asked for.
	Place func(ctx context.Context, s Session) PlaceID
	// Locate, if set, reads the address of a copy that a person says is out.
	Locate Locate
	// Changed, if set, is called after every commit that may have work for the
	// delivery worker or the clock. It must not block.
	Changed func(ID)
	// Done, if set, hears of every command on a question and what it came to; for
	// metrics. It must not block.
	Done func(v Verb, q Question, err error)

	cache sync.Map // ID -> Session; a commit with an outdated one conflicts
}

// Result is a question after a command; after one on an announcement the Session is,
// and there is no Question.
type Result struct {
	Question Question
	Session  Session // on which it was decided
	// Already is set when nothing had to be done; By is who did it before.
	Already bool
	By      Actor
}

// Do runs a command of actor by. Errors are *Error.
func (s *Service) Do(ctx context.Context, by Actor, cmd Command) (Result, error) {
	return s.run(ctx, by, cmd, nil)
}

// Record stores what happened to a delivery and ends its lease in the same step.
// ErrFenced means that the lease was lost and nothing was stored.
func (s *Service) Record(ctx context.Context, cmd Command, f Finish) (Result, error) {
	return s.run(ctx, Program, cmd, &f)
}

func (s *Service) run(ctx context.Context, by Actor, cmd Command, f *Finish) (Result, error) {
	if c, ok := cmd.(copyCommand); ok && cmd.Target().Number == 0 {
		r, err := s.runSession(ctx, by, cmd.Target().Session, onSession{c}, f)
		return Result{Session: r.Session, Already: r.Already, By: r.By}, err
	}
	for range attempts {
		r, err := s.attempt(ctx, by, cmd, f)
		if !errors.Is(err, ErrConflict) {
			s.done(cmd, r, err)
			return r, err
		}
		s.cache.Delete(cmd.Target().Session)
	}
	return Result{}, Fail(Unavailable, "busy")
}

func (s *Service) done(cmd Command, r Result, err error) {
	if s.Done != nil {
		s.Done(cmd.Verb(), r.Question, err)
	}
}

func (s *Service) attempt(ctx context.Context, by Actor, cmd Command, f *Finish) (Result, error) {
	ses, remembered, err := s.session(ctx, cmd.Target().Session)
	if err != nil {
		return Result{}, err
	}
	q, others, err := s.read(ctx, cmd)
	if err != nil {
		return Result{}, err
	}
	c := Context{By: by, At: s.now(), Session: ses, Render: s.renderer(ses), Locate: s.Locate}
	d, err := Decide(cmd, c, q, others)
	if err != nil && remembered {
		return Result{}, ErrConflict // the session may have changed: decide again on what it is now
	}
	if err != nil {
		return Result{}, err
	}
	if d.Settled {
		return Result{Question: q, Session: ses, Already: true, By: q.By(cmd.Verb())}, nil
	}
	return s.commit(ctx, c, d, append(others, q), f)
}

func (s *Service) read(ctx context.Context, cmd Command) (q Question, others []Question, err error) {
	var qs []Question
	if j, ok := cmd.(joint); ok {
		qs, err = s.Store.Family(ctx, cmd.Target(), j.others()...)
	} else {
		qs, err = s.Store.Questions(ctx, cmd.Target().Session, cmd.Target().Number)
	}
	if err != nil {
		return Question{}, nil, err
	}
	return qs[0], qs[1:], nil
}

func (s *Service) renderer(ses Session) func(Question, Revision) ([]Rendered, string) {
	return func(q Question, rev Revision) ([]Rendered, string) {
		copies := s.Planner.Copies(ses, q, rev)
		return copies, Digest(q, rev.Number, copies)
	}
}

// Preview renders the copies of q's newest revision and the digest that an
// approval must name.
func (s *Service) Preview(ses Session, q Question) ([]Rendered, string) {
	return s.renderer(ses)(q, q.Latest())
}

func (s *Service) commit(ctx context.Context, c Context, d Decision, before []Question, f *Finish) (Result, error) {
	change := Change{Session: c.Session.ID, Version: c.Session.Version, Op: uuid.NewString(), Finish: f,
		Cards: c.Session.CardLane()}
	for _, ch := range d.Changed {
		old := find(before, ch.Question.Ref.Number)
		if ch.Verb == Greet || outcomeChanged(old, ch.Question) {
			ch.Question.wantNotices(s.Planner.Notices(c.Session, ch.Question))
		}
		st, err := ch.stored(c)
		if err != nil {
			return Result{}, err
		}
		st.Part = newPart(old, ch.Question)
		change.Questions = append(change.Questions, st)
		change.Deliveries = append(change.Deliveries, ch.Question.Copies.deliveries(ch.Question.Ref.Number, old.Copies)...)
	}
	if err := s.Store.Commit(ctx, change); err != nil {
		return Result{}, err
	}
	s.changed(c.Session.ID)
	q := change.Questions[0].Question
	q.Version, q.Head = q.Version+1, change.Questions[0].Entry.Hash()
	return Result{Question: q, Session: c.Session}, nil
}

func find(qs []Question, n int) Question {
	for _, q := range qs {
		if q.Ref.Number == n {
			return q
		}
	}
	return Question{}
}

// stored adds the record entry to a changed question.
func (ch Changed) stored(c Context) (Stored, error) {
	sealed, commitment, err := ch.Payload.Commit()
	if err != nil {
		return Stored{}, err
	}
	e := Entry{Number: ch.Question.Ref.Number, Version: ch.Question.Version + 1, Verb: ch.Verb, Role: c.By.Role,
		At: c.At, Prev: ch.Question.Head, Commitment: commitment}
	return Stored{Question: ch.Question, Entry: e, Sealed: sealed, Erase: ch.Erase}, nil
}

func (s *Service) changed(id ID) {
	if s.Changed != nil {
		s.Changed(id)
	}
}

// session returns the session as this process last saw it, which saves a round trip.
// A commit decided on an old one is refused by the version check; a refusal decided
// on a remembered one is decided again by the caller.
func (s *Service) session(ctx context.Context, id ID) (ses Session, remembered bool, err error) {
	if v, ok := s.cache.Load(id); ok {
		return v.(Session), true, nil
	}
	if ses, err = s.Store.Session(ctx, id); err != nil {
		return Session{}, false, err
	}
	s.cache.Store(id, ses)
	return ses, false, nil
}
