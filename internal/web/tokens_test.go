package web

import (
	"net/http"
	"net/url"
	"testing"

	"experthour/internal/keyring"
	"experthour/internal/session"
)

// resigned is the same program with a newer secret in front of the others.
func (w *world) resigned(secrets ...string) {
	w.t.Helper()
	c := w.server.Config
	c.Keys, c.Receipts = keyring.Ring(secrets).For(keyring.Public), receiptsOf(secrets...)
	s, err := New(c)
	w.must(err)
	w.server, w.handler = s, s.Handler()
}

// TestTheSecretChangesDuringAnHour: a form that is sent again is one question, and a vote
// that is given again is one vote, as long as the former secret is accepted.
func TestTheSecretChangesDuringAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.accept(w.ask(session.Asked{Text: "Vote for me?"}))
	token := w.token()
	vote := func() {
		t.Helper()
		rec := w.post("/s/heating/q/1/vote", url.Values{"up": {"1"}, "token": {token}})
		if rec.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
	}
	receipt := w.askForm(w.from(token, "Sent twice?"))
	vote()
	w.resigned("a newer secret of the tests", theSecret)
	if again := w.askForm(w.from(token, "Sent twice?")); again != receipt || w.received() != 2 {
		t.Errorf("sent again it is %s, and was %s; %d questions", again, receipt, w.received())
	}
	vote()
	if votes, err := w.store.Tally(t.Context(), hourID, 1); err != nil || votes[1] != 1 {
		t.Errorf("%v votes, %v", votes, err)
	}
	if fresh := w.token(); w.server.tokens.signer(hourID, fresh) != 0 {
		t.Error("the newer secret does not sign")
	}
	w.resigned("a newer secret of the tests")
	if w.server.tokens.valid(hourID, token) {
		t.Error("the former secret is gone, and its token holds")
	}
}
