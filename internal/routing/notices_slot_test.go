package routing

import (
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// TestReceipts: in private at once, in a group only when a moderator has accepted the
// question; and a hint where an answer was edited in, of which nobody is told.
func TestReceipts(t *testing.T) {
	t.Parallel()
	p := Planner{Limits: func(session.ConnectorID) (connector.Limits, bool) {
		return connector.Limits{Notices: true, Slots: true}, true
	}}
	asked := session.Question{Ref: session.QuestionRef{Session: "s", Number: 12}, State: session.Received, Language: session.English,
		Origin: session.Origin{Connector: "tg", Place: "7", Message: "1"}}
	private := asked
	private.Origin.Private = true
	accepted := asked
	accepted.State, accepted.Acts = session.Queued, map[session.Verb]session.Act{session.Accept: {}}
	published := private
	published.State, published.Wanted, published.PublishedAt = session.Published, 1, time.Unix(1, 0)
	published.Copies = []session.Copy{{Slot: session.Slot{Kind: session.KindReceipt, Connector: "tg", Place: "7", Original: 12},
		Wanted: 1, Out: 1, Message: "m"}}
	faster := published
	faster.Copies = nil
	declined := private
	declined.State = session.Declined
	spam := asked
	spam.State = session.Declined
	withdrawn := private
	withdrawn.State = session.Withdrawn
	for name, c := range map[string]struct {
		q    session.Question
		want []session.CopyKind
	}{
		"in a group":           {asked, nil},
		"accepted in a group":  {accepted, []session.CopyKind{session.KindReceipt}},
		"in private":           {private, []session.CopyKind{session.KindReceipt}},
		"published in private": {published, []session.CopyKind{session.KindReceipt, session.KindOutcome}},
		"answered before":      {faster, []session.CopyKind{session.KindOutcome}},
		"declined":             {declined, []session.CopyKind{session.KindReceipt, session.KindOutcome}},
		"declined unaccepted":  {spam, nil},
		"withdrawn":            {withdrawn, nil},
	} {
		var got []session.CopyKind
		for _, r := range p.Notices(session.Session{}, c.q) {
			got = append(got, r.Kind)
		}
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] || len(got) > 1 && got[1] != c.want[1] {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
