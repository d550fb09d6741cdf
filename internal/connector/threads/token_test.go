package threads

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/threads/threadsfake"
	"experthour/internal/setting"
)

// in asks who it is, which needs a token.
func (w *world) in(c *Threads) error {
	return c.login.Get(w.t.Context(), "/me", url.Values{"fields": {"id,username"}}, nil)
}

// TestRenewed: the token of the file is renewed before it ends, by one replica, and the others
// take the new one. So it goes on for ever.
func TestRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	two := w.replica("two", Settings{})
	for range 30 {
		w.must(w.in(w.Threads))
		w.must(w.in(two))
		w.clock.pass(10 * day)
	}
	if n := w.fake.Calls("refresh"); n < 5 || n > 8 {
		t.Errorf("%d renewals in 300 days", n)
	}
	if a, b := w.Trouble(), two.Trouble(); len(a)+len(b) > 0 {
		t.Errorf("found %+v, %+v", a, b)
	}
}

// TestRestarted: who starts later has the token of the vault, although the file's has ended.
func TestRestarted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.in(w.Threads))
	w.clock.pass(45 * day)
	w.must(w.in(w.Threads))
	w.clock.pass(40 * day)
	w.must(w.in(w.replica("two", Settings{})))
}

// TestUntold: where Threads says nothing of a token, it is renewed at once, or believed in while
// it is too young for that.
func TestUntold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Tester(false)
	w.must(w.in(w.Threads))
	if w.fake.Calls("refresh") != 1 {
		t.Error("it was not renewed")
	}
	w = newWorld(t)
	w.fake.Tester(false)
	w.fake.Issue(threadsfake.Token, time.Hour)
	w.must(w.in(w.Threads))
	w.clock.pass(2 * day)
	w.must(w.in(w.Threads))
	if n := w.fake.Calls("refresh"); n != 1 { // it was too early
		t.Errorf("%d renewals", n)
	}
	w.clock.pass(44 * day)
	w.must(w.in(w.Threads))
	w.clock.pass(20 * day)
	w.must(w.in(w.Threads))
	if n := w.fake.Calls("refresh"); n != 2 {
		t.Errorf("%d renewals", n)
	}
}

// TestEnds: a token that is not renewed is told before it ends; when it has ended nothing is
// sent, and nothing is lost.
func TestEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.in(w.Threads))
	for range 60 {
		w.fake.Answer("refresh", 400, no400(1))
	}
	w.clock.pass(48 * day)
	w.must(w.in(w.Threads))
	if got := w.Trouble(); len(got) != 1 || got[0].ID != "token.ends" {
		t.Errorf("found %+v", got)
	}
	found := w.Check(t.Context())
	if !slices.ContainsFunc(found, func(f connector.Finding) bool { return f.ID == "threads.token_ends" && f.Bad }) {
		t.Errorf("the check finds %+v", found)
	}
	w.clock.pass(10 * day)
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.wants("ended", err, connector.Deferred)
	w.stands()
}

// TestRevoked: a token that is revoked in mid-hour sends nothing and loses nothing, and what
// waits goes out when it holds again.
func TestRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.in(w.Threads))
	w.clock.pass(time.Hour)
	w.fake.Revoke()
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.wants("revoked", err, connector.Deferred)
	w.wants("revoked", w.Retract(t.Context(), "17900000000000009", connector.Post{}), connector.Deferred)
	if _, ok, err := w.Find(t.Context(), w.answer("k1", "Atbilde.")); ok || err == nil {
		t.Errorf("found %v, %v", ok, err)
	}
	if got := w.Trouble(); len(got) != 1 || got[0].ID != "token.refused" {
		t.Errorf("found %+v", got)
	}
	w.fake.Restore()
	_, err = w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.must(err)
	w.stands("Atbilde.")
}

// TestWrong: a first token that Threads refuses is told, and one that merely ends soon is not
// taken for that.
func TestWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account.Token = setting.NewSecret("THAAwrong")
	c := w.replica("two", Settings{})
	if err := w.in(c); connector.OutcomeOf(err).Outcome != connector.Deferred {
		t.Errorf("it is in: %v", err)
	}
	if got := c.Trouble(); len(got) != 1 || got[0].ID != "token.refused" {
		t.Errorf("found %+v", got)
	}
	w.fake.Issue(threadsfake.Token, 55*day)
	w.must(w.in(w.Threads))
	if got := w.Trouble(); len(got) != 1 || got[0].ID != "token.ends" {
		t.Errorf("found %+v", got)
	}
}

// TestCheck: all is well, but for what is not.
func TestCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wants := func(what string, want ...string) {
		t.Helper()
		var got []string
		for _, f := range w.replica(what, Settings{}).Check(t.Context()) {
			got = append(got, strings.TrimPrefix(f.ID, "threads."))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %q", what, got)
		}
	}
	w.fake.Write(janis, "", "@"+threadsfake.SelfName+"?")
	wants("well", "works", "longest", "token_until", "quota")
	w.fake.Answer("node", 400, `{"error":{"code":100,"error_subcode":33,"message":"No"}}`)
	wants("not by itself", "works", "longest", "token_until", "quota", "unreadable")
	w.fake.Forbid("threads_manage_mentions")
	wants("no mentions", "works", "longest", "token_until", "quota", "no_mentions")
	w.fake.Forbid("threads_delete")
	wants("no deletes", "works", "longest", "token_until", "lacks", "quota", "no_mentions")
	w.fake.Forbid("threads_basic")
	wants("nothing", "not_allowed")
	w.fake.Answer("me", 502, htmlPage)
	wants("down", "no_answer")
	w.fake.Revoke()
	wants("revoked", "login_refused")
}
