package session

import (
	"slices"
	"strings"
	"time"
)

// News is what an announcement tells about its session. What is told again for every new
// time carries the time; see NewsAt.
type News string

// The news of a session, in the order of its life.
const (
	NewsScheduled News = "scheduled"
	NewsMoved     News = "moved" // to another start
	NewsOpen      News = "open"
	NewsEnding    News = "ending"
	NewsClosed    News = "closed"
	// NewsTranscript takes the place of NewsClosed where a post has room for the transcript.
	NewsTranscript News = "transcript"
	NewsCancelled  News = "cancelled"
)

// NewsAt is n about one time: about another time it is another announcement.
func NewsAt(n News, t time.Time) News { return n + News("@"+t.UTC().Format(time.RFC3339)) }

// Topic is the news without its time.
func (n News) Topic() News {
	topic, _, _ := strings.Cut(string(n), "@")
	return News(topic)
}

// announce makes is what the public is told about s. An announcement with a text is
// told, or corrected where an earlier text stands, if it is news: was is the list as it
// would have been before the change that is under way. One without a text may stay, but
// is not told late. One that is not listed has become untrue and is taken back.
func (s *Session) announce(was, is []Rendered, at time.Time) {
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
	s.tell(news(was, is), at)
}

// tell makes the texts of rs the wanted ones.
func (s *Session) tell(rs []Rendered, at time.Time) {
	next := s.Counter + 1
	for _, r := range rs {
		c := s.Copies.slot(r.Slot)
		if c.Out != 0 && c.Out == c.Wanted && c.Text == r.Text {
			continue
		}
		c.Language, s.Counter = r.Language, next
		c.want(Wish{Wanted: next, Text: r.Text, Approved: at})
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

// unlisted are the announcements that stand somewhere and are taken back, for a list does not
// have them.
func (cs Copies) unlisted(is []Rendered) []Rendered {
	var rs []Rendered
	for _, c := range cs {
		if c.Out != 0 && c.Wanted != 0 && !slices.ContainsFunc(is, func(r Rendered) bool { return r.Slot == c.Slot }) {
			rs = append(rs, Rendered{Slot: c.Slot, Language: c.Language})
		}
	}
	return rs
}

// Leaves reports whether deliveries of a class may leave now. Take-backs always may, and so
// may what an asker is told about their own question: that is no publication. An
// announcement leaves before the hour begins.
func (s Session) Leaves(c Class) bool {
	switch c {
	case ClassTakeBack, ClassNotice:
		return true
	case ClassAnnouncement:
		return !s.Paused && s.State != Draft
	}
	return !s.Paused && slices.Contains(publishing, s.State)
}

// publishing are the states in which answers leave.
var publishing = []SessionState{Open, Closing, Closed, Archived}
