package deskpage

import (
	"net/url"

	"experthour/internal/session"
)

// forms is what the forms of a card are filled with: what the person typed before,
// when it was refused, else what the question says now.
type forms struct {
	Answer     string // of submit or correct
	AnswerVerb session.Verb
	Base       int    // the revision that the answer is based on
	Draft      string // the mark of the draft that stands beside it
	Next       int    // the number that the answer will have
	Inline     bool
	Wording    int
	Holder     session.PersonName
	HasEmail   bool
	Comment    string
	Remark     string
	Reason     string
	Reasons    []choice
	Into       string
	Similar    []choice
	To         string
	Email      bool
	Answered   string
	Why        string
	Note       string
	URL        string
	Open       session.Verb // whose form is open, because it was refused
}

// choice is one option of a list.
type choice struct {
	Value, Text string
	Language    session.Language
	Chosen      bool
	State       string
	Alike       bool
}

func (m *room) forms(q session.Question, refused *attempt) forms {
	f := forms{Base: len(q.Revisions), Next: len(q.Revisions) + 1, Wording: q.Wording, Holder: q.Holder, Answer: q.Latest().Text,
		HasEmail: q.Email != "" || q.Origin.Connector != session.Page, AnswerVerb: session.Submit,
		Inline: q.State == session.Claimed && q.Holder == m.Name}
	if draft := q.Draft(); draft != "" {
		f.Answer, f.Draft = draft, session.DraftMark(draft)
	}
	if q.State == session.Published {
		f.AnswerVerb = session.Correct
	}
	if refused != nil {
		f.take(refused.verb, refused.form)
	}
	for _, id := range m.ses.Reasons {
		f.Reasons = append(f.Reasons, choice{Value: id, Text: m.Reason(id), Chosen: id == f.Reason})
	}
	return f
}

// take puts back what somebody typed into the form of a verb. What the person has to
// have seen is what stands around it now, with the reason.
func (f *forms) take(verb session.Verb, typed url.Values) {
	f.Open = verb
	switch verb {
	case session.Submit, session.Correct:
		f.Answer = typed.Get("text")
	case session.SendBack:
		f.Comment = typed.Get("comment")
	case session.Decline:
		f.Reason, f.Remark = typed.Get("reason"), typed.Get("remark")
	case session.Merge:
		f.Into = typed.Get("other")
	case session.Redirect:
		f.To, f.Email, f.Answered = typed.Get("institution"), typed.Get("email") != "", typed.Get("answered")
	case session.Retract:
		f.Why = typed.Get("reason")
	case session.AddNote:
		f.Note = typed.Get("text")
	case session.IsOut:
		f.URL = typed.Get("url")
	}
}
