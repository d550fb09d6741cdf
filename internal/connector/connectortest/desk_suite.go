package connectortest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// DeskHarness is one desk, fresh for one test. What is nil cannot be tried there.
type DeskHarness struct {
	Connector connector.Connector
	Place     session.PlaceID
	// Cards lists what staff see at the place, the oldest first.
	Cards func() []SeenCard
	// Calls lists the calls that staff see at the place, the oldest first.
	Calls func() []SeenCall
	// Remove takes a card away, as staff may.
	Remove func(at session.MessageID)
	// Refuse makes the platform say no to the next call, Silence makes it do what the
	// next call asks and not answer.
	Refuse, Silence func()
}

// SeenCard is a card as staff see it: everything that can be read on it, in plain
// text, and the actions of its buttons in their order.
type SeenCard struct {
	ID      session.MessageID
	Text    string
	Actions []string
}

// SeenCall is a call as staff see it.
type SeenCall struct {
	Under session.MessageID // the card
	Text  string
}

// RunDesk checks what every desk promises. fresh makes one without any card.
func RunDesk(t *testing.T, fresh func(t *testing.T) DeskHarness) {
	for _, c := range []struct {
		name string
		run  func(desk, *testing.T)
	}{
		{"run", desk.ends}, {"post", desk.post}, {"update", desk.update}, {"gone", desk.gone}, {"literal text", desk.literal},
		{"buttons", desk.buttons}, {"find", desk.find}, {"call", desk.call}, {"find call", desk.findCall},
		{"take call", desk.takeCall}, {"batch", desk.batch},
		{"batch call", desk.batchCall}, {"batch refused", desk.batchRefused},
		{"refused", desk.refused}, {"silent", desk.silent}, {"cancelled", desk.cancelled},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := fresh(t)
			d, ok := connector.As[connector.Desk](h.Connector)
			if !ok {
				t.Fatal("it does not claim connector.Desk")
			}
			c.run(desk{h, d}, t)
		})
	}
}

type desk struct {
	DeskHarness
	connector.Desk
}

func (d desk) card(key string, number int, lines ...string) connector.Card {
	c := connector.Card{Key: key, Place: d.Place, Number: number, Title: "Title " + key}
	for _, l := range lines {
		c.Lines = append(c.Lines, connector.Line{Kind: connector.Quote, Text: l})
	}
	return c
}

func (d desk) must(t *testing.T, c connector.Card) session.MessageID {
	t.Helper()
	at, err := d.PostCard(t.Context(), c)
	if err != nil || at == "" {
		t.Fatalf("posted as %q, %v", at, err)
	}
	return at
}

// seen is the card as staff see it.
func (d desk) seen(t *testing.T, at session.MessageID) SeenCard {
	t.Helper()
	cards := d.Cards()
	i := slices.IndexFunc(cards, func(c SeenCard) bool { return c.ID == at })
	if i < 0 {
		t.Fatalf("no card %q", at)
	}
	return cards[i]
}

func (d desk) ends(t *testing.T) { runEnds(t, d.Connector) }

func (d desk) post(t *testing.T) {
	a, b := d.must(t, d.card("a", 1, "One.")), d.must(t, d.card("b", 2, "Two."))
	if a == b || len(d.Cards()) != 2 {
		t.Fatalf("cards %q and %q, %d stand there", a, b, len(d.Cards()))
	}
	if text := d.seen(t, a).Text; !strings.Contains(text, "Title a") || !strings.Contains(text, "One.") || strings.Contains(text, "Two.") {
		t.Errorf("the first reads %q", text)
	}
}

func (d desk) update(t *testing.T) {
	at := d.must(t, d.card("a", 1, "Before."))
	for range 2 { // the second time is harmless
		if err := d.UpdateCard(t.Context(), at, d.card("a", 1, "After.")); err != nil {
			t.Fatalf("update: %v", err)
		}
	}
	if text := d.seen(t, at).Text; !strings.Contains(text, "After.") || strings.Contains(text, "Before.") || len(d.Cards()) != 1 {
		t.Errorf("%d cards, reads %q", len(d.Cards()), text)
	}
}

func (d desk) gone(t *testing.T) {
	if d.Remove == nil {
		t.Skip("cards cannot be removed there")
	}
	at := d.must(t, d.card("a", 1))
	d.Remove(at)
	if err := d.UpdateCard(t.Context(), at, d.card("a", 1)); !errors.Is(err, connector.ErrGone) {
		t.Errorf("update of a removed card: %v", err)
	}
}

func (d desk) literal(t *testing.T) {
	for i, text := range strangers {
		at := d.must(t, d.card("a", i+1, text))
		if got := d.seen(t, at).Text; !strings.Contains(got, text) {
			t.Errorf("%q reads %q", text, got)
		}
	}
}

func (d desk) buttons(t *testing.T) {
	action, err := connector.Action{Do: string(session.AllowSelfApproval), Session: connector.TagOf("s"), Number: 1<<31 - 1,
		Mark: 1<<31 - 1, Seen: connector.TagOf("d")}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	c := d.card("a", 1)
	c.Buttons = []connector.Button{{Label: "Accept (shows the question publicly)", Action: action}, {Label: "<b>&", Action: "2"}}
	at := d.must(t, c)
	if got := d.seen(t, at).Actions; !slices.Equal(got, []string{action, "2"}) {
		t.Errorf("actions %q", got)
	}
	if err := d.UpdateCard(t.Context(), at, d.card("a", 1)); err != nil {
		t.Fatal(err)
	}
	if got := d.seen(t, at).Actions; len(got) != 0 {
		t.Errorf("actions left: %q", got)
	}
}

