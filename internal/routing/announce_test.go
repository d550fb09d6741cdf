package routing

import (
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// town announces quietly edited posts, loud does not edit quietly, and mute announces nothing.
const town, loud, mute session.ConnectorID = "town", "loud", "mute"

func crier() Planner {
	return Planner{PublicURL: "https://x.lv", Hashtags: []string{"tax"}, Limits: func(id session.ConnectorID) (connector.Limits, bool) {
		return connector.Limits{Longest: connector.AtMost(300, session.Characters), Announces: id != mute, EditsQuietly: id == town}, true
	}}
}

func announcedHour() session.Session {
	return session.Session{ID: "tax", Title: "Tax hour", Topic: strings.Repeat("Taxes. ", 100), Language: session.English, Zone: "Europe/Riga",
		State: session.Scheduled, Start: noon, End: noon.Add(time.Hour), AskFrom: noon, Experts: []session.Expert{
			{Name: "Edgars", Office: "Tax Office"}},
		Targets: []session.Target{{Connector: town, Place: "-100"}, {Connector: loud}, {Connector: mute, Place: "x"}}}
}

// topics are the news that rs tell.
func topics(rs []session.Rendered) string {
	var all []string
	for _, r := range rs {
		if r.Text != "" {
			all = append(all, string(r.News.Topic())+"@"+string(r.Connector))
		}
	}
	return strings.Join(all, " ")
}

// TestAnnouncements: one thing at a time, at places only, within the limit.
func TestAnnouncements(t *testing.T) {
	t.Parallel()
	s := announcedHour()
	for _, c := range []struct {
		state  session.SessionState
		remind []session.Reminder
		closed time.Time
		want   string
		reads  string
	}{
		{session.Scheduled, nil, time.Time{}, "scheduled@town", "Edgars, Tax Office"},
		{session.Open, nil, time.Time{}, "open@town", "https://x.lv/s/tax"},
		{session.Open, []session.Reminder{session.RemindEnd}, time.Time{}, "ending@town", "15:00"},
		{session.Closing, nil, time.Time{}, "", ""},
		{session.Closed, nil, noon, "closed@town", "https://x.lv/s/tax/transcript"},
		{session.Archived, nil, noon.Add(-25 * time.Hour), "", ""},
		{session.Cancelled, nil, noon, "cancelled@town", "Tax hour"},
		{session.Draft, nil, time.Time{}, "", ""},
	} {
		s.State, s.Reminded, s.Closed = c.state, c.remind, c.closed
		rs := crier().Announcements(s, noon.Add(time.Minute))
		if got := topics(rs); got != c.want || len(rs) != 5 {
			t.Errorf("%s: tells %q, want %q; %d may stand", c.state, got, c.want, len(rs))
		}
		for _, r := range rs {
			if told := r.Text != ""; told && (!strings.Contains(r.Text, c.reads) || r.Length > 300 || r.Limit != 300 || r.Place != "-100") {
				t.Errorf("%s: %+v", c.state, r)
			}
		}
	}
}

// TestToldOnce: where nothing can be changed an hour is announced by one post, also when it is edited, and
// another one follows only where it is moved or cancelled.
func TestToldOnce(t *testing.T) {
	t.Parallel()
	p := crier()
	limits := p.Limits
	p.Limits = func(id session.ConnectorID) (connector.Limits, bool) {
		l, ok := limits(id)
		l.ToldOnce, l.EditsQuietly = true, false
		return l, ok
	}
	tells := func(s session.Session, want string) {
		t.Helper()
		if got := topics(p.Announcements(s, noon.Add(time.Minute))); got != want {
			t.Errorf("%s: tells %q, want %q", s.State, got, want)
		}
	}
	state := func(s session.Session, to session.SessionState) session.Session {
		s.State, s.Closed = to, noon
		return s
	}
	s := announcedHour()
	s.Targets = s.Targets[:1]
	tells(s, "scheduled@town")
	tells(state(s, session.Open), "open@town")
	tells(state(s, session.Cancelled), "")
	for _, first := range []session.News{session.NewsScheduled, session.NewsOpen} {
		out := s
		out.Copies = session.Copies{{Slot: slot(s.Targets[0], first), Out: 1, Wanted: 1, Text: "x"}}
		out.Last = session.Edit
		for _, quiet := range []session.SessionState{session.Scheduled, session.Open, session.Closing, session.Closed, session.Archived} {
			tells(state(out, quiet), "")
		}
		tells(state(out, session.Cancelled), "cancelled@town")
		if len(p.Announcements(out, noon)) < 2 {
			t.Error("what stands is not listed, and would be taken back")
		}
	}
	s.Copies = session.Copies{{Slot: slot(s.Targets[0], session.NewsScheduled), Out: 1, Wanted: 1, Text: "x"}}
	s.Moved = 2
	tells(s, "moved@town")
	ending := state(s, session.Open)
	ending.Reminded = []session.Reminder{session.RemindEnd}
	tells(ending, "")
}

// TestTranscriptIsAPost: where a post has room for it, the transcript takes the place of "over";
// it is brought out anew whenever the record is sealed in another state, and first within a week.
func TestTranscriptIsAPost(t *testing.T) {
	t.Parallel()
	p := crier()
	roomy := p.Limits
	p.Limits = func(id session.ConnectorID) (connector.Limits, bool) {
		l, ok := roomy(id)
		l.Transcripts = true
		return l, ok
	}
	s := announcedHour()
	s.Closed = noon
	text := func(state session.SessionState, heads session.Hash, at time.Time) string {
		s.State, s.Seals, s.Minutes = state, []session.Seal{{}}, heads
		for _, r := range p.Announcements(s, at) {
			if r.Text != "" {
				return r.Text
			}
		}
		return ""
	}
	if got := text(session.Closed, "", noon); got != "" {
		t.Errorf("before the record is sealed: %q", got)
	}
	one, two := text(session.Archived, "0123456789abcdef", noon), text(session.Archived, "fedcba9876543210", noon)
	if !strings.Contains(one, "0123456789ab") || !strings.Contains(one, "https://x.lv/s/tax/transcript") || one == two {
		t.Errorf("%q and %q", one, two)
	}
	over := session.Slot{Kind: session.KindAnnouncement, Connector: town, Place: "-100", News: session.NewsClosed}
	s.Copies = session.Copies{{Slot: over, Out: 6}}
	if rs := p.Announcements(s, noon); !slices.ContainsFunc(rs, func(r session.Rendered) bool { return r.Slot == over }) {
		t.Error("that it is over, as an earlier version told it, is taken back")
	}
	s.Copies = nil
	if foreseen := text(session.Archived, "", noon); strings.Contains(foreseen, "record") {
		t.Errorf("foreseen is %q", foreseen)
	}
	late := noon.Add(8 * 24 * time.Hour)
	if got := text(session.Archived, "0123", late); got != "" {
		t.Errorf("after a week: %q", got)
	}
	slot := session.Slot{Kind: session.KindAnnouncement, Connector: town, Place: "-100", News: session.NewsTranscript}
	s.Copies = session.Copies{{Slot: slot, Out: 7}}
	if got := text(session.Archived, "0123", late); got == "" {
		t.Error("what stands there is not kept right after a week")
	}
}

// TestAnnouncementsOfTimes: what names a time is another announcement for another time.
func TestAnnouncementsOfTimes(t *testing.T) {
	t.Parallel()
	slots := func(s session.Session) map[session.News]bool {
		all := map[session.News]bool{}
		for _, r := range crier().Announcements(s, noon) {
			all[r.News] = true
		}
		return all
	}
	s := announcedHour()
	before := slots(s)
	s.End = s.End.Add(time.Minute)
	for n := range slots(s) {
		if again := before[n]; again != (n.Topic() != session.NewsEnding) {
			t.Errorf("%s for another end: the same %t", n, again)
		}
	}
}

// TestAnnouncementOfAMove: it is told where another time was, and where an edit would not
// tell it.
func TestAnnouncementOfAMove(t *testing.T) {
	t.Parallel()
	moved := session.NewsAt(session.NewsMoved, noon)
	for name, c := range map[string]struct {
		at        session.ConnectorID
		told, out int // of the first announcement
		follows   bool
		want      bool
	}{
		"not told":             {town, 0, 0, false, false},
		"the old time":         {town, 3, 1, false, true},
		"the new time":         {town, 3, 3, false, false},
		"edited, and it did":   {town, 3, 3, true, true},
		"where edits are loud": {loud, 3, 1, false, false},
	} {
		s := announcedHour()
		s.Targets = []session.Target{{Connector: c.at, Place: "p"}}
		slot := session.Slot{Kind: session.KindAnnouncement, Connector: c.at, Place: "p", News: session.NewsScheduled}
		s.Copies = session.Copies{{Slot: slot, Wanted: c.told, Out: c.out}}
		if c.follows {
			slot.News = moved
			s.Copies = append(s.Copies, session.Copy{Slot: slot, Wanted: 3})
		}
		told := func() (r session.Rendered) {
			for _, r = range crier().Announcements(s, noon) {
				if r.News == moved {
					return r
				}
			}
			return session.Rendered{}
		}
		if r := told(); r.Text != "" {
			t.Errorf("%s: not moved, and tells %q", name, r.Text)
		}
		s.Moved = 2
		r := told()
		if (r.Text != "") != c.want || c.want && (!strings.Contains(r.Text, "Moved to") || !strings.Contains(r.Text, "14:00")) {
			t.Errorf("%s: tells %q", name, r.Text)
		}
	}
}

// TestAnnouncementsFollowAnEdit where they stand, also after the start; nothing is told late.
func TestAnnouncementsFollowAnEdit(t *testing.T) {
	t.Parallel()
	s := announcedHour()
	s.State, s.Last = session.Open, session.Edit
	if got := topics(crier().Announcements(s, noon)); got != "open@town" {
		t.Errorf("what was never told is told: %s", got)
	}
	slot := session.Slot{Kind: session.KindAnnouncement, Connector: town, Place: "-100", News: session.NewsScheduled}
	s.Copies = session.Copies{{Slot: slot, Wanted: 1, Out: 1, Text: "old"}}
	if got := topics(crier().Announcements(s, noon)); got != "scheduled@town open@town" {
		t.Errorf("after an edit: %s", got)
	}
	s.Last = session.Extend
	if got := topics(crier().Announcements(s, noon)); got != "open@town" {
		t.Errorf("after anything else: %s", got)
	}
}
