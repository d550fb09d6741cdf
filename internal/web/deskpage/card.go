package deskpage

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"experthour/internal/screening"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// cardView is one question as the desk sees it.
type cardView struct {
	nav
	N        int
	Class    string
	Folded   bool
	Parked   bool
	Badge    badge
	Who      string
	Wait     string
	Late     bool
	Text     string
	Lang     session.Language
	From     string
	Original string // address of the original, if it has one
	Email    string
	Flags    []string
	Pending  string
	Outcome  string
	SentBack *noteView
	Draft    *draftView
	Stage    string // of the question as it is shown
	Notes    []noteView
	Revs     []revisionView
	Public   string // the answer that stands there now
	Preview  *preview
	Outs     []out
	May      map[string]bool
	Forms    forms
	Select   selection
	Problem  string // why what the person just pressed was not done
	Changed  []string
	Kept     []string // typed into a form that the card has no more
}

// badge names the state of a card in a word or two.
type badge struct{ Text, Class string }

// noteView is an internal remark, with its writer.
type noteView struct {
	By   session.PersonName
	At   time.Time
	Text string
}

// draftView is what the holder has written so far, here or in a chat.
type draftView struct{ Title, Text string }

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
		views = append(views, m.card(q, votes[q.Ref.Number], s, refused.on(q.Ref.Number)))
	}
	return views
}

// card makes the view of one question. refused is what the person typed into its
// forms and could not be done; it may be nil.
func (m *room) card(q session.Question, votes int, s selection, refused *attempt) cardView {
	c := cardView{nav: m.nav(), N: q.Ref.Number, Parked: q.Waits(), Badge: m.badge(q), Who: m.who(q), Text: q.Text, Lang: q.Language,
		From: m.from(q, votes), Original: webAddress(q.Origin.URL), Email: q.Email, Pending: q.Pending, May: m.may(q), Select: s}
	c.Folded = len(q.Copies) == 0 || !c.Parked
	c.Folded = c.Folded && refused == nil && (isSettled(q.State) || !m.turn(q))
	c.Class = m.class(q)
	if patience[q.State] > 0 {
		c.Wait, c.Late = m.words.Lasting(m.waited(q.Since)), m.late(q)
	}
	c.Flags = m.findings(q.Text + "\n" + q.Pending)
	c.Outcome = m.outcome(q)
	c.SentBack, c.Notes, c.Revs = m.sentBack(q), m.notes(q), m.revisions(q)
	c.Draft, c.Stage = m.draft(q), q.Stage()
	c.Public, _, _ = q.Public()
	c.Preview = m.preview(q, c.May)
	c.Outs = m.outs(q)
	c.Forms = m.forms(q, refused)
	if refused != nil {
		c.Problem = m.words.Error(refused.err)
		c.Changed, c.Kept = refused.changes(m, c.Preview), refused.kept(c.May)
	}
	return c
}

// turn tells whether a question is anything to this person yet: a new one is for
// moderators only.
func (m *room) turn(q session.Question) bool {
	return q.State != session.Received || m.Role == session.Moderator
}

func isSettled(s session.State) bool { return s == session.Withdrawn || contains(settled, s) }

func contains(states []session.State, s session.State) bool {
	for _, x := range states {
		if x == s {
			return true
		}
	}
	return false
}

// longText is from how many bytes on a question is set in smaller type.
const longText = 280

func (m *room) class(q session.Question) string {
	class := "card " + string(q.State)
	if q.Waits() {
		class += " parked"
	}
	if len(q.Text) > longText {
		class += " long"
	}
	return class
}

func (m *room) badge(q session.Question) badge {
	text := m.Text("state." + string(q.State))
	switch {
	case q.Waits():
		return badge{m.Text("desk.badge_parked", "state", q.State), "warn"}
	case q.State == session.Received:
		return badge{m.Text("desk.badge_new"), "solid"}
	case q.State == session.Claimed && q.Holder == m.Name:
		return badge{m.Text("desk.badge_yours"), "solid"}
	case q.State == session.Review && q.Wanted != 0:
		return badge{m.Text("desk.badge_correction"), "solid"}
	case q.State == session.Review:
		return badge{m.Text("desk.badge_review"), "solid"}
	case q.State == session.Approved:
		return badge{m.Text("desk.badge_approved"), "ok"}
	case q.State == session.Published:
		return badge{text, "ok"}
	case q.State == session.Merged:
		return badge{m.Text("desk.badge_merged", "number", q.Into), ""}
	}
	return badge{text, ""}
}