func (d desk) find(t *testing.T) {
	f := claimed[connector.CardFinder](t, d.Connector)
	began := time.Now()
	if _, ok, err := f.FindCard(t.Context(), d.card("a", 1), began); ok || err != nil {
		t.Errorf("before it was posted: %v, %v", ok, err)
	}
	at := d.must(t, d.card("a", 1))
	d.must(t, d.card("b", 2))
	if got, ok, err := f.FindCard(t.Context(), d.card("a", 1), began); got != at || !ok || err != nil {
		t.Errorf("found %q, %v, %v; want %q", got, ok, err, at)
	}
}

func (d desk) calling(key string, number int) connector.Card {
	c := d.card(key, 1)
	c.Call = &connector.Call{Number: number, Text: fmt.Sprintf("Call %d of %s", number, key), Quote: "May I <b>start</b> & run?"}
	return c
}

func (d desk) call(t *testing.T) {
	caller := claimed[connector.Caller](t, d.Connector)
	a, b := d.must(t, d.card("a", 1)), d.must(t, d.card("b", 2))
	for at, c := range map[session.MessageID]connector.Card{a: d.calling("a", 1), b: d.calling("b", 1)} {
		if _, err := caller.PostCall(t.Context(), at, c); err != nil {
			t.Fatalf("call: %v", err)
		}
	}
	if n := len(d.Cards()); n != 2 {
		t.Errorf("%d cards stand there", n)
	}
	if d.Calls == nil {
		t.Skip("nobody sees its calls")
	}
	seen := d.Calls()
	i := slices.IndexFunc(seen, func(s SeenCall) bool { return s.Under == a })
	if len(seen) != 2 || i < 0 || !strings.Contains(seen[i].Text, "Call 1 of a") ||
		!strings.Contains(seen[i].Text, "May I <b>start</b> & run?") {
		t.Errorf("staff see %+v", seen)
	}
}

func (d desk) findCall(t *testing.T) {
	finder, caller := claimed[connector.CallFinder](t, d.Connector), claimed[connector.Caller](t, d.Connector)
	find := func(at session.MessageID, c connector.Card, want session.MessageID) {
		t.Helper()
		if got, ok, err := finder.FindCall(t.Context(), at, c); got != want || ok != (want != "") || err != nil {
			t.Errorf("call %d of %s: %q, %v, %v; want %q", c.Call.Number, c.Key, got, ok, err, want)
		}
	}
	a, b := d.must(t, d.card("a", 1)), d.must(t, d.card("b", 2))
	find(a, d.calling("a", 1), "")
	posted, err := caller.PostCall(t.Context(), a, d.calling("a", 1))
	if err != nil || posted == "" {
		t.Fatal(posted, err)
	}
	find(a, d.calling("a", 1), posted)
	find(a, d.calling("a", 2), "")
	find(b, d.calling("b", 1), "")
}

// takeCall: a call that is taken back stands there no more, its card and other calls do.
func (d desk) takeCall(t *testing.T) {
	caller := claimed[connector.Caller](t, d.Connector)
	at := d.must(t, d.card("a", 1))
	var calls [2]session.MessageID
	for i := range calls {
		var err error
		if calls[i], err = caller.PostCall(t.Context(), at, d.calling("a", i+1)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second is a repeat after a lost reply
		if err := caller.TakeCall(t.Context(), calls[0], d.card("a", 1)); err != nil {
			t.Errorf("take back: %v", err)
		}
	}
	if n := len(d.Cards()); n != 1 {
		t.Errorf("%d cards stand there", n)
	}
	if d.Calls == nil {
		t.Skip("nobody sees its calls")
	}
	if seen := d.Calls(); len(seen) != 1 || !strings.Contains(seen[0].Text, "Call 2 of a") {
		t.Errorf("staff see %+v", seen)
	}
}

func (d desk) refused(t *testing.T) {
	if d.Refuse == nil {
		t.Skip("it refuses nothing")
	}
	d.Refuse()
	_, err := d.PostCard(t.Context(), d.card("a", 1))
	wantOutcome(t, "a refusal", err, connector.Refused)
	if n := len(d.Cards()); n != 0 {
		t.Errorf("%d cards stand there", n)
	}
}

func (d desk) silent(t *testing.T) {
	if d.Silence == nil {
		t.Skip("it always answers")
	}
	d.Silence()
	err := unanswered(t, func() bool { return len(d.Cards()) > 0 }, func(ctx context.Context) error {
		_, err := d.PostCard(ctx, d.card("a", 1))
		return err
	})
	wantOutcome(t, "silence", err, connector.Unsure)
	if n := len(d.Cards()); n != 1 {
		t.Errorf("%d cards stand there", n)
	}
}

func (d desk) cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	inTime(t, func() {
		_, err := d.PostCard(ctx, d.card("a", 1))
		notRefused(t, "post", err)
		err = d.UpdateCard(ctx, "x", d.card("a", 1))
		notRefused(t, "update", err)
		if errors.Is(err, connector.ErrGone) {
			t.Error("update: it says that the card is gone, and could not look")
		}
	})
}
