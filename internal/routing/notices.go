package routing

import (
	"experthour/internal/session"
	"experthour/internal/wording"
)

// Notices lists what the asker should be told where they asked: the outcome of a
// question that gets no answer of its own. Askers who have a page of their own to
// look at get none. Receipts are not among them: the number is given by the store
// only after the question is stored.
func (p Planner) Notices(_ session.Session, q session.Question) []session.Rendered {
	limits := p.limits(q.Origin.Connector)
	if !elsewhere(q.Origin) || !limits.Notices {
		return nil
	}
	body, link := p.outcome(q)
	if body == "" {
		return nil
	}
	t := text{body: body, rich: []frame{{"", link}}, tight: []frame{{}}}
	r := p.render(q.Origin.Connector, q.Language, t)
	r.Slot = session.Slot{Kind: session.KindOutcome, Connector: q.Origin.Connector, Place: q.Origin.Place, Original: q.Ref.Number}
	return []session.Rendered{r}
}

// outcome words what became of q; it is empty while the question goes on, when an
// answer says it, and when the asker wanted it gone.
func (p Planner) outcome(q session.Question) (body, link string) {
	w := wording.In(q.Language)
	switch q.State {
	case session.Declined, session.Expired:
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
