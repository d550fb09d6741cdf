package delivery

import (
	"context"
	"errors"
	"time"

	"experthour/internal/connector"
)

// callTask is a call that waits at a desk; it is a new message. One that cannot be told
// apart from one that was posted counts as posted: its card shows the same. Once nobody has to
// come any more, the calls of a question are taken back one by one.
type callTask struct {
	desk
	CallLease
	drawn connector.Card
	did   CallEnd
}

func (t *callTask) budgets() []connector.Budget {
	if t.drawn.CallsOver { // nothing is posted, so no card waits for it
		return budgets(t.limits(), t.lane)
	}
	return cardBudgets(t.limits(), t.lane, connector.CardNew)
}

func (t *callTask) plan(ctx context.Context) (request, outcome) {
	f, findable := connector.As[connector.CallFinder](t.conn)
	var err error
	t.drawn, err = t.card(ctx, t.StoredCard)
	if err == nil && t.drawn.CallsOver {
		t.drawn.Call = &connector.Call{Number: t.Wanted} // the one that may stand there
	}
	switch {
	case err != nil:
		return request{}, outcome{result: undone, fault: err}
	case t.drawn.Call == nil || t.drawn.Call.Number != t.Wanted: // a newer one waits again once it is drawn
		return request{}, outcome{result: sent}
	case t.Open && findable:
		return request{kind: connector.RequestFind, do: func(ctx context.Context) outcome { return t.find(ctx, f) }}, outcome{}
	case t.drawn.CallsOver && len(t.Stand) > 0:
		return request{kind: connector.RequestRetract, do: t.takeBack}, outcome{}
	case t.Open || t.drawn.CallsOver:
		t.did.Posted = t.Open
		t.unseen()
		return request{}, outcome{result: sent}
	}
	return request{kind: connector.RequestPost, do: t.post}, outcome{}
}

// find looks for a call of unknown fate.
func (t *callTask) find(ctx context.Context, f connector.CallFinder) outcome {
	at, found, err := f.FindCall(ctx, t.Message, t.drawn)
	t.did = CallEnd{Posted: true, At: at}
	return lookOutcome(found, err)
}

// post posts the call; the lease wrote the intent.
func (t *callTask) post(ctx context.Context) outcome {
	caller, _ := connector.As[connector.Caller](t.conn)
	at, err := caller.PostCall(ctx, t.Message, t.drawn)
	if errors.Is(err, connector.ErrGone) {
		return t.goneOr(ctx, err)
	}
	t.did = CallEnd{Posted: true, At: at}
	return outcomeOf(err)
}

// takeBack removes the oldest call that stands.
func (t *callTask) takeBack(ctx context.Context) outcome {
	caller, _ := connector.As[connector.Caller](t.conn)
	t.did.Taken = t.Stand[0]
	return outcomeOf(caller.TakeCall(ctx, t.did.Taken, t.drawn)).harmless()
}

// unseen tells of a call that may stand although it is over, where nobody can look: it may have the words of a
// question that was withdrawn.
func (t *callTask) unseen() {
	if t.Open && t.drawn.CallsOver {
		t.w.Log.Warn("a call may stand although nobody is called: please look", "session", t.session, "question", t.Number,
			"connector", t.lane.Connector)
	}
}

// goneOr looks whether the card is gone, by drawing it: then it is posted anew, and its
// call after it. To a card that is there the call would not come the next time either.
func (t *callTask) goneOr(ctx context.Context, why error) outcome {
	err := t.platform.UpdateCard(ctx, t.Message, t.drawn)
	switch {
	case err == nil:
		return outcome{result: refused, err: why}
	case errors.Is(err, connector.ErrGone):
		return outcome{result: gone}
	}
	o := outcomeOf(err)
	o.result = later
	return o
}

func (t *callTask) end(o outcome) ending {
	_, findable := connector.As[connector.CallFinder](t.conn)
	wait := max(o.wait, grace, afterTries(t.Tries))
	switch o.result {
	case sent:
		return t.called(t.did)
	case unused:
		return t.uncalled(0, Unused)
	case undone: // others go first
		return t.uncalled(time.Second, fate(t.Open))
	case absent:
		return t.uncalled(0, Known)
	case gone:
		return t.anew
	case later:
		return t.uncalled(wait, Known)
	case unsure:
		if findable && t.Tries < patience {
			return t.uncalled(wait, Unknown)
		}
	}
	t.w.Log.Warn("call given up", "taking back", t.did.Taken != "", "session", t.session, "question", t.Number, "call", t.Wanted,
		"connector", t.lane.Connector, "unsure", o.result == unsure, "error", o.err)
	t.did.Posted = t.did.Posted || t.did.Taken == ""
	return t.called(t.did)
}

// anew has the card of the call posted again: it is out of date where it stood.
func (t *callTask) anew(ctx context.Context) (bool, error) {
	if err := t.w.Cards.Adopt(ctx, t.session, t.lane, t.Number, t.Message); err != nil {
		return false, err
	}
	return t.called(CallEnd{})(ctx)
}

func (t *callTask) called(e CallEnd) ending {
	return func(ctx context.Context) (bool, error) {
		return true, t.w.Cards.Called(ctx, t.session, t.CallLease, e)
	}
}

func (t *callTask) uncalled(wait time.Duration, how Back) ending {
	return func(ctx context.Context) (bool, error) {
		return true, t.w.Cards.Uncalled(ctx, t.session, t.CallLease, wait, how)
	}
}
