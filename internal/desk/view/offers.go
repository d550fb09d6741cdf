package view

import (
	"slices"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Action is what a button of a desk asks for: a verb of the domain, or one of these,
// which only a desk knows.
type Action string

// The actions of the desks themselves.
const (
	Next       Action = "next"        // the next new question
	Skip       Action = "skip"        // the one after it
	ToApprove  Action = "to_approve"  // the next answer that waits for approval
	Add        Action = "use_add"     // a later message is one more part of the answer
	Replace    Action = "use_replace" // it is the answer
	Aside      Action = "use_aside"   // it is no answer
	AnswerWith Action = "answer_with" // a message that was written elsewhere
	Repost     Action = "repost"      // a card of which nobody knows whether it is there
	Read       Action = "read"        // all of a long card
	LaterOnes  Action = "later"       // messages of which nobody knows what they are
	Home       Action = "home"        // what waits for one person
	Again      Action = "again"       // a form as things are now
)

// Own reports whether it is one of those of the desks themselves.
func (a Action) Own() bool {
	return slices.Contains([]Action{Next, Skip, ToApprove, Add, Replace, Aside, AnswerWith, Repost, Read, LaterOnes, Home, Again}, a)
}

// Offer is something that may be done with a question now.
type Offer struct {
	Verb  session.Verb
	Label string // short, for a button among others
	Long  string // what it does
	Style connector.Style
	Front bool // has room on the smallest card
	Rare  bool // stands behind one more press wherever it is
	// Confirm is asked first, where it is not empty.
	Confirm string
}

// order is that in which buttons stand.
var order = []session.Verb{session.Undo, session.Accept, session.Approve, session.Describe, session.Settle, session.Claim, session.Submit,
	session.SendBack, session.TakeBack, session.Release, session.Correct, session.Keep, session.Retract, session.Decline, session.Merge,
	session.MergeTogether, session.Redirect, session.DeclineTogether, session.Expire, session.Restore, session.AllowName,
	session.Withdraw, session.HideAsked, session.AddNote}

// front are the buttons that have room on a card, by state.
var front = map[session.State][]session.Verb{
	session.Received:  {session.Accept, session.Decline, session.Merge, session.Redirect},
	session.Queued:    {session.Claim, session.Decline, session.Merge, session.Redirect},
	session.Claimed:   {session.Describe, session.Settle, session.Submit, session.Claim, session.Release},
	session.Review:    {session.Approve, session.SendBack, session.Submit},
	session.Approved:  {session.SendBack},
	session.Published: {session.Correct, session.Retract},
}

var rare = []session.Verb{session.MergeTogether, session.Redirect, session.DeclineTogether, session.Expire, session.AllowName,
	session.Withdraw, session.HideAsked, session.AddNote}

// styles set apart what a moderator looks for.
var styles = map[session.Verb]connector.Style{
	session.Accept: connector.Primary, session.Approve: connector.Primary, session.Settle: connector.Primary,
	session.Describe: connector.Primary,
	session.Start:    connector.Primary, session.Resume: connector.Primary,
	session.Retract: connector.Danger, session.Withdraw: connector.Danger, session.Stop: connector.Danger, session.Cancel: connector.Danger,
}

// confirmed are the verbs that cannot be taken back, or that many people see at once.
var confirmed = []session.Verb{session.Expire, session.AllowName, session.Start, session.Stop}

// somebody is nobody in particular: no person of the configuration can be called so.
const somebody session.PersonName = "\n"

// Allowed lists what this reader may do with q now, in the order of the buttons. Where
// everybody reads it is what anybody may: whoever may not is told so when they press.
func (r Reader) Allowed(q session.Question) []session.Verb {
	var may []session.Verb
	for _, by := range r.readers(q) {
		may = append(may, session.Allowed(r.Session, q, by)...)
	}
	if r.By == (session.Actor{}) && q.State == session.Claimed {
		may = append(may, session.Claim) // take over
	}
	return slices.DeleteFunc(slices.Clone(order), func(v session.Verb) bool {
		return !slices.Contains(may, v) || v == session.HideAsked && (r.Hides == nil || !r.Hides(q.Origin.Connector))
	})
}

func (r Reader) readers(q session.Question) []session.Actor {
	if r.By != (session.Actor{}) {
		return []session.Actor{r.By}
	}
	var all []session.Actor
	for _, name := range []session.PersonName{somebody, q.Holder, q.Latest().Author} {
		all = append(all, session.Actor{Name: name, Role: session.Moderator}, session.Actor{Name: name, Role: session.ExpertRole})
	}
	return all
}

// Offers lists what may be done with q now: first what has room on its card, in the
// order of its state, then the rest.
func (r Reader) Offers(q session.Question) []Offer {
	may := r.Allowed(q)
	first := append([]session.Verb{session.Undo}, front[q.State]...)
	vs := slices.DeleteFunc(first, func(v session.Verb) bool { return !slices.Contains(may, v) })
	shown := len(vs)
	for _, v := range may {
		if !slices.Contains(vs, v) {
			vs = append(vs, v)
		}
	}
	var os []Offer
	for i, v := range vs {
		o := r.Offer(q, v)
		o.Front = i < shown
		os = append(os, o)
	}
	return os
}

// Offer is one of them, whether or not it is allowed.
func (r Reader) Offer(q session.Question, v session.Verb) Offer {
	o := r.plain("button.", v, "question", r.Ref(q.Ref.Number))
	o.Rare = slices.Contains(rare, v)
	switch {
	case v == session.Accept && q.Pending != "":
		o.Label = r.Words.Text("desk.accept_wording")
		o.Long = o.Label
	case v == session.Claim && q.Holder != "":
		o.Label = r.Words.Text("desk.take_over", "name", q.Holder)
		o.Long = o.Label
	case v == session.Undo && q.Undo != nil && len(q.Undo.Batch) > 0:
		o.Label = r.Words.Count("desk.undo_together", len(q.Undo.Batch)+1)
		o.Long = o.Label
	case v == session.SendBack && q.State == session.Approved:
		o.Label = r.Words.Text("desk.stop_it")
	case v == session.Submit && q.State == session.Review:
		o.Label = r.Words.Text("desk.edit")
	}
	return o
}

// plain is an offer in the words that are always right; labels are those below prefix.
func (d *Desk) plain(prefix string, v session.Verb, args ...any) Offer {
	o := Offer{Verb: v, Label: d.Words.Text(prefix + string(v)), Long: d.Words.Text("verb." + string(v)), Style: styles[v]}
	if slices.Contains(confirmed, v) {
		o.Confirm = d.Words.Text("desk.confirm."+string(v), args...)
	}
	return o
}

// HourOffers lists what may be done with the hour now.
func (r Reader) HourOffers() []Offer {
	var os []Offer
	for _, v := range session.AllowedOnSession(r.Session, r.someone(session.Moderator)) {
		o := r.plain("hour.", v)
		o.Front = slices.Contains(hourFront, v) && (v != session.Pause || !r.Session.State.Over())
		os = append(os, o)
	}
	return os
}

// hourFront are the buttons of the board that have room. Pausing an hour that is over is rare: it stands with the rest.
var hourFront = []session.Verb{session.Start, session.Pause, session.Resume, session.ResumeIntake, session.Extend,
	session.Stop, session.Close}
