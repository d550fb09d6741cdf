package routing

import (
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// TestAnnouncements: one thing at a time, at places only, within the limit.
func TestAnnouncements(t *testing.T) {
	t.Parallel()
	p := Planner{PublicURL: "https://x.lv", Hashtags: []string{"tax"},
		Limits: func(session.ConnectorID) (connector.Limits, bool) { return connector.Limits{Text: 300}, true }}
	s := session.Session{ID: "tax", Title: "Tax hour", Topic: strings.Repeat("Taxes. ", 100), Language: session.English, Zone: "Europe/Riga",
		Start: noon, End: noon.Add(time.Hour), AskFrom: noon, Experts: []session.Expert{{Name: "Edgars", Office: "Tax Office"}},
		Targets: []session.Target{{Connector: "tg", Place: "-100"}, {Connector: "tg2"}}}
	for _, c := range []struct {
		state  session.SessionState
		remind []session.Reminder
		closed time.Time
		what   string
		reads  string
	}{
		{session.Scheduled, nil, time.Time{}, "scheduled", "Edgars, Tax Office"},
		{session.Open, nil, time.Time{}, "open", "https://x.lv/s/tax"},
		{session.Open, []session.Reminder{session.RemindEnd}, time.Time{}, "ending", "15:00"},
		{session.Closing, nil, time.Time{}, "", ""},
		{session.Closed, nil, noon, "closed", "https://x.lv/s/tax/transcript"},
		{session.Archived, nil, noon.Add(-25 * time.Hour), "", ""},
		{session.Cancelled, nil, noon, "cancelled", "Tax hour"},
		{session.Draft, nil, time.Time{}, "", ""},
	} {
		s.State, s.Reminded, s.Closed = c.state, c.remind, c.closed
		as := p.Announcements(s, noon.Add(time.Minute))
		if c.what == "" {
			if len(as) != 0 {
				t.Errorf("%s: %+v", c.state, as)
			}
			continue
		}
		if len(as) != 1 || as[0].Key != c.what+"|tg|-100" || !strings.Contains(as[0].Post.Text, c.reads) || len([]rune(as[0].Post.Text)) > 300 {
			t.Errorf("%s: %+v", c.state, as)
		}
	}
}
