package connectortest

import (
	"errors"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// shared posts cards in one message.
func (d desk) shared(t *testing.T, count int) (cs []connector.Card, at map[int]session.MessageID) {
	t.Helper()
	b := claimed[connector.Batcher](t, d.Connector)
	for n := range count {
		cs = append(cs, d.card(string(rune('a'+n)), n+1, "Why "+string(rune('a'+n))+"?"))
	}
	at, err := b.PostBatch(t.Context(), cs)
	if err != nil {
		t.Fatalf("batch: %v", err)
	}
	return cs, at
}

// reads checks which titles are on the only message that stands there.
func (d desk) reads(t *testing.T, cs []connector.Card, want string) {
	t.Helper()
	seen := d.Cards()
	if len(seen) != 1 {
		t.Fatalf("%d messages stand there", len(seen))
	}
	for _, c := range cs {
		if got := strings.Contains(seen[0].Text, c.Title); got != strings.Contains(want, c.Key) {
			t.Errorf("%q shows %q: %v, want %s", seen[0].Text, c.Title, got, want)
		}
	}
}

// batch: cards share a message, each with an id of its own, until one is drawn again.
func (d desk) batch(t *testing.T) {
	cs, at := d.shared(t, connector.MostBatch)
	different := map[session.MessageID]bool{}
	for _, c := range cs {
		different[at[c.Number]] = true
	}
	if len(at) != len(cs) || len(different) != len(cs) || different[""] {
		t.Fatalf("the cards stand at %v", at)
	}
	d.reads(t, cs, "abcdefghij")
	for range 2 { // the second time is harmless
		if err := d.UpdateCard(t.Context(), at[2], cs[1]); !errors.Is(err, connector.ErrGone) {
			t.Errorf("a card of a batch is updated: %v", err)
		}
	}
	d.reads(t, cs, "acdefghij")
	own := d.must(t, cs[1])
	if _, clash := different[own]; clash || !strings.Contains(d.seen(t, own).Text, cs[1].Title) {
		t.Errorf("its own message is %q", own)
	}
}

// batchCall: a call under a card of a batch is posted, or wants a message of its own.
func (d desk) batchCall(t *testing.T) {
	caller := claimed[connector.Caller](t, d.Connector)
	cs, at := d.shared(t, 2)
	c := cs[1]
	c.Call = d.calling("b", 1).Call
	if _, err := caller.PostCall(t.Context(), at[2], c); err != nil && !errors.Is(err, connector.ErrGone) {
		t.Errorf("call: %v", err)
	}
}

func (d desk) batchRefused(t *testing.T) {
	b := claimed[connector.Batcher](t, d.Connector)
	if d.Refuse == nil {
		t.Skip("it refuses nothing")
	}
	d.Refuse()
	at, err := b.PostBatch(t.Context(), []connector.Card{d.card("a", 1), d.card("b", 2)})
	wantOutcome(t, "a refusal", err, connector.Refused)
	if n := len(d.Cards()); n != 0 || len(at) != 0 {
		t.Errorf("%d cards stand there, at %v", n, at)
	}
}
