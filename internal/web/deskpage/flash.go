package deskpage

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"

	"experthour/internal/session"
)

// flash is one message about what the person just did.
type flash struct {
	Class  string // ok, warn, bad
	Alert  bool   // said at once
	Text   string
	Number int           // the card it is about; 0: none
	Field  session.Field // that is wrong, in a form that is no card
	Undo   *undoView     // nil: nothing to undo
}

// undoView is the button beside a confirmation that takes the decision back.
type undoView struct {
	Path, Stage string
	For         int64 // ms from now
}

// flashNote is a flash on its way through a redirect, in a cookie of its own. It
// carries no sentence, so nobody can make the desk say one.
type flashNote struct {
	Verb    session.Verb       `json:"v"`
	Number  int                `json:"n,omitempty"`
	Already bool               `json:"a,omitempty"`
	By      session.PersonName `json:"b,omitempty"`
	Count   int                `json:"c,omitempty"`
	Batch   *session.Batch     `json:"m,omitempty"`
	Undoes  int                `json:"u,omitempty"` // the question on which it can be undone,
	Stage   string             `json:"s,omitempty"` // and where the decision led
}

const flashCookie = "desk-flash"

func (d *Desk) leaveFlash(w http.ResponseWriter, v visit, n flashNote) {
	b, err := json.Marshal(n)
	if err != nil {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(b), Path: v.home(), MaxAge: 60,
		HttpOnly: true, Secure: d.Site.Secure(), SameSite: http.SameSiteLaxMode})
}

// takeFlash reads the message that a redirect left, once.
func (d *Desk) takeFlash(w http.ResponseWriter, r *http.Request, m *room) *flash {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: m.home(), MaxAge: -1, HttpOnly: true,
		Secure: d.Site.Secure(), SameSite: http.SameSiteLaxMode})
	var n flashNote
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || json.Unmarshal(b, &n) != nil {
		return nil
	}
	return m.flash(n)
}

func (m *room) flash(n flashNote) *flash {
	_, staff := m.desk.Staff.People().Find(n.By)
	switch {
	case n.Batch != nil:
		return &flash{Class: "ok", Text: m.Batch(n.Verb, *n.Batch), Undo: m.undo(n)}
	case n.Already && n.By != m.Name && staff:
		return &flash{Class: "warn", Text: m.prefix(n.Number) + m.Text("done."+string(n.Verb), "by", n.By), Number: n.Number}
	case n.Already:
		return &flash{Class: "warn", Text: m.prefix(n.Number) + m.Text("desk.already"), Number: n.Number}
	case n.Number == 0 && session.ResolvesCopy(n.Verb):
		return &flash{Class: "ok", Text: m.Text("desk.announcement") + " " + m.Text("happened."+string(n.Verb))}
	case n.Count > 0:
		return &flash{Class: "ok", Text: m.words.Count("desk.settled", n.Count)}
	}
	return &flash{Class: "ok", Text: m.prefix(n.Number) + m.Text("happened."+string(n.Verb)), Number: n.Number, Undo: m.undo(n)}
}

func (m *room) undo(n flashNote) *undoView {
	if n.Undoes == 0 {
		return nil
	}
	path := m.nav().At() + "/q/" + strconv.Itoa(n.Undoes) + "/" + string(session.Undo)
	return &undoView{path, n.Stage, m.desk.Service.Undo.Milliseconds()}
}

func (m *room) prefix(n int) string {
	if n == 0 {
		return ""
	}
	return "Q" + strconv.Itoa(n) + ": "
}

// failure words what could not be done.
func (m *room) failure(a *attempt) *flash {
	class := "bad"
	switch session.KindOf(a.err) {
	case session.Already, session.Stale:
		class = "warn"
	}
	return &flash{Class: class, Alert: true, Text: m.prefix(a.number) + m.words.Error(a.err), Number: a.number, Field: session.FieldOf(a.err)}
}
