package session

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Schedule makes a new session out of h. A start in the past means now. Errors are
// *Error: Invalid, Refused "overlap", Already for a slug that is taken.
func (s *Service) Schedule(ctx context.Context, by Actor, h Hour) (Result, error) {
	h, err := s.addressed(ctx, h)
	if err != nil {
		return Result{}, err
	}
	c := s.context(by)
	cmd := scheduling(h, c.At)
	ses, _, err := s.decideSession(cmd, c, Session{State: Draft})
	if err != nil {
		return Result{}, err
	}
	if s.Place != nil {
		ses.Desk.Place = s.Place(ctx, ses)
	}
	if err := s.Store.Reserve(ctx, ses); err != nil {
		return Result{}, err
	}
	change, err := s.sessionChange(c, cmd, Session{}, ses)
	if err != nil {
		return Result{}, err
	}
	if err := s.Store.CreateSession(ctx, change); err != nil {
		return Result{}, err
	}
	s.changed(ses.ID)
	return Result{Session: ses, Warnings: ses.Warnings(s.Staff.People())}, nil
}

// context is what a command on a session may look at, but for what look fetches.
func (s *Service) context(by Actor) Context {
	return Context{By: by, At: s.now(), Locate: s.Locate, Staff: s.Staff.People(), Places: s.Places}
}

// scheduling is the command for h; a start in the past means now.
func scheduling(h Hour, now time.Time) ScheduleSession {
	if h.Start.Before(now) && !h.Start.IsZero() {
		h.Start = now
	}
	return ScheduleSession{Hour: h}
}

// decideSession decides a command, and what the public is told because of it.
func (s *Service) decideSession(cmd SessionCommand, c Context, ses Session) (after Session, already bool, err error) {
	after, already, err = DecideSession(cmd, c, ses)
	if err != nil || already {
		return after, already, err
	}
	was, is := s.Planner.Announcements(ses, c.At), s.Planner.Announcements(after, c.At)
	if copyVerb(cmd.Verb()) { // an old text that arrives may need another one behind it
		after.tell(news(was, is), c.At)
		return after, false, nil
	}
	if v, ok := cmd.(foreseen); ok && v.shown() != "" && v.shown() != announcementDigest(s.told(cmd, c, ses, after)) {
		return ses, false, Fail(Stale, "stale_preview")
	}
	after.announce(was, is, c.At)
	return after, false, nil
}

// DoSession runs a command on a session. Errors are *Error.
func (s *Service) DoSession(ctx context.Context, by Actor, id ID, cmd SessionCommand) (Result, error) {
	return s.runSession(ctx, by, id, cmd, nil)
}

func (s *Service) runSession(ctx context.Context, by Actor, id ID, cmd SessionCommand, f *Finish) (Result, error) {
	return s.retry(id, func() (Result, error) { return s.attemptSession(ctx, by, id, cmd, f) })
}

func (s *Service) attemptSession(ctx context.Context, by Actor, id ID, cmd SessionCommand, f *Finish) (Result, error) {
	ses, remembered, err := s.session(ctx, id)
	if err != nil {
		return Result{}, err
	}
	c := s.context(by)
	if err := s.look(ctx, id, cmd, &c); err != nil {
		return Result{}, err
	}
	after, already, err := s.decideSession(cmd, c, ses)
	switch {
	case (err != nil || already) && remembered:
		return Result{}, ErrConflict // it may have changed: decide again on what it is now
	case err != nil:
		return Result{}, err
	case already:
		return Result{Session: ses, Already: true, By: ses.Acts[cmd.Verb()].By}, nil
	}
	return s.commitSession(ctx, c, cmd, ses, after, f)
}

// look fetches what only some commands need.
func (s *Service) look(ctx context.Context, id ID, cmd SessionCommand, c *Context) error {
	switch cmd.Verb() {
	case Close:
		counts, err := s.Store.Counts(ctx, id)
		c.Open = counts.Unfinished
		return err
	case Archive:
		return s.lookAtAll(ctx, id, c)
	case Renew:
		heads, err := s.Store.Heads(ctx, id)
		c.Head = SealHeads(heads)
		return err
	}
	return nil
}

// lookAtAll fetches what a seal is over. The heads come first: what changes meanwhile is
// sealed again.
func (s *Service) lookAtAll(ctx context.Context, id ID, c *Context) error {
	heads, err := s.Store.Heads(ctx, id)
	if err != nil {
		return err
	}
	c.Head = SealHeads(heads)
	ses, err := s.Store.Session(ctx, id)
	if err != nil {
		return err
	}
	qs, err := s.Store.List(ctx, id, Listing{States: States})
	if err != nil {
		return err
	}
	c.Votes, err = s.Store.Tally(ctx, id, slices.Sorted(maps.Keys(heads))...)
	c.Public = PublicHash(ses, qs, c.Votes)
	return err
}

// Verify reads the record of a session and checks it; see the function Verify.
func (s *Service) Verify(ctx context.Context, id ID) (Record, []Finding, error) {
	r, err := s.Store.Record(ctx, id)
	if err != nil {
		return r, nil, err
	}
	return r, Verify(r, s.Keys), nil
}

// moved reports whether the session occupies other places than before, or at other times.
func (s Session) moved(before Session) bool {
	return !s.Start.Equal(before.Start) || !s.End.Equal(before.End) || !slices.Equal(s.Places(), before.Places())
}

// commitSession reserves the places of a session at its new times before they are its
// places and its times, and gives up those that it leaves, or all when it is cancelled, only
// afterwards: till then somebody may ask there, or start it.
func (s *Service) commitSession(ctx context.Context, c Context, cmd SessionCommand, before, after Session, f *Finish) (Result, error) {
	if after.moved(before) {
		both := after
		both.Targets = slices.Concat(after.Targets, lacking(before.Targets, after.Targets, func(t Target) Target { return t }))
		if err := s.Store.Reserve(ctx, both); err != nil {
			return Result{}, err
		}
	}
	change, err := s.sessionChange(c, cmd, before, after)
	if err != nil {
		return Result{}, err
	}
	cl, closes := cmd.(CloseSession)
	change.Quiet, change.Forget, change.Finish = closes && !cl.Force, closes || cmd.Verb() == Cancel, f
	_, forgets := cmd.(ForgetSession)
	change.Unlink = forgets && slices.Contains(after.Forgot, Originals)
	if err := s.Store.CommitSession(ctx, change); err != nil {
		return Result{}, err
	}
	s.cache.Delete(after.ID)
	s.changed(after.ID)
	r := Result{Session: after, Warnings: after.Warnings(s.Staff.People())}
	if cmd.Verb() == Cancel || len(after.PastTargets) > len(before.PastTargets) {
		return r, s.Store.Reserve(ctx, after)
	}
	return r, nil
}

func (s *Service) sessionChange(c Context, cmd SessionCommand, before, after Session) (SessionChange, error) {
	l := line{version: after.Version + 1, verb: cmd.Verb(), prev: after.Head, command: cmd, after: after}
	if after.Version > 0 && !before.Upgraded {
		l.before = before
	}
	e, sealed, err := s.entry(c, after.ID, l)
	return SessionChange{Session: after, Entry: e, Sealed: sealed, Op: uuid.NewString(), Deliveries: after.Copies.deliveries(0, before.Copies),
		Cards: after.CardLane()}, err
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }
