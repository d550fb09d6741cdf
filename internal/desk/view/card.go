package view

import (
	"strings"
	"time"

	"experthour/internal/session"
)

// Card is a question as its reader sees it.
type Card struct {
	Number int
	Ref    string // as staff write it
	State  session.State
	Stage  string // names what is shown here, for whatever is decided about it
	Badge  Badge
	Who    string // whose work it was; "" where the badge says it
	Wait   string // how long somebody is waited for; "" for nobody
	Late   bool
	Parked bool // a copy waits for a person
	Idle   bool // nothing about it waits for anybody
	Mine   bool // it is anything to this reader yet: a new one is for moderators only

	Text     string // empty when it was erased
	Language session.Language
	From     string // who asked, where and when, and who else would like to know
	Original string // its web address, if it has one
	Email    string
	Sent     []session.Picture // that came with it
	Flags    []string          // a name that poses as somebody's, and what may be personal data
	Pending  string            // a new wording that waits for a moderator
	Outcome  string            // of a question that ended without an answer

	SentBack *Remark  // on the newest revision
	Draft    *Passage // what the holder has written so far, here or in a chat
	Hints    []Hint   // what that does not keep to yet
	Pictures string   // how many the answer has, and what is still to be said of them; "" for none
	Answer   *Passage // the newest revision, where it is still anything
	Approved string   // by whom, and whose answer
	Public   string   // the answer that stands there now
	Later    []Later
	Notes    []Remark
	Copies   []Copy
}

// Badge names a state in a word or two.
type Badge struct {
	Text string
	Tone Tone
}

// Tone is how much something asks for attention; the words are those of the style sheet.
type Tone string

// The tones.
const (
	Quiet Tone = ""
	Solid Tone = "solid" // somebody's turn
	Live  Tone = "live"  // it goes on now
	Good  Tone = "ok"
	Warn  Tone = "warn"
	Bad   Tone = "bad"
)

// Remark is something internal that a person wrote.
type Remark struct {
	By   session.PersonName
	At   time.Time
	Text string
}

// Passage is a text under a title.
type Passage struct{ Title, Text string }

// Later is a message of which its author has not said yet what it is.
type Later struct {
	Message session.MessageID
	Title   string
	Text    string
	Edit    bool // a new version of something that is part of the answer
}

// Card makes the card of a question. votes are how many others would like to know.
func (r Reader) Card(q session.Question, votes int) Card {
	c := Card{Number: q.Ref.Number, Ref: r.Ref(q.Ref.Number), State: q.State, Stage: q.Stage(), Badge: r.Badge(q), Who: r.who(q),
		Parked: q.Waits(), Idle: idle(q), Mine: r.mine(q),
		Text: q.Text, Language: q.Language, From: r.from(q, q.Votes(votes)), Original: webAddress(q.Origin.URL), Email: q.Email, Sent: q.Sent(),
		Flags: append(r.posing(q), r.Findings(q.Text+"\n"+q.Pending)...), Pending: q.Pending, Outcome: r.outcome(q),
		SentBack: r.SentBack(q), Draft: r.draft(q), Hints: r.drafted(q), Pictures: r.pictures(q),
		Answer: r.answer(q), Approved: r.approved(q), Later: r.later(q), Notes: r.notes(q), Copies: r.Copies(q)}
	c.Public, _, _ = q.Public()
	if p := patience[q.State]; p > 0 {
		waited := r.waited(q.Since)
		c.Wait, c.Late = r.Words.Lasting(waited), waited > p+tolerance
	}
	return c
}

// tolerance is how much longer than aimed at a wait must be to be called late: what is marked in
// red must be rare.
const tolerance = 5 * time.Minute

// patience is how long a wait should be at most, by state: the times after which a person
// calls for somebody in the run of show. Only in these states is somebody waited for.
var patience = map[session.State]time.Duration{
	session.Received: 3 * time.Minute,
	session.Queued:   3 * time.Minute,
	session.Claimed:  5 * time.Minute,
	session.Review:   3 * time.Minute,
}

func idle(q session.Question) bool { return !q.Awaited() && !q.Moving() }

// Badge names the state of a question for this reader.
func (r Reader) Badge(q session.Question) Badge {
	text := r.Words.Text("state." + string(q.State))
	switch {
	case q.Waits():
		return Badge{r.Words.Text("desk.badge_parked", "state", q.State), Warn}
	case q.State == session.Received:
		return Badge{text, Solid}
	case q.State == session.Claimed && q.Holder == r.By.Name:
		return Badge{r.Words.Text("desk.badge_yours"), Solid}
	case q.State == session.Claimed:
		return Badge{r.Words.Text("desk.badge_claimed", "name", q.Holder), Quiet}
	case q.State == session.Review && q.Wanted != 0:
		return Badge{r.Words.Text("desk.badge_correction"), Solid}
	case q.State == session.Review:
		return Badge{r.Words.Text("desk.badge_review"), Solid}
	case q.State == session.Approved:
		return Badge{r.Words.Text("desk.badge_approved"), Good}
	case q.State == session.Published:
		return Badge{text, Good}
	case q.State == session.Merged:
		return Badge{r.Words.Text("desk.badge_merged", "question", r.Ref(q.Into)), Quiet}
	}
	return Badge{text, Quiet}
}

