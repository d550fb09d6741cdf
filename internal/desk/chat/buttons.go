package chat

import (
	"slices"
	"strconv"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// What a button asks for besides the domain's verbs.
const (
	next       session.Verb = "next"
	skip       session.Verb = "skip"
	addIt      session.Verb = "use_add"
	replaceIt  session.Verb = "use_replace"
	asideIt    session.Verb = "use_aside"
	answerWith session.Verb = "answer_with" // a message that was written elsewhere
	repost     session.Verb = "repost"
	read       session.Verb = "read"
	later      session.Verb = "later" // messages of which nobody knows what they are
)

// front are the buttons that have room on a card, by state; whatever else is allowed
// is behind one more press.
var front = map[session.State][]session.Verb{
	session.Received:  {session.Accept, session.Decline, session.Merge, session.Redirect},
	session.Queued:    {session.Claim, session.Decline, session.Merge, session.Redirect},
	session.Claimed:   {session.Settle, session.Submit, session.Claim, session.Release},
	session.Review:    {session.Approve, session.SendBack, session.Submit},
	session.Approved:  {session.SendBack},
	session.Published: {session.Correct, session.Retract},
}

// styles set apart what a moderator looks for.
var styles = map[session.Verb]connector.Style{
	session.Accept: connector.Primary, session.Approve: connector.Primary, session.Settle: connector.Primary,
	session.Start: connector.Primary, session.Resume: connector.Primary, next: connector.Primary,
	session.Retract: connector.Danger, session.Withdraw: connector.Danger, session.Stop: connector.Danger, session.Cancel: connector.Danger,
}

// asked are the verbs that cannot be taken back, or that many people see at once.
var asked = []session.Verb{session.Withdraw, session.Expire, session.Start, session.Stop}

// somebody is nobody in particular: no person of the configuration can be called so.
const somebody session.PersonName = "\n"

// allowed lists the verbs that anybody may use on q now. A card is the same for all
// who see it, so whoever may not is told so when they press.
func allowed(s session.Session, q session.Question) []session.Verb {
	may := map[session.Verb]bool{}
	for _, name := range []session.PersonName{somebody, q.Holder, q.Latest().Author} {
		for _, role := range []session.Role{session.Moderator, session.ExpertRole} {
			for _, v := range session.Allowed(s, q, session.Actor{Name: name, Role: role}) {
				may[v] = true
			}
		}
	}
	if q.Holder != "" && q.State == session.Claimed {
		may[session.Claim] = true // take over
	}
	var vs []session.Verb
	for _, v := range verbs {
		if may[v] {
			vs = append(vs, v)
		}
	}
	return vs
}

// verbs is the order in which buttons stand.
var verbs = []session.Verb{session.Accept, session.Approve, session.Settle, session.Claim, session.Submit, session.SendBack,
	session.TakeBack, session.Release, session.Correct, session.Keep, session.Retract, session.Decline, session.Merge,
	session.Redirect, session.Expire, session.Restore, session.Withdraw, session.AddNote}

// buttons splits what may be done into what has room on the card and the rest.
func (c *Chat) buttons(s session.Session, q session.Question, folded bool) (shown, more []connector.Button) {
	may := allowed(s, q)
	if !folded {
		for _, v := range front[q.State] {
			if slices.Contains(may, v) {
				shown = append(shown, c.button(s.ID, q, v))
			}
		}
	}
	for _, v := range may {
		if folded || !slices.Contains(front[q.State], v) {
			more = append(more, c.button(s.ID, q, v))
		}
	}
	return shown, more
}

// button carries what the person sees while they press it.
func (c *Chat) button(id session.ID, q session.Question, v session.Verb) connector.Button {
	a := connector.Action{Verb: v, Session: connector.TagOf(string(id)), Number: q.Ref.Number, Seen: connector.TagOf(q.Stage())}
	label := c.label(v)
	switch v {
	case session.Accept:
		a.Mark = q.Wording
		if q.Pending != "" {
			label = c.text("accept_wording")
		}
	case session.Claim:
		if q.Holder != "" {
			a.Seen, label = connector.TagOf(string(q.Holder)), c.text("take_over", "name", q.Holder)
		}
	case session.Submit:
		if q.State == session.Review {
			label = c.text("edit")
		}
	}
	b := c.act(label, a)
	b.Style = styles[v]
	if slices.Contains(asked, v) {
		b.Confirm = c.text("confirm."+string(v), "number", q.Ref.Number)
	}
	return b
}

// act is a button of an action that is known to be well formed.
func (c *Chat) act(label string, a connector.Action) connector.Button {
	data, err := a.Encode()
	if err != nil { // a verb of this package that the codec cannot write: the tests press every button
		return connector.Button{Label: label}
	}
	return connector.Button{Label: label, Action: data}
}

func (c *Chat) label(v session.Verb) string { return c.words.Text("button." + string(v)) }

func itoa(n int) string { return strconv.Itoa(n) }

func commas(names []string) string { return strings.Join(names, ", ") }
