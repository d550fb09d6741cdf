package deskpage

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"experthour/internal/desk/view"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// cardView is one question as the page shows it.
type cardView struct {
	nav
	view.Card
	Class   string
	Folded  bool
	Came    []shownPicture // with the question
	Revs    []revisionView
	Preview *previewView
	Drawn   []shownPicture // those of a draft
	Inline  *offerView     // the answer of whoever holds the question
	Offers  []offerView
	Rare    []offerView
	Writing []string // who else has begun an answer
	Link    string   // typed into the form of a copy that was refused
	NoLink  string   // why it was, if it was the link
	Select  selection
	Problem string // why what the person just pressed was not done
	Changed []string
	Kept    []string // typed into a form that the card has no more
}

// Address is where its forms go: those about announcements go to the session.
func (c cardView) Address() string {
	if c.Number == 0 {
		return c.At()
	}
	return c.At() + "/q/" + strconv.Itoa(c.Number)
}

// revisionView is a version of an answer and what it changed.
type revisionView struct {
	Number  int
	By      session.PersonName
	At      time.Time
	Public  bool
	Changes []span
}

// cards makes the views of a page of questions.
func (m *room) cards(qs []session.Question, votes map[int]int, s selection, refused *attempt) []cardView {
	views := make([]cardView, 0, len(qs))
	for _, q := range qs {
		views = append(views, m.cardView(q, votes[q.Ref.Number], s, refused.on(q.Ref.Number)))
	}
	return views
}

// cardView lays one question out. refused is what the person typed into its forms and
// could not be done; it may be nil.
func (m *room) cardView(q session.Question, votes int, s selection, refused *attempt) cardView {
	c := cardView{nav: m.nav(), Card: m.Card(q, votes), Class: class(q), Revs: m.revisions(q), Select: s}
	c.Folded = refused == nil && (len(q.Copies) == 0 || !c.Parked) && (slices.Contains(settled, q.State) || !c.Mine)
	c.Came = m.shownPictures(c.Number, "sent", c.Sent)
	c.Preview, c.Writing = m.previewView(q), m.Writing(q, m.typing[q.Ref.Number])
	if q.State == session.Claimed {
		c.Drawn = m.shownPictures(q.Ref.Number, "picture", q.NextPictures())
	}
	c.Inline, c.Offers, c.Rare = m.offers(q, &c, refused)
	if refused != nil {
		c.Problem, c.Link = m.words.Error(refused.err), refused.form.Get("url")
		if session.FieldOf(refused.err) == "url" {
			c.NoLink = c.Problem
		}
		c.Changed, c.Kept = refused.changes(m, c.Preview), refused.kept(m.Allowed(q))
	}
	return c
}

// longText is from how many bytes on a question is set in smaller type.
const longText = 280

func class(q session.Question) string {
	class := "card " + string(q.State)
	if q.Waits() {
		class += " parked"
	}
	if len(q.Text) > longText {
		class += " long"
	}
	return class
}

// revisions lists the versions of the answer, the newest first.
func (m *room) revisions(q session.Question) []revisionView {
	var rs []revisionView
	for n := len(q.Revisions); n > 0; n-- {
		rev := q.Revision(n)
		v := revisionView{Number: n, By: rev.Author, At: rev.At.In(m.zone), Public: n == q.Wanted, Changes: []span{{Text: rev.Text}}}
		if n > 1 {
			v.Changes = diff(q.Revision(n-1).Text, rev.Text)
		}
		rs = append(rs, v)
	}
	return rs
}

// cardFragment is one card, for a page that is open.
func (d *Desk) cardFragment(w http.ResponseWriter, r *http.Request, v visit) {
	m, err := d.enter(r, v)
	if err != nil {
		http.Error(w, v.words.Error(err), site.StatusOf(err))
		return
	}
	n, err := number(r)
	if err == nil {
		var qs []session.Question
		if qs, err = d.Store.Questions(r.Context(), m.ses.ID, n); err == nil {
			d.readTyping(r, m, n)
			d.fragment(w, m, "card", m.cardView(qs[0], d.votes(r, m, qs)[n], selected(r.URL.Query()), nil))
			return
		}
	}
	http.Error(w, v.words.Error(err), site.StatusOf(err))
}
