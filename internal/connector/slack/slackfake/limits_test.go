package slackfake_test

import (
	"net/http"
	"testing"
	"time"

	"experthour/internal/connector/slack/slackfake"
)

func TestPostingLimitByChannel(t *testing.T) {
	t.Parallel()
	c := newClock()
	r, w := start(t, slackfake.Options{Now: c.Now})
	w.Channel("C1")
	w.Channel("C2")
	post := func(ch string) int { return r.call("chat.postMessage", "channel", ch, "text", "x").status }
	for range 3 {
		if got := post("C1"); got != 200 {
			t.Fatalf("burst: %d", got)
		}
	}
	a := r.call("chat.postMessage", "channel", "C1", "text", "x")
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "1" || a.code() != "ratelimited" {
		t.Errorf("got %d %v %s", a.status, a.header, a.text)
	}
	if got := post("C2"); got != 200 {
		t.Errorf("another channel: %d", got)
	}
	c.advance(time.Second)
	if got := post("C1"); got != 200 {
		t.Errorf("a second later: %d", got)
	}
	if got := post("C1"); got != 429 {
		t.Errorf("and at once: %d", got)
	}
	if w.Limited() != 2 {
		t.Errorf("limited %d", w.Limited())
	}
	if n := len(w.Channel("C1").Messages()); n != 4 {
		t.Errorf("%d messages: a limited post must not appear", n)
	}
}

func TestTierOfUpdate(t *testing.T) {
	t.Parallel()
	c := newClock()
	r, w := start(t, slackfake.Options{Now: c.Now, TierBurst: 2})
	w.Channel("C1")
	ts := r.post("text", "x")
	update := func() int { return r.call("chat.update", "channel", "C1", "ts", ts, "text", "y").status }
	for i, want := range []int{200, 200, 429} {
		if got := update(); got != want {
			t.Errorf("update %d: %d, the burst is two", i, got)
		}
	}
	c.advance(1200 * time.Millisecond) // fifty a minute
	if update() != 200 || update() != 429 {
		t.Error("one every 1.2 s")
	}
	if r.call("auth.test").status != 200 {
		t.Error("other methods have their own budget")
	}
}

func TestSlowReads(t *testing.T) {
	t.Parallel()
	c := newClock()
	r, w := start(t, slackfake.Options{Now: c.Now, SlowReads: true, PostBurst: 20})
	w.Channel("C1")
	for range 17 {
		r.post("text", "x")
	}
	a := r.call("conversations.history", "channel", "C1", "limit", "500")
	if len(a.messages()) != 15 {
		t.Errorf("%d items", len(a.messages()))
	}
	a = r.call("conversations.history", "channel", "C1")
	if a.status != 429 || a.header.Get("Retry-After") != "60" {
		t.Errorf("got %d %v", a.status, a.header)
	}
	c.advance(time.Minute)
	wantOK(t, r.call("conversations.history", "channel", "C1"))
}

func TestShapesOfLimits(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{})
	w.Limit("auth.test", 1, 7*time.Second)
	if a := r.call("auth.test"); a.status != 429 || a.header.Get("Retry-After") != "7" {
		t.Errorf("got %d %v", a.status, a.header)
	}
	w.SetShape(slackfake.Bare429)
	w.Limit("auth.test", 1, 7*time.Second)
	if a := r.call("auth.test"); a.status != 429 || a.header.Get("Retry-After") != "" {
		t.Errorf("got %d %v", a.status, a.header)
	}
	w.SetShape(slackfake.OKRatelimited)
	w.Limit("auth.test", 1, 7*time.Second)
	wantCode(t, r.call("auth.test"), "ratelimited")
	wantOK(t, r.call("auth.test"))
	if w.Limited() != 3 {
		t.Errorf("limited %d", w.Limited())
	}
}

