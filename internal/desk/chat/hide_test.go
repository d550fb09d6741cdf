package chat

import (
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// TestHiddenFromACard: what the asker of a declined question wrote is hidden by a button of its card, for one of the published
// reasons, by moderators alone and only where the platform can; restoring takes it back.
func TestHiddenFromACard(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.svc.Hides = func(id session.ConnectorID) bool { return id == "square" }
	k.chat.Views.Hides = k.svc.Hides
	q, _, err := k.svc.Ask(t.Context(), session.Asked{Session: "tax", Key: "at the square", Text: "Who is a thief?",
		Origin: session.Origin{Connector: "square", Place: "p", Message: "m9"}})
	k.must(err)
	n, elsewhere := q.Ref.Number, k.ask("And who else?")
	offers := func(n int) bool {
		c := k.card(n)
		return slices.ContainsFunc(append(c.Buttons, c.More...), func(b connector.Button) bool { return b.Label == "Hide there" })
	}
	for _, one := range []int{n, elsewhere} {
		if offers(one) {
			t.Errorf("#%d can be hidden before it is declined", one)
		}
		k.submit(anna, k.press(anna, one, "Decline").Form, connector.Values{"reason": {"rude"}})
	}
	k.pass(time.Minute)
	if offers(elsewhere) {
		t.Error("what was asked on the page can be hidden there")
	}
	if a := k.submit(janis, k.press(janis, n, "Hide there").Form, connector.Values{"reason": {"rude"}}); a.Close || k.q(n).Covered() {
		t.Errorf("an expert hides: %+v", a)
	}
	f := k.press(anna, n, "Hide there").Form
	if a := k.submit(anna, f, connector.Values{"reason": {"because"}}); a.Wrong["reason"] == "" || k.q(n).Covered() {
		t.Errorf("for no published reason: %+v", a)
	}
	if a := k.submit(anna, f, connector.Values{"reason": {"off_topic"}}); !a.Close || !k.q(n).Covered() || offers(n) {
		t.Errorf("hiding: %+v, offered again %t", a, offers(n))
	}
	if act := k.q(n).Acts[session.HideAsked]; act.Note != "off_topic" || act.By.Name != anna {
		t.Errorf("the record says %+v", act)
	}
	k.press(anna, n, "Restore")
	if k.q(n).Covered() {
		t.Error("it is still to be hidden")
	}
}
