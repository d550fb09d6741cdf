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
	c := SessionContext{By: by, At: s.now(), Locate: s.Locate}
	cmd, err := s.scheduling(h, c.At)
	if err != nil {
		return SessionResult{}, err
	}
	ses, _, err := s.decideSession(cmd, c, Session{State: Draft})
	if err != nil {
		return SessionResult{}, err
	}
	if s.Place != nil {
		ses.Desk.Place = s.Place(ctx, ses)
	}
	if err := s.Store.Reserve(ctx, ses); err != nil {
		return SessionResult{}, err
	}
	change, err := sessionChange(c, cmd, Session{}, ses)
	if err != nil {
		return SessionResult{}, err
	}
	if err := s.Store.CreateSession(ctx, change); err != nil {
		return SessionResult{}, err
	}
	s.changed(ses.ID)
	return SessionResult{Session: ses, Warnings: ses.Warnings(s.Staff.People())}, nil
}

// scheduling is the command for h, with the names and the times that it means at now.
func (s *Service) scheduling(h Hour, now time.Time) (ScheduleSession, error) {
	if h.Start.Before(now) && !h.Start.IsZero() {
		h.Start = now
	}
	experts, err := s.experts(h.Experts)
	h.Experts = experts
	return ScheduleSession{Hour: h}, err
}

// decideSession decides a command, and what the public is told because of it.
func (s *Service) decideSession(cmd SessionCommand, c SessionContext, ses Session) (after Session, settled bool, err error) {
	after, settled, err = DecideSession(cmd, c, ses)
	if err != nil || settled {
		return after, settled, err
	}
	was, is := s.Planner.Announcements(ses, c.At), s.Planner.Announcements(after, c.At)
	if copyVerb(cmd.Verb()) { // an old text that arrives may need another one behind it
		after.tell(news(was, is))
		return after, false, nil
	}
	if v, ok := cmd.(foreseen); ok && v.seen() != "" && v.seen() != announcementDigest(s.told(cmd, c, ses, after)) {
		return ses, false, Fail(Stale, "stale_preview")
	}
	after.announce(was, is)
	return after, false, nil
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
	return s.runSession(ctx, by, id, cmd, nil)
}

func (s *Service) runSession(ctx context.Context, by Actor, id ID, cmd SessionCommand, f *Finish) (SessionResult, error) {
	for range attempts {
		r, err := s.attemptSession(ctx, by, id, cmd, f)
		if !errors.Is(err, ErrConflict) {
			return r, err
		}
		s.cache.Delete(id)
	}
	return SessionResult{}, Fail(Unavailable, "busy")
}

func (s *Service) attemptSession(ctx context.Context, by Actor, id ID, cmd SessionCommand, f *Finish) (SessionResult, error) {
	ses, remembered, err := s.session(ctx, id)
	if err != nil {
		return SessionResult{}, err
	}
	c := SessionContext{By: by, At: s.now(), Locate: s.Locate}
	if err := s.look(ctx, id, cmd, &c); err != nil {
		return SessionResult{}, err
	}
	after, settled, err := s.decideSession(cmd, c, ses)
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
	change, err := sessionChange(c, cmd, ses, after)
	if err != nil {
		return SessionResult{}, err
	}
	change.Finish = f
	r, err := s.commitSession(ctx, cmd, change)
	if err == nil && cmd.Verb() == Cancel { // only now: somebody may have started it meanwhile
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

func (s *Service) commitSession(ctx context.Context, cmd SessionCommand, change SessionChange) (SessionResult, error) {
	cl, closes := cmd.(CloseSession)
	change.Quiet = closes && !cl.Force
	change.Forget = closes
	if err := s.Store.CommitSession(ctx, change); err != nil {
		return SessionResult{}, err
	}
	after := change.Session
	s.cache.Delete(after.ID)
	s.changed(after.ID)
	return SessionResult{Session: after, Warnings: after.Warnings(s.Staff.People())}, nil
}

func sessionChange(c SessionContext, cmd SessionCommand, before, after Session) (SessionChange, error) {
	sealed, commitment, err := Payload{By: c.By.Name, Command: cmd}.Commit()
	if err != nil {
		return SessionChange{}, err
	}
	e := Entry{Version: after.Version + 1, Verb: cmd.Verb(), Role: c.By.Role, At: c.At, Prev: after.Head, Commitment: commitment}
	return SessionChange{Session: after, Entry: e, Sealed: sealed, Op: uuid.NewString(), Deliveries: after.Copies.deliveries(0, before.Copies),
		Cards: after.CardLane()}, nil
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }
