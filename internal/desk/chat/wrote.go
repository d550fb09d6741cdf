package chat

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// Wrote takes a message of the desk to the question under whose card it stands. What
// it is to the answer, the domain decides; here the author is only told and asked.
func (c *Chat) Wrote(ctx context.Context, w connector.Written) (connector.Answer, error) {
	p, ok := c.Staff.Who(w.By)
	by := p.Actor()
	if ok && w.Under == "" {
		return c.alone(ctx, by, w)
	}
	ses, number, card, err := c.cardAt(ctx, w.Place, w.Under)
	switch {
	case err != nil || !card:
		return connector.Answer{}, err
	case !ok:
		return c.astray(ctx, string(w.By.ID), w, c.text("stranger", "people", c.moderators()))
	case number == 0:
		return c.astray(ctx, string(by.Name), w, c.text("astray_board"))
	case by.Role == session.Observer:
		return c.astray(ctx, string(by.Name), w, c.text("help_observer"))
	case len(w.Lines) == 0 && len(w.Files) == 0 && w.With != "":
		return c.onlyWords(w, number), nil
	}
	a, err := c.wrote(ctx, by, ses, session.QuestionRef{Session: ses.ID, Number: number}, w)
	if a.Taken && w.With != "" {
		a.Say = lines(a.Say, c.text("only_words", "number", number))
	}
	return a, err
}

// lines are texts below one another, without those that are empty.
func lines(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(t string) bool { return t == "" }), "\n")
}

// onlyWords says that what somebody sent instead of words is no answer.
func (c *Chat) onlyWords(w connector.Written, number int) connector.Answer {
	if !w.Edited.IsZero() {
		return connector.Answer{}
	}
	return connector.Answer{Say: c.text("only_words", "number", number)}
}

// astrayFor is how long somebody is not told again what to do with what they write at a place
// where nothing is read.
const astrayFor = 24 * time.Hour

// astray tells the author of a message what to do with it, once: people also talk there.
func (c *Chat) astray(ctx context.Context, who string, w connector.Written, say string) (connector.Answer, error) {
	if w.Deleted || !w.Edited.IsZero() || session.AnswerText(w.Lines) == "" && w.With == "" && len(w.Files) == 0 {
		return connector.Answer{}, nil
	}
	key := "astray:" + string(connector.TagOf(who+"\n"+say))
	if _, told, err := c.Memory.Recall(ctx, key); err != nil || told {
		return connector.Answer{}, err
	}
	if err := c.Memory.Keep(ctx, key, nil, astrayFor); err != nil {
		return connector.Answer{}, err
	}
	return connector.Answer{Say: say}, nil
}

func write(ref session.QuestionRef, w connector.Written) session.WriteMessage {
	c := session.WriteMessage{On: session.On{Question: ref}, Message: w.Message, At: w.At, Edited: w.Edited, Lines: w.Lines,
		Full: w.Full, Deleted: w.Deleted}
	if c.Awaits = len(w.Files) > 0 && !w.Deleted; !c.Awaits {
		c.Pictures = &[]session.Picture{}
	}
	return c
}

// cardAt finds the card at a message; number 0 is a board.
func (c *Chat) cardAt(ctx context.Context, place session.PlaceID, at session.MessageID) (_ session.Session, n int, ok bool, err error) {
	all, err := c.hours(ctx)
	if err != nil {
		return session.Session{}, 0, false, err
	}
	for _, s := range all {
		if c.laneOf(s).Place != place {
			continue
		}
		n, ok, err := c.Cards.Of(ctx, s.ID, c.laneOf(s), at)
		if err != nil || ok {
			return s, n, ok, err
		}
	}
	return session.Session{}, 0, false, nil
}

// Removed draws a card again that somebody took away; drawing finds it gone and posts
// it anew.
func (c *Chat) Removed(ctx context.Context, place session.PlaceID, at session.MessageID) error {
	s, n, ok, err := c.cardAt(ctx, place, at)
	if err != nil || !ok {
		return err
	}
	return c.Cards.Touch(ctx, s.ID, c.laneOf(s), n)
}

