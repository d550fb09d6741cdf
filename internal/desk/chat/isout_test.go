package chat

import (
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// TestItIsOut: the form asks where, says what that is good for, and decides about the very
// copy whose button was pressed.
func TestItIsOut(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Why?")
	k.answerIn(n)
	k.submit(olga, k.press(olga, n, "Approve").Form, nil)
	c := k.q(n).Copies[0]
	_, err := k.svc.Do(t.Context(), session.Program, session.RecordParked{On: session.On{Question: k.q(n).Ref}, Copy: c.Key(),
		Trying: c.Wanted, Problem: session.Unsure})
	k.must(err)
	card := k.card(n)
	label := ""
	for _, b := range card.Buttons {
		if strings.HasSuffix(b.Label, "It is out") {
			label = b.Label
		}
	}
	f := k.pressOld(anna, card, label).Form
	if f == nil || len(f.Fields) != 1 || !strings.Contains(f.Fields[0].Hint, "corrected and taken back") {
		t.Fatalf("the form: %+v", f)
	}
	if a := k.submit(anna, f, connector.Values{"url": {strings.Repeat("x", 301)}}); a.Wrong["url"] == "" {
		t.Errorf("a long address: %+v", a)
	}
	if a := k.submit(anna, f, connector.Values{"url": {"https://square.example/1"}}); !a.Close || a.Say != "" {
		t.Fatalf("%+v", a)
	}
	if c := k.q(n).Copies[0]; c.Problem != session.NoProblem || c.URL != "https://square.example/1" {
		t.Errorf("%+v", c)
	}
	if a := k.submit(olga, f, nil); !a.Close || !strings.Contains(a.Say, "decided") {
		t.Errorf("too late: %+v", a)
	}
}
