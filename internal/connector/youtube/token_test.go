package youtube

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/worldtest"
	"experthour/internal/connector/youtube/youtubefake"
	"experthour/internal/setting"
)

// TestConnect: who logs in lets the program comment, with a browser here or elsewhere; what runs
// takes the token without being begun anew.
func TestConnect(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]worldtest.Browser{
		"here":         {At: "http://127.0.0.1:40123/"},
		"as it is":     {},
		"as it stands": {Typed: func(at *url.URL) string { return strings.ReplaceAll(at.Query().Get("code"), "/", "%2F") }},
		"the address":  {Typed: (*url.URL).String},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.account.RefreshToken = setting.Secret{}
			w.YouTube = w.replica(Settings{})
			w.finds("unconnected")
			if err := w.look(w.YouTube); connector.OutcomeOf(err).Outcome != connector.Deferred {
				t.Error(err)
			}
			b.T = t
			for range 2 { // who let it in before is asked again
				w.Must(w.replica(Settings{}).Connect(t.Context(), b))
			}
			w.Clock.Pass(mendWait)
			w.Must(w.look(w.YouTube))
			w.finds("works", "longest", "testing_perhaps", "units", "video")
			w.Clock.Pass(10 * time.Hour) // the refresh token is used
			w.Must(w.look(w.YouTube))
		})
	}
}

// TestConnectTesting: in "Testing" a token dies after seven days, which is said before.
func TestConnectTesting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account.RefreshToken = setting.Secret{}
	w.YouTube = w.replica(Settings{})
	w.fake.Testing(true)
	w.Must(w.Connect(t.Context(), worldtest.Browser{T: t}))
	w.finds("works", "longest", "testing", "units", "video")
	if told := w.Trouble(); len(told) != 1 || told[0].ID != "token.ends_login" || !slices.Contains(told[0].Args, any("2026-12-07")) {
		t.Errorf("people are told %+v", told)
	}
	w.Clock.Pass(7*24*time.Hour - time.Minute)
	w.Must(w.look(w.YouTube))
	w.Clock.Pass(2 * time.Hour)
	w.finds("token_dead")
	w.account.RefreshToken = setting.NewSecret("x")
	if err := w.replica(Settings{}).Connect(t.Context(), worldtest.Browser{T: t}); err == nil {
		t.Error("a token of the file is used, and another one was kept")
	}
}

// TestExpired: a token that YouTube takes no more is replaced, within a minute.
func TestExpired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.YouTube))
	w.fake.Expire()
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("expired", err, connector.Deferred)
	w.Clock.Pass(time.Minute)
	_, err = w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
}

// TestRenewing: an answer of the server for tokens that is lost or none leaves everything to the next
// attempt.
func TestRenewing(t *testing.T) {
	t.Parallel()
	for _, body := range []string{worldtest.HTMLPage, `{}`, ""} {
		for _, status := range worldtest.HTMLStatuses {
			w := newWorld(t)
			w.fake.Break(getToken, status, body)
			_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
			w.Wants("renew", err, connector.Deferred)
			w.Clock.Pass(mendWait)
			_, err = w.Reply(t.Context(), w.answer("k1", "Atbilde."))
			w.Must(err)
		}
	}
}

// finds wants these findings of the check.
func (w *world) finds(want ...string) {
	w.T.Helper()
	got := worldtest.Found(w.Check(w.T.Context()), "youtube")
	if !slices.Equal(got, want) {
		w.T.Errorf("found %q, want %q", got, want)
	}
}

// TestCheck: each thing that keeps an hour from being held is found.
func TestCheck(t *testing.T) {
	t.Parallel()
	well := []string{"works", "longest", "testing_perhaps", "units"}
	for name, x := range map[string]struct {
		change func(w *world)
		want   []string
	}{
		"well":       {func(*world) {}, append(well, "video")},
		"unlisted":   {func(w *world) { w.fake.Privacy("unlisted") }, append(well, "video")},
		"private":    {func(w *world) { w.fake.Privacy("private") }, append(well, "private")},
		"gone":       {func(w *world) { w.fake.Vanish(true) }, append(well, "video_gone")},
		"not own":    {func(w *world) { w.fake.Foreign(true) }, append(well, "not_own")},
		"closed":     {func(w *world) { w.fake.Disable(true) }, append(well, "closed")},
		"few units":  {func(w *world) { w.units = 100 }, append(well[:3:3], "units_low", "video")},
		"used up":    {func(w *world) { w.fake.Quota(0) }, []string{"units_used"}},
		"no channel": {func(w *world) { w.fake.Ineligible(true) }, []string{"no_channel"}},
		"revoked":    {func(w *world) { w.fake.Revoke() }, []string{"token_dead"}},
		"no scope":   {func(w *world) { w.fake.Scopeless() }, []string{"no_scope"}},
		"down":       {func(w *world) { w.fake.Answer("GET /youtube/v3/channels", 502, worldtest.HTMLPage) }, []string{"no_answer"}},
		"not enabled": {func(w *world) {
			w.fake.Answer("GET /youtube/v3/channels", 403, youtubefake.Body(403, notEnabled))
		}, []string{"not_enabled"}},
		"wrong secret": {func(w *world) { w.account.ClientSecret = setting.NewSecret("x") }, []string{"client_refused"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			x.change(w)
			w.YouTube = w.replica(Settings{})
			w.finds(x.want...)
		})
	}
}