// wrote gives the command and tells its author what came of the message.
func (c *Chat) wrote(ctx context.Context, by session.Actor, s session.Session, ref session.QuestionRef, w connector.Written,
) (connector.Answer, error) {
	cmd := write(ref, w)
	r, err := c.Service.Do(ctx, by, cmd)
	q, missed := r.Question, ""
	if err == nil && cmd.Awaits { // the words are stored
		q, missed, err = c.fetch(ctx, by, q, cmd, w)
	}
	if kind := session.KindOf(err); kind == session.Forbidden || kind == session.Refused || kind == session.Already {
		return connector.Answer{}, nil // somebody talks near a card that nobody answers any more
	}
	if err != nil {
		return c.said(err)
	}
	a := c.made(by, s, q, cmd)
	a.Say = lines(a.Say, missed)
	return c.askWords(ctx, s, q, w, a)
}

// made says what came of a message.
func (c *Chat) made(by session.Actor, s session.Session, q session.Question, cmd session.WriteMessage) connector.Answer {
	m, known := q.SaidBy(cmd.Message)
	taken := known && (m.Use == session.Drafted || m.Use == session.Used)
	switch {
	case known && m.Open():
		choices := c.choices(s.ID, q.Ref.Number, m.Message, m.Edit != "")
		return connector.Answer{Say: c.text("ask_use", "number", q.Ref.Number), Buttons: choices}
	case taken && session.AnswerText(cmd.Lines) == "" && len(m.Pictures) == 0:
		return connector.Answer{Say: c.text("stays_public", "number", q.Ref.Number)}
	case taken:
		return connector.Answer{Taken: true, Say: c.leftOut(c.text("left_out", "number", q.Ref.Number), cmd)}
	}
	return connector.Answer{Say: c.notTaken(by, q, cmd), Untaken: known}
}

// longestLeftOut is how many characters are repeated of what an answer does without.
const longestLeftOut = 1000

// leftOut repeats the words of a message that are not in the answer, after why; "" for none.
func (c *Chat) leftOut(why string, cmd session.WriteMessage) string {
	words := session.AsideText(cmd.Lines)
	if words == "" {
		return ""
	}
	return why + "\n" + session.Shorten(words, longestLeftOut)
}

// notTaken says why what an expert wrote is no answer; "" where nobody would think so.
func (c *Chat) notTaken(by session.Actor, q session.Question, cmd session.WriteMessage) string {
	empty := session.AnswerText(cmd.Lines) == ""
	calls := slices.ContainsFunc(cmd.Lines, func(l session.ChatLine) bool { return l.Mentions })
	answers := q.State == session.Queued || q.State == session.Claimed && q.Holder == by.Name
	switch {
	case empty && calls && answers && by.Role == session.ExpertRole:
		return c.leftOut(c.text("all_left_out", "number", q.Ref.Number), cmd)
	case empty, by.Role != session.ExpertRole, cmd.Deleted, !cmd.Edited.IsZero():
		return ""
	case q.State == session.Received:
		return c.text("not_accepted", "number", q.Ref.Number)
	case q.State == session.Claimed && q.Holder != by.Name:
		return c.text("not_yours", "number", q.Ref.Number, "name", q.Holder)
	}
	return ""
}

// keptFor is how long a message may be used that was written outside of any thread.
const keptFor = 24 * time.Hour

