package x

import (
	"testing"

	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/x/xtest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness { return newWorld(t).harness() })
}

// TestAsDescribed: what is sent and answered is as X describes it, in an hour and its check.
func TestAsDescribed(t *testing.T) {
	t.Parallel()
	xtest.Need(t)
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	sent, err := w.Reply(t.Context(), p)
	w.Must(err)
	w.announce(string(sent.Message))
	w.Must(w.look(w.replica(Settings{Hashtag: "jautā"}), w.original, "1"))
	w.Must(w.Retract(t.Context(), sent.Message, p))
	for _, f := range w.Check(t.Context()) {
		if f.Bad {
			t.Errorf("found %+v", f)
		}
	}
}
