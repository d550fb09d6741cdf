package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/testenv"

	"github.com/chromedp/chromedp"
)

// decided is an hour with two programs on one store. A moderator declined #1, which was asked
// in private, and accepted #2, which was asked on the page; then the program that they
// pressed in was killed, and the other one is left.
func decided(t *testing.T, undo string) *square {
	desk := strings.Replace(fmt.Sprintf(chatDesk, "1s"), `undo = "0s"`, fmt.Sprintf("undo = %q", undo), 1)
	s := openSquare(t, "polling", realRedis(t), chatPublic+desk, telegramfake.Options{})
	s.openHour()
	s.ilze.Start("")
	s.ilze.Write("Who is a thief?")
	s.await(s.ilze.Chat(), "Question #1 has arrived")
	s.ask("homes", "May a tenant apply?")
	s.card(2, "Accept")
	other, token := s.replica(), s.at.token("Anna Bērziņa")
	for _, give := range []struct {
		verb string
		with map[string]any
	}{{"1/decline", map[string]any{"reason": "off_topic"}}, {"2/accept", map[string]any{}}} {
		status, out := s.at.api(token, http.MethodPost, "/api/v1/desk/sessions/homes/questions/"+give.verb, give.with)
		if status != http.StatusOK {
			t.Fatalf("%s: %d %v", give.verb, status, out)
		}
	}
	s.kill()
	s.at, s.token = other, token
	return s
}

// outside is what the public page reads, and what the one who asked in private was told.
func (s *square) outside() string {
	s.Helper()
	resp, err := http.Get(s.at.base + "/s/homes")
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return string(page) + s.ilze.Chat().String()
}

// happened gives when something was last done to a question, by the record.
func (s *square) happened(n int, verb string) (at time.Time) {
	s.Helper()
	_, out := s.at.api(s.token, http.MethodGet, fmt.Sprintf("/api/v1/desk/sessions/homes/log?question=%d", n), nil)
	for _, e := range out["entries"].([]any) {
		if e := e.(map[string]any); e["verb"] == verb {
			at, _ = time.Parse(time.RFC3339, e["at"].(string))
		}
	}
	return at
}

const declinedWord = "not about the topic of this expert hour"

// TestUndoAfterADeath: the process in which a moderator decided is killed while the decision
// can be undone. It is undone at another one, and nobody outside ever heard of it.
func TestUndoAfterADeath(t *testing.T) {
	t.Parallel()
	s := decided(t, "1m")
	s.press(1, s.janis, "Undo")
	s.press(2, s.janis, "Undo")
	s.card(1, "Accept")
	s.card(2, "Accept")
	for n, verb := range []string{1: "decline", 2: "accept"} {
		if n > 0 && (s.happened(n, verb).IsZero() || s.happened(n, "undo").IsZero() || !s.happened(n, "conclude").IsZero()) {
			t.Errorf("#%d was not decided and undone, or was concluded", n)
		}
	}
	if out := s.outside(); strings.Contains(out, "May a tenant apply?") || strings.Contains(strings.ToLower(out), declinedWord) {
		t.Errorf("it was undone, and outside one reads:\n%s", out)
	}
	s.healthy()
}

// TestConcludedAfterADeath: nobody undoes it. The program that is left tells the public when
// its time is over, and not before.
func TestConcludedAfterADeath(t *testing.T) {
	t.Parallel()
	const undo = 3 * time.Second
	s := decided(t, undo.String())
	var told, shown time.Time
	testenv.Until(t, "the public is told of both decisions", func() bool {
		out := s.outside()
		if told.IsZero() && strings.Contains(strings.ToLower(out), declinedWord) {
			told = time.Now()
		}
		if shown.IsZero() && strings.Contains(out, "May a tenant apply?") {
			shown = time.Now()
		}
		return !told.IsZero() && !shown.IsZero()
	})
	for what, at := range map[string][2]time.Time{"declined": {s.happened(1, "decline"), told}, "accepted": {s.happened(2, "accept"), shown},
		"decline concluded": {s.happened(1, "decline"), s.happened(1, "conclude")},
		"accept concluded":  {s.happened(2, "accept"), s.happened(2, "conclude")}} {
		if at[0].IsZero() || at[1].Before(at[0].Add(undo)) {
			t.Errorf("%s at %s, and that came out at %s", what, at[0], at[1])
		}
	}
	if n := s.times(s.ilze.Chat(), declinedWord); n != 1 {
		t.Errorf("told %d times", n)
	}
	s.healthy()
}

// TestUndoByKey: in the browser a moderator accepts by A and takes that back by Z, on the
// page of triage and on the board.
func TestUndoByKey(t *testing.T) {
	t.Parallel()
	i := found(t, "embedded", `undo = "0s"`, `undo = "1m"`)
	b := openBrowser(t)
	i.schedule("homes")
	public, anna := b.tab("citizen", i.base+"/s/homes"), b.desk("moderator", i.link("Anna Bērziņa"))
	ask(public, "May a tenant apply?")
	public.open(i.base + "/s/homes")
	anna.open(i.base + "/desk/anna-berzina/homes/triage")
	anna.see("h1", "May a tenant apply?")
	anna.key("a")
	anna.see("#status", "Q1: accepted")
	anna.key("z")
	anna.see("#status", "Q1: undone")
	anna.see("h1", "May a tenant apply?")

	anna.open(i.base + "/desk/anna-berzina/homes")
	anna.press(`form[action$="/q/1/accept"] button`)
	anna.see("#flash", "Q1: accepted")
	anna.see("#undo button", "Undo")
	anna.key("z")
	anna.see("#flash", "Q1: undone")
	anna.see(`form[action$="/q/1/accept"] button`, "")
	if public.open(i.base + "/s/homes"); public.shows("main", "May a tenant apply?") {
		t.Error("the public reads what was undone")
	}
}

// key presses one key, wherever the focus is, once the page listens for it.
func (p *tab) key(key string) {
	p.t.Helper()
	p.until("the page is there", `document.readyState === "complete"`)
	p.do("press the key "+key, chromedp.KeyEvent(key))
}
