package chat

import (
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// TestCallsAreTakenBack: what called somebody stands for as long as somebody may have to come, and while what was decided
// can be undone.
func TestCallsAreTakenBack(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.svc.Undo = 10 * time.Second
	over := func(when string, n int, want bool) {
		t.Helper()
		if got := k.card(n).CallsOver; got != want {
			t.Errorf("%s: calls are over: %t", when, got)
		}
	}
	n := k.ask("How?")
	over("new", n, false)
	k.press(anna, n, "Accept")
	k.tick()
	over("queued", n, false)
	k.press(janis, n, "Claim")
	over("claimed", n, false)
	k.submit(janis, k.press(janis, n, "Answer").Form, connector.Values{"text": {"So."}})
	over("to approve", n, false)
	k.press(anna, n, "Send back")
	over("sent back", n, false)

	d := k.ask("Who?")
	k.submit(anna, k.press(anna, d, "Decline").Form, connector.Values{"reason": {"rude"}})
	over("declined a moment ago", d, false)
	k.pass(11 * time.Second)
	k.tick()
	over("declined", d, true)
	k.press(anna, d, "Restore")
	k.state(d, session.Received)
	over("restored", d, false)
}
