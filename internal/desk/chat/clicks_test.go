package chat

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// clicks counts what people press.
type clicks struct {
	*kit
	n int
}

func (c *clicks) on(name session.PersonName, card int, label string) connector.Answer {
	c.Helper()
	c.n++
	return c.press(name, card, label)
}

func (c *clicks) in(name session.PersonName, f *connector.Form, label string) connector.Answer {
	c.Helper()
	c.n++
	return c.inForm(name, f, label, filled(f))
}

func (c *clicks) send(name session.PersonName, f *connector.Form) connector.Answer {
	c.Helper()
	c.n++
	return c.submit(name, f, filled(f))
}

// TestClicksOfAnHour counts the presses of an hour with 60 questions that are all
// answered. The README says the same number.
func TestClicksOfAnHour(t *testing.T) {
	t.Parallel()
	const many = 60
	c := &clicks{kit: hour(t)}
	for i := range many {
		c.ask("Question number " + strings.Repeat("x", i+1) + "?")
	}
	f := c.on(anna, 0, "Next (60 new)").Form
	for f.Key != "" {
		f = c.in(anna, f, "Accept").Form
	}
	for n := 1; n <= many; n++ {
		c.says(janis, n, "r"+itoa(n), "Answer "+itoa(n)+".") // no press: the expert only replies
	}
	c.pass(21 * time.Second)
	c.must(c.svc.Tick(t.Context(), c.session()))
	c.must(c.svc.Tick(t.Context(), c.session())) // fifty at a time
	f = c.on(anna, 0, "To approve (60)").Form
	for n := 1; n <= many; n++ {
		f = c.send(anna, f).Form
		c.state(n, session.Approved)
		c.sent(n)
	}
	c.pass(2 * time.Hour)
	c.must(c.svc.Tick(t.Context(), c.session())) // the clock stops the hour
	c.send(anna, c.on(anna, 0, "Close the hour").Form)
	if s := c.session(); s.State != session.Closed {
		t.Fatalf("the hour is %s", s.State)
	}
	if want := 1 + many + 1 + many + 2; c.n != want {
		t.Errorf("%d presses, want %d", c.n, want)
	}
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), strconv.Itoa(c.n)+" presses") {
		t.Errorf("the README does not say %d presses", c.n)
	}
}

// sent records that every copy of a question is out, as the worker does.
func (k *kit) sent(n int) {
	k.Helper()
	q := k.q(n)
	for _, p := range q.Copies {
		if p.Wanted != 0 {
			_, err := k.svc.Do(k.Context(), session.Program, session.RecordSent{On: session.On{Question: q.Ref}, Copy: p.Key(), Brought: p.Wanted})
			k.must(err)
		}
	}
}
