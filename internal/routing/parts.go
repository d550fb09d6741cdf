package routing

import (
	"context"
	"slices"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Said takes a message of a conversation in private: a question, or a part of the one
// that its author asked a moment ago. joined is set when it is not the first part. What
// an app cut off from the message before cannot be a question of its own: an error is
// about the whole then.
func (i *Inbox) Said(ctx context.Context, a connector.Asked) (ref session.QuestionRef, joined bool, err error) {
	last, before, err := i.lastOf(ctx, a.Origin)
	switch {
	case err != nil:
		return ref, false, err
	case !before || last.Origin.Message == a.Origin.Message:
		ref, err = i.take(ctx, a)
		return ref, false, err
	}
	_, known := last.PartOf(a.Origin.Message)
	if last.Ref.Number != 0 && (known || a.Cut || last.Continues(a.At)) {
		err := i.add(ctx, last.Ref, part(a), a.With)
		if err == nil || away(err) || known || a.Cut {
			return last.Ref, true, err
		}
	}
	if ref, err := i.find(ctx, a.Origin); session.KindOf(err) != session.NotFound {
		return ref, false, err // it comes once more
	}
	ref, err = i.take(ctx, a)
	return ref, false, err
}

// rest adds what an app cut off to the question that its author asked a moment ago there.
func (i *Inbox) rest(ctx context.Context, a connector.Asked) (session.QuestionRef, error) {
	last, _, err := i.lastOf(ctx, a.Origin)
	switch {
	case err != nil:
		return session.QuestionRef{}, err
	case last.Ref.Number == 0 || !last.Continues(a.At):
		return session.QuestionRef{}, session.Fail(session.NotFound, "not_found")
	}
	return last.Ref, i.add(ctx, last.Ref, part(a), a.With)
}

func part(a connector.Asked) session.Part {
	return session.Part{Message: a.Origin.Message, At: a.At, Edited: a.Edited, Text: a.Text, Cut: a.Cut}
}

// add makes a message a part of a question, as its asker.
func (i *Inbox) add(ctx context.Context, ref session.QuestionRef, p session.Part, with session.Media) error {
	return i.do(ctx, session.RewordQuestion{On: session.On{Question: ref}, Message: p.Message, At: p.At, Edited: p.Edited,
		Text: p.Text, Cut: p.Cut, With: with})
}

func (i *Inbox) do(ctx context.Context, cmd session.Command) error {
	_, err := i.Service.Do(ctx, asker, cmd)
	return err
}

// away reports whether an error says nothing about what was asked for.
func away(err error) bool {
	return err != nil && (session.KindOf(err) == session.Unavailable || session.KindOf(err) == session.Internal)
}

// mostBetween is how many questions somebody may ask elsewhere, as under a post, before
// what they write in private no longer belongs to what they asked there.
const mostBetween = 5

// lastOf is what somebody asked last in the conversation at o, in the session that takes
// questions there now; zero is nothing of late. before is set when they asked anything.
func (i *Inbox) lastOf(ctx context.Context, o session.Origin) (q session.Question, before bool, err error) {
	all, err := i.sessions(ctx)
	if err != nil {
		return q, false, err
	}
	s, ok := At(all, o, i.Now())
	if !ok || o.User == "" {
		return q, false, nil
	}
	numbers, err := i.Store.ByAsker(ctx, s.ID, o.Connector, o.User)
	if err != nil || len(numbers) == 0 {
		return q, false, err
	}
	qs, err := i.Store.Questions(ctx, s.ID, numbers[max(0, len(numbers)-mostBetween-1):]...)
	for _, last := range slices.Backward(qs) {
		if last.Origin.Place == o.Place {
			return last, true, err
		}
	}
	return q, true, err
}

// Removed takes a message away that is a question or a part of one. Of a question of
// which nothing is left, that is a withdrawal.
func (i *Inbox) Removed(ctx context.Context, at session.Origin) error {
	q, err := i.of(ctx, at)
	if err != nil {
		return err
	}
	if q.Unseen(i.Now()) { // a platform may say so of what a moderator hid there
		return nil
	}
	on := session.On{Question: q.Ref}
	if !q.Alone(at.Message) {
		err := i.do(ctx, session.RewordQuestion{On: on, Message: at.Message, Removed: true})
		if session.KindOf(err) != session.Invalid { // what is left is no question
			return err
		}
	}
	return i.do(ctx, session.WithdrawQuestion{On: on})
}

// of reads the question that a message belongs to.
func (i *Inbox) of(ctx context.Context, at session.Origin) (session.Question, error) {
	ref, err := i.find(ctx, at)
	if err != nil {
		return session.Question{}, err
	}
	qs, err := i.Store.Questions(ctx, ref.Session, ref.Number)
	if err != nil {
		return session.Question{}, err
	}
	return qs[0], nil
}

// Parted makes a message that was joined to question number from a question of its own,
// with all that the app cut off from it. It is asked before it is taken out there, so
// that it is never gone; done twice it is done once.
func (i *Inbox) Parted(ctx context.Context, a connector.Asked, from int) (session.QuestionRef, error) {
	own, err := i.find(ctx, a.Origin)
	if err != nil {
		return own, err
	}
	qs, err := i.Store.Questions(ctx, own.Session, from)
	if err != nil {
		return own, err
	}
	q := qs[0]
	run := q.Run(a.Origin.Message)
	switch {
	case q.Origin.User != a.Origin.User || q.Origin.Message == a.Origin.Message || len(run) == 0 && own == q.Ref:
		return own, session.Fail(session.NotFound, "not_found")
	case len(run) == 0:
		return own, nil // it was done before
	}
	a.Text, a.At, a.Edited, a.Name = run[0].Text, run[0].At, run[0].Edited, q.Name
	if own, err = i.ask(ctx, q.Ref.Session, a); err != nil {
		return own, err
	}
	return own, i.move(ctx, run, q.Ref, own)
}

// move takes parts from one question to another that has the first of them already.
// They stay where they were as well when that is answered by now.
func (i *Inbox) move(ctx context.Context, run []session.Part, from, to session.QuestionRef) error {
	for _, p := range run[1:] {
		if err := i.add(ctx, to, p, ""); err != nil {
			return err
		}
	}
	for _, p := range run {
		err := i.do(ctx, session.RewordQuestion{On: session.On{Question: from}, Message: p.Message, Removed: true})
		if away(err) {
			return err
		}
	}
	return nil
}
