package telegram

import (
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// TestOnlyCallsRing: a card, a list of cards and the board come without a sound; a call rings.
func TestOnlyCallsRing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.make()
	at, _ := w.post(tg, w.card())
	board := w.card()
	board.Number = 0
	w.post(tg, board)
	if _, err := tg.PostBatch(t.Context(), []connector.Card{w.card()}); err != nil {
		t.Fatal(err)
	}
	called := w.card()
	called.Call = &connector.Call{Number: 1, Text: "question #3", To: []session.UserRef{"11"}}
	if _, err := tg.PostCall(t.Context(), at, called); err != nil {
		t.Fatal(err)
	}
	sends := w.fake.Ledger("sendMessage")
	for i, e := range sends {
		if loud := i == len(sends)-1; e.Silent == loud {
			t.Errorf("message %d, %q: silent is %t", i, e.Text, e.Silent)
		}
	}
	if len(sends) != 4 {
		t.Errorf("%d messages", len(sends))
	}
}
