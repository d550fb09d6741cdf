package threads

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/graph/graphtest"
	"experthour/internal/connector/threads/threadsfake"
	"experthour/internal/session"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness { return newWorld(t).harness() })
}

// TestDoneAndBroken: what was published and answered otherwise is found by its container, and
// stands once also if it is tried again.
func TestDoneAndBroken(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"page": graphtest.HTMLPage, "nothing": "", "1": no400(1), "2": no400(2), "no id": `{}`} {
		for _, status := range []int{200, 400, 500, 502} {
			if status == 400 && !strings.Contains(body, "error") {
				continue // a refusal by somebody else: nobody did it
			}
			t.Run(fmt.Sprint(name, " ", status), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				p := w.answer("k1", "Skat. https://a.lv/x?a=1&b=2 <šeit>.")
				w.fake.Break("publish", status, body)
				_, err := w.Reply(t.Context(), p)
				w.Wants("reply", err, connector.Unsure)
				sent, ok, err := w.Find(t.Context(), w.Noted(p))
				if !ok || err != nil || sent.Message != w.own()[0].ID || !permalink.MatchString(sent.URL) {
					t.Fatalf("found %+v, %v, %v", sent, ok, err)
				}
				again, err := w.Reply(t.Context(), w.Noted(p))
				if err != nil || again != sent {
					t.Errorf("tried again: %+v, %v", again, err)
				}
				w.stands(p.Text)
				w.fake.Break("delete", 500, body)
				w.Wants("retract", w.Retract(t.Context(), sent.Message, p), connector.Unsure)
				w.Must(w.Retract(t.Context(), sent.Message, p))
				w.stands()
			})
		}
	}
}

// TestNotDone: what a proxy answered was not published; the container is used again.
func TestNotDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	w.fake.Answer("publish", 502, graphtest.HTMLPage)
	_, err := w.Reply(t.Context(), p)
	w.Wants("reply", err, connector.Unsure)
	w.fake.Answer("node", 502, graphtest.HTMLPage)
	if _, ok, err := w.Find(t.Context(), w.Noted(p)); ok || err == nil {
		t.Errorf("found %v, %v", ok, err)
	}
	if _, ok, err := w.Find(t.Context(), w.Noted(p)); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	_, err = w.Reply(t.Context(), w.Noted(p))
	w.Must(err)
	w.stands("Atbilde.")
	if n := w.fake.Made(); n != 1 {
		t.Errorf("%d containers", n)
	}
}

// TestPrepared: before its publication a post is seen by nobody, so that another container may
// be made; one that was not kept is not published.
func TestPrepared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	w.fake.Break("create", 500, graphtest.HTMLPage)
	_, err := w.Reply(t.Context(), p)
	w.Wants("reply", err, connector.Deferred)
	kept := p.KeepNote
	p.KeepNote = func(context.Context, string) error { return errKilled }
	_, err = w.Reply(t.Context(), p)
	w.Wants("reply", err, connector.Deferred)
	w.stands()
	p.KeepNote = kept
	_, err = w.Reply(t.Context(), p)
	w.Must(err)
	w.stands("Atbilde.")
	if n := w.fake.Made(); n != 3 {
		t.Errorf("%d containers", n)
	}
}

// TestContainers: one that is in progress is waited for, one that failed or expired is made anew,
// and one that fails again is refused.
func TestContainers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	w.fake.Prepare(time.Minute)
	_, err := w.Reply(t.Context(), p)
	w.Wants("in progress", err, connector.Deferred)
	if _, _, err := w.Find(t.Context(), w.Noted(p)); err == nil {
		t.Error("what is in progress is looked up")
	}
	w.Clock.Pass(25 * time.Hour)
	w.fake.Prepare(0)
	if _, ok, err := w.Find(t.Context(), w.Noted(p)); ok || err != nil {
		t.Errorf("expired: %v, %v", ok, err)
	}
	_, err = w.Reply(t.Context(), w.Noted(p))
	w.Must(err)
	w.stands("Atbilde.")
	w.fake.Fail()
	_, err = w.Reply(t.Context(), w.answer("k2", "Cita."))
	w.Wants("failed", err, connector.Refused)
	_, err = w.Reply(t.Context(), w.Noted(w.answer("k2", "Cita.")))
	w.Must(err)
	w.stands("Atbilde.", "Cita.")
	if n := w.fake.Made(); n != 4 {
		t.Errorf("%d containers", n)
	}
}

// TestUnready: a container that Threads does not know at once is tried again, and not for ever.
func TestUnready(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Unready(3)
	p := w.answer("k1", "Atbilde.")
	for range 2 {
		_, err := w.Reply(t.Context(), w.Noted(p))
		w.Wants("unready", err, connector.Deferred)
	}
	w.Clock.Pass(6 * time.Minute)
	_, err := w.Reply(t.Context(), w.Noted(p))
	w.Wants("unready", err, connector.Refused)
	_, err = w.Reply(t.Context(), w.Noted(p))
	w.Must(err)
	w.stands("Atbilde.")
}

// TestListedLater: what is out and not listed yet is looked for again, and counts as sent without
// an address when it stays so.
func TestListedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Lag(time.Minute)
	p := w.answer("k1", "Atbilde.")
	w.fake.Break("publish", 500, graphtest.HTMLPage)
	_, err := w.Reply(t.Context(), p)
	w.Wants("reply", err, connector.Unsure)
	if _, _, err := w.Find(t.Context(), w.Noted(p)); connector.OutcomeOf(err).Outcome != connector.Deferred {
		t.Errorf("not listed: %v", err)
	}
	w.Clock.Pass(time.Minute)
	if sent, ok, err := w.Find(t.Context(), w.Noted(p)); !ok || err != nil || sent.Message == "" {
		t.Errorf("found %+v, %v, %v", sent, ok, err)
	}
	w.fake.Lag(day)
	w.Clock.Pass(time.Hour)
	if sent, ok, err := w.Find(t.Context(), w.Noted(p)); !ok || err != nil || sent.Message != "" {
		t.Errorf("found %+v, %v, %v", sent, ok, err)
	}
}

