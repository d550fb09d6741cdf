package web

import (
	"testing"

	"experthour/internal/connector"
)

// TestThreads puts replies under what they reply to, the newest thread first; a reply
// to something that is forgotten is not lost.
func TestThreads(t *testing.T) {
	t.Parallel()
	got := threads([]connector.PretendPost{{ID: "q1"}, {ID: "q2"}, {ID: "a1", Under: "q1"},
		{ID: "a0", Under: "forgotten"}, {ID: "b1", Under: "q1"}})
	want := []struct {
		id      string
		replies int
	}{{"a0", 0}, {"q2", 0}, {"q1", 2}}
	if len(got) != len(want) {
		t.Fatalf("%d threads, want %d", len(got), len(want))
	}
	for i, w := range want {
		if string(got[i].ID) != w.id || len(got[i].Replies) != w.replies {
			t.Errorf("thread %d is %s with %d replies, want %s with %d", i, got[i].ID, len(got[i].Replies), w.id, w.replies)
		}
	}
}