func TestNoLimits(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	w.Channel("C1")
	for range 100 {
		r.post("text", "x")
	}
	if w.Limited() != 0 {
		t.Errorf("limited %d", w.Limited())
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault   slackfake.Fault
		applied bool
		status  int // 0: no answer
		text    string
	}{
		"dropped before": {slackfake.DropBefore, false, 0, ""},
		"dropped after":  {slackfake.DropAfter, true, 0, ""},
		"error before":   {slackfake.ErrorBefore, false, 503, "<html>503</html>"},
		"error after":    {slackfake.ErrorAfter, true, 503, "<html>503</html>"},
		"garbage after":  {slackfake.GarbageAfter, true, 200, "<html>upstream said something odd</html>"},
		"empty after":    {slackfake.EmptyAfter, true, 200, "{}"},
		"bare ok after":  {slackfake.BareOKAfter, true, 200, `{"ok":true}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, w := start(t, slackfake.Options{})
			c1 := w.Channel("C1")
			w.Fail("chat.postMessage", 1, c.fault)
			a, err := r.try("chat.postMessage", "channel", "C1", "text", "x")
			if (c.status == 0) != (err != nil) || a.status != c.status || a.text != c.text {
				t.Errorf("got %d %q, %v", a.status, a.text, err)
			}
			if got := len(c1.Messages()) == 1; got != c.applied {
				t.Errorf("applied: %v", got)
			}
			wantOK(t, r.call("chat.postMessage", "channel", "C1", "text", "x"))
		})
	}
}

func TestHangsEndWithTheClientAndWithTheWorkspace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault   slackfake.Fault
		applied int
	}{"before": {slackfake.HangBefore, 0}, "after": {slackfake.HangAfter, 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, w := start(t, slackfake.Options{})
			c1 := w.Channel("C1")
			w.Fail("chat.postMessage", 2, c.fault)
			impatient := &http.Client{Timeout: 50 * time.Millisecond}
			if _, err := impatient.PostForm(w.URL()+"chat.postMessage",
				map[string][]string{"token": {r.token}, "channel": {"C1"}, "text": {"x"}}); err == nil {
				t.Error("it answered")
			}
			ended := handled(func() { _, _ = r.try("chat.postMessage", "channel", "C1", "text", "x") })
			if err := w.Await(within(t), func() bool { return len(c1.Messages()) >= c.applied }); err != nil {
				t.Error(err)
			}
			w.Close()
			<-ended
		})
	}
}

func TestRefuseDelayAndHeal(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{})
	w.Refuse("auth.test", 2, "fatal_error")
	wantCode(t, r.call("auth.test"), "fatal_error")
	w.Heal()
	w.Delay("auth.test", 1, time.Millisecond)
	wantOK(t, r.call("auth.test"))
	w.Delay("auth.test", 1, time.Hour)
	ended := handled(func() { _, _ = r.try("auth.test") })
	wantOK(t, r.call("users.list")) // others do not wait
	w.Close()
	<-ended
}

func TestLedger(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{})
	w.Channel("C1")
	ts := r.post("text", "one")
	r.call("chat.update", "channel", "C1", "ts", ts, "text", "two")
	r.call("pins.add", "channel", "C1", "timestamp", ts)
	r.call("reactions.add", "channel", "C1", "timestamp", ts, "name", "eyes")
	r.call("chat.delete", "channel", "C1", "ts", "1.0")
	r.call("chat.delete", "channel", "C1", "ts", ts)
	want := []string{"posted one", "edited two", "pinned two", "reacted ", "refused ", "deleted two"}
	got := w.Ledger()
	for i, e := range got {
		if s := string(e.Kind) + " " + e.Text; i >= len(want) || s != want[i] || e.At.IsZero() {
			t.Errorf("entry %d: %s", i, s)
		}
	}
	if len(got) != len(want) || len(w.Ledger(slackfake.Posted, slackfake.Deleted)) != 2 || got[4].Detail != "message_not_found" {
		t.Errorf("got %+v", got)
	}
}
