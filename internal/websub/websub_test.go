package websub_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
	"experthour/internal/websub"
)

// world is what feeds say, a hub, and the store that replicas share.
type world struct {
	t     *testing.T
	store *redistest.Store

	mu      sync.Mutex
	feeds   map[string]string // digests
	reads   int               // of all feeds
	told    []string          // addresses, in order
	says    error             // what the hub answers
	refused string            // an address that it does not take
}

func run(t *testing.T, test func(w *world)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		test(&world{t: t, store: redistest.New(t, time.Now), feeds: map[string]string{"site": "1", "old": "1"}})
	})
}

// replica starts a keeper; kill ends it as a death does, without its leave being taken.
func (w *world) replica(name string) (k *websub.Keeper, kill func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	k = websub.New(websub.Options{Feeds: w.read, Ping: w.ping, Vault: w.store.Vault("websub", "hub"), Leases: kept{w.store.Leases()},
		Owner: name, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	done := make(chan error)
	go func() { done <- k.Run(ctx) }()
	var once sync.Once
	kill = func() { once.Do(func() { cancel(); <-done }) }
	w.t.Cleanup(kill)
	return k, kill
}

// kept are leases that nobody gives back.
type kept struct{ connector.Leases }

// Yield does nothing.
func (kept) Yield(context.Context, string, string) error { return nil }

func (w *world) read(_ context.Context, hours []session.ID) (fs []websub.Feed, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if hours == nil {
		w.reads++
	}
	for name, digest := range w.feeds {
		if hours == nil || slices.Contains(hours, session.ID(name)) {
			fs = append(fs, websub.Feed{Name: name, Digest: digest, Addresses: []string{name + ".atom", name + ".rss"}})
		}
	}
	return fs, nil
}

func (w *world) ping(_ context.Context, address string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, address)
	if address == w.refused {
		return &connector.SendError{Outcome: connector.Refused, Cause: errors.New("not mine")}
	}
	return w.says
}

func (w *world) change(feed, digest string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.feeds[feed] = digest
}

func (w *world) answers(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.says = err
}

// after lets time pass and gives what the hub was told meanwhile, sorted.
func (w *world) after(d time.Duration) []string {
	time.Sleep(d) // of the bubble
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	told := w.told
	w.told = nil
	slices.Sort(told)
	return told
}

func (w *world) want(d time.Duration, want ...string) {
	w.t.Helper()
	if got := w.after(d); !slices.Equal(got, want) {
		w.t.Errorf("told %q, want %q", got, want)
	}
}

var errAway = &connector.SendError{Outcome: connector.Unsure, Cause: errors.New("away")}

// TestChangesAreToldOnce: all that is there, to a new hub; a new feed; and many changes
// together, once they have settled.
func TestChangesAreToldOnce(t *testing.T) {
	run(t, func(w *world) {
		k, _ := w.replica("a")
		w.want(time.Minute, "old.atom", "old.rss", "site.atom", "site.rss")
		w.change("hour", "1")
		k.Wake("hour")
		w.want(websub.Settle)
		w.want(2*time.Second, "hour.atom", "hour.rss")
		for _, digest := range []string{"2", "3", "4"} {
			w.change("hour", digest)
			k.Wake("hour")
			w.want(time.Second)
		}
		w.want(3*websub.Settle, "hour.atom", "hour.atom", "hour.rss", "hour.rss") // at first 2, which had settled
		k.Wake("hour")
		w.want(10 * time.Minute)
		w.change("old", "2") // and the wake-up is lost
		w.want(websub.Sweep+2*websub.Settle, "old.atom", "old.rss")
	})
}

// TestChangeOutlivesThePrograms: what the hub could not be told before the program died, another
// one tells, and what it was told of is not told again.
func TestChangeOutlivesThePrograms(t *testing.T) {
	run(t, func(w *world) {
		k, kill := w.replica("a")
		other, killed := w.replica("b")
		w.after(time.Minute)
		w.change("hour", "1")
		k.Wake("hour")
		w.want(20*time.Second, "hour.atom", "hour.rss")
		w.answers(errAway)
		w.change("old", "2")
		k.Wake("old")
		other.Wake("old")
		w.want(10*time.Second, "old.atom")
		kill()
		killed()
		w.answers(nil)
		w.after(time.Minute)
		w.replica("c")
		w.want(time.Minute, "old.atom", "old.rss")
		w.want(time.Hour)
	})
}

// TestHubThatIsAway is tried again after pauses that grow, as long as it asks for, and given up
// after a day; the next change is told again.
func TestHubThatIsAway(t *testing.T) {
	run(t, func(w *world) {
		k, _ := w.replica("a")
		w.after(time.Minute)
		w.answers(errAway)
		w.change("old", "2")
		k.Wake("old")
		if n := len(w.after(time.Hour)); n < 6 || n > 12 {
			t.Errorf("tried %d times in an hour", n)
		}
		if n := len(w.after(websub.GiveUp)); n < 20 || n > 26 {
			t.Errorf("tried %d times in a day", n)
		}
		w.after(time.Hour)
		w.want(2 * time.Hour)
		w.answers(&connector.SendError{Outcome: connector.Deferred, Wait: 20 * time.Minute, Cause: errors.New("busy")})
		w.change("old", "3")
		k.Wake("old")
		w.after(time.Hour) // the pause from before
		w.answers(nil)
		w.want(20*time.Minute+websub.Sweep, "old.atom", "old.rss")
		w.answers(errAway)
		w.change("old", "4")
		k.Wake("old")
		if n := len(w.after(time.Minute)); n < 3 { // the pauses are short again
			t.Errorf("tried %d times in a minute", n)
		}
	})
}

// TestRefusal costs no other feed anything.
func TestRefusal(t *testing.T) {
	run(t, func(w *world) {
		k, _ := w.replica("a")
		w.after(time.Minute)
		w.refused = "old.atom"
		w.change("old", "2")
		w.change("hour", "1")
		k.Wake("old")
		k.Wake("hour")
		w.want(20*time.Second, "hour.atom", "hour.rss", "old.atom")
		w.want(time.Hour)
	})
}

// TestStoreThatIsAway: a change meanwhile is told when it is back.
func TestStoreThatIsAway(t *testing.T) {
	run(t, func(w *world) {
		k, _ := w.replica("a")
		w.after(time.Minute)
		w.store.Break(errors.New("away"))
		w.change("hour", "1")
		k.Wake("hour")
		w.want(time.Minute)
		w.store.Break(nil)
		w.want(time.Minute, "hour.atom", "hour.rss")
	})
}
