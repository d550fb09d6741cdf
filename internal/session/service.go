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
	// Keys sign the record; without them entries are not signed, and no signature is checked.
	Keys Signer
	Now  func() time.Time
	// Places are the configured public places besides the page.
	Places []Target
	// Place, if set, makes the place where the desk of a new session works; without a
	// place of its own it works at the one that was asked for.
	Place func(ctx context.Context, s Session) PlaceID
	// Locate, if set, reads the address of a copy that a person says is out.
	Locate Locate
	// Pictures, if set, is where the bytes of pictures are: an answer has no others.
	Pictures PictureStore
	// Typed, if set, is where what people are typing is kept.
	Typed TypingStore
	// Enclosed, if set, is where those are that came with questions.
	Enclosed PictureStore
	// Retention is how long what is kept of people stays after an hour; nil keeps all.
	Retention Retention
	// Poses, if set, reports whether an asker's name could be taken for staff or the institution.
	Poses func(name string) bool
	// Broken, if set, lists the guidelines that block and that copies do not keep to.
	Broken func(q Question, rev Revision, copies []Rendered) []string
	// Hides, if set, reports whether what others wrote can be hidden at a connector's places.
	Hides func(ConnectorID) bool
	// Undo is how long a decision of triage can be undone, and is told to nobody outside.
	Undo time.Duration
	// CallNext is how long nobody takes a question before the next expert is called; 0 calls only one.
	CallNext time.Duration
	// NudgeAfter is how long an answer waits for approval before who is on duty is reminded; 0 is never.
	NudgeAfter time.Duration
	// Changed, if set, is called after every commit that may have work for the
	// delivery worker or the clock. It must not block.
	Changed func(ID)
	// Done, if set, hears of every command on a question and what it came to; for
	// metrics. It must not block.
	Done func(v Verb, q Question, err error)

	cache      sync.Map // ID -> Session; a commit with an outdated one conflicts
	callsAgain sync.Map // ID -> time.Time; see pausing
}

// Result is what a command left: a question and its session, or, after a command on a
// session or one of its announcements, the session alone.
type Result struct {
	Question Question
	Session  Session // as the command left it, or on which it was decided
	// Copies and Digest are the newest revision as it would go out, if the decision rendered
	// it; see Service.PreviewOf.
	Copies []Rendered
	Digest string
	// Already is set when nothing had to be done; By is who did it before.
	Already  bool
	By       Actor
	Warnings []Warning // about the session, where the command was on it
	Batch    *Batch    // after a command on several questions
	Lead     Question  // after MergeAlike: the question from which all is undone, if it can be
}

// Undoable is the question on which what the command did is undone, if it can be.
func (r Result) Undoable() (Question, bool) {
	q := r.Question
	if r.Lead.CanUndo() {
		q = r.Lead
	}
	return q, q.CanUndo()
}

// Do runs a command of actor by. Errors are *Error.
func (s *Service) Do(ctx context.Context, by Actor, cmd Command) (Result, error) {
	switch c := cmd.(type) {
	case DeclineAlike:
		return s.declineAlike(ctx, by, c)
	case UndoDecision:
		return s.undo(ctx, by, c)
	case MergeAlike:
		return s.mergeAlike(ctx, by, c)
	}
	if err := s.see(ctx, cmd); err != nil {
		return Result{}, err
	}
	return s.run(ctx, by, cmd, nil)
}

// Record stores what happened to a delivery and ends its lease in the same step.
// ErrFenced means that the lease was lost and nothing was stored.
func (s *Service) Record(ctx context.Context, cmd Command, f Finish) (Result, error) {
	return s.run(ctx, Program, cmd, &f)
}

func (s *Service) run(ctx context.Context, by Actor, cmd Command, f *Finish) (Result, error) {
	id := cmd.Target().Session
	if c, ok := cmd.(copyCommand); ok && cmd.Target().Number == 0 {
		return s.runSession(ctx, by, id, onSession{c}, f)
	}
	r, err := s.retry(id, func() (Result, error) { return s.attempt(ctx, by, cmd, f) })
	if s.Done != nil {
		s.Done(cmd.Verb(), r.Question, err)
	}
	return r, err
}