// alone asks an expert who holds exactly one question whether a message that stands on
// its own is its answer. It is never taken by itself.
func (c *Chat) alone(ctx context.Context, by session.Actor, w connector.Written) (connector.Answer, error) {
	if ref, ok, err := c.usedFor(ctx, w.Message); err != nil || ok {
		if err != nil {
			return connector.Answer{}, err
		}
		ses, err := c.Store.Session(ctx, ref.Session)
		if err != nil {
			return connector.Answer{}, err
		}
		return c.wrote(ctx, by, ses, ref, w)
	}
	if by.Role == session.Observer || w.Deleted || !w.Edited.IsZero() || session.AnswerText(w.Lines) == "" && len(w.Files) == 0 {
		return connector.Answer{}, nil
	}
	held, err := c.holding(ctx, by.Name)
	switch {
	case err != nil:
		return connector.Answer{}, err
	case len(held) > 1:
		return c.astray(ctx, string(by.Name), w, c.text("astray_alone"))
	case len(held) == 0:
		return c.unheld(ctx, by, w)
	}
	kept, err := json.Marshal(w)
	if err != nil {
		return connector.Answer{}, err
	}
	if err := c.Memory.Keep(ctx, memoryKey(w.Message), kept, keptFor); err != nil {
		return connector.Answer{}, err
	}
	q := held[0]
	a := about(q.Ref.Session, q.Ref.Number, view.AnswerWith)
	a.Seen = connector.TagOf(string(w.Message))
	return connector.Answer{Say: c.text("ask_alone", "number", q.Ref.Number, "text", session.Shorten(q.Text, 120)),
		Buttons: []connector.Button{c.act(c.label(view.AnswerWith), a)}}, nil
}

// unheld is a message on its own of somebody who answers nothing now: talk or, of an expert of
// an hour that is on, perhaps meant as an answer.
func (c *Chat) unheld(ctx context.Context, by session.Actor, w connector.Written) (connector.Answer, error) {
	all, err := c.hours(ctx)
	if err != nil {
		return connector.Answer{}, err
	}
	for _, s := range all {
		if _, ok := s.Expert(by.Name); ok && s.State == session.Open && c.laneOf(s).Place == w.Place {
			return c.astray(ctx, string(by.Name), w, c.text("astray_alone"))
		}
	}
	return connector.Answer{}, nil
}

func memoryKey(m session.MessageID) string { return "alone:" + string(connector.TagOf(string(m))) }

// holding lists the questions that wait for a person's answer.
func (c *Chat) holding(ctx context.Context, name session.PersonName) ([]session.Question, error) {
	all, err := c.hours(ctx)
	if err != nil {
		return nil, err
	}
	var held []session.Question
	for _, s := range all {
		if !alive(s) {
			continue
		}
		qs, err := c.Store.List(ctx, s.ID, session.Listing{States: []session.State{session.Claimed}, Limit: 200})
		if err != nil {
			return nil, err
		}
		held = append(held, slices.DeleteFunc(qs, func(q session.Question) bool { return q.Holder != name })...)
	}
	return held, nil
}

// answerWith uses the message that was written elsewhere.
func (c *Chat) answerWith(ctx context.Context, p press) (connector.Answer, error) {
	kept, ok, err := c.Memory.Recall(ctx, "alone:"+string(p.Seen))
	if err != nil {
		return connector.Answer{}, err
	}
	var w connector.Written
	if !ok || json.Unmarshal(kept, &w) != nil || w.By.ID != p.Press.By.ID {
		return connector.Answer{Say: c.text("old_button")}, nil
	}
	a, err := c.wrote(ctx, p.by, p.ses, p.q.Ref, w)
	if err != nil {
		return a, err
	}
	switch {
	case a.Taken:
		a.Say = lines(c.text("taken_alone", "number", p.Number), a.Say)
		return a, c.keepUsed(ctx, w.Message, p.q.Ref)
	case a.Say == "":
		a.Say = c.text("too_late_alone", "number", p.Number, "state", c.everybody(p.ses).Badge(p.q).Text)
	}
	return a, nil
}

// keepUsed remembers for which question a message was used that stands elsewhere, so
// that what becomes of it is not missed.
func (c *Chat) keepUsed(ctx context.Context, m session.MessageID, ref session.QuestionRef) error {
	b, err := json.Marshal(ref)
	if err != nil {
		return err
	}
	return c.Memory.Keep(ctx, "used:"+string(connector.TagOf(string(m))), b, usedFor)
}

// usedFor is how long such a message is followed.
const usedFor = 7 * 24 * time.Hour

func (c *Chat) usedFor(ctx context.Context, m session.MessageID) (ref session.QuestionRef, ok bool, err error) {
	b, ok, err := c.Memory.Recall(ctx, "used:"+string(connector.TagOf(string(m))))
	if err != nil || !ok {
		return ref, false, err
	}
	return ref, json.Unmarshal(b, &ref) == nil, nil
}
