package deskpage

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// A room is a session as one request of one person reads it.
type room struct {
	visit
	view.Reader
	desk   *Desk
	ses    session.Session
	counts session.Counts
	zone   *time.Location
	typing map[int]session.Typing // what people are writing, of the questions that are shown
}

// enter reads the session of the address and its counts.
func (d *Desk) enter(r *http.Request, v visit) (*room, error) {
	ses, err := d.Store.Session(r.Context(), session.ID(r.PathValue("slug")))
	if err != nil {
		return nil, err
	}
	counts, err := d.Store.Counts(r.Context(), ses.ID)
	m := d.room(v, ses)
	m.counts = counts
	return m, err
}

// entered wraps pages that need the session; without it they answer with why.
func (d *Desk) entered(w http.ResponseWriter, r *http.Request, v visit) (*room, bool) {
	m, err := d.enter(r, v)
	if err != nil {
		d.failed(w, r, v, err)
		return nil, false
	}
	return m, true
}

// failed answers with an error page that leads back to where the person was.
func (d *Desk) failed(w http.ResponseWriter, r *http.Request, v visit, err error) {
	back := v.home()
	if session.KindOf(err) == session.Unavailable && r.Method == http.MethodGet {
		back = r.URL.RequestURI()
	}
	d.Site.ErrorPageBack(w, r, d.Site.Language, back, err)
}

func (m *room) nav() nav { return m.visit.nav(m.ses.ID) }

// mayOnSession is what the person may do with the hour now.
func (m *room) mayOnSession() map[string]bool {
	may := map[string]bool{}
	for _, v := range session.AllowedOnSession(m.ses, m.Actor()) {
		may[string(v)] = true
	}
	return may
}

// Text words a message; a shorthand for the many that a view needs.
func (m *room) Text(id string, args ...any) string { return m.words.Text(id, args...) }

// number reads the number of a question from the address.
func number(r *http.Request) (int, error) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 {
		return 0, session.Fail(session.NotFound, "question_unknown", "number", session.Shorten(r.PathValue("n"), 20))
	}
	return n, nil
}

// votes reads how many others would like to know; a board without votes is better
// than none.
func (d *Desk) votes(r *http.Request, m *room, qs []session.Question) map[int]int {
	return d.tally(r, m, numbersOf(qs)...)
}

func (d *Desk) tally(r *http.Request, m *room, numbers ...int) map[int]int {
	votes, err := d.Store.Tally(r.Context(), m.ses.ID, numbers...)
	if err != nil {
		d.Site.Log.Warn("desk without votes", "session", m.ses.ID, "error", err)
	}
	return votes
}

func has(qs []session.Question, n int) bool {
	return slices.ContainsFunc(qs, func(q session.Question) bool { return q.Ref.Number == n })
}