// who says whose turn it is, or whose work it was.
func (m *room) who(q session.Question) string {
	rev := q.Latest()
	switch q.State {
	case session.Received, session.Queued:
		return m.Text("desk.with_nobody")
	case session.Claimed:
		if q.Holder == m.Name {
			return ""
		}
		return m.Text("desk.held_by", "name", q.Holder)
	case session.Review:
		if rev.Author == m.Name {
			return m.Text("desk.answer_by_you", "revision", rev.Number)
		}
		return m.Text("desk.answer_by", "name", rev.Author, "revision", rev.Number)
	case session.Approved, session.Published:
		if a, ok := q.ApprovalOf(q.Wanted); ok {
			return m.Text("desk.approved_by", "author", q.Revision(q.Wanted).Author, "name", a.By.Name, "time", m.clock(a.At))
		}
	}
	return ""
}

// from says who asked, where and when, and how many others would like to know.
func (m *room) from(q session.Question, votes int) string {
	if q.State == session.Withdrawn {
		return ""
	}
	name := q.Name
	if name == "" {
		name = m.Text("desk.citizen")
	}
	parts := []string{name, m.desk.placeName(m.visit, q.Origin.Connector), m.clock(q.Asked)}
	text := strings.Join(parts, ", ")
	if votes > 0 {
		text += " · " + m.words.Count("desk.votes", votes)
	}
	if n := len(q.Followers); n > 0 {
		var list []string
		for _, f := range q.Followers {
			list = append(list, "Q"+strconv.Itoa(f.Number))
		}
		text += " · " + m.Text("desk.also_asked", "list", strings.Join(list, ", "))
	}
	return text
}

// webAddress lets only addresses of web pages become links.
func webAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return address
}

// findings words what may be personal data, once each and never the value.
func (m *room) findings(text string) []string {
	var found []string
	seen := map[screening.Kind]bool{}
	for _, f := range m.desk.Rules.Personal(text) {
		if !seen[f.Kind] {
			seen[f.Kind] = true
			found = append(found, m.Text("screening."+string(f.Kind)))
		}
	}
	return found
}

// outcome says how a question ended, by whom and with which words for its asker.
func (m *room) outcome(q session.Question) string {
	verb, ok := map[session.State]session.Verb{session.Declined: session.Decline, session.Merged: session.Merge, session.Redirected: session.Redirect,
		session.Expired: session.Expire, session.Retracted: session.Retract, session.Withdrawn: session.Withdraw}[q.State]
	if !ok {
		return ""
	}
	by := m.Text("role." + string(q.By(verb).Role))
	if name := q.By(verb).Name; name != "" {
		by = string(name)
	}
	text := m.Text("desk.outcome", "what", q.State, "by", by, "time", m.clock(q.Since))
	switch {
	case q.State == session.Merged:
		text = m.Text("desk.outcome_merged", "number", q.Into, "by", by, "time", m.clock(q.Since))
	case q.Reason != "":
		text += " " + m.Text("desk.outcome_reason", "reason", m.desk.reasonText(m.visit, q.Reason))
	case q.Forward != nil:
		text += " " + m.forward(*q.Forward)
	}
	if note := q.Acts[verb].Note; note != "" {
		text += " " + m.Text("desk.outcome_remark", "remark", note)
	}
	return text
}

func (m *room) forward(f session.Forward) string {
	var to []string
	if f.Institution != "" {
		to = append(to, f.Institution)
	}
	if f.Email {
		to = append(to, m.Text("desk.by_email"))
	}
	if f.Answered > 0 {
		to = append(to, "Q"+strconv.Itoa(f.Answered))
	}
	return m.Text("desk.outcome_forward", "to", strings.Join(to, ", "))
}

// sentBack is the comment that an answer came back with, until there is a newer one.
func (m *room) sentBack(q session.Question) *noteView {
	a, ok := q.SentBack()
	if !ok {
		return nil
	}
	return &noteView{a.By.Name, a.At.In(m.zone), a.Note}
}

// draft shows what the holder has written, and until when they may go on.
func (m *room) draft(q session.Question) *draftView {
	text := q.Draft()
	if text == "" {
		return nil
	}
	title := m.Text("desk.draft_rests", "name", q.Holder)
	if at := q.SettleAt(); !at.IsZero() {
		title = m.Text("desk.draft_until", "name", q.Holder, "time", m.clock(at)+at.In(m.zone).Format(":05"))
	}
	return &draftView{title, text}
}

func (m *room) notes(q session.Question) []noteView {
	var ns []noteView
	for _, n := range q.Notes {
		ns = append(ns, noteView{n.By, n.At.In(m.zone), n.Text})
	}
	return ns
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
			d.fragment(w, m, "card", m.card(qs[0], d.votes(r, m, qs)[n], selected(r.URL.Query()), nil))
			return
		}
	}
	http.Error(w, v.words.Error(err), site.StatusOf(err))
}
