package websub

import (
	"context"
	"time"

	"experthour/internal/connector"
)

// tell tells the hub of what is due, and says how long nothing has to be done.
func (k *Keeper) tell(ctx context.Context) time.Duration {
	ctx, cancel := context.WithTimeout(ctx, roundFor)
	defer cancel()
	told := false
	for name, d := range k.due {
		if now := k.Now(); now.Before(d.at) || now.Before(k.rest) || !k.ping(ctx, d) {
			continue
		}
		k.told[name], told = d.Digest, true
		delete(k.due, name)
		k.swept = time.Time{} // it may have changed since
	}
	if told {
		if err := k.keep(context.WithoutCancel(ctx)); err != nil {
			k.Log.Debug("what the hub was told is not kept", "error", err)
			return idle
		}
	}
	return k.wait()
}

// wait is until the next change is to be told, or until all is looked at.
func (k *Keeper) wait() time.Duration {
	now := k.Now()
	next := min(k.swept.Add(Sweep).Sub(now), roundFor)
	for _, d := range k.due {
		next = min(next, max(d.at.Sub(now), k.rest.Sub(now)))
	}
	return max(next, 0)
}

// ping reports whether the hub need not be told of a change any more.
func (k *Keeper) ping(ctx context.Context, d due) bool {
	for _, address := range d.Addresses {
		err := k.Ping(ctx, address)
		if err == nil {
			continue
		}
		if ctx.Err() != nil { // the round is over, or the program
			return false
		}
		if connector.OutcomeOf(err).Outcome == connector.Refused || k.Now().Sub(d.at) >= GiveUp {
			k.Log.Warn("the hub does not take a feed; the next change is told again", "feed", address, "error", err)
			return true
		}
		k.later(err)
		return false
	}
	k.failed = 0
	return true
}

// later leaves the hub alone for a while, at least for as long as it asks for.
func (k *Keeper) later(err error) {
	wait := min(firstRest<<min(k.failed, 10), longest)
	wait = min(max(wait, connector.OutcomeOf(err).Wait), longest)
	k.failed++
	k.rest = k.Now().Add(wait)
	k.Log.Warn("the hub was not told of a change; it is tried again", "again", wait, "tries", k.failed, "error", err)
}
