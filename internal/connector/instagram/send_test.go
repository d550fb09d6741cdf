package instagram

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/graph/graphtest"
	"experthour/internal/connector/instagram/instagramfake"
	"experthour/internal/session"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness { return newWorld(t).harness() })
}

// TestDoneAndBroken: what was written and answered otherwise is found, and stands once.
func TestDoneAndBroken(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"page": graphtest.HTMLPage, "nothing": "", "1": saysNo(1), "2": saysNo(2), "no id": `{}`} {
		for _, status := range []int{200, 500, 502} {
			t.Run(fmt.Sprint(name, " ", status), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				p := w.answer("k1", "@ilze.ozola Skat. https://a.lv/x?a=1&b=2 <šeit>.")
				w.fake.Break("reply", status, body)
				_, err := w.Reply(t.Context(), p)
				w.Wants("reply", err, connector.Unsure)
				sent, ok, err := w.Find(t.Context(), p)
				if !ok || err != nil || sent.Message != w.own()[0].ID {
					t.Fatalf("found %+v, %v, %v", sent, ok, err)
				}
				w.fake.Break("delete", 500, body)
				w.Wants("retract", w.Retract(t.Context(), sent.Message, p), connector.Unsure)
				w.Must(w.Retract(t.Context(), sent.Message, p))
				w.stands()
			})
		}
	}
}

// TestNotDone: what a proxy answered was not done, and Find says so once it can look.
func TestNotDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	w.fake.Answer("reply", 502, graphtest.HTMLPage)
	_, err := w.Reply(t.Context(), p)
	w.Wants("reply", err, connector.Unsure)
	for _, op := range []string{"me", "node", "replies"} {
		w.fake.Answer(op, 502, graphtest.HTMLPage)
		if _, ok, err := w.again(op).Find(t.Context(), p); ok || err == nil {
			t.Errorf("%s: found %v, %v", op, ok, err)
		}
	}
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
}

// TestFind: somebody else's reply with the same text is not ours, nor is one from before the
// approval, nor one elsewhere; one on a later page is.
func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.fake.Write(ilze, "", "Un kad?")
	w.fake.Write(instagramfake.SelfName, w.original, "Jā.")
	w.Clock.Pass(time.Hour)
	p := w.answer("k1", "Jā.")
	w.fake.Write(janis, w.original, "Jā.")
	w.fake.Write(instagramfake.SelfName, other, "Jā.")
	w.fake.Write(instagramfake.SelfName, "", "Jā.")
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	ours := w.fake.Write(instagramfake.SelfName, w.original, "Jā.")
	for i := range 60 {
		w.Clock.Pass(time.Second)
		w.fake.Write(janis, w.original, fmt.Sprint(i))
	}
	w.fake.Change(ours, func(c *instagramfake.Comment) { c.Text = " Jā" })
	w.fake.Change(w.original, func(c *instagramfake.Comment) { c.Hidden = true })
	if sent, _, err := w.Find(t.Context(), p); err != nil || sent.Message != session.MessageID(ours) {
		t.Errorf("found %v, %v", sent, err)
	}
	w.fake.Remove(w.original)
	if _, ok, err := w.Find(t.Context(), p); ok || err == nil {
		t.Errorf("under what is gone: %v, %v", ok, err)
	}
}

// TestTopLevel: an answer to a reply stands under the top comment, and names who asked.
func TestTopLevel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	below := w.fake.Write(janis, w.original, "Un man?")
	p := w.answer("k1", "Jā.")
	p.Original = w.origin(below)
	sent, err := w.Reply(t.Context(), p)
	w.Must(err)
	if got := w.own(); len(got) != 1 || got[0].Under != session.MessageID(w.original) {
		t.Errorf("it stands as %+v", got)
	}
	if found, ok, err := w.Find(t.Context(), p); !ok || err != nil || found != sent {
		t.Errorf("found %+v, %v, %v", found, ok, err)
	}
	for user, want := range map[session.UserRef]string{ilze: "@ilze.ozola", "comment 1": "", "a b": "", "": "", "x\u202e": ""} {
		if got := address(session.Origin{User: user}); got != want {
			t.Errorf("%q is addressed as %q", user, got)
		}
	}
}

// TestOutcomes: what each of the codes means for a post, and how long the app is to wait.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for code, want := range map[int]connector.Outcome{100: connector.Refused, 10: connector.Refused, 200: connector.Refused,
		4: connector.Deferred, 17: connector.Deferred, 613: connector.Deferred, 1: connector.Unsure, 2: connector.Unsure} {
		w.fake.Answer("reply", 400, saysNo(code))
		_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		w.Wants(fmt.Sprint(code), err, want)
	}
	w.fake.PerHour(0)
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("rate", err, connector.Deferred)
	if wait := connector.OutcomeOf(err).Wait; wait != 9*time.Minute {
		t.Errorf("it waits for %v", wait)
	}
	w.stands()
}

// TestGonePlaces: a reply to what is gone or hidden is refused before anybody sees it, and what
// was deleted is taken back.
func TestGonePlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	sent, err := w.Reply(t.Context(), p)
	w.Must(err)
	w.fake.Answer("delete", 200, `{"success":false}`)
	w.Wants("delete", w.Retract(t.Context(), sent.Message, p), connector.Refused)
	w.fake.Change(w.original, func(c *instagramfake.Comment) { c.Hidden = true })
	_, err = w.Reply(t.Context(), p)
	w.Wants("hidden", err, connector.Refused)
	w.fake.Answer("node", 502, graphtest.HTMLPage)
	if _, err := w.Stands(t.Context(), sent.Message, p); err == nil {
		t.Error("nobody knows whether it stands")
	}
	w.fake.Remove(w.original)
	w.Must(w.Retract(t.Context(), sent.Message, p))
	_, err = w.Reply(t.Context(), p)
	w.Wants("gone", err, connector.Refused)
	if n := w.fake.Calls("reply"); n != 1 || !strings.Contains(err.Error(), "not there") {
		t.Errorf("%d replies, %v", n, err)
	}
}
