package routing

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Answered takes what an asker wrote back about a question of theirs: a part of it as long as
// its text can change, and a question of its own after that, or from another address.
func (i *Inbox) Answered(ctx context.Context, about session.QuestionRef, a connector.Asked) (ref session.QuestionRef, joined bool,
	err error) {
	err = i.wrote(ctx, about, a.Email)
	if err == nil {
		err = i.add(ctx, about, part(a), a.With)
	}
	if err == nil || away(err) {
		return about, true, err
	}
	ref, err = i.Asked(ctx, a)
	return ref, false, err
}

// TakenBack withdraws a question, as the one whose address was left with it.
func (i *Inbox) TakenBack(ctx context.Context, about session.QuestionRef, email string) error {
	if err := i.wrote(ctx, about, email); err != nil {
		return err
	}
	return i.do(ctx, session.WithdrawQuestion{On: session.On{Question: about}})
}

// wrote is NotFound if a question was not asked from an address: whoever answers a letter
// from another one may have been sent it by its asker.
func (i *Inbox) wrote(ctx context.Context, about session.QuestionRef, email string) error {
	qs, err := i.Store.Questions(ctx, about.Session, about.Number)
	if err == nil && (email == "" || !strings.EqualFold(qs[0].Email, email)) {
		err = session.Fail(session.NotFound, "not_found")
	}
	return err
}

// Returned notes at the desk that a letter came back, and forgets an address that there
// is not.
func (i *Inbox) Returned(ctx context.Context, r connector.Returned) error {
	noted, err := i.noteReturned(ctx, r)
	if err == nil && r.Lasting {
		_, err = i.Service.Do(ctx, session.Program, session.ForgetQuestion{On: session.On{Question: r.About}, What: session.Emails})
	}
	if err == nil && !noted {
		err = session.Fail(session.NotFound, "not_found")
	}
	return err
}

// noteReturned looks for the copy that the letter was, at the question and at the one that
// it was merged into. Nobody is asked about an address that there is not.
func (i *Inbox) noteReturned(ctx context.Context, r connector.Returned) (bool, error) {
	problem := session.RefusedIt
	if r.Lasting {
		problem = session.Dropped
	}
	for n := r.About.Number; n != 0; {
		qs, err := i.Store.Questions(ctx, r.About.Session, n)
		if err != nil {
			return false, err
		}
		if c, ok := letterOf(qs[0].Copies, r); ok {
			_, err := i.Service.Do(ctx, session.Program, session.RecordParked{On: session.On{Question: qs[0].Ref}, Copy: c.Key(),
				Problem: problem, Detail: r.Detail, Returned: cmp.Or(c.Message, r.Message, "?")})
			return true, err
		}
		n = qs[0].Into
	}
	return false, nil
}

// letterOf is the copy that a letter brought out, or may have: of one whose message is not
// known the last one.
func letterOf(cs session.Copies, r connector.Returned) (session.Copy, bool) {
	theirs := slices.DeleteFunc(slices.Clone(cs), func(c session.Copy) bool {
		sent := c.Out != 0 && (r.Message == "" || r.Message == c.Message)
		return c.Connector != r.Connector || c.Original != r.About.Number || !sent && c.Problem != session.Unsure
	})
	if len(theirs) == 0 {
		return session.Copy{}, false
	}
	return slices.MaxFunc(theirs, func(a, b session.Copy) int { return a.At.Compare(b.At) }), true
}
