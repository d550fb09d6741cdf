package deskpage

import (
	"net/http"
	"strconv"

	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// approveView is one answer that waits for approval, large.
type approveView struct {
	nav
	Next  view.Approving
	Card  *cardView // nil: nothing waits
	After int
	Flash *flash
	Live  string // as in triage
}

// approvePage shows the next answer to approve after the skipped ones.
func (d *Desk) approvePage(w http.ResponseWriter, r *http.Request, v visit) {
	m, ok := d.entered(w, r, v)
	if !ok {
		return
	}
	d.showApproving(w, r, m, http.StatusOK, r.URL.Query().Get("after"), d.takeFlash(w, r, m), nil)
}

func (d *Desk) showApproving(w http.ResponseWriter, r *http.Request, m *room, status int, skipped string, f *flash, refused *attempt) {
	after, _ := strconv.Atoi(skipped)
	v := approveView{nav: m.nav(), After: max(after, 0), Flash: f, Live: d.position(r, m.ses.ID)}
	var err error
	if v.Next, err = m.NextApproval(r.Context(), v.After); err != nil {
		d.failed(w, r, m.visit, err)
		return
	}
	if q := v.Next.Question; q.Ref.Number > 0 {
		d.readTyping(r, m, q.Ref.Number)
		votes := d.votes(r, m, []session.Question{q})
		c := m.cardView(q, votes[q.Ref.Number], selection{Then: "approve", After: v.After}, refused.on(q.Ref.Number))
		if c.Preview != nil {
			c.Preview.Alone = true
		}
		v.Card = &c
	}
	d.pages.Render(w, r, status, "approve", d.frame(m.Text("desk.approving", "title", m.ses.Title)), v)
}

// keys are those that decide about an answer on its page.
var keys = map[session.Verb]string{session.Approve: "A", session.SendBack: "B", session.Submit: "E"}

// Key is the one that presses a button where one answer is shown after another.
func (v offerView) Key() string {
	if v.Select.Then != "approve" {
		return ""
	}
	return keys[v.Verb]
}
