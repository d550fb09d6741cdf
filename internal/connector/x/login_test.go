package x

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/worldtest"
	"experthour/internal/connector/x/xfake"
	"experthour/internal/setting"
)

// newLoginWorld is a world in which a person logs in, in place of keys.
func newLoginWorld(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	w.account = Account{URL: w.fake.URL, LoginURL: w.fake.URL + xfake.Login, ClientID: xfake.ClientID, RedirectPort: usualPort,
		USDADay: usualDay, USDAnHour: usualHour}
	w.fake.Register(w.account.back())
	w.Secrets = append(w.Secrets, xfake.ClientSecret)
	w.X = w.replica(Settings{})
	return w
}

// connects has a person log in, from a browser here.
func (w *world) connects() {
	w.T.Helper()
	w.Must(w.replica(Settings{}).Connect(w.T.Context(), worldtest.Browser{T: w.T, At: w.account.back()}))
}

// finds wants these findings of the check.
func (w *world) finds(want ...string) {
	w.T.Helper()
	got := worldtest.Found(w.Check(w.T.Context()), "x")
	if !slices.Equal(got, want) {
		w.T.Errorf("found %q, want %q", got, want)
	}
}

// told wants people to be told just that.
func (w *world) told(c *X, want ...string) {
	w.T.Helper()
	var got []string
	for _, f := range c.Trouble() {
		got = append(got, f.ID)
	}
	if !slices.Equal(got, want) {
		w.T.Errorf("people are told %q, want %q", got, want)
	}
}

// TestLogIn: who logs in lets the program post, with a browser here or elsewhere, as a public client
// or one with a secret; what runs takes the token without being begun anew.
func TestLogIn(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string]func(*url.URL) string{"here": nil, "the address": (*url.URL).String} {
		for _, secret := range []string{"", xfake.ClientSecret} {
			t.Run(name+secret, func(t *testing.T) {
				t.Parallel()
				w := newLoginWorld(t)
				w.account.ClientSecret = setting.NewSecret(secret)
				w.fake.Confidential(secret != "")
				w.X = w.replica(Settings{})
				w.finds("unconnected")
				_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
				w.Wants("nobody logged in", err, connector.Deferred)
				for range 2 { // who let it in before is asked again
					w.Must(w.replica(Settings{}).Connect(t.Context(), worldtest.Browser{T: t, Typed: typed}))
				}
				w.Clock.Pass(mendWait)
				_, err = w.Reply(t.Context(), w.answer("k1", "Atbilde."))
				w.Must(err)
				w.Must(w.look(w.X))
				w.finds("works", "by_login", "reads", "polled")
				w.asked("Kas ir?")
			})
		}
	}
}

// TestRenewed: for a day without an hour two replicas use one chain of tokens, of which each is asked for once,
// and no call meets one that ended.
func TestRenewed(t *testing.T) {
	t.Parallel()
	w := newLoginWorld(t)
	w.connects()
	other := w.Env()
	other.Owner = "two"
	replicas := []*X{w.X, New(other, w.account, Settings{}, "x")}
	for range 24 * 4 {
		w.Clock.Pass(15 * time.Minute)
		var both sync.WaitGroup
		for _, x := range replicas {
			both.Go(func() { _, _ = x.login.token.Token(t.Context()) }) // one of them may have to wait for the other
		}
		both.Wait()
		for _, x := range replicas {
			if _, err := x.Fetch(t.Context(), w.idle(), nil); err != nil {
				t.Fatal(err)
			}
			_, _, err := x.whoami(t.Context())
			w.Must(err)
		}
	}
	if n := w.fake.Renewals(); n < 12 || n > 17 {
		t.Errorf("the token was renewed %d times", n)
	}
	for _, x := range replicas {
		w.told(x)
		_, _, err := x.whoami(t.Context())
		w.Must(err)
	}
}

// TestTakenBack: where the account takes its leave back in the middle of an hour people are told what to
// do, and once they did it goes on by itself.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	w := newLoginWorld(t)
	w.connects()
	w.Must(w.look(w.X))
	w.Clock.Pass(10 * time.Minute)
	w.fake.Disconnect()
	w.Wants("look", w.look(w.X), connector.Deferred)
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("reply", err, connector.Deferred)
	if detail := connector.OutcomeOf(err).Detail; !strings.Contains(detail, "bot connect x") {
		t.Errorf("the desk reads %q", detail)
	}
	w.told(w.X, "token.refused_login")
	w.finds("log_in_again")
	w.connects()
	_, err = w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	w.told(w.X)
	w.finds("works", "by_login", "reads", "polled")
}

// TestTakenBackAtOnce: a login that is new is renewed by a person as quickly.
func TestTakenBackAtOnce(t *testing.T) {
	t.Parallel()
	w := newLoginWorld(t)
	w.connects()
	w.Must(w.look(w.X))
	w.fake.Disconnect()
	w.Wants("look", w.look(w.X), connector.Deferred)
	w.finds("log_in_again")
	w.connects()
	w.Must(w.look(w.X))
}

// TestRenewalLost: after a renewal whose answer was lost the old token is not sent again, which would end the
// log-in: people are told, and the access goes on to its end.
func TestRenewalLost(t *testing.T) {
	t.Parallel()
	for _, status := range worldtest.HTMLStatuses {
		w := newLoginWorld(t)
		w.connects()
		w.Clock.Pass(100 * time.Minute)
		w.fake.Break("POST "+xfake.Tokens, status, worldtest.HTMLPage)
		for range 3 {
			_, _ = w.login.token.Token(t.Context())
			w.Clock.Pass(5 * time.Minute)
		}
		w.told(w.X, "token.lost_login")
		if n := w.fake.Renewals(); n != 1 {
			t.Errorf("%d: it asked %d times", status, n)
		}
		w.finds("log_in_again")
		w.connects()
		w.Must(w.look(w.X))
		w.told(w.X)
	}
}

// TestNotLetIn: each thing that keeps a log-in from being one is said.
func TestNotLetIn(t *testing.T) {
	t.Parallel()
	w := newLoginWorld(t)
	w.fake.Without("tweet.write")
	err := w.Connect(t.Context(), worldtest.Browser{T: t})
	if !strings.Contains(connector.OutcomeOf(err).Detail, "tweet.write") {
		t.Errorf("without a scope: %v", err)
	}
	w.finds("unconnected")
	w.fake.Without("")
	w.connects()
	w.fake.Confidential(true)
	w.Clock.Pass(3 * time.Hour)
	w.finds("client_refused")
	w = newWorld(t)
	err = w.Connect(t.Context(), worldtest.Browser{T: t})
	if err == nil || !strings.Contains(err.Error(), "OAuth 1.0a") || w.Returns() != "" {
		t.Errorf("with keys: %v", err)
	}
	w.finds("works", "by_keys", "reads", "polled")
}
