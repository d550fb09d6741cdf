package routing

import (
	"slices"
	"testing"
	"time"

	"experthour/internal/session"
)

// cards are numbered in the order in which they are made below.
func cards() []session.Question {
	rev := func(author, over session.PersonName) []session.Revision {
		return []session.Revision{{Number: 1, Author: author, Over: over}}
	}
	qs := []session.Question{
		{State: session.Published},
		{State: session.Claimed, Holder: "Anna"},
		{State: session.Queued},
		{State: session.Received},
		{State: session.Review, Revisions: rev("Anna", "")},
		{State: session.Review, Revisions: rev("Mod", "Anna")},
		{State: session.Claimed, Holder: "Anna", Last: session.SendBack},
		{State: session.Published, Copies: []session.Copy{{Problem: session.Unsure}}},
		{State: session.Queued},
		{State: session.Approved},
		{State: session.Claimed, Holder: "Zane"},
		{State: session.Queued, Pending: "New wording?"},
	}
	for i := range qs {
		qs[i].Ref.Number, qs[i].Since = i+1, noon.Add(time.Duration(i)*time.Minute)
	}
	qs[8].Since = noon.Add(-time.Hour)
	return qs
}

func TestSort(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by   session.Actor
		want []int
	}{
		"moderator": {session.Actor{Name: "Mod", Role: session.Moderator}, []int{8, 5, 4, 12, 9, 2, 3, 6, 7, 11, 10, 1}},
		"expert":    {session.Actor{Name: "Anna", Role: session.ExpertRole}, []int{7, 2, 6, 9, 3, 12, 4, 5, 11, 10, 1, 8}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			qs := cards()
			slices.Reverse(qs)
			Sort(c.by, qs, nil)
			if got := numbers(qs); !slices.Equal(got, c.want) {
				t.Errorf("order %v, want %v", got, c.want)
			}
		})
	}
}

// TestSortByVotes: what more people want comes first among what is equally urgent, and what no
// moderator has seen has no votes yet.
func TestSortByVotes(t *testing.T) {
	t.Parallel()
	qs := cards()
	Sort(session.Actor{Name: "Anna", Role: session.ExpertRole}, qs, map[int]int{3: 1, 12: 5, 4: 9})
	if got, want := numbers(qs), []int{7, 2, 6, 12, 3, 9, 4, 5, 11, 10, 1, 8}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

// Every state must be in the listing once, or its questions would be on no page.
func TestAttentionListsEveryState(t *testing.T) {
	t.Parallel()
	for _, role := range []session.Role{session.Moderator, session.ExpertRole, session.Observer} {
		got := slices.Clone(Attention(session.Actor{Role: role}).States)
		want := slices.Clone(session.States)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s lists %v", role, got)
		}
	}
}
