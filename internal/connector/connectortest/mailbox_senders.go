package connectortest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
)

// batch stores several in one step; what is there already, or twice among them, counts
// once.
func (p post) batch(t *testing.T) {
	p.fresh(t, 0)
	p.put(t, "b")
	staff := events(connector.StaffLine, "anna:1", "b", "anna:2", "c", "anna:1")
	p.fresh(t, 4, append(staff, events(connector.PublicLine, "ilze:1")...)...)
	p.fresh(t, 0, staff...)
	take(t, p.B, 9, "b×1", "anna:1×1", "c×1")
	takeFrom(t, p.B, connector.PublicLine, 9, "ilze:1×1")
}

// senders wants one letter of each at a time, in their order, whoever takes it.
func (p post) senders(t *testing.T) {
	p.put(t, "anna:1", "anna:2", "bob:1", "anna:3", "bob:2")
	ls := take(t, p.A, 9, "anna:1×1", "bob:1×1")
	take(t, p.B, 9)
	p.handle(t, p.A, ls[0])
	second := take(t, p.B, 9, "anna:2×1")
	p.put(t, "anna:4")
	p.handle(t, p.B, second[0], second[0], ls[0]) // twice lets no two out
	third := take(t, p.A, 9, "anna:3×1")
	p.handle(t, p.A, ls[1], third[0])
	p.handle(t, p.A, take(t, p.B, 9, "bob:2×1", "anna:4×1")...)
	p.put(t, "anna:5")
	take(t, p.B, 9, "anna:5×1")
}

// deadReplicas: those behind a letter that a dead replica had in hand wait until it is
// given out again, and for it.
func (p post) deadReplicas(t *testing.T) {
	p.put(t, "anna:1", "anna:2")
	take(t, p.A, 9, "anna:1×1")
	p.Pass(connector.LetterFor - time.Second)
	take(t, p.B, 9)
	p.Pass(2 * time.Second)
	again := take(t, p.B, 9, "anna:1×2")
	take(t, p.B, 9)
	p.handle(t, p.B, again...)
	take(t, p.B, 9, "anna:2×1")
}

// poison: who wrote a letter that cannot be handled is heard again when it is buried.
func (p post) poison(t *testing.T) {
	p.put(t, "anna:1", "anna:2", "anna:3")
	for i := range 2 {
		noError(t, p.A.Bury(t.Context(), take(t, p.A, 9, fmt.Sprintf("anna:%d×1", i+1))[0], "no"))
	}
	p.handle(t, p.A, take(t, p.B, 9, "anna:3×1")...)
	take(t, p.B, 9)
	p.dead(t, 2)
}

// crowdOfOne: somebody who writes a thousand letters at once holds up nobody else.
func (p post) crowdOfOne(t *testing.T) {
	var many []string
	for i := range 1000 {
		many = append(many, fmt.Sprint("anna:", i))
	}
	for some := range slices.Chunk(many, 100) { // more at once takes the embedded store seconds on a busy machine
		p.fresh(t, len(some), events(connector.StaffLine, some...)...)
	}
	p.put(t, "bob:1")
	p.handle(t, p.A, take(t, p.A, 9, "anna:0×1", "bob:1×1")...)
	p.put(t, "bob:2")
	for i := range 12 { // not 10 before 2
		want := []string{fmt.Sprintf("anna:%d×1", i+1)}
		if i == 0 {
			want = append(want, "bob:2×1")
		}
		p.handle(t, p.A, take(t, p.B, 9, want...)...)
	}
}

// lines: nobody waits for somebody in the other one.
func (p post) lines(t *testing.T) {
	p.fresh(t, 2, events(connector.PublicLine, "a", "b")...)
	p.fresh(t, 1, events("", "c")...)
	p.put(t, "anna:1")
	ours := take(t, p.B, 9, "anna:1×1")
	theirs := takeFrom(t, p.B, connector.PublicLine, 9, "a×1", "b×1", "c×1")
	noError(t, p.A.Bury(t.Context(), theirs[0], "no"))
	noError(t, p.A.Bury(t.Context(), ours[0], "no"))
	p.dead(t, 2)
	p.handle(t, p.A, theirs[1:]...)
	p.Pass(connector.LetterFor + time.Second)
	takeFrom(t, p.B, connector.PublicLine, 9)
	take(t, p.B, 9)
}

// oneLine: a sender goes over to the other line when what they wrote before is handled.
func (p post) oneLine(t *testing.T) {
	p.fresh(t, 1, events(connector.PublicLine, "anna:1")...)
	p.put(t, "anna:2", "bob:1")
	p.handle(t, p.A, take(t, p.A, 9, "bob:1×1")...)
	for i := range 2 {
		p.handle(t, p.A, takeFrom(t, p.A, connector.PublicLine, 9, fmt.Sprintf("anna:%d×1", i+1))...)
	}
	p.put(t, "anna:3")
	p.fresh(t, 1, events(connector.PublicLine, "anna:4")...)
	p.handle(t, p.A, take(t, p.A, 9, "anna:3×1")...)
	takeFrom(t, p.A, connector.PublicLine, 9)
	take(t, p.A, 9, "anna:4×1")
}

// nextWakes lets somebody wait for the letter behind one that is in hand.
func (p post) nextWakes(t *testing.T) {
	p.put(t, "anna:1", "anna:2")
	first := take(t, p.A, 1, "anna:1×1")
	got := make(chan []connector.Letter)
	go func() {
		ls, err := p.B.Take(t.Context(), connector.StaffLine, 1, time.Minute)
		if err != nil {
			t.Error(err)
		}
		got <- ls
	}()
	p.handle(t, p.A, first...)
	if ls := <-got; len(ls) != 1 || ls[0].Key != "anna:2" {
		t.Errorf("took %v", ls)
	}
}
