package session

import (
	"context"
	"slices"
)

// ForeseeHour is Foresee for Schedule, which approves what is told about the whole hour.
func (s *Service) ForeseeHour(ctx context.Context, by Actor, h Hour) ([]Rendered, string, error) {
	h, err := s.addressed(ctx, h)
	if err != nil {
		return nil, "", err
	}
	c := s.context(by)
	return s.foresee(scheduling(h, c.At), c, Session{State: Draft})
}

// Foresee renders the announcements that cmd would tell the public, as they would read,
// and gives their digest. A command that names the digest is Stale when it would tell
// something else. Errors are those of DoSession; nothing is changed.
func (s *Service) Foresee(ctx context.Context, by Actor, id ID, cmd SessionCommand) ([]Rendered, string, error) {
	ses, err := s.Store.Session(ctx, id)
	if err != nil {
		return nil, "", err
	}
	return s.foresee(cmd, s.context(by), ses)
}

func (s *Service) foresee(cmd SessionCommand, c Context, ses Session) ([]Rendered, string, error) {
	after, _, err := DecideSession(cmd, c, ses)
	if err != nil {
		return nil, "", err
	}
	told := s.told(cmd, c, ses, after)
	return told, announcementDigest(told), nil
}

// told is what a command tells that makes after of before, and, without a text, what it takes
// back; scheduling answers for all that is told later, too.
func (s *Service) told(cmd SessionCommand, c Context, before, after Session) []Rendered {
	is := s.Planner.Announcements(after, c.At)
	told := append(news(s.Planner.Announcements(before, c.At), is), before.Copies.unlisted(is)...)
	told = slices.DeleteFunc(told, func(r Rendered) bool { return r.Kind == KindPinned }) // which says nothing
	if cmd.Verb() != Schedule {
		return told
	}
	for _, stage := range after.stages() {
		was := is
		is = s.Planner.Announcements(stage, stage.End)
		told = append(told, news(was, is)...)
	}
	return told
}

// stages are an hour at the moments at which more is told about it, if nothing unforeseen
// happens.
func (s Session) stages() []Session {
	open, ending, closed, sealed := s, s, s, s
	open.State = Open
	ending.State, ending.Reminded = Open, []Reminder{RemindEnd}
	closed.State, closed.Closed = Closed, s.End
	sealed.State, sealed.Closed, sealed.Seals = Archived, s.End, []Seal{{}}
	return []Session{open, ending, closed, sealed}
}

// foreseen is a command of which somebody saw beforehand what it tells the public.
type foreseen interface {
	shown() string // the digest of that; "" leaves the check out
}

// announcementDigest is Digest for what is told about a session.
func announcementDigest(rs []Rendered) string {
	parts := []string{"eh-announcements-1"}
	for _, r := range rs {
		parts = append(parts, r.Key(), string(r.Language), r.Text)
	}
	return string(hashOf(parts...))
}
