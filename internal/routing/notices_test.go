package routing

import (
	"strings"
	"testing"

	"experthour/internal/session"
)

func TestNotices(t *testing.T) {
	t.Parallel()
	const link = "https://jautajumi.example.lv/s/tax-2026/q/7"
	for state, c := range map[session.State]struct {
		set  func(q *session.Question)
		want []string // what the notice says; empty for no notice
	}{
		session.Received:  {},
		session.Queued:    {},
		session.Claimed:   {},
		session.Review:    {},
		session.Approved:  {},
		session.Published: {},
		session.Withdrawn: {},
		session.Declined:  {func(q *session.Question) { q.Reason = "off_topic" }, []string{"Off topic."}},
		session.Expired:   {func(q *session.Question) { q.Reason = session.NotReached }, []string{"No time left."}},
		session.Merged:    {func(q *session.Question) { q.Into = 7 }, []string{"#7", "\n\n" + link}},
		session.Retracted: {nil, []string{"has been retracted"}},
		session.Redirected: {func(q *session.Question) {
			q.Forward = &session.Forward{Institution: "the Land Register", Email: true, Answered: 7}
		}, []string{"another institution.\n", "info@example.lv\n", "#7", "\n\n" + link}},
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			q := questionAt(12, sandbox, "square")
			q.State = state
			if c.set != nil {
				c.set(&q)
			}
			rs := planner().Notices(hour(), q)
			if len(c.want) == 0 {
				if len(rs) > 0 {
					t.Fatalf("notices %v, want none", rs)
				}
				return
			}
			if keys(rs) != "outcome:sandbox:square:12" {
				t.Fatalf("notices %s", keys(rs))
			}
			for _, w := range c.want {
				if !strings.Contains(rs[0].Text, w) {
					t.Errorf("notice reads %q, without %q", rs[0].Text, w)
				}
			}
		})
	}
}

// TestNoticeOfACancelledHour says that it is cancelled, why, and when it will be instead.
func TestNoticeOfACancelledHour(t *testing.T) {
	t.Parallel()
	s, q := hour(), questionAt(12, sandbox, "square")
	s.State, s.CalledOff = session.Cancelled, &session.CalledOff{Reason: "The expert is ill.", NewDate: "2026-12-24"}
	q.State, q.Reason = session.Expired, session.NotReached
	rs := planner().Notices(s, q)
	for _, text := range []string{"The expert hour has been called off", "Reason: The expert is ill.",
		"New date: Thursday, 24 December 2026"} {
		if len(rs) != 1 || !strings.Contains(rs[0].Text, text) {
			t.Errorf("%q is not in %+v", text, rs)
		}
	}
}

// The table above has every state; a new one must be thought about.
func TestNoticesKnowEveryState(t *testing.T) {
	t.Parallel()
	for _, s := range session.States {
		q := questionAt(12, sandbox, "square")
		q.State = s
		for _, r := range planner().Notices(hour(), q) {
			if r.Text == "" || strings.HasPrefix(r.Text, "status.") {
				t.Errorf("%s: notice reads %q", s, r.Text)
			}
		}
	}
}

func TestNoNoticeWhereAskersHaveAPage(t *testing.T) {
	t.Parallel()
	for _, c := range []session.ConnectorID{session.Page, announce, "gone", ""} {
		q := questionAt(12, c, "")
		q.State, q.Reason = session.Declined, "off_topic"
		if rs := planner().Notices(hour(), q); len(rs) > 0 {
			t.Errorf("%q: notice %q", c, rs[0].Text)
		}
	}
}

func TestReasonThatIsNotConfigured(t *testing.T) {
	t.Parallel()
	q := questionAt(12, sandbox, "square")
	q.State, q.Reason, q.Language = session.Expired, session.NotReached, session.Latvian
	if got := planner().Notices(hour(), q)[0].Text; !strings.Contains(got, "nepietika laika") {
		t.Errorf("notice reads %q", got)
	}
}

func TestNoticeStaysWithinItsLimit(t *testing.T) {
	t.Parallel()
	q := questionAt(12, birds, "")
	q.State, q.Forward = session.Redirected, &session.Forward{Institution: strings.Repeat("Very Long Office ", 30), Answered: 7}
	r := planner().Notices(hour(), q)[0]
	if r.TooLong() || !strings.HasSuffix(r.Text, "/q/7") {
		t.Errorf("%d of %d: %q", r.Length, r.Limit, r.Text)
	}
}

// From one command to the next: which notices the domain then wants.
func TestRestoringTakesTheNoticeBack(t *testing.T) {
	t.Parallel()
	q := questionAt(12, sandbox, "square")
	q.State, q.Reason = session.Declined, "off_topic"
	if len(planner().Notices(hour(), q)) != 1 {
		t.Fatal("no notice of the decline")
	}
	q.State, q.Reason = session.Queued, ""
	if rs := planner().Notices(hour(), q); len(rs) != 0 {
		t.Errorf("after restoring: %s", keys(rs))
	}
}
