package chat

import (
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// call tells whoever should answer, once per reason, in words that a notification on
// a telephone shows in full.
func (c *Chat) call(s session.Session, q session.Question) *connector.Call {
	_, back := q.SentBack()
	switch {
	case q.State == session.Queued && len(q.Called) > 0:
		return c.calling(q.Calls, []session.PersonName{q.Called[len(q.Called)-1].To}, c.text("call", "number", q.Ref.Number), q.Text)
	case len(q.Nudged()) > 0:
		waits := c.words.Lasting(q.Nudge.At.Sub(q.Since))
		return c.calling(q.Calls, q.Nudged(), c.text("call_approve", "number", q.Ref.Number, "time", waits), q.Text)
	case back:
		why := c.comeBack(c.everybody(s).SentBack(q))
		return c.calling(q.Calls, []session.PersonName{q.Holder}, c.text("call_back", "number", q.Ref.Number, "why", why), q.Text)
	}
	return nil
}

// callsOver reports whether nobody is wanted for a question any more who was called to it. A call that
// was taken back does not come again with an undo, so it stays for so long.
func callsOver(q session.Question) bool {
	switch q.State {
	case session.Received, session.Queued, session.Claimed, session.Review:
		return false
	}
	return q.State == session.Withdrawn || q.Undo == nil
}

func (c *Chat) experts(s session.Session) []session.PersonName {
	var names []session.PersonName
	for _, e := range s.Experts {
		names = append(names, e.Name)
	}
	return names
}

// calling addresses people by their accounts; who has none here is named in words.
func (c *Chat) calling(number int, names []session.PersonName, text, question string) *connector.Call {
	call := &connector.Call{Number: number, Text: text, Quote: cut(question)}
	for _, p := range c.Staff.People() {
		if account := p.Accounts[c.Lane.Connector]; account != "" && slices.Contains(names, p.Name) {
			call.To = append(call.To, account)
		}
	}
	if len(call.To) == 0 {
		return nil
	}
	return call
}

var (
	// pauses are what the desk is told, with the name of who did it.
	pauses = []session.Verb{session.Pause, session.Resume, session.PauseIntake, session.ResumeIntake, session.Await, session.Lift}
	// turns are after what it is told where the hour stands.
	turns = []session.Verb{session.Start, session.Stop, session.Close, session.Reopen, session.RemindVerb}
)

// milestones bounds the numbers of milestone.
const milestones = 10

// news is what the whole desk is told once: where the hour stands or, if that is newer, who
// paused it or let it go on. Its number rises with both.
func (c *Chat) news(s session.Session) *connector.Call {
	call := c.milestone(s)
	if s.Toggled == 0 {
		return call
	}
	v, at := latest(s, pauses)
	if _, turned := latest(s, turns); call == nil || at.After(turned) {
		told := &connector.Call{Text: c.words.Text("chat.told."+string(v), "title", s.Title, "by", s.Acts[v].By.Name)}
		if call != nil {
			told.Number = call.Number
		}
		call = told
	}
	call.Number += milestones * s.Toggled
	return call
}

// latest is what was done last of some verbs, and when.
func latest(s session.Session, verbs []session.Verb) (last session.Verb, at time.Time) {
	for _, v := range verbs {
		if a, ok := s.Acts[v]; ok && !a.At.Before(at) {
			last, at = v, a.At
		}
	}
	return last, at
}

// milestone is where the hour stands, as the whole desk is told once; the numbers are their order.
func (c *Chat) milestone(s session.Session) *connector.Call {
	reminded := func(r session.Reminder) bool { return slices.Contains(s.Reminded, r) }
	switch {
	case s.State.Held():
		return &connector.Call{Number: 5, Text: c.text("told_closed", "title", s.Title, "url", c.transcript(s))}
	case s.State == session.Closing:
		return &connector.Call{Number: 4, Text: c.text("told_closing", "title", s.Title)}
	case s.State == session.Open && reminded(session.RemindEnd):
		return &connector.Call{Number: 3, Text: c.text("told_ending", "title", s.Title, "time", c.everybody(s).Clock(s.End))}
	case s.State == session.Open:
		url := c.Views.Page(session.QuestionRef{Session: s.ID})
		return &connector.Call{Number: 2, Text: c.text("told_open", "title", s.Title, "time", c.everybody(s).Clock(s.End), "url", url)}
	case s.State == session.Scheduled && reminded(session.RemindStart):
		return c.calling(1, c.experts(s), c.text("told_soon", "title", s.Title, "time", c.everybody(s).Clock(s.Start)), "")
	}
	return nil
}

func (c *Chat) transcript(s session.Session) string {
	return c.Views.Page(session.QuestionRef{Session: s.ID}) + "/transcript"
}
