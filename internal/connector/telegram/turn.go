package telegram

import (
	"context"

	"experthour/internal/backoff"
	"experthour/internal/connector"
)

// patiently does what Telegram puts off once more when the time has come: nobody else
// would.
func patiently(ctx context.Context, do func() error) error {
	for {
		err := do()
		e := connector.OutcomeOf(err)
		if err == nil || e.Outcome != connector.Deferred || e.Wait > waitMended/2 || !backoff.Pause(ctx, e.Wait) {
			return err
		}
	}
}

// inTurn does something patiently in a group, when it is its turn there.
func (t *Telegram) inTurn(ctx context.Context, at place, do func() error) error {
	if err := t.takeTurn(ctx, at); err != nil {
		return err
	}
	return patiently(ctx, do)
}

// takeTurn waits until it is the turn of a place of the desk.
func (t *Telegram) takeTurn(ctx context.Context, at place) error {
	if !t.isDesk(ctx, at.chat) {
		return nil
	}
	at.chat = t.deskChat
	return t.opts.Turn(ctx, t, at.id(), connector.CardPressed)
}
