package chat

import (
	"slices"
	"testing"
	"time"

	"experthour/internal/session"
)

// notices counts the notifications of an hour: each person of each call, once a number.
type notices struct {
	*kit
	seen map[[2]int]bool // card and number
	of   map[session.PersonName]int
}

// tick lets the clock work, and the desk draw every card and the board.
func (n *notices) tick() {
	n.Helper()
	n.must(n.svc.Tick(n.Context(), n.session()))
	for card := 0; card <= n.asked; card++ {
		c := n.card(card).Call
		if c == nil || n.seen[[2]int{card, c.Number}] {
			continue
		}
		n.seen[[2]int{card, c.Number}] = true
		for _, p := range staff {
			if slices.Contains(c.To, account(p.Name)) {
				n.of[p.Name]++
			}
		}
	}
}

func counting(k *kit) *notices {
	return &notices{kit: k, seen: map[[2]int]bool{}, of: map[session.PersonName]int{}}
}

// called is who the newest call of a card is for.
func (k *kit) called(n int) (names []session.PersonName) {
	k.Helper()
	c := k.card(n).Call
	for _, p := range staff {
		if c != nil && slices.Contains(c.To, account(p.Name)) {
			names = append(names, p.Name)
		}
	}
	return names
}

// everCalled are all who were called to a question.
func (k *kit) everCalled(n int) (names []session.PersonName) {
	k.Helper()
	for _, c := range k.q(n).Called {
		names = append(names, c.To)
	}
	return names
}

func (k *kit) tick() {
	k.Helper()
	k.must(k.svc.Tick(k.Context(), k.session()))
}

// TestNotificationsOfAnHour: of two experts one answers all but one of the questions. Neither is
// notified of more than three besides their own.
func TestNotificationsOfAnHour(t *testing.T) {
	t.Parallel()
	const many = 15
	k := counting(hourOf(t, janis, ilze))
	k.svc.CallNext = 3 * time.Minute
	own := map[session.PersonName]int{}
	for i := range many {
		n := k.ask("Question " + itoa(i) + "?")
		k.press(anna, n, "Accept")
		k.tick()
		k.pass(4 * time.Minute)
		k.tick()
		by := janis
		if i == 7 {
			by = ilze
		}
		k.says(by, n, "r"+itoa(n), "Answer "+itoa(n)+".")
		own[by]++
		k.pass(4 * time.Minute)
		k.tick()
	}
	for _, name := range []session.PersonName{janis, ilze} {
		if k.of[name] > own[name]+3 {
			t.Errorf("%s was notified %d times, with %d questions of their own", name, k.of[name], own[name])
		}
	}
	if k.of[janis] < many/2 {
		t.Errorf("%s was called %d times only", janis, k.of[janis])
	}
}

// TestOneExpertInTurn: one is called, the next one when nobody took the question for as long as
// the configuration says, each once, and nobody when it is taken.
func TestOneExpertInTurn(t *testing.T) {
	t.Parallel()
	k := hourOf(t, janis, ilze)
	k.svc.CallNext = 3 * time.Minute
	for range 2 {
		k.press(anna, k.ask("How?"), "Accept")
	}
	k.tick()
	if a, b := k.called(1), k.called(2); !slices.Equal(a, []session.PersonName{janis}) || !slices.Equal(b, []session.PersonName{ilze}) {
		t.Fatalf("called: %s, %s", a, b)
	}
	k.press(ilze, 2, "Claim")
	k.pass(3*time.Minute - time.Second)
	k.tick()
	if got := k.everCalled(1); !slices.Equal(got, []session.PersonName{janis}) {
		t.Errorf("after almost three minutes: %s", got)
	}
	for range 3 {
		k.pass(3 * time.Minute)
		k.tick()
	}
	if got := k.everCalled(1); !slices.Equal(got, []session.PersonName{janis, ilze}) {
		t.Errorf("called to the first: %s", got)
	}
	if got := k.everCalled(2); len(got) != 1 || k.card(2).Call != nil {
		t.Errorf("called to what is taken: %s", got)
	}
}

// TestReleasedIsCalledOn: who gives a question back is not called to it.
func TestReleasedIsCalledOn(t *testing.T) {
	t.Parallel()
	k := hourOf(t, janis, ilze)
	n := k.ask("How?")
	k.press(anna, n, "Accept")
	k.press(ilze, n, "Claim")
	k.press(ilze, n, "Release")
	k.tick()
	k.pass(time.Hour)
	k.tick()
	if got := k.everCalled(n); !slices.Equal(got, []session.PersonName{janis}) {
		t.Errorf("called: %s", got)
	}
}
