package routing_test

import (
	"testing"
	"time"

	"experthour/internal/session"
)

func (w *world) edit(cmd session.EditSession) session.Session {
	w.t.Helper()
	r, err := w.s.DoSession(w.t.Context(), mod, "h", cmd)
	fatal(w.t, err)
	return r.Session
}

// TestAPlaceThatIsTakenOff gets no new answers; what stands there is kept right, and who asked
// there is answered there.
func TestAPlaceThatIsTakenOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out, asked := w.ask("page"), w.ask("sandbox")
	w.publish(out)
	w.edit(session.EditSession{Targets: &[]session.ConnectorID{"page"}})
	w.approve(asked)
	if got, want := w.wanted(asked), "answer:page::2 answer:sandbox:sq:2"; got != want {
		t.Errorf("asked before: %s, want %s", got, want)
	}
	w.do(anna, session.CorrectAnswer{On: out, Text: "Tomorrow."})
	w.approveLatest(out)
	if got, want := w.wanted(out), "answer:page::1 answer:wall::1"; got != want {
		t.Errorf("corrected: %s, want %s", got, want)
	}
	late := w.ask("page")
	w.approve(late)
	if got, want := w.wanted(late), "answer:page::3"; got != want {
		t.Errorf("asked afterwards: %s, want %s", got, want)
	}
}

// TestAPlaceThatIsTakenOffIsFree for another hour, and only then.
func TestAPlaceThatIsTakenOffIsFree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := session.Hour{Slug: "other", Title: "Other", Zone: "Europe/Riga", Experts: []session.Expert{{Name: "Anna"}},
		Desk: session.Desk{Connector: "desk", Place: "two"}, Targets: []session.Target{{Connector: "wall"}}, Start: at, End: at.Add(time.Hour)}
	if _, err := w.s.Schedule(t.Context(), mod, h); session.KindOf(err) != session.Refused {
		t.Fatalf("at the same place: %v", err)
	}
	w.edit(session.EditSession{Targets: &[]session.ConnectorID{"sandbox"}})
	if _, err := w.s.Schedule(t.Context(), mod, h); err != nil {
		t.Fatalf("at a place that is free: %v", err)
	}
	_, err := w.s.DoSession(t.Context(), mod, "h", session.EditSession{Targets: &[]session.ConnectorID{"sandbox", "wall"}})
	if session.KindOf(err) != session.Refused {
		t.Errorf("taken by another hour: %v", err)
	}
}

// TestWhatATakenOffExpertHeld is back in the queue after a tick, but what moderators hold stays.
func TestWhatATakenOffExpertHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hers, his := w.ask("page"), w.ask("page")
	w.do(mod, session.AcceptQuestion{On: hers}, session.AcceptQuestion{On: his}, session.ClaimQuestion{On: his})
	w.do(anna, session.ClaimQuestion{On: hers})
	ses := w.edit(session.EditSession{Experts: &[]session.PersonName{"Mod"}})
	fatal(t, w.s.Tick(t.Context(), ses))
	if a, b := w.question(hers), w.question(his); a.State != session.Queued || a.Holder != "" || b.State != session.Claimed {
		t.Errorf("hers is %s, his is %s", a.State, b.State)
	}
	w.do(mod, session.ClaimQuestion{On: hers})
	ses = w.edit(session.EditSession{Experts: &[]session.PersonName{"Anna"}})
	fatal(t, w.s.Tick(t.Context(), ses))
	if q := w.question(hers); q.State != session.Claimed {
		t.Errorf("held by a moderator, it is %s", q.State)
	}
}
