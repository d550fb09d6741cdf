package routing

import (
	"fmt"
	"testing"

	"experthour/internal/session"
)

func TestAProcessKeepsTheIndexesOfFewHours(t *testing.T) {
	t.Parallel()
	var x Indexes[int]
	kept := x.of("kept")
	for i := range 10 {
		x.of(session.ID(fmt.Sprint("other-", i)))
		if x.of("kept") != kept {
			t.Fatal("the one that was used last was dropped")
		}
	}
	if len(x.last) != MostIndexed {
		t.Errorf("%d are kept", len(x.last))
	}
}
