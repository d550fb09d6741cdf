package slack

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Each trouble as it really happens: it is noticed, said once, nothing is lost, and it
// is over by itself when it is mended.
func TestTroublesAndTheirEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fail, mend func(w *world)
		want       string
	}{
		"archived": {func(w *world) { w.channel.Archive() }, func(w *world) {
			w.channel.Unarchive()
			w.channel.InviteBot()
		}, "slack.channel_archived"},
		"removed":  {func(w *world) { w.channel.RemoveBot() }, func(w *world) { w.channel.InviteBot() }, "slack.channel_not_member"},
		"revoked":  {func(w *world) { w.fake.RevokeToken() }, func(w *world) { w.fake.MendToken() }, "slack.token_refused"},
		"inactive": {func(w *world) { w.fake.RefuseToken("account_inactive") }, func(w *world) { w.fake.MendToken() }, "slack.token_refused"},
		"scope": {func(w *world) { w.fake.RemoveScope("chat:write") }, func(w *world) {
			w.fake.AddScope("chat:write")
		}, "slack.scope_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fast)
			at := session.MessageID(w.must(card(1)).TS())
			c.fail(w)
			for range 3 {
				_, err := w.PostCard(t.Context(), card(2))
				wantDeferred(t, err)
				wantDeferred(t, w.UpdateCard(t.Context(), at, card(1, "New.")))
			}
			if got := w.trouble(); !slices.Equal(slices.Compact(got), []string{c.want}) {
				t.Errorf("trouble %v, want %s", got, c.want)
			}
			said := strings.Count(w.logs.String(), "id="+c.want)
			c.mend(w)
			w.must(card(2))
			if err := w.UpdateCard(t.Context(), at, card(1, "New.")); err != nil {
				t.Error(err)
			}
			if got := w.trouble(); len(got) != 0 || said > 2 {
				t.Errorf("afterwards %v; said %d times:\n%s", got, said, w.logs)
			}
		})
	}
}

func wantDeferred(t *testing.T, err error) {
	t.Helper()
	if e := connector.OutcomeOf(err); err == nil || e.Outcome != connector.Deferred || e.Wait <= 0 || errors.Is(err, connector.ErrGone) {
		t.Errorf("error %v, wait %v", err, e.Wait)
	}
}

// A person whose account is off is told nothing any more, and nobody else suffers.
func TestDeactivatedPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.channel.Join(w.anna)
	w.anna.Deactivate()
	c := card(1)
	c.Call = &connector.Call{Number: 1, To: []session.UserRef{"U0ANNA"}, Text: "It waits."}
	at := session.MessageID(w.must(c).TS())
	if _, err := w.PostCall(t.Context(), at, c); err != nil {
		t.Error(err)
	}
	w.whisper(t.Context(), surface{user: "U0ANNA"}, "Hello.", nil)
	if len(w.Trouble()) != 0 {
		t.Errorf("trouble %v", w.Trouble())
	}
}