// retry decides again, on what is there now, for as long as somebody else is faster.
func (s *Service) retry(id ID, attempt func() (Result, error)) (Result, error) {
	for range attempts {
		r, err := attempt()
		if !errors.Is(err, ErrConflict) {
			return r, err
		}
		s.cache.Delete(id)
	}
	return Result{}, Fail(Unavailable, "busy")
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
	var r Result
	c := Context{By: by, At: s.now(), Session: ses, Locate: s.Locate, Undo: s.Undo, Broken: s.Broken, Hides: s.Hides}
	c.Render = func(q Question, rev Revision) ([]Rendered, string) {
		r.Copies, r.Digest = s.render(ses, q, rev)
		return r.Copies, r.Digest
	}
	d, err := Decide(cmd, c, q, others)
	switch {
	case err != nil && remembered:
		return Result{}, ErrConflict // the session may have changed: decide again on what it is now
	case err != nil:
		return Result{}, err
	case d.Already:
		return Result{Question: q, Session: ses, Already: true, By: q.By(cmd.Verb())}, nil
	}
	r.Session = ses
	r.Question, err = s.commit(ctx, c, cmd, d, append(others, q), f)
	return r, err
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

func (s *Service) render(ses Session, q Question, rev Revision) ([]Rendered, string) {
	copies := s.Planner.Copies(ses, q, rev)
	return copies, Digest(q, rev.Number, copies)
}

// Preview renders the copies of q's newest revision and the digest that an
// approval must name.
func (s *Service) Preview(ses Session, q Question) ([]Rendered, string) {
	return s.render(ses, q, q.Latest())
}

// PreviewOf is Preview of the question that a command left, rendered once: a decision that
// compares the digest changes nothing that is rendered.
func (s *Service) PreviewOf(r Result) ([]Rendered, string) {
	if r.Digest != "" {
		return r.Copies, r.Digest
	}
	return s.Preview(r.Session, r.Question)
}

// commit gives the command's own question as it is then.
func (s *Service) commit(ctx context.Context, c Context, cmd Command, d Decision, before []Question, f *Finish) (Question, error) {
	change := Change{Session: c.Session.ID, Version: c.Session.Version, Head: c.Session.Head, Op: uuid.NewString(), Finish: f,
		Cards: c.Session.CardLane()}
	a, _ := cmd.(interface{ wentAlong() bool })
	for _, ch := range d.Changed {
		old := find(before, ch.Question.Ref.Number)
		ch.Question.notify(old, ch.Verb, func(q Question) []Rendered { return s.Planner.Notices(c.Session, q) }, c.At)
		st := Stored{Question: ch.Question, Erase: ch.Erase, Part: newPart(old, ch.Question),
			Unlink: ch.Verb == Forget && ch.Question.unlinked(), Along: a != nil && a.wentAlong(), Dropped: ch.Question.dropped(old)}
		n := st.Ref.Number
		l := line{number: n, version: st.Version + 1, verb: ch.Verb, prev: st.Head, command: cmd, after: st.Question}
		if !ch.Erase && !old.Upgraded {
			l.before = old
		}
		var err error
		if st.Entry, st.Sealed, err = s.entry(c, c.Session.ID, l); err != nil {
			return Question{}, err
		}
		change.Questions = append(change.Questions, st)
		change.Deliveries = append(change.Deliveries, st.Copies.deliveries(n, old.Copies)...)
	}
	if err := s.Store.Commit(ctx, change); err != nil {
		return Question{}, err
	}
	s.changed(c.Session.ID)
	q := change.Questions[0].Question
	q.Version, q.Head = q.Version+1, change.Questions[0].Entry.Hash()
	return q, nil
}

func find(qs []Question, n int) Question {
	for _, q := range qs {
		if q.Ref.Number == n {
			return q
		}
	}
	return Question{}
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
