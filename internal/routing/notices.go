package routing

import (
	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// Notices lists what the asker should be told where they asked: that the question has
// arrived, and an outcome that is no answer of its own. Askers who have a page of
// their own to look at get none, unless they left an address.
func (p Planner) Notices(s session.Session, q session.Question) []session.Rendered {
	if p.writes(q) {
		return p.letter(s, q)
	}
	limits := p.limits(q.Origin.Connector)
	if !elsewhere(q.Origin) || !limits.Notices {
		return nil
	}
	var rs []session.Rendered
	for _, n := range []notice{p.receipt(limits, q), p.told(limits, s, q)} {
		if n.body != "" {
			slot := session.Slot{Kind: n.kind, Connector: q.Origin.Connector, Place: q.Origin.Place, Original: q.Ref.Number}
			rs = append(rs, p.render(slot, q.Language, text{p.address(q.Origin), n.body, []frame{{"", n.link}}, []frame{{}}}))
		}
	}
	return rs
}

// letter is the outcome for who left an address.
func (p Planner) letter(s session.Session, q session.Question) []session.Rendered {
	body, link := p.outcome(s, q)
	if body == "" {
		return nil
	}
	slot := session.Slot{Kind: session.KindOutcome, Connector: p.Letters, Original: q.Ref.Number}
	return []session.Rendered{p.render(slot, q.Language, text{body: body, rich: []frame{{"", link}}, tight: []frame{{}}})}
}

// notice is one message to the asker.
type notice struct {
	kind       session.CopyKind
	body, link string
}

// receipt is the message into which the answer is edited later: at once in private,
// and where others read along only when a moderator has accepted the question, so that
// spam gets no reply. It stays as long as the question does.
func (p Planner) receipt(l connector.Limits, q session.Question) notice {
	_, accepted := q.Acts[session.Accept]
	if !l.Slots || q.State == session.Withdrawn || !q.Origin.Private && !accepted {
		return notice{}
	}
	late := q.State == session.Approved || !q.PublishedAt.IsZero()
	if late && q.Receipt(q.Origin.Connector, q.Origin.Place) == "" {
		return notice{} // the answer was faster and stands on its own
	}
	w := wording.In(q.Language)
	if q.Origin.Private {
		return notice{session.KindReceipt, w.Text("notice.received", "number", q.Ref.Number), ""}
	}
	return notice{session.KindReceipt, w.Text("notice.accepted", "number", q.Ref.Number), ""}
}

// told is the outcome, or the hint that an answer was edited into the receipt, of which
// the platform tells nobody.
func (p Planner) told(l connector.Limits, s session.Session, q session.Question) notice {
	if l.Slots && q.Origin.Private && q.Wanted != 0 && !q.PublishedAt.IsZero() {
		return notice{session.KindOutcome, wording.In(q.Language).Text("notice.answer_above", "number", q.Ref.Number), ""}
	}
	if _, accepted := q.Acts[session.Accept]; l.Slots && !q.Origin.Private && !accepted {
		return notice{} // spam gets no reply where others read along
	}
	body, link := p.outcome(s, q)
	return notice{session.KindOutcome, body, link}
}

// outcome words what became of q; it is empty while the question goes on, when an
// answer says it, and when the asker wanted it gone.
func (p Planner) outcome(s session.Session, q session.Question) (body, link string) {
	w := wording.In(q.Language)
	switch q.State {
	case session.Expired:
		if s.State == session.Cancelled {
			return calledOff(w, s), p.session(s)
		}
		return p.reason(q), ""
	case session.Declined:
		return p.reason(q), ""
	case session.Merged:
		return w.Text("notice.merged", "number", q.Into), p.link(session.QuestionRef{Session: q.Ref.Session, Number: q.Into})
	case session.Redirected:
		return p.forward(q)
	case session.Retracted:
		return w.Text("status." + string(q.State)), ""
	}
	return "", ""
}

// reason is the configured sentence, or the general one for a reason that is no
// longer configured.
func (p Planner) reason(q session.Question) string {
	if r := p.Reasons[q.Reason][q.Language]; r != "" {
		return r
	}
	return wording.In(q.Language).Text("status." + string(q.State))
}

// forward says where to go in words of the catalogue only: the name of the other
// institution was typed at the desk, so it stays on the asker's own receipt.
func (p Planner) forward(q session.Question) (body, link string) {
	if q.Forward == nil {
		return wording.In(q.Language).Text("status." + string(q.State)), ""
	}
	w, f := wording.In(q.Language), *q.Forward
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
