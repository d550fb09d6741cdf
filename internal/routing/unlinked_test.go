package routing

import (
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// TestWithoutLinks: at a place that takes none, a whole answer has no address, a cut one says in words where the
// whole is, and so do notices and announcements; each says by what the whole is found.
func TestWithoutLinks(t *testing.T) {
	t.Parallel()
	p := planner()
	p.Limits = func(id session.ConnectorID) (l connector.Limits, ok bool) {
		l.Longest, l.Linkless, l.Announces, l.Notices = connector.AtMost(280, session.Characters), id == sandbox, true, true
		return l, true
	}
	const words = "The whole answer is under question #12 on our page; its address is in our profile."
	for _, whole := range []bool{true, false} {
		q := questionAt(12, sandbox, "square")
		q.Language = session.English
		if !whole {
			q.Revisions[len(q.Revisions)-1].Text = strings.Repeat("It depends on the day of the week. ", 20)
		}
		r := only(t, p.Copies(hour(), q, q.Latest()), "answer:sandbox:square:12")
		if strings.Contains(r.Text, "https://") || strings.Contains(r.Text, words) == whole || r.Pointer != words || !r.Linkless || r.TooLong() {
			t.Errorf("whole %t: %q, %q", whole, r.Text, r.Pointer)
		}
	}
	q := questionAt(12, "elsewhere", "square")
	if r := only(t, p.Copies(hour(), q, q.Latest()), "answer:elsewhere:square:12"); r.Linkless || r.Pointer != p.link(q.Ref) ||
		!strings.Contains(r.Text, r.Pointer) {
		t.Errorf("elsewhere: %q, %q", r.Text, r.Pointer)
	}
	s := hour()
	s.Language, s.State = session.English, session.Open
	s.Targets = []session.Target{{Connector: sandbox, Place: "square"}}
	for _, r := range p.Announcements(s, time.Time{}) {
		if r.Text != "" && (strings.Contains(r.Text, "https://") || !strings.Contains(r.Text, "See our page; its address is in our profile.")) {
			t.Errorf("announced %q", r.Text)
		}
	}
	const notice = "See question #12 on our page; its address is in our profile."
	if got := elsewhere(session.KindOutcome, p.link(q.Ref), session.English); got != notice {
		t.Errorf("a notice: %q", got)
	}
}
