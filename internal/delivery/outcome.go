package delivery

import (
	"context"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/session"
)

// park asks a person about the copy.
func (j *job) park(ctx context.Context, p session.Problem, detail string) error {
	j.done(string(p))
	trying := j.l.Wanted
	if j.l.Open {
		trying = j.l.Intent
	}
	return j.record(ctx, session.RecordParked{On: session.On{Question: j.ref}, Copy: j.l.Copy, Trying: trying, Problem: p, Detail: detail})
}

// record stores an outcome.
func (j *job) record(ctx context.Context, cmd session.Command) error {
	return insist(ctx, func() error {
		_, err := j.w.Keeper.Record(ctx, cmd, j.l.Finish)
		return err
	})
}

// insist does something again while the store is away, until the lease runs out; then
// the open intent tells whoever leases next.
func insist(ctx context.Context, do func() error) error {
	away := func(err error) bool { return session.KindOf(err) == session.Unavailable }
	return backoff.Insist(ctx, poll, 2*time.Second, away, do)
}

// deferred gives the lease back.
func (j *job) deferred(ctx context.Context, wait time.Duration, how Back) error {
	return j.w.Outbox.Defer(ctx, j.ref.Session, j.l.Finish, wait, how)
}

// done tells the operator what an attempt came to. What it was about stays in the store.
func (j *job) done(outcome string) {
	j.w.Log.Info("delivery", "session", j.ref.Session, "question", j.ref.Number, "connector", j.l.Lane.Connector, "kind", j.c.Kind,
		"outcome", outcome, "attempt", j.l.Tries, "took", j.w.Now().Sub(j.began))
	if j.w.Done != nil {
		j.w.Done(j.l.Lane.Connector, outcome)
	}
}
