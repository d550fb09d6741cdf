package graph

import (
	"testing"
	"time"
)

// TestNotes: whatever a store kept, what is no note is none.
func TestNotes(t *testing.T) {
	t.Parallel()
	c := container{"17900000000000001", time.Unix(1_790_000_000, 0)}
	if noted(c.note()) != c {
		t.Errorf("%+v became %+v", c, noted(c.note()))
	}
	for _, note := range []string{"", "17900000000000001", "x 1", "17900000000000001 x", "../me 1"} {
		if noted(note) != (container{}) {
			t.Errorf("%q is a note", note)
		}
	}
}
