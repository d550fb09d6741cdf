package view

import (
	"context"

	"experthour/internal/session"
)

// mostDropped bounds how many questions are looked through for refused copies.
const mostDropped = 500

// CloseList is what keeps an hour from closing.
type CloseList struct {
	Open    []Brief // without an outcome
	Leaving []Brief // approved, on their way out
	Parked  []Brief // with a copy that waits for a person
	More    int     // without an outcome that are not listed
	Copies  int     // questions with copies on their way
	Refused int     // copies that a platform refused
}

// Brief is a question in one line.
type Brief struct {
	Number   int
	Ref      string
	Stage    string
	Text     string
	Language session.Language
	Badge    Badge
}

// CloseList reads up to most questions that have no outcome, and the first that wait.
func (r Reader) CloseList(ctx context.Context, counts session.Counts, most int) (CloseList, error) {
	l := CloseList{Copies: counts.Unfinished.Copies}
	open, err := r.Store.List(ctx, r.Session.ID, session.Listing{Unfinished: true, Limit: most})
	if err != nil {
		return l, err
	}
	parked, err := r.Store.List(ctx, r.Session.ID, session.Listing{Waiting: true, Limit: FirstPage})
	if err != nil {
		return l, err
	}
	l.More = max(counts.Unfinished.Questions-len(open), 0)
	for _, q := range open {
		if q.State == session.Approved {
			l.Leaving = append(l.Leaving, r.brief(q))
		} else {
			l.Open = append(l.Open, r.brief(q))
		}
	}
	for _, q := range parked {
		l.Parked = append(l.Parked, r.brief(q))
		l.Refused += len(drops(q))
	}
	return l, nil
}

func (r Reader) brief(q session.Question) Brief {
	return Brief{q.Ref.Number, r.Ref(q.Ref.Number), q.Stage(), session.Shorten(q.Text, 200), q.Language, r.Badge(q)}
}

// GiveUp drops every copy that a platform refused, so that a platform that is down does
// not keep the hour open. A copy that may be out still needs a look. do gives a command;
// that somebody else decided about a copy meanwhile is no reason to stop.
func (r Reader) GiveUp(ctx context.Context, do func(session.Command) error) error {
	qs, err := r.Store.List(ctx, r.Session.ID, session.Listing{Waiting: true, Limit: mostDropped})
	if err != nil {
		return err
	}
	for _, q := range qs {
		for _, cmd := range drops(q) {
			if err := do(cmd); err != nil && session.KindOf(err) != session.Already {
				return err
			}
		}
	}
	return nil
}

func drops(q session.Question) []session.Command {
	var cmds []session.Command
	for _, c := range q.Copies {
		if c.Problem == session.RefusedIt {
			cmds = append(cmds, session.ResolveCopy{On: session.On{Question: q.Ref}, Decision: session.Drop, Copy: c.Key(), Attempt: c.Attempt})
		}
	}
	return cmds
}
