package session

import "slices"

// announce makes is what the public is told about s. An announcement with a text is
// told, or corrected where an earlier text stands, if it is news: was is the list as it
// would have been before the change that is under way. One without a text may stay, but
// is not told late. One that is not listed has become untrue and is taken back.
func (s *Session) announce(was, is []Rendered) {
	for i := range s.Copies {
		c := &s.Copies[i]
		listed := slices.IndexFunc(is, func(r Rendered) bool { return r.Slot == c.Slot })
		switch {
		case listed < 0:
			c.want(Wish{})
		case is[listed].Text == "":
			c.lapse()
		}
	}
	s.tell(news(was, is))
}

// tell makes the texts of rs the wanted ones.
func (s *Session) tell(rs []Rendered) {
	next := s.Counter + 1
	for _, r := range rs {
		c := s.Copies.slot(r.Slot)
		if c.Out != 0 && c.Out == c.Wanted && c.Text == r.Text {
			continue
		}
		c.Language, s.Counter = r.Language, next
		c.want(Wish{Wanted: next, Text: r.Text})
	}
}

// lapse gives up what was not told in time. It stays wanted, so that what is on its way
// may stand where it arrives.
func (c *Copy) lapse() {
	if c.Problem == RefusedIt || c.Due() && c.Out == 0 {
		c.Problem, c.Detail = Dropped, ""
	}
}

// news are the announcements of a list that an earlier list did not have like this.
func news(was, is []Rendered) []Rendered {
	return slices.DeleteFunc(slices.Clone(is), func(r Rendered) bool { return r.Text == "" || slices.Contains(was, r) })
}

// stages are an hour at the moments at which more is told about it, if nothing unforeseen
// happens.
func (s Session) stages() []Session {
	open, ending, closed := s, s, s
	open.State = Open
	ending.State, ending.Reminded = Open, []Reminder{RemindEnd}
	closed.State, closed.Closed = Closed, s.End
	return []Session{open, ending, closed}
}

// foreseen is a command of which somebody saw beforehand what it tells the public.
type foreseen interface {
	seen() string // the digest of that; "" leaves the check out
}

// announcementDigest is Digest for what is told about a session.
func announcementDigest(rs []Rendered) string {
	parts := []string{"eh-announcements-1"}
	for _, r := range rs {
		parts = append(parts, r.Key(), string(r.Language), r.Text)
	}
	return string(hashOf(parts...))
}

// Leaving is the last class of deliveries that may leave now; the lower ones may, too.
// Take-backs always may. An announcement leaves before the hour begins.
func (s Session) Leaving() Class {
	switch {
	case s.Paused || s.State == Draft:
		return ClassTakeBack
	case s.State == Scheduled || s.State == Cancelled:
		return ClassAnnouncement
	}
	return ClassNotice
}
