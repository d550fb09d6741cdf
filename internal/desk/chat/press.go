package chat

import (
	"context"
	"slices"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// press is a button, with everything that it is about.
type press struct {
	connector.Press
	connector.Action
	by  session.Actor
	ses session.Session
	q   session.Question // zero for the board
}

func (p press) what() view.Action { return view.Action(p.Do) }

func (p press) verb() session.Verb { return session.Verb(p.Do) }

// Pressed does what a button says, or opens the form that it needs.
func (c *Chat) Pressed(ctx context.Context, in connector.Press) (connector.Answer, error) {
	a, err := c.pressed(ctx, in)
	return c.dated(homeward(in.Key, a)), err
}

func (c *Chat) pressed(ctx context.Context, in connector.Press) (connector.Answer, error) {
	by, stranger := c.who(in.By)
	if stranger != nil {
		return *stranger, nil
	}
	a, err := connector.ParseAction(in.Action)
	if err != nil {
		return connector.Answer{Say: c.text("old_button")}, nil
	}
	p := press{Press: in, Action: a, by: by}
	if p.ses, err = c.tagged(ctx, a.Session); err != nil {
		return c.said(err)
	}
	if a.Number == 0 {
		return c.pressedBoard(ctx, p)
	}
	if p.q, err = c.question(ctx, p.ses.ID, a.Number); err != nil {
		return c.said(err)
	}
	if err := c.adopt(ctx, p); err != nil {
		return c.said(err)
	}
	return c.pressedCard(ctx, p)
}

// adopt makes an orphan the card: a message of whose posting nothing was noted. Whether
// it counts as lost already does not matter: somebody sees it.
func (c *Chat) adopt(ctx context.Context, p press) error {
	if p.Message == "" || p.Key != "" {
		return nil
	}
	_, known, err := c.Cards.Of(ctx, p.ses.ID, c.laneOf(p.ses), p.Message)
	if err != nil || known {
		return err
	}
	return c.Cards.Adopt(ctx, p.ses.ID, c.laneOf(p.ses), p.Number, p.Message)
}

// pressedCard does a verb at once when it needs nothing more, and opens its form
// otherwise.
func (c *Chat) pressedCard(ctx context.Context, p press) (connector.Answer, error) {
	if p.Key != "" {
		r, ok := parseKey(p.Key)
		switch {
		case ok && p.what() == view.Again:
			return c.again(ctx, p, r)
		case ok && r.Triage:
			return c.triaged(ctx, p, r)
		case ok && r.Queue && p.what() == view.Skip:
			return c.nextApproval(ctx, p.by, p.ses, r.Number)
		}
	}
	f, err := c.form(ctx, p, nil)
	if err != nil {
		return c.said(err)
	}
	if f != nil {
		return c.open(ctx, p, f)
	}
	cmd, ok := c.direct(p)
	if !ok {
		return c.other(ctx, p)
	}
	return c.do(ctx, p, cmd)
}

// direct builds the commands that need nothing but the press.
func (c *Chat) direct(p press) (session.Command, bool) {
	on := session.On{Question: p.q.Ref, Seen: session.Seen{Stage: p.stage()}}
	switch p.verb() {
	case session.Accept:
		return session.AcceptQuestion{On: on, Wording: p.Mark}, true
	case session.Claim:
		return session.ClaimQuestion{On: on, Holder: p.seenHolder()}, true
	case session.Release:
		return session.ReleaseQuestion{On: on}, true
	case session.TakeBack:
		return session.TakeBackAnswer{On: on}, true
	case session.Settle:
		return session.SettleDraft{On: on}, true
	case session.Keep:
		return session.KeepAnswer{On: on}, true
	case session.Undo:
		return session.UndoDecision{On: on}, true
	case session.Restore:
		return session.RestoreQuestion{On: on}, true
	case session.Expire:
		return session.ExpireQuestion{On: on}, true
	case session.AllowName:
		return session.AllowNameOf{On: on}, true
	case session.Retry, session.Drop, session.IsOut, session.SendAgain:
		return session.ResolveCopy{On: on, Decision: p.verb(), Copy: p.seenCopy(), Attempt: p.Mark}, true
	}
	if as, ok := choices[p.what()]; ok {
		return session.UseMessage{On: on, Message: p.seenMessage(), As: as}, true
	}
	return nil, false
}

var choices = map[view.Action]session.Choice{view.Add: session.Add, view.Replace: session.Replace, view.Aside: session.Aside}

// stage is that of the question, or on the board of the hour, if it still is the one that
// the person saw; "" when the button names something else: a holder, a copy or a message.
func (p press) stage() string {
	now := p.ses.Stage()
	if p.Number != 0 {
		now = p.q.Stage()
	}
	switch {
	case p.Seen == "", session.ResolvesCopy(p.verb()), p.verb() == session.Claim && p.seenHolder() != "":
		return ""
	case p.Seen.Names(now):
		return now
	}
	return "another"
}

// seenHolder is who held the question on the card that was pressed. Somebody else by
// now is left out, so that nobody takes over from them unawares.
func (p press) seenHolder() session.PersonName {
	if p.Seen.Names(string(p.q.Holder)) {
		return p.q.Holder
	}
	return ""
}

func (p press) seenCopy() string {
	for _, copy := range p.q.Copies {
		if p.Seen.Names(copy.Key()) {
			return copy.Key()
		}
	}
	return string(p.Seen) // unknown to the domain, which says so
}

// seen is what the reader of the button had before them, besides what the form itself says.
func (p press) seen(f view.Form) map[string]string {
	if session.ResolvesCopy(p.verb()) {
		f.Seen["copy"], f.Seen["attempt"] = p.seenCopy(), itoa(p.Mark)
	}
	return f.Seen
}

func (p press) seenMessage() session.MessageID {
	for _, m := range p.q.Said {
		if p.Seen.Names(string(m.Message)) {
			return m.Message
		}
	}
	return session.MessageID(p.Seen)
}

// do runs a command; what it came to is on the card, so only a refusal or a lost race
// needs words, and what was done from a page on which the card is not. A form that it was given
// in is closed.
func (c *Chat) do(ctx context.Context, p press, cmd session.Command) (connector.Answer, error) {
	r, a, err := c.give(ctx, p.by, cmd)
	if k, ok := parseKey(p.Key); ok && err == nil && a.Say == "" && (k.Home || k.Do == view.Home) {
		a.Say, a.Buttons = c.became(p, cmd.Verb(), r.Question)
	}
	a.Close = p.Key != "" && err == nil
	return a, err
}

// became says what became of a question by a press, with the button that takes it back while that
// can be.
func (c *Chat) became(p press, v session.Verb, q session.Question) (text string, undo []connector.Button) {
	if q.CanUndo() {
		undo = c.offered(p.ses, q, session.Undo)
		undo[0].Label += " " + c.Views.Ref(p.Number)
	}
	return c.Views.Ref(p.Number) + ": " + c.words.Text("happened."+string(v)), undo
}

// give runs a command; the answer says why nothing came of it, or of how many something did.
func (c *Chat) give(ctx context.Context, by session.Actor, cmd session.Command) (session.Result, connector.Answer, error) {
	r, err := c.Service.Do(ctx, by, cmd)
	if err == nil {
		err = done(by, cmd.Verb(), r)
	}
	switch {
	case err == nil && r.Batch != nil:
		return r, connector.Answer{Say: c.batch(cmd.Verb(), r)}, nil
	case err == nil:
		return r, connector.Answer{}, nil
	}
	a, err := c.said(err)
	return r, a, err
}

// done says that somebody else has done before what a person wanted; nil when they have
// done it now.
func done(by session.Actor, v session.Verb, r session.Result) error {
	if !r.Already || r.By.Name == "" || r.By.Name == by.Name {
		return nil
	}
	return session.Fail(session.Already, "already", "verb", v).Of(r.By.Name)
}

// other is what only this desk knows.
func (c *Chat) other(ctx context.Context, p press) (connector.Answer, error) {
	switch p.what() {
	case view.AnswerWith:
		return c.answerWith(ctx, p)
	case view.Repost:
		if p.by.Role == session.Observer {
			return connector.Answer{Say: c.text("help_observer")}, nil
		}
		return c.said(c.Cards.Repost(ctx, p.ses.ID, c.laneOf(p.ses), p.Number))
	}
	return connector.Answer{Say: c.text("old_button")}, nil
}

// pressedBoard is a button of the board: its verbs are those of the session.
func (c *Chat) pressedBoard(ctx context.Context, p press) (connector.Answer, error) {
	if session.ResolvesCopy(p.verb()) { // on the board, an announcement
		p.q = session.Question{Ref: session.QuestionRef{Session: p.ses.ID}, Copies: p.ses.Copies}
		if parked, _ := p.ses.Copies.Get(p.seenCopy()); slices.Contains(session.CopyVerbs(parked, p.by), p.verb()) {
			f, err := c.hourForm(ctx, p, nil)
			if err != nil || f != nil {
				return connector.Answer{Form: f, Push: p.Key != ""}, err
			}
		}
		cmd, _ := c.direct(p)
		return c.do(ctx, p, cmd)
	}
	switch k, ok := parseKey(p.Key); {
	case p.what() == view.Next:
		return c.next(ctx, p.by, p.ses, 0)
	case p.what() == view.ToApprove:
		return c.nextApproval(ctx, p.by, p.ses, 0)
	case p.what() == view.Again && ok:
		p.Do = string(k.Do)
		return c.hourAgain(ctx, p, p.Values, nil)
	}
	if p.verb() == session.Close && p.ses.State == session.Open {
		return connector.Answer{Say: c.text("stop_first")}, nil
	}
	return c.onHour(ctx, p)
}

// onHour gives a command on the hour and says what came of it, or opens the form that it
// needs.
func (c *Chat) onHour(ctx context.Context, p press) (connector.Answer, error) {
	if slices.Contains(session.AllowedOnSession(p.ses, p.by), p.verb()) {
		f, err := c.hourForm(ctx, p, nil)
		if err != nil {
			return c.said(err)
		}
		if why := p.ses.SeenAt(p.stage(), p.by, p.verb()); f != nil && why != nil {
			return c.hourAgain(ctx, p, nil, why)
		}
		if f != nil {
			return connector.Answer{Form: f}, nil
		}
	}
	cmd, err := c.Views.For(p.ses, p.by).HourCommand(p.verb(), connector.Values{"stage": {p.stage()}})
	var r session.Result
	if err == nil {
		r, err = c.Service.DoSession(ctx, p.by, p.ses.ID, cmd)
	}
	return c.happened(p.by, p.verb(), r, err)
}

// happened says what came of a command on the hour.
func (c *Chat) happened(by session.Actor, v session.Verb, r session.Result, err error) (connector.Answer, error) {
	if err != nil {
		return c.said(err)
	}
	if before := done(by, v, r); before != nil {
		return c.said(before)
	}
	return connector.Answer{Say: c.words.Text("happened." + string(v))}, nil
}
