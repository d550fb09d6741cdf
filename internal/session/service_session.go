package session

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
)

// SessionResult is a session after a command.
type SessionResult struct {
	Session  Session
	Already  bool
	By       Actor
	Warnings []Warning
}

// Schedule makes a new session out of h. A start in the past means now. Errors are
// *Error: Invalid, Refused "overlap", Already for a slug that is taken.
func (s *Service) Schedule(ctx context.Context, by Actor, h Hour) (SessionResult, error) {
	now := s.now()
	if h.Start.Before(now) && !h.Start.IsZero() {
		h.Start = now
	}
	experts, err := s.experts(h.Experts)
	if err != nil {
		return SessionResult{}, err
	}
	h.Experts = experts
	cmd := ScheduleSession{Hour: h}
	ses, _, err := DecideSession(cmd, SessionContext{By: by, At: now}, Session{State: Draft})
	if err != nil {
		return SessionResult{}, err
	}
	if s.Place != nil {
		ses.Desk.Place = s.Place(ctx, ses)
	}
	if err := s.Store.Reserve(ctx, ses); err != nil {
		return SessionResult{}, err
	}
	change, err := sessionChange(cmd, by, now, ses)
	if err != nil {
		return SessionResult{}, err
	}
	if err := s.Store.CreateSession(ctx, change); err != nil {
		return SessionResult{}, err
	}
	s.changed(ses.ID)
	return SessionResult{Session: ses, Warnings: ses.Warnings(s.Staff.People())}, nil
}

// experts checks names against the staff and fills in the offices.
func (s *Service) experts(es []Expert) ([]Expert, error) {
	out := make([]Expert, 0, len(es))
	for _, e := range es {
		p, ok := s.Staff.People().Find(e.Name)
		if !ok || p.Role == Observer {
			return nil, Fail(Invalid, "expert_unknown", "name", Shorten(string(e.Name), maxName)).At("experts")
		}
		out = append(out, Expert{Name: p.Name, Office: p.Office})
	}
	return out, nil
}

// DoSession runs a command on a session. Errors are *Error.
func (s *Service) DoSession(ctx context.Context, by Actor, id ID, cmd SessionCommand) (SessionResult, error) {
	for range attempts {
		r, err := s.attemptSession(ctx, by, id, cmd)
		if !errors.Is(err, ErrConflict) {
			return r, err
		}
		s.cache.Delete(id)
	}
	return SessionResult{}, Fail(Unavailable, "busy")
}

func (s *Service) attemptSession(ctx context.Context, by Actor, id ID, cmd SessionCommand) (SessionResult, error) {
	ses, remembered, err := s.session(ctx, id)
	if err != nil {
		return SessionResult{}, err
	}
	c := SessionContext{By: by, At: s.now()}
	if err := s.look(ctx, id, cmd, &c); err != nil {
		return SessionResult{}, err
	}
	after, settled, err := DecideSession(cmd, c, ses)
	if (err != nil || settled) && remembered {
		return SessionResult{}, ErrConflict // it may have changed: decide again on what it is now
	}
	if err != nil {
		return SessionResult{}, err
	}
	if settled {
		return SessionResult{Session: ses, Already: true, By: ses.Acts[cmd.Verb()].By}, nil
	}
	if after.moved(ses) {
		if err := s.Store.Reserve(ctx, after); err != nil {
			return SessionResult{}, err
		}
	}
	r, err := s.commitSession(ctx, c, cmd, after)
	if err == nil && after.State == Cancelled { // only now: somebody may have started it meanwhile
		err = s.Store.Reserve(ctx, after)
	}
	return r, err
}

// look fetches what only some commands need.
func (s *Service) look(ctx context.Context, id ID, cmd SessionCommand, c *SessionContext) error {
	switch cmd.Verb() {
	case Close:
		counts, err := s.Store.Counts(ctx, id)
		c.Open = counts.Unsettled
		return err
	case Archive:
		heads, err := s.Store.Heads(ctx, id)
		c.Head = SealHeads(heads)
		return err
	}
	return nil
}

// moved reports whether the session occupies its places at other times than before.
func (s Session) moved(before Session) bool {
	return !s.Start.Equal(before.Start) || !s.End.Equal(before.End)
}

func (s *Service) commitSession(ctx context.Context, c SessionContext, cmd SessionCommand, after Session) (SessionResult, error) {
	change, err := sessionChange(cmd, c.By, c.At, after)
	if err != nil {
		return SessionResult{}, err
	}
	cl, closes := cmd.(CloseSession)
	change.Quiet = closes && !cl.Force
	change.Forget = closes
	if err := s.Store.CommitSession(ctx, change); err != nil {
		return SessionResult{}, err
	}
	s.cache.Delete(after.ID)
	s.changed(after.ID)
	return SessionResult{Session: after, Warnings: after.Warnings(s.Staff.People())}, nil
}

func sessionChange(cmd SessionCommand, by Actor, at time.Time, after Session) (SessionChange, error) {
	sealed, commitment, err := Payload{By: by.Name, Command: cmd}.Commit()
	if err != nil {
		return SessionChange{}, err
	}
	e := Entry{Version: after.Version + 1, Verb: cmd.Verb(), Role: by.Role, At: at, Prev: after.Head, Commitment: commitment}
	return SessionChange{Session: after, Entry: e, Sealed: sealed, Op: uuid.NewString(), Cards: after.CardLane()}, nil
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }
