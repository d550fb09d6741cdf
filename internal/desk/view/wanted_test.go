package view

import (
	"fmt"
	"slices"
	"testing"

	"experthour/internal/session"
)

// TestWanted: what nobody works on yet comes by votes and then by age, page by page.
func TestWanted(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	for n := 1; n <= 5; n++ {
		k.ask(fmt.Sprintf("Tax number %d?", n))
		if n < 5 {
			k.do(anna, session.AcceptQuestion{On: on(n), Wording: 1})
		}
	}
	k.do(janis, session.ClaimQuestion{On: on(2)})
	for n, votes := range map[int]int{2: 9, 3: 1, 4: 2} {
		for v := range votes {
			_, err := k.store.Vote(t.Context(), session.Vote{Question: on(n).Question, By: session.Hash(fmt.Sprint(v)), Up: true})
			k.must(err)
		}
	}
	r := k.reader("#", janis)
	for offset, want := range map[int][]int{0: {4, 3}, 2: {1}, 9: nil} {
		qs, err := r.Wanted(t.Context(), offset, 2)
		k.must(err)
		var got []int
		for _, q := range qs {
			got = append(got, q.Ref.Number)
		}
		if !slices.Equal(got, want) {
			t.Errorf("from %d: %v, want %v", offset, got, want)
		}
	}
	qs, err := k.store.List(t.Context(), "tax", session.Listing{States: []session.State{session.Queued}})
	k.must(err)
	k.must(r.Sort(t.Context(), qs))
	if qs[0].Ref.Number != 4 || qs[1].Ref.Number != 3 {
		t.Errorf("a list begins with %d and %d", qs[0].Ref.Number, qs[1].Ref.Number)
	}
}
