package connectortest

import (
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// pin: an announcement is pinned and let go, twice is harmless, and what is not there is let go.
func (h public) pin(t *testing.T) {
	by, ok := connector.As[connector.Pinner](h.Connector)
	if !ok || !h.Connector.Limits().Pins || h.Pinned == nil {
		t.Skip("nothing can be pinned there, or nobody can look")
	}
	p := h.post("k1", "On its own.")
	p.Original, p.Kind = session.Origin{}, session.KindAnnouncement
	at := h.must(t, p).Message
	for _, pinned := range []bool{true, true, false, false} {
		if err := by.Pin(t.Context(), at, pinned); err != nil {
			t.Fatalf("pinned %t: %v", pinned, err)
		}
		if got := h.Pinned(at); got != pinned {
			t.Errorf("it is pinned: %t, want %t", got, pinned)
		}
	}
	if err := by.Pin(t.Context(), h.Unknown, false); err != nil {
		t.Errorf("what is not there: %v", err)
	}
}

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
