package routing

import (
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// calling are planner's facts with a platform that must call its askers by name.
func calling(most int) Planner {
	p := planner()
	p.Limits = func(id session.ConnectorID) (connector.Limits, bool) {
		l, ok := facts(id)
		if id == birds {
			l.Longest = connector.AtMost(most, session.Graphemes)
			l.Address = func(o session.Origin) string { return string(o.User) }
		}
		return l, ok
	}
	return p
}

// The name by which an asker is called is a part of what is approved, for each their own.
func TestTheAskerIsCalledInTheApprovedText(t *testing.T) {
	t.Parallel()
	q := questionAt(12, birds, "")
	q.Origin.User = "@anna@x.lv"
	q.Followers = []session.Follow{follow(14, birds, "", session.English), follow(15, birds, "", session.English)}
	q.Followers[0].Origin.User = "@jana"
	rs := calling(300).Copies(hour(), q, q.Latest())
	for key, want := range map[string]string{"answer:birds::12": "@anna@x.lv By 1 June.", "answer:birds::14": "@jana By 1 June.",
		"answer:birds::15": "By 1 June.", "answer:page::12": "By 1 June."} {
		if r := only(t, rs, key); !strings.HasPrefix(r.Text, want) {
			t.Errorf("%s reads %q, want %q at its beginning", key, r.Text, want)
		}
	}
	q.State, q.Reason = session.Declined, "off_topic"
	if ns := calling(300).Notices(hour(), q); len(ns) != 3 || ns[0].Text != "@anna@x.lv Off topic." ||
		ns[1].Text != "@jana Off topic." {
		t.Errorf("notices %+v", ns)
	}
}

func TestANameIsWholeOrLeftOut(t *testing.T) {
	t.Parallel()
	q := questionAt(12, birds, "")
	q.Origin.User = "@anna@x.lv"
	for most, want := range map[int]string{10: "", 11: "", 12: "@anna@x.lv …", 20: "@anna@x.lv …"} {
		r := only(t, calling(most).Copies(hour(), q, q.Latest()), "answer:birds::12")
		if r.TooLong() || want != "" && r.Text != want || want == "" && strings.Contains(r.Text, "@") {
			t.Errorf("within %d it reads %q (%d), want %q", most, r.Text, r.Length, want)
		}
	}
}

// Whom a stranger names in a question is not called by a copy that quotes it.
func TestAQuotedQuestionCallsNobody(t *testing.T) {
	t.Parallel()
	q := questionAt(12, sandbox, "square")
	q.Text = "Does @minister@x.lv know?"
	r := only(t, planner().Copies(hour(), q, q.Latest()), "answer:announce::12")
	if !strings.Contains(r.Text, "Does minister@x.lv know?") {
		t.Errorf("it reads %q", r.Text)
	}
}
