package deskpage

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/routing"
	"experthour/internal/session"
)

// mostUrgent is how many cards the board names.
const mostUrgent = 5

// countdown is how long before the start the board counts the minutes.
const countdown = 100 * time.Minute

// boardView is the desk of a session.
type boardView struct {
	nav
	Session  session.Session
	Head     head
	Tabs     []tab
	Select   selection
	Urgent   []urgent
	Holders  []holder
	New      int // questions to triage, for who may
	Fresh    int // questions that this person could take up
	Cards    []cardView
	Pager    pager
	Flash    *flash
	May      map[string]bool
	Switches []switchBox
	Warnings []session.Warning
	Troubles []string
	Reason   string // typed into a form of the board that was refused
	After    string // where live events begin; empty without them
}

// head is the state of the hour at a glance.
type head struct {
	State, StateClass string
	Start             time.Time // of a scheduled hour; zero otherwise
	End               time.Time
	Ticks             time.Time // the moment to which the clock counts down; zero: none
	Minutes           int
	Starting          bool // counts to the start
	Soon              bool
	OldestText        string
	OldestCard        int // 0: not on this page
	Answered          int
	Received          int
	Unanswered        int
}

// urgent is one line of the list of what needs somebody most.
type urgent struct {
	N          int
	What, Wait string
	Text       string
	Lang       session.Language
}

// holder is a person and what they are answering.
type holder struct {
	Name    session.PersonName
	Numbers []int
}

// board shows the desk of a session.
func (d *Desk) board(w http.ResponseWriter, r *http.Request, v visit) {
	m, ok := d.entered(w, r, v)
	if !ok {
		return
	}
	d.showBoard(w, r, m, http.StatusOK, selected(r.URL.Query()), d.takeFlash(w, r, m), nil)
}

// showBoard draws the page; refused is what somebody typed that was not taken.
func (d *Desk) showBoard(w http.ResponseWriter, r *http.Request, m *room, status int, s selection, f *flash, refused *attempt) {
	b, err := d.draw(r, m, s, refused)
	if err != nil {
		d.away(w, r, m.visit, err, refused)
		return
	}
	b.Flash = f
	title := m.Text("desk.title", "title", m.ses.Title)
	if b.Fresh > 0 {
		title = "(" + strconv.Itoa(b.Fresh) + ") " + title
	}
	d.pages.Render(w, r, status, "board", d.frame(title), b)
}

// draw reads everything that the page shows.
func (d *Desk) draw(r *http.Request, m *room, s selection, refused *attempt) (*boardView, error) {
	after := d.position(m.ses.ID)
	if refused != nil && refused.number > 0 {
		s.At = refused.number
	}
	b, qs, err := d.read(r, m, s)
	if err != nil {
		return nil, err
	}
	b.After, b.Pager = after, s.pager(currentCount(b.Tabs))
	b.Cards = m.cards(qs, d.votes(r, m, qs), s, refused)
	if refused != nil && refused.number == 0 {
		b.Reason = refused.form.Get("reason")
	}
	return b, nil
}

// read gets the board and the questions of the page. The first page of all cards is
// what the board needs anyway.
func (d *Desk) read(r *http.Request, m *room, s selection) (*boardView, []session.Question, error) {
	first := routing.Attention(m.Actor())
	first.Limit = perPage
	qs, err := d.Store.List(r.Context(), m.ses.ID, first)
	if err != nil {
		return nil, nil, err
	}
	routing.Sort(m.Actor(), qs)
	b, err := d.top(r, m, s, qs)
	if err != nil {
		return nil, nil, err
	}
	if s.Page > 1 || !b.Tabs[0].Current {
		if qs, err = d.list(r, m, s, b.Tabs); err != nil {
			return nil, nil, err
		}
	}
	qs, err = d.with(r, m, s.At, qs)
	return b, qs, err
}

// top makes what stands above and beside the cards, from the most urgent ones.
func (d *Desk) top(r *http.Request, m *room, s selection, qs []session.Question) (*boardView, error) {
	held, err := d.Store.List(r.Context(), m.ses.ID, session.Listing{States: []session.State{session.Claimed}, Limit: perPage})
	if err != nil {
		return nil, err
	}
	b := &boardView{nav: m.nav(), Fresh: m.fresh(), Session: m.ses, Tabs: m.tabs(s), Select: s, Head: m.head(qs), Urgent: m.urgent(qs),
		Holders: holders(held), May: m.mayOnSession(), Switches: d.switches(m.visit)}
	if m.Role == session.Moderator {
		b.New = m.counts.ByState[session.Received]
		b.Warnings = m.warnings(d.Staff.People())
		b.Troubles = d.troubles(r.Context())
	}
	return b, nil
}

// troubles says what keeps platforms from working now.
func (d *Desk) troubles(ctx context.Context) []string {
	if d.Troubles == nil {
		return nil
	}
	return d.Troubles(ctx, d.Site.Language)
}

// fresh is how many questions this person could take up now; the tab of the browser
// shows it.
func (m *room) fresh() int {
	if m.Role == session.Moderator {
		return m.counts.ByState[session.Received]
	}
	return m.counts.ByState[session.Queued]
}

