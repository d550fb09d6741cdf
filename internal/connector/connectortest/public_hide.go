package connectortest

import (
	"testing"

	"experthour/internal/connector"
)

// hide: the original is hidden, and then as it was; twice is harmless, and what is not there is hidden.
func (h public) hide(t *testing.T) {
	by, ok := connector.As[connector.Hider](h.Connector)
	if !ok || h.Hidden == nil {
		t.Skip("nothing can be hidden there, or nobody can look")
	}
	before := h.Hidden()
	for _, hidden := range []bool{true, true, false, false} {
		if err := by.Hide(t.Context(), h.Original, hidden); err != nil {
			t.Fatalf("hidden %t: %v", hidden, err)
		}
		if got, want := h.Hidden(), hidden || before; got != want {
			t.Errorf("it is hidden: %t, want %t", got, want)
		}
	}
	gone := h.Original
	gone.Message = h.Unknown
	for _, hidden := range []bool{true, false} {
		if err := by.Hide(t.Context(), gone, hidden); err != nil {
			t.Errorf("what is not there, hidden %t: %v", hidden, err)
		}
	}
}
