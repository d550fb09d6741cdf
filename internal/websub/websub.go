// Package websub tells a hub that feeds have changed (WebSub, once PubSubHubbub). The hub reads
// them then, and hands them to whoever has subscribed there.
//
// Nothing is queued: what the hub was told of is stored, and what it has to be told follows from
// what the feeds say now. So a change outlives the program, many changes are told at once, and
// the hub may be told of one twice, which costs it a look. The package must not know what is in
// a feed.
package websub

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

// How soon, and how often, the hub is told.
const (
	// Settle is how long after a change the hub is told: by then every replica shows it to
	// whoever asks, and what changes meanwhile is told along.
	Settle = 6 * time.Second
	// Sweep is how often all feeds are looked at, for wake-ups that were lost.
	Sweep = time.Minute
	// GiveUp is for how long the hub is told of a change that it does not take.
	GiveUp = 24 * time.Hour

	pause     = time.Second      // between two looks
	firstRest = 10 * time.Second // after a failure; then twice as long each time
	longest   = time.Hour
	lease     = "websub"
	leaseFor  = 30 * time.Second
	roundFor  = leaseFor / 2    // one round of tells, and the longest between two looks
	idle      = 5 * time.Second // while another replica does it, or the store is away
)

// Feed is a feed as it is now.
type Feed struct {
	Name      string   // which stays
	Digest    string   // of what subscribers see of it
	Addresses []string // of its formats: the hub knows each as a feed of its own
}

// Options are what a Keeper needs.
type Options struct {
	// Feeds reads those of some hours, and what has the news of all; nil hours are all.
	Feeds func(ctx context.Context, hours []session.ID) ([]Feed, error)
	// Ping tells the hub of one address. Its errors are a *connector.SendError.
	Ping   func(ctx context.Context, address string) error
	Vault  connector.Vault // for what the hub was told
	Leases connector.Leases
	Owner  string // a random name of the replica, for Leases
	Now    func() time.Time
	Log    *slog.Logger
}

// Keeper keeps the hub informed. One replica does, the others wait.
type Keeper struct {
	Options
	woken chan struct{}

	mu    sync.Mutex
	dirty map[session.ID]bool

	told    map[string]string // digests by name; nil: not read yet
	version int64             // of what is stored
	due     map[string]due
	swept   time.Time // when all feeds were looked at last; zero: look at all
	rest    time.Time // the hub is left alone until then
	failed  int       // times in a row
}

// due is a change that the hub is to be told of.
type due struct {
	Feed
	at time.Time
}

// New makes a keeper; Run starts it.
func New(o Options) *Keeper {
	return &Keeper{Options: o, woken: make(chan struct{}, 1), dirty: map[session.ID]bool{}, due: map[string]due{}}
}

// Wake says that something happened in an hour. It does not block.
func (k *Keeper) Wake(id session.ID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dirty[id] = true
	select {
	case k.woken <- struct{}{}:
	default:
	}
}

// Run tells the hub of changes until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	for backoff.Pause(ctx, pause) {
		t := time.NewTimer(k.once(ctx))
		select {
		case <-ctx.Done():
		case <-k.woken:
		case <-t.C:
		}
		t.Stop()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pause)
	defer cancel()
	_ = k.Leases.Yield(ctx, lease, k.Owner) // it ends by itself
	return nil
}

// once looks and tells, and says how long nothing has to be done.
func (k *Keeper) once(ctx context.Context) time.Duration {
	held, err := k.Leases.Hold(ctx, lease, k.Owner, leaseFor)
	if err == nil && held {
		err = k.look(ctx)
	}
	if err != nil || !held {
		if err != nil && ctx.Err() == nil {
			k.Log.Debug("what the hub has to know is not known", "error", err)
		}
		k.told, k.swept = nil, time.Time{} // another one may tell it meanwhile
		return idle
	}
	return k.tell(ctx)
}

// look finds what has changed since the hub was told last.
func (k *Keeper) look(ctx context.Context) error {
	if err := k.recall(ctx); err != nil {
		return err
	}
	all := k.Now().Sub(k.swept) >= Sweep
	hours := k.take()
	if !all && len(hours) == 0 {
		return nil
	}
	if all {
		hours = nil
	}
	feeds, err := k.Feeds(ctx, hours)
	if err != nil {
		return fmt.Errorf("read the feeds: %w", err)
	}
	for _, f := range feeds {
		k.compare(f)
	}
	if all {
		k.forget(feeds)
		k.swept = k.Now()
	}
	return nil
}

// take empties the list of hours in which something happened.
func (k *Keeper) take() (hours []session.ID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id := range k.dirty {
		hours = append(hours, id)
	}
	clear(k.dirty)
	return hours
}

func (k *Keeper) recall(ctx context.Context) error {
	if k.told != nil {
		return nil
	}
	raw, version, err := k.Vault.Load(ctx)
	told := map[string]string{}
	if err == nil && version > 0 {
		err = json.Unmarshal(raw, &told)
	}
	if err != nil {
		return fmt.Errorf("what the hub was told: %w", err)
	}
	k.told, k.version = told, version
	return nil
}

// compare makes a change due. What changes once more until it is told is due again afterwards:
// only what has settled is surely what the hub will read.
func (k *Keeper) compare(f Feed) {
	_, waits := k.due[f.Name]
	switch {
	case k.told[f.Name] == f.Digest:
		delete(k.due, f.Name)
	case !waits:
		k.due[f.Name] = due{f, k.Now().Add(Settle)}
	}
}

// forget drops feeds that are there no more.
func (k *Keeper) forget(feeds []Feed) {
	there := map[string]bool{}
	for _, f := range feeds {
		there[f.Name] = true
	}
	maps.DeleteFunc(k.told, func(name string, _ string) bool { return !there[name] })
	maps.DeleteFunc(k.due, func(name string, _ due) bool { return !there[name] })
}

// keep stores what the hub was told.
func (k *Keeper) keep(ctx context.Context) error {
	raw, err := json.Marshal(k.told)
	if err != nil {
		return fmt.Errorf("what the hub was told: %w", err)
	}
	done, err := k.Vault.Swap(ctx, k.version, raw)
	if err != nil || !done {
		k.told = nil // read anew, and perhaps tell twice
		return err
	}
	k.version++
	return nil
}
