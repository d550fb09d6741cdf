package routing

import (
	"slices"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// Notices lists what everybody who asked should be told where they asked: that the question
// has arrived, an outcome that is no answer of its own, and that an answer came or changed
// where the platform tells nobody of that. Askers who have a page of their own to look at
// get none, unless they left an address.
func (p Planner) Notices(s session.Session, q session.Question) []session.Rendered {
	var rs []session.Rendered
	if p.writes(q) {
		rs = p.letters(s, q)
	}
	rs = append(rs, p.followers(s, q)...)
	for _, o := range originals(q) {
		l := p.limits(o.Origin.Connector)
		if !p.elsewhere(o.Origin) || !l.Notices {
			continue
		}
		a := asked{s, q, o, l, wording.In(o.Language)}
		for _, n := range []notice{p.receipt(a), p.told(a), p.ring(a)} {
			if n.body != "" {
				t := text{to: p.address(o.Origin), body: n.body, under: true, rich: []frame{{"", n.link}}, tight: []frame{{}}}
				r := p.render(a.slot(n.kind, n.of), o.Language, t)
				r.Silent = n.silent
				rs = append(rs, r)
			}
		}
	}
	return rs
}

// letters are the outcome and, for who asked by letter, before that the receipt: one for
// each question, for nobody knows whether the address is that of whoever wrote.
func (p Planner) letters(s session.Session, q session.Question) (rs []session.Rendered) {
	w := wording.In(q.Language)
	add := func(kind session.CopyKind, body, link string) {
		if body != "" {
			rs = append(rs, p.letter(kind, q.Ref.Number, q.Language, text{body: body, rich: []frame{{"", link}}, tight: []frame{{}}}))
		}
	}
	body, link := p.outcome(s, q, w)
	overtaken := (body != "" || late(q)) && q.Receipt(p.Letters, "") == ""
	if p.byLetter(q.Origin) && q.State != session.Withdrawn && !overtaken {
		add(session.KindReceipt, w.Text("notice.received_letter", "number", q.Ref.Number), "")
	}
	add(session.KindOutcome, body, link)
	return rs
}

// followers are the letters to those whose questions were merged into q, of what became of it without
// an answer. Of a retraction they are told if the answer went to them: nothing takes a letter back.
func (p Planner) followers(s session.Session, q session.Question) (rs []session.Rendered) {
	for _, o := range q.Followers {
		answer := session.Slot{Kind: session.KindAnswer, Connector: p.Letters, Original: o.Number}
		c, _ := q.Copy(answer.Key())
		body, link := p.outcome(s, q, wording.In(o.Language))
		unread := q.State == session.Retracted && c.At.IsZero() // it was never out
		if body == "" || unread || !p.follows(q, o) {
			continue
		}
		t := text{body: body, rich: []frame{{"", link}}, tight: []frame{{}}}
		rs = append(rs, p.letter(session.KindOutcome, o.Number, o.Language, t))
	}
	return rs
}

// asked is a question as one of those sees it who asked it: its own asker, or a follower.
type asked struct {
	session  session.Session
	question session.Question
	by       session.Follow
	limits   connector.Limits
	words    wording.Words
}

func (a asked) slot(kind session.CopyKind, of int) session.Slot {
	return session.Slot{Kind: kind, Connector: a.by.Origin.Connector, Place: a.by.Origin.Place, Original: a.by.Number, Of: of}
}

func (a asked) accepted() bool {
	_, ok := a.question.Acts[session.Accept]
	return ok
}

// unheard reports whether others read along what is said of a question that no moderator has
// accepted.
func (a asked) unheard() bool { return a.limits.Slots && !a.by.Origin.Private && !a.accepted() }

// tells reports whether the hour says there what became of such a question.
func (a asked) tells() bool {
	return slices.ContainsFunc(a.session.Targets, func(t session.Target) bool {
		return t.TellDeclined && t.Connector == a.by.Origin.Connector
	})
}

// notice is one message to the asker.
type notice struct {
	kind       session.CopyKind
	of         int // see session.Slot
	body, link string
	silent     bool
}

// receipt is the message into which the answer is edited later: at once in private,
// and where others read along only when a moderator has accepted the question, so that
// spam gets no reply. It stays as long as the question does, and says where that stands.
func (p Planner) receipt(a asked) notice {
	q := a.question
	if !a.limits.Slots || a.by.Number != q.Ref.Number || q.State == session.Withdrawn || !q.Origin.Private && !a.accepted() {
		return notice{}
	}
	outcome, _ := p.outcome(a.session, q, a.words)
	ended := outcome != "" && q.State != session.Merged // whose answer comes here
	if (late(q) || ended) && q.Receipt(q.Origin.Connector, q.Origin.Place) == "" {
		return notice{} // the answer or the outcome was faster and stands on its own
	}
	return notice{kind: session.KindReceipt, body: lines(append([]string{a.goesOn(ended)}, lacking(q, a.words)...)...)}
}

// lacking says what of the pictures that came with q was not taken.
func lacking(q session.Question, w wording.Words) (told []string) {
	for _, l := range q.Lacking() {
		told = append(told, w.Text("notice.lack_"+string(l)))
	}
	return told
}

// late reports whether an answer is out or about to be.
func late(q session.Question) bool { return q.State == session.Approved || !q.PublishedAt.IsZero() }

// goesOn says where the question stands.
func (a asked) goesOn(ended bool) string {
	number := a.question.Ref.Number
	switch {
	case ended:
		return a.words.Text("notice.ended", "number", number)
	case a.accepted():
		return a.words.Text("notice.accepted", "number", number)
	}
	return a.words.Text("notice.received", "number", number)
}

// told is the outcome; where others read along and nobody has accepted the question only if
// the hour wants that, and without a sound.
func (p Planner) told(a asked) notice {
	unheard := a.unheard()
	if unheard && !a.tells() {
		return notice{}
	}
	body, link := p.outcome(a.session, a.question, a.words)
	return notice{kind: session.KindOutcome, body: body, link: link, silent: unheard}
}

// ring says that an answer stands in a message that was there already, once it does. Each
// change of it is another message, for an edit of this one would ring nobody either.
func (p Planner) ring(a asked) notice {
	c, _ := a.question.Copy(a.slot(session.KindAnswer, 0).Key())
	if _, _, stands := c.Shown(); !stands || !a.limits.EditsQuietly || c.Quiet == "" {
		return notice{}
	}
	n := notice{kind: session.KindRing, of: c.Out, body: a.words.Text("notice.ring_"+string(c.Quiet), "number", a.by.Number)}
	if !a.limits.Slots { // it stands elsewhere than what it is about
		n.link = p.link(a.question.Ref)
	}
	return n
}

// outcome words what became of q; it is empty while the question goes on, when an
// answer says it, and when the asker wanted it gone.
func (p Planner) outcome(s session.Session, q session.Question, w wording.Words) (body, link string) {
	switch q.State {
	case session.Expired:
		if s.State == session.Cancelled {
			return calledOff(w, s, w.Text("notice.cancelled")), p.session(s)
		}
		return p.reason(q, w), ""
	case session.Declined:
		return p.reason(q, w), ""
	case session.Merged:
		return w.Text("notice.merged", "number", q.Into), p.link(session.QuestionRef{Session: q.Ref.Session, Number: q.Into})
	case session.Redirected:
		return p.forward(q, w)
	case session.Retracted:
		return w.Text("status." + string(q.State)), ""
	}
	return "", ""
}

// reason is the configured sentence, or the general one for a reason that is no
// longer configured. An hour that was called off has not run out of time.
func (p Planner) reason(q session.Question, w wording.Words) string {
	if r := p.Reasons[q.Reason][w.Language()]; r != "" {
		return r
	}
	return w.Text("status." + string(q.State))
}

// forward says where to go in words of the catalogue only: the name of the other
// institution was typed at the desk, so it stays on the asker's own receipt.
func (p Planner) forward(q session.Question, w wording.Words) (body, link string) {
	if q.Forward == nil {
		return w.Text("status." + string(q.State)), ""
	}
	f := *q.Forward
	var sentences []string
	if f.Institution != "" {
		sentences = append(sentences, w.Text("notice.institution"))
	}
	if f.Email {
		sentences = append(sentences, p.email(w))
	}
	if f.Answered != 0 {
		sentences = append(sentences, w.Text("notice.answered", "number", f.Answered))
		link = p.link(session.QuestionRef{Session: q.Ref.Session, Number: f.Answered})
	}
	return lines(sentences...), link
}

func (p Planner) email(w wording.Words) string {
	if p.Contact == "" {
		return w.Text("notice.email")
	}
	return w.Text("notice.email_to", "contact", p.Contact)
}