// TestFind: without a note the account's own posts tell what was sent: those with the text, under
// the same one, since the approval.
func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.fake.Write(ilze, w.news, "Un kad?")
	w.fake.Write(threadsfake.SelfName, w.original, "Jā.")
	w.Clock.Pass(time.Hour)
	p := w.answer("k1", "Jā.")
	w.fake.Write(threadsfake.SelfName, other, "Jā.")
	w.fake.Write(janis, w.original, "Jā.")
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	ours := w.fake.Write(threadsfake.SelfName, w.original, "Jā.")
	w.fake.Change(ours, func(p *threadsfake.Post) { p.Text = " Jā" })
	for i := range 30 { // it stands on the second page
		w.fake.Write(threadsfake.SelfName, other, fmt.Sprint("Cita ", i))
		w.Clock.Pass(time.Second)
	}
	if sent, _, err := w.Find(t.Context(), p); err != nil || sent.Message != session.MessageID(ours) {
		t.Errorf("found %v, %v", sent, err)
	}
}

// TestOutcomes: what each of the codes means for a post, and how long the app is to wait.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for code, want := range map[int]connector.Outcome{100: connector.Refused, 10: connector.Refused, 200: connector.Refused,
		4: connector.Deferred, 17: connector.Deferred, 613: connector.Deferred, 1: connector.Unsure, 2: connector.Unsure} {
		w.fake.Answer("publish", 400, no400(code))
		_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		w.Wants(fmt.Sprint(code), err, want)
	}
	w.fake.Rate(0)
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("rate", err, connector.Deferred)
	if wait := connector.OutcomeOf(err).Wait; wait != 9*time.Minute {
		t.Errorf("it waits for %v", wait)
	}
	w.fake.Rate(1000)
	w.fake.Spend("replies", 1000)
	_, err = w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("quota", err, connector.Deferred)
	w.stands()
}

// TestGonePlaces: a reply to what is gone is refused before anybody sees it, and what was deleted
// is taken back. Somebody else's post is not.
func TestGonePlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	sent, err := w.Reply(t.Context(), p)
	w.Must(err)
	w.fake.Answer("delete", 200, `{"success":false}`)
	w.Wants("delete", w.Retract(t.Context(), sent.Message, p), connector.Refused)
	w.Wants("not ours", w.Retract(t.Context(), session.MessageID(w.original), p), connector.Refused)
	w.fake.Remove(string(sent.Message))
	w.Must(w.Retract(t.Context(), sent.Message, p))
	w.fake.Remove(w.original)
	n := w.fake.Made()
	_, err = w.Reply(t.Context(), p)
	w.Wants("gone", err, connector.Refused)
	w.fake.Answer("node", 200, `{"id":"1"}`) // it goes in between
	_, err = w.Reply(t.Context(), p)
	w.Wants("gone", err, connector.Refused)
	if w.fake.Made() != n {
		t.Error("a container was made")
	}
	w.fake.Answer("node", 502, graphtest.HTMLPage)
	if _, err := w.Stands(t.Context(), sent.Message, p); err == nil {
		t.Error("nobody knows whether it stands")
	}
}

// TestCount: emoji are their bytes, and letters of all kinds are one, as the fake counts too.
func TestCount(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, "Āā—…„€“": 7, "👍": 4, "👩‍👩‍👧‍👦": 25, "☀️": 6, "1️⃣": 7, "🇱🇻": 8, "👍🏽": 8, "a\u0301": 2,
		"שלום": 4, "№ 5": 3, "© 2026": 7, "\u200d👦": 7} {
		if got, fake := count(text), threadsfake.Length(text); got != want || fake != want {
			t.Errorf("%q counts %d, and %d at the fake; want %d", text, got, fake, want)
		}
	}
}

// FuzzCount: no text is counted shorter than its platform does, and two texts are as long as
// both together: what cuts a text relies on it.
func FuzzCount(f *testing.F) {
	f.Add("👩‍👩‍👧‍👦 a\u0301 1️⃣", "🇱")
	f.Fuzz(func(t *testing.T, a, b string) {
		a, b = strings.ToValidUTF8(a, ""), strings.ToValidUTF8(b, "")
		if got, least := count(a), threadsfake.Length(a); got < least {
			t.Errorf("%q counts %d, less than %d", a, got, least)
		}
		if both := count(a) + count(b); count(a+b) != both {
			t.Errorf("%q and %q count %d together, not %d", a, b, count(a+b), both)
		}
	})
}

// TestBudgets: a post on its own takes of another budget than a reply, and both of the calls.
func TestBudgets(t *testing.T) {
	t.Parallel()
	costs := func(r connector.Request) (all []int) {
		for _, b := range newWorld(t).Limits().Budgets {
			all = append(all, b.Cost(r))
		}
		return all
	}
	for r, want := range map[connector.Request][]int{connector.RequestAlone: {1, 0, 0, 5}, connector.RequestPost: {0, 1, 0, 5},
		connector.RequestRetract: {0, 0, 1, 1}, connector.RequestRead: {0, 0, 0, 1}, connector.RequestFind: {0, 0, 0, 2}} {
		if got := costs(r); !slices.Equal(got, want) {
			t.Errorf("%s costs %v, want %v", r, got, want)
		}
	}
}
