// Package learn keeps what platforms say of themselves: how long a text may be there.
//
// One replica asks, once an hour, and stores the answer; all replicas read that document,
// so that they render the same bytes and agree about what was approved. Nobody waits for
// it: until something was learnt, what the connector assumes holds. The package must not
// know any platform, nor what the numbers are used for.
package learn

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

const (
	// memo is where the document is in a connector's memory. It lasts as long as that
	// (connector.MemoFor), and is assumed anew after that.
	memo = "learn:facts"
	// Every is how old an answer becomes before the platform is asked again.
	Every = time.Hour
	// Look is how often a replica reads what another one stored.
	Look = 10 * time.Second
	// turn bounds one question to a platform, and is how long after a failure it is left alone.
	turn = time.Minute
)

// Keeper asks platforms and hands what they say to the registry. The fields are set before
// anything is called.
type Keeper struct {
	Registry *connector.Registry
	Memory   func(session.ConnectorID) connector.Memory
	Leases   connector.Leases
	Owner    string // a random name of the replica, for Leases
	Now      func() time.Time
	Log      *slog.Logger
}

// Recall takes over what was stored, for whoever starts. What cannot be read is assumed.
func (k Keeper) Recall(ctx context.Context) {
	for id := range k.learners() {
		if _, err := k.recall(ctx, id); err != nil {
			k.Log.Debug("what a platform takes is assumed", "connector", id, "error", err)
		}
	}
}

// Run keeps the facts of all learners fresh until ctx ends.
func (k Keeper) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for id, l := range k.learners() {
		all.Go(func() {
			for backoff.Pause(ctx, k.once(ctx, id, l)) {
			}
		})
	}
	all.Wait()
	return nil
}

func (k Keeper) learners() map[session.ConnectorID]connector.Learner {
	ls := map[session.ConnectorID]connector.Learner{}
	for _, c := range k.Registry.All() {
		if l, ok := connector.As[connector.Learner](c); ok {
			ls[c.ID()] = l
		}
	}
	return ls
}

// recall reads the document and hands it on.
func (k Keeper) recall(ctx context.Context, id session.ConnectorID) (f connector.Facts, err error) {
	raw, ok, err := k.Memory(id).Recall(ctx, memo)
	if err != nil || !ok {
		return f, err
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		return connector.Facts{}, err
	}
	k.Registry.Learnt(id, f)
	return f, nil
}

// once looks, and asks where that is due and nobody else does. It says how long to wait.
func (k Keeper) once(ctx context.Context, id session.ConnectorID, l connector.Learner) (wait time.Duration) {
	if _, due := k.due(ctx, id); !due {
		return Look
	}
	lease := "learn:" + string(id)
	if held, err := k.Leases.Hold(ctx, lease, k.Owner, turn); err != nil || !held {
		return Look
	}
	if known, due := k.due(ctx, id); due && k.ask(ctx, id, l, known) != nil { // somebody may have asked until now
		return turn // and the lease keeps the others away as long
	}
	_ = k.Leases.Yield(ctx, lease, k.Owner) // it ends by itself
	return Look
}

// due is what is known, and whether it is time to ask again.
func (k Keeper) due(ctx context.Context, id session.ConnectorID) (known connector.Facts, due bool) {
	known, err := k.recall(ctx, id)
	return known, err == nil && k.Now().Sub(known.At) >= Every
}

var errNoLimit = errors.New("the platform says a limit that is none")

// ask asks the platform and stores what it says.
func (k Keeper) ask(ctx context.Context, id session.ConnectorID, l connector.Learner, known connector.Facts) error {
	ctx, cancel := context.WithTimeout(ctx, turn/2)
	defer cancel()
	f, err := l.Learn(ctx)
	if err == nil && (f.Most < 1 || f.Link < 0) {
		err = errNoLimit
	}
	if err != nil {
		k.Log.Info("a platform does not say what it takes; what is known holds", "connector", id, "version", known.Version, "error", err)
		return err
	}
	f.Version, f.At = known.Version, k.Now()
	if known.Version == 0 || !f.Same(known) {
		f.Version++
		k.Log.Info("a platform says what it takes", "connector", id, "version", f.Version, "most", f.Most, "link", f.Link)
	}
	raw, err := json.Marshal(f)
	if err == nil {
		err = k.Memory(id).Keep(ctx, memo, raw, connector.MemoFor)
	}
	if err != nil { // not learnt by one replica alone
		return err
	}
	k.Registry.Learnt(id, f)
	return nil
}
