package session

import (
	"testing"
	"time"
)

// onThePage are two questions that were asked on the page of an hour that is on.
func onThePage(t *testing.T) *world {
	t.Helper()
	w := opened(t)
	for len(w.qs) < 2 {
		if _, err := w.ask("How much is it?"); err != nil {
			t.Fatal(err)
		}
	}
	for i := range w.qs {
		w.qs[i].Origin = Origin{Connector: Page}
	}
	return w
}

func (w *world) leaves(n int, email string) error {
	_, err := w.do(asker, LeaveAddress{On: w.on(n), Email: email})
	return err
}

// TestALaterAddressReplacesTheEarlier: of two windows the one that comes last.
func TestALaterAddressReplacesTheEarlier(t *testing.T) {
	t.Parallel()
	w := onThePage(t)
	for _, email := range []string{"ilze@example.lv", "ilze@example.lv", "dina@example.lv"} {
		if err := w.leaves(1, email); err != nil || w.q(1).Email != email {
			t.Errorf("%s: %v, it is %q", email, err, w.q(1).Email)
		}
	}
	before := w.q(1).Version
	if err := w.leaves(1, " dina@example.lv "); err != nil || w.q(1).Version != before {
		t.Errorf("the same once more: %v", err)
	}
	for _, bad := range []string{"", "dina@example.lv\r\nBcc: eve@example.lv", "dina@example.lv\neve@example.lv", "@", "a@b, c@d"} {
		if err := w.leaves(1, bad); KindOf(err) != Invalid || w.q(1).Email != "dina@example.lv" {
			t.Errorf("%q: %v, it is %q", bad, err, w.q(1).Email)
		}
	}
}

// TestAnAddressWhileADecisionCanBeUndone: the asker does not know of it yet, so it is taken, and
// stays whether or not the decision does.
func TestAnAddressWhileADecisionCanBeUndone(t *testing.T) {
	t.Parallel()
	for name, decide := range map[string]func(w *world){
		"declined":   func(w *world) { w.must(anna, DeclineQuestion{On: w.on(1), Reason: "off_topic"}) },
		"redirected": func(w *world) { w.must(anna, RedirectQuestion{On: w.on(1), Forward: Forward{Institution: "Customs"}}) },
		"merged":     func(w *world) { w.must(anna, MergeQuestion{On: w.on(1), Into: 2}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := onThePage(t)
			w.undo = 10 * time.Second
			decide(w)
			if err := w.leaves(1, "ilze@example.lv"); err != nil {
				t.Fatal(err)
			}
			w.must(anna, UndoDecision{On: w.on(1)})
			if q := w.q(1); q.State != Received || q.Email != "ilze@example.lv" || len(w.q(2).Followers) > 0 {
				t.Errorf("undone: %s, %q, followers %v", q.State, q.Email, w.q(2).Followers)
			}
			decide(w)
			w.at = w.at.Add(time.Minute)
			w.must(Program, ConcludeDecision{On: w.on(1)})
			if err := w.leaves(1, "dina@example.lv"); (err == nil) != (name == "merged") {
				t.Errorf("once it is told: %v", err)
			}
		})
	}
}

// TestAnAddressOfWhoWasMerged: the question that is answered knows of it, as long as nobody was
// told its answer.
func TestAnAddressOfWhoWasMerged(t *testing.T) {
	t.Parallel()
	w := onThePage(t)
	w.must(anna, AcceptQuestion{On: w.on(2)})
	w.must(anna, MergeQuestion{On: w.on(1), Into: 2})
	if err := w.leaves(1, "ilze@example.lv"); err != nil || w.q(1).Email == "" || !w.q(2).Followers[0].Letters {
		t.Fatalf("%v; %q, %+v", err, w.q(1).Email, w.q(2).Followers)
	}
	w.must(Program, ForgetQuestion{On: w.on(1), What: Emails})
	w.must(edgars, SubmitAnswer{On: w.on(2), Text: "Five."})
	if err := w.leaves(1, "dina@example.lv"); err != nil || w.q(1).Email != "dina@example.lv" {
		t.Errorf("in review: %v, %q", err, w.q(1).Email)
	}
	w.approve(t, anna, 2)
	if err := w.leaves(1, "ilze@example.lv"); KindOf(err) != Refused || w.q(1).Email != "dina@example.lv" {
		t.Errorf("approved: %v, %q", err, w.q(1).Email)
	}
}

// TestAnAddressIsNoDecision: who comes too late is told who decided.
func TestAnAddressIsNoDecision(t *testing.T) {
	t.Parallel()
	w := onThePage(t)
	w.must(anna, AcceptQuestion{On: w.on(1)})
	if err := w.leaves(1, "ilze@example.lv"); err != nil {
		t.Fatal(err)
	}
	if _, by := w.q(1).faster(); by != "Anna" {
		t.Errorf("who was faster is %q", by)
	}
}

// TestNoAddressAfterTheHour: nor from anywhere but the page, nor of anybody but the asker.
func TestNoAddressAfterTheHour(t *testing.T) {
	t.Parallel()
	w := onThePage(t)
	_, err := w.do(anna, LeaveAddress{On: w.on(1), Email: "ilze@example.lv"})
	kind(t, err, Forbidden)
	w.qs[1].Origin = Origin{Connector: blind, Place: "b"}
	kind(t, w.leaves(2, "ilze@example.lv"), Refused)
	for _, over := range []SessionState{Closed, Archived, Cancelled} {
		w.ses.State = over
		kind(t, w.leaves(1, "ilze@example.lv"), Refused)
	}
	if w.q(1).Email+w.q(2).Email != "" {
		t.Error("it is kept")
	}
}
