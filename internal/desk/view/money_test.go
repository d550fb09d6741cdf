package view

import (
	"slices"
	"testing"

	"experthour/internal/session"
)

// TestWhatWaitsForMoneyIsSaid: how much was spent and what waits, and by how much to lift the ceiling, and
// where, if that must be said.
func TestWhatWaitsForMoneyIsSaid(t *testing.T) {
	t.Parallel()
	r := newKit(t).reader("#", anna)
	waits := session.Unpaid{Question: 12, Price: 200, Spent: 4815, Ceiling: 5000}
	r.Session.Money = []session.Spending{{Connector: "paper", Unpaid: waits}, {Connector: "radio", More: 1000}}
	want := "paper: $4.815 of the $5.00 that the posts of this expert hour may cost are spent. What is to be posted for #12 costs $0.20, " +
		"so it waits, and so does all that is behind it there; take-backs still go out. A moderator can lift the ceiling."
	if got := r.Waiting(); !slices.Equal(got, []string{want}) {
		t.Errorf("%q", got)
	}
	f := r.HourForm(session.Lift, nil)
	if len(f.Fields) != 1 || f.Fields[0].Value[0] != "5" || f.Fields[0].Options[1].Label != "$5" {
		t.Errorf("%+v", f)
	}
	r.Session.Money[1].Unpaid = session.Unpaid{Price: 15, Spent: 990, Ceiling: 1000}
	if got := r.Waiting(); len(got) != 2 || got[1][:41] != "radio: $0.99 of the $1.00 that the posts " {
		t.Errorf("%q", got)
	}
	f = r.HourForm(session.Lift, nil)
	if len(f.Fields) != 2 || f.Fields[0].Options[1].Value != "radio" {
		t.Errorf("%+v", f)
	}
}
