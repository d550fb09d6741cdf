package view

import (
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
)

// TestLateIsRare: a wait is late five minutes after the aim, and not before.
func TestLateIsRare(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	n := k.ask("Who pays?")
	aim := patience[session.Received]
	bound := aim + 5*time.Minute
	for waited, late := range map[time.Duration]bool{aim + time.Second: false, bound: false, bound + time.Second: true} {
		k.clock.Store(int64(waited))
		q := k.q(n)
		q.Since = noon
		if c := k.reader("Q", anna).Card(q, 0); c.Late != late || c.Wait == "" {
			t.Errorf("after %s: late is %t, %q", waited, c.Late, c.Wait)
		}
	}
}

// TestEndedSaysOnce: the badge says what became of a question, the line below it by whom and where to.
func TestEndedSaysOnce(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	n, into := k.ask("Who pays?"), k.ask("Who pays it?")
	k.do(anna, session.MergeQuestion{On: on(n), Into: into})
	k.do(anna, session.RedirectQuestion{On: on(into), Forward: session.Forward{Institution: "City of Riga"}})
	c := k.reader("Q", anna).Card(k.q(n), 0)
	if !strings.Contains(c.Badge.Text, "Q2") || strings.Contains(c.Outcome, "Q2") || !strings.Contains(c.Outcome, "By ") {
		t.Errorf("merged: %q, %q", c.Badge.Text, c.Outcome)
	}
	c = k.reader("Q", anna).Card(k.q(into), 0)
	if c.Badge.Text != "Redirected" || strings.Contains(c.Outcome, "Redirected") || !strings.Contains(c.Outcome, "To: City of Riga") {
		t.Errorf("redirected: %q, %q", c.Badge.Text, c.Outcome)
	}
}
