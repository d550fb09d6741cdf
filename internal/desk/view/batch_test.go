package view_test

import (
	"strings"
	"testing"

	"experthour/internal/desk/view"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// TestBatchSaysWhatWasPressed, also where nothing could be done: taking back never reads as declining.
func TestBatchSaysWhatWasPressed(t *testing.T) {
	t.Parallel()
	d := &view.Desk{Words: wording.In(session.English)}
	for v, want := range map[session.Verb]string{session.Undo: "where they were", session.MergeTogether: "merged",
		session.DeclineTogether: "declined"} {
		if got := d.Batch(v, session.Batch{Kept: []int{3}}); !strings.Contains(got, want) {
			t.Errorf("%s: %q", v, got)
		}
	}
}
