package deskpage

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/routing"
	"experthour/internal/session"
)

// countdown is how long before the start the board counts the minutes.
const countdown = 100 * time.Minute

// boardView is the desk of a session.
type boardView struct {
	nav
	Session  session.Session
	Head     headView
	Tabs     []tab
	Select   selection
	Cards    []cardView
	Pager    pager
	Flash    *flash
	May      map[string]bool
	Switches []switchBox
	Troubles []string
	Hour     []offerView      // what may be done with the hour
	Found    string           // how many a search found
	Writes   map[int][]string // who is writing about a question
	After    string           // where live events begin; empty without them
}

// headView is the state of the hour with the clock that the script turns.
type headView struct {
	view.Board
	End     time.Time
	Ticks   time.Time // the moment to which the clock counts down; zero: none
	Minutes int
}

func (m *room) headView(b view.Board) headView {
	h := headView{Board: b, End: m.ses.End.In(m.zone), Minutes: int((b.Left + time.Minute - 1) / time.Minute)}
	switch {
	case m.ses.State == session.Open:
		h.Ticks = m.ses.End
	case b.Starts && b.Left <= countdown:
		h.Ticks = m.ses.Start
	}
	return h
}

// boardPage shows the desk of a session.
func (d *Desk) boardPage(w http.ResponseWriter, r *http.Request, v visit) {
	m, ok := d.entered(w, r, v)
	if !ok {
		return
	}
	d.renderBoard(w, r, m, http.StatusOK, selected(r.URL.Query()), d.takeFlash(w, r, m), nil)
}

// renderBoard draws the page; refused is what somebody typed that was not taken.
func (d *Desk) renderBoard(w http.ResponseWriter, r *http.Request, m *room, status int, s selection, f *flash, refused *attempt) {
	b, err := d.draw(r, m, s, refused)
	if err != nil {
		d.storeAway(w, r, m.visit, err, refused)
		return
	}
	b.Flash = f
	b.refuse()
	d.pages.Render(w, r, status, "board", d.frame(badged(b.Head.Fresh, m.Text("desk.title", "title", m.ses.Title))), b)
}

// refuse says also at its card why what was pressed there is not done, such as that somebody
// was faster: the page goes there.
func (b *boardView) refuse() {
	for i := range b.Cards {
		if c := &b.Cards[i]; b.Flash != nil && b.Flash.Class == "warn" && c.Number == b.Flash.Number && c.Problem == "" {
			c.Problem, c.Folded = b.Flash.Text, false
		}
	}
}

// draw reads everything that the page shows.
func (d *Desk) draw(r *http.Request, m *room, s selection, refused *attempt) (*boardView, error) {
	after := d.position(r, m.ses.ID)
	if refused != nil && refused.number > 0 {
		s.At = refused.number
	}
	b, qs, votes, err := d.read(r, m, s)
	if err != nil {
		return nil, err
	}
	b.After, b.Pager = after, s.pager(currentCount(b.Tabs))
	b.Cards, b.Hour = m.cards(qs, votes, s, refused), m.hourOffers(refused.on(0))
	return b, nil
}

// read gets the board and the questions of the page with their votes. The first page of all
// cards is what the board needs anyway.
func (d *Desk) read(r *http.Request, m *room, s selection) (*boardView, []session.Question, map[int]int, error) {
	board, err := m.Board(r.Context(), m.counts, d.Staff.People())
	if err != nil {
		return nil, nil, nil, err
	}
	b := &boardView{nav: m.nav(), Session: m.ses, Head: m.headView(board), Tabs: m.tabs(s), Select: s, May: m.mayOnSession(),
		Switches: d.switches(m.visit), Hour: m.hourOffers(nil)}
	if b.Moderator() {
		b.Troubles = d.troubles(r.Context())
	}
	qs := board.Cards
	switch {
	case s.Find != "":
		qs, b.Found, err = m.found(r.Context(), s.Find)
	case s.Page > 1 || !b.Tabs[0].Current:
		qs, err = d.tabbed(r, m, s, b.Tabs)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	votes := d.tally(r, m, append(numbersOf(qs), s.At)...)
	if b.Tabs[0].Current {
		routing.Sort(m.Actor(), qs, votes)
	}
	qs, err = d.with(r, m, s.At, qs)
	d.readTyping(r, m, numbersOf(append(slices.Clone(qs), board.Cards...))...)
	b.Writes = m.writes(board.Cards)
	return b, qs, votes, err
}

// writes says who else is writing about each of the questions that are shown.
func (m *room) writes(qs []session.Question) map[int][]string {
	all := map[int][]string{}
	for _, q := range qs {
		all[q.Ref.Number] = m.Writing(q, m.typing[q.Ref.Number])
	}
	return all
}

// found searches, and says how many there are.
func (m *room) found(ctx context.Context, query string) ([]session.Question, string, error) {
	f, err := m.Find(ctx, query)
	text := m.words.Count("desk.found", f.Total)
	if f.Total > len(f.Questions) {
		text += " " + m.Text("desk.found_more", "shown", len(f.Questions))
	}
	return f.Questions, text, err
}

// Told is what the board asks about announcements, as a card asks about its copies.
func (b *boardView) Told() cardView {
	return cardView{nav: b.nav, Card: view.Card{Copies: b.Head.Told}, Select: b.Select}
}

// troubles says what keeps platforms from working now.
func (d *Desk) troubles(ctx context.Context) []string {
	if d.Troubles == nil {
		return nil
	}
	return d.Troubles(ctx, d.Site.Language)
}

func currentCount(tabs []tab) int {
	for _, t := range tabs {
		if t.Current {
			return t.Count
		}
	}
	return 0
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
		l, _ := c.Limits().Longest.Tightest("")
		b := switchBox{ID: c.ID(), Name: d.Views.Place(c.ID()), Limit: l.Most}
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