// who says whose turn it is, or whose work it was.
func (r Reader) who(q session.Question) string {
	rev := q.Latest()
	switch q.State {
	case session.Received, session.Queued:
		return r.Words.Text("desk.with_nobody")
	case session.Review:
		if rev.Author == r.By.Name {
			return r.Words.Text("desk.answer_by_you", "revision", rev.Number)
		}
		return r.Words.Text("desk.answer_by", "name", rev.Author, "revision", rev.Number)
	}
	return r.approved(q)
}

func (r Reader) approved(q session.Question) string {
	a, ok := q.ApprovalOf(q.Wanted)
	if !ok || q.State != session.Approved && q.State != session.Published {
		return ""
	}
	return r.Words.Text("desk.approved_by", "author", q.Revision(q.Wanted).Author, "name", a.By.Name, "time", r.Clock(a.At))
}

// from says who asked, where and when, and how many others would like to know.
func (r Reader) from(q session.Question, votes int) string {
	if q.State == session.Withdrawn {
		return ""
	}
	name := q.Name
	if name == "" {
		name = r.Words.Text("desk.citizen")
	}
	text := strings.Join([]string{name, r.Place(q.Origin.Connector), r.Clock(q.Asked)}, ", ")
	text += r.with(q)
	if votes > 0 {
		text += " · " + r.Words.Count("desk.votes", votes)
	}
	if len(q.Followers) > 0 {
		var also []string
		for _, f := range q.Followers {
			also = append(also, r.Ref(f.Number))
		}
		text += " · " + r.Words.Text("desk.also_asked", "list", strings.Join(also, ", "))
		text += " · " + r.Words.Askings(q.Askings())
	}
	return text
}

// with says what came with the words of a question, and what of it is not there.
func (r Reader) with(q session.Question) (text string) {
	if n := len(q.Sent()); n > 0 {
		text = " · " + r.Words.Count("desk.sent_pictures", n)
	}
	for _, l := range q.Lacking() {
		text += " · " + r.Words.Text("lack."+string(l))
	}
	if q.With != "" && (q.With != session.MediaPicture || text == "") {
		text += " · " + r.Words.Text("with."+string(q.With))
	}
	return text
}

// posing warns of a name that could be taken for a colleague's.
func (r Reader) posing(q session.Question) []string {
	if !q.Posing {
		return nil
	}
	return []string{r.Words.Text("desk.posing")}
}

// outcomes names the verb that ended a question.
var outcomes = map[session.State]session.Verb{session.Declined: session.Decline, session.Merged: session.Merge,
	session.Redirected: session.Redirect, session.Expired: session.Expire,
	session.Retracted: session.Retract, session.Withdrawn: session.Withdraw}

// outcome says by whom a question was ended and with which words for its asker; the badge says how.
func (r Reader) outcome(q session.Question) string {
	verb, ok := outcomes[q.State]
	if !ok {
		return ""
	}
	act := q.Acts[verb]
	by := string(act.By.Name)
	if by == "" {
		by = r.Words.Text("role." + string(act.By.Role))
	}
	text := r.Words.Text("desk.outcome", "by", by, "time", r.Clock(q.Since))
	switch {
	case q.Reason != "":
		text += " " + r.Words.Text("desk.outcome_reason", "reason", r.Reason(q.Reason))
	case q.Forward != nil:
		text += " " + r.forward(*q.Forward)
	}
	if act.Note != "" {
		text += " " + r.Words.Text("desk.outcome_remark", "remark", act.Note)
	}
	return text
}

func (r Reader) forward(f session.Forward) string {
	var to []string
	if f.Institution != "" {
		to = append(to, f.Institution)
	}
	if f.Email {
		to = append(to, r.Words.Text("desk.by_email"))
	}
	if f.Answered > 0 {
		to = append(to, r.Ref(f.Answered))
	}
	return r.Words.Text("desk.outcome_forward", "to", strings.Join(to, ", "))
}

// SentBack is the comment that the newest revision came back with, if it did.
func (r Reader) SentBack(q session.Question) *Remark {
	a, ok := q.SentBack()
	if !ok {
		return nil
	}
	return &Remark{a.By.Name, a.At.In(r.Session.Location()), a.Note}
}

// draft shows what the holder has written, and until when they may go on.
func (r Reader) draft(q session.Question) *Passage {
	text := q.Draft()
	if text == "" && q.DraftMark() == "" {
		return nil
	}
	title := r.Words.Text("desk.draft_rests", "name", q.Holder)
	if at := q.SettleAt(); !at.IsZero() {
		title = r.Words.Text("desk.draft_until", "name", q.Holder, "time", r.Words.ClockSeconds(at.In(r.Session.Location())))
	}
	return &Passage{title, text}
}

func (r Reader) answer(q session.Question) *Passage {
	switch q.State {
	case session.Review, session.Approved, session.Published:
		rev := q.Latest()
		return &Passage{r.Words.Text("desk.answer_title", "name", rev.Author, "revision", rev.Number), rev.Text}
	}
	return nil
}

func (r Reader) later(q session.Question) []Later {
	var ls []Later
	for _, m := range q.Said {
		if !m.Open() {
			continue
		}
		l := Later{Message: m.Message, Title: r.Words.Text("desk.said_later", "name", m.By), Text: r.Saying(m), Edit: m.Edit != ""}
		if l.Edit {
			l.Text = m.Edit
		}
		ls = append(ls, l)
	}
	return ls
}

func (r Reader) notes(q session.Question) []Remark {
	var ns []Remark
	for _, n := range q.Notes {
		ns = append(ns, Remark{n.By, n.At.In(r.Session.Location()), n.Text})
	}
	return ns
}