// warnings are shown until they are settled or the hour is over.
func (m *room) warnings(staff session.Directory) []session.Warning {
	switch m.ses.State {
	case session.Scheduled, session.Open, session.Closing:
		return m.ses.Warnings(staff)
	}
	return nil
}

func currentCount(tabs []tab) int {
	for _, t := range tabs {
		if t.Current {
			return t.Count
		}
	}
	return 0
}

var stateClasses = map[session.SessionState]string{session.Open: "live", session.Closing: "warn"}

func (m *room) head(qs []session.Question) head {
	h := head{State: m.Text("session." + string(m.ses.State)), StateClass: stateClasses[m.ses.State], End: m.ses.End.In(m.zone),
		Received: m.counts.Last, Answered: m.counts.ByState[session.Published], Unanswered: m.counts.Unsettled.Questions}
	switch m.ses.State {
	case session.Open:
		h.Ticks = m.ses.End
	case session.Scheduled:
		h.Start = m.ses.Start.In(m.zone)
		if h.Start.Sub(m.now) <= countdown {
			h.Ticks, h.Starting = h.Start, true
		}
	}
	if !h.Ticks.IsZero() {
		left := max(h.Ticks.Sub(m.now), 0)
		h.Minutes = int((left + time.Minute - 1) / time.Minute)
		h.Soon = !h.Starting && left <= session.EndingSoon
	}
	m.oldest(&h, qs)
	return h
}

// oldest finds what waits longest for a person.
func (m *room) oldest(h *head, qs []session.Question) {
	var since time.Time
	for s := range patience {
		if t, ok := m.counts.Oldest[s]; ok && (since.IsZero() || t.Before(since)) {
			since = t
		}
	}
	if since.IsZero() {
		return
	}
	h.OldestText = m.words.Lasting(m.waited(since))
	if i := slices.IndexFunc(qs, func(q session.Question) bool { return q.Since.Equal(since) && patience[q.State] > 0 }); i >= 0 {
		h.OldestCard = qs[i].Ref.Number
	}
}

func (m *room) urgent(qs []session.Question) []urgent {
	var us []urgent
	for _, q := range qs {
		if patience[q.State] == 0 && !q.Waits() || !m.turn(q) {
			continue
		}
		text, lang := q.Text, q.Language
		if q.State == session.Withdrawn {
			text, lang = m.Text("desk.erased"), m.words.Language()
		}
		us = append(us, urgent{N: q.Ref.Number, What: m.badge(q).Text, Wait: m.wait(q.Since),
			Text: session.Shorten(text, 120), Lang: lang})
		if len(us) == mostUrgent {
			break
		}
	}
	return us
}

// wait words a wait that is worth a word.
func (m *room) wait(since time.Time) string {
	if w := m.waited(since); w >= time.Minute {
		return m.words.Lasting(w)
	}
	return ""
}

// holders groups claimed questions by who answers them.
func holders(qs []session.Question) []holder {
	var hs []holder
	for _, q := range qs {
		i := slices.IndexFunc(hs, func(h holder) bool { return h.Name == q.Holder })
		if i < 0 {
			hs, i = append(hs, holder{Name: q.Holder}), len(hs)
		}
		hs[i].Numbers = append(hs[i].Numbers, q.Ref.Number)
	}
	slices.SortFunc(hs, func(a, b holder) int { return cmp.Compare(a.Name, b.Name) })
	return hs
}

// switchBox sets how a pretend platform behaves.
type switchBox struct {
	ID    session.ConnectorID
	Name  string
	Limit int
	Modes []mode
}

type mode struct {
	ID, Label string
	On        bool
}

// switches are offered to moderators, for every connector that has one.
func (d *Desk) switches(v visit) []switchBox {
	var boxes []switchBox
	for _, c := range d.Connectors {
		s, ok := connector.As[connector.Pretend](c)
		if !ok || v.Role != session.Moderator {
			continue
		}
		b := switchBox{ID: c.ID(), Name: d.placeName(v, c.ID()), Limit: c.Limits().Text}
		for _, id := range s.Modes() {
			b.Modes = append(b.Modes, mode{id, v.words.Text("mode." + id), id == s.Mode()})
		}
		boxes = append(boxes, b)
	}
	return boxes
}

// switchMode sets the behaviour of a pretend platform.
func (d *Desk) switchMode(w http.ResponseWriter, r *http.Request, v visit) {
	if err := d.setMode(r, v); err != nil {
		d.failed(w, r, v, err)
		return
	}
	back := v.home()
	if id := session.ID(r.PostFormValue("session")); id != "" {
		back = v.nav(session.ID(slugOnly(string(id)))).At()
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

func (d *Desk) setMode(r *http.Request, v visit) error {
	if v.Role != session.Moderator {
		return session.Fail(session.Forbidden, "moderator_only")
	}
	for _, c := range d.Connectors {
		s, ok := connector.As[connector.Pretend](c)
		if ok && string(c.ID()) == r.PostFormValue("connector") && s.SetMode(r.PostFormValue("mode")) {
			d.Site.Log.Info("connector switched", "connector", c.ID(), "mode", s.Mode())
			return nil
		}
	}
	return session.Fail(session.Invalid, "mode_unknown")
}

// slugOnly keeps what may stand in the name of a session, so that a form cannot
// lead anywhere else.
func slugOnly(s string) string {
	keep := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}
	return strings.Map(keep, s)
}
