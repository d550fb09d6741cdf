package instagram

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/instagram/instagramfake"
	"experthour/internal/setting"
)

// in asks who it is, which needs a token.
func (w *world) in(c *Instagram) error {
	return c.login.Get(w.t.Context(), "/me", url.Values{"fields": {"user_id,username"}}, nil)
}

// TestRenewed: the token of the file is renewed before it ends, by one replica, and the others
// take the new one. So it goes on for ever.
func TestRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	two := w.replica("two", Settings{})
	for range 30 {
		w.must(w.in(w.Instagram))
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
	w.must(w.in(w.Instagram))
	w.clock.pass(45 * day)
	w.must(w.in(w.Instagram))
	w.clock.pass(40 * day)
	w.must(w.in(w.replica("two", Settings{})))
}

// TestYoung: a token that cannot be renewed yet is believed in.
func TestYoung(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Issue(instagramfake.Token, time.Hour)
	w.must(w.in(w.Instagram))
	w.clock.pass(2 * day)
	w.must(w.in(w.Instagram))
	if n := w.fake.Calls("refresh"); n != 1 { // it was too early
		t.Errorf("%d renewals", n)
	}
	w.clock.pass(44 * day)
	w.must(w.in(w.Instagram))
	w.clock.pass(20 * day)
	w.must(w.in(w.Instagram))
	if n := w.fake.Calls("refresh"); n != 2 {
		t.Errorf("%d renewals", n)
	}
}

// TestEnds: a token that is not renewed is told before it ends; when it has ended nothing is
// sent, and nothing is lost.
func TestEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.in(w.Instagram))
	for range 60 {
		w.fake.Answer("refresh", 400, saysNo(1))
	}
	w.clock.pass(55 * day)
	w.must(w.in(w.Instagram))
	if got := w.Trouble(); len(got) != 1 || got[0].ID != "token.ends" {
		t.Errorf("found %+v", got)
	}
	found := w.Check(t.Context())
	if !slices.ContainsFunc(found, func(f connector.Finding) bool { return f.ID == "instagram.token_ends" && f.Bad }) {
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
	w.must(w.in(w.Instagram))
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

// TestWrong: a first token that Instagram refuses is told, and one that merely ends soon is not
// taken for that.
func TestWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account.Token = setting.NewSecret("IGAAwrong")
	c := w.replica("two", Settings{})
	if err := w.in(c); connector.OutcomeOf(err).Outcome != connector.Deferred {
		t.Errorf("it is in: %v", err)
	}
	if got := c.Trouble(); len(got) != 1 || got[0].ID != "token.refused" {
		t.Errorf("found %+v", got)
	}
	w.must(w.in(w.Instagram))
	for range 60 {
		w.fake.Answer("refresh", 400, saysNo(1))
	}
	w.clock.pass(55 * day)
	w.must(w.in(w.Instagram))
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
			got = append(got, strings.TrimPrefix(f.ID, "instagram."))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %q", what, got)
		}
	}
	wants("well", "works", "longest", "token_until", "media")
	w.fake.Close(true)
	wants("closed", "works", "longest", "token_until", "closed")
	found := w.replica("other", Settings{Media: "10000"}).Check(t.Context())
	last := found[len(found)-1]
	if last.ID != "instagram.newest" || last.Args[1] != instagramfake.Media+" (Ekspertstunda)" {
		t.Errorf("found %+v", found)
	}
	w.fake.Vanish(true)
	wants("gone", "works", "longest", "token_until", "media_gone", "newest")
	w.fake.Vanish(false)
	w.fake.Close(false)
	w.fake.Forbid("instagram_business_manage_comments")
	wants("no comments", "works", "longest", "token_until", "not_allowed")
	w.fake.Answer("me", 502, htmlPage)
	wants("down", "no_answer")
	w.fake.Revoke()
	wants("revoked", "login_refused")
}
