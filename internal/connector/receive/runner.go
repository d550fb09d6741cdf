package receive

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

// Runner brings what people do at a platform into a mailbox and has it handled. It owns
// who receives, the cursor, the pauses and what people are told of failures. New and For
// make one; its fields may be changed before Run.
type Runner struct {
	Name   session.ConnectorID
	Source Source
	// Lease names what one replica alone may do; replicas with the same name take turns.
	// Empty is a platform that any number may listen to.
	Lease   string
	Mailbox connector.Mailbox
	Memory  connector.Memory // of the cursor
	Leases  connector.Leases
	Owner   string // a random name of the replica, for Leases
	Hours   func(context.Context, session.ConnectorID) (connector.Hours, error)
	// Rereads is set where nobody is told that a message was edited, removed or liked: a Fetcher
	// reads the originals of open questions again then. See connector.Env.Originals.
	Rereads   bool
	Originals func(context.Context, session.ConnectorID) ([]session.Origin, error)
	Troubles  *connector.Troubles
	Now       func() time.Time
	Log       *slog.Logger
	// Again is the first pause after a failure, and LeaseFor is how long a replica that was
	// killed keeps the others waiting; both have defaults.
	Again, LeaseFor time.Duration

	knock chan struct{} // has one when a fetch is wanted now
	hook  *hook
	after *afterwards
}

const (
	defaultAgain    = time.Second
	defaultLeaseFor = 5 * time.Second
	// mostAgain is how many times Again the longest pause is.
	mostAgain = 16
	// upWithin is how long the first fetch waits for the stream to be up, or to say that it
	// is not.
	upWithin = 10 * time.Second
)

// The subjects of troubles.
const (
	aboutPrepare = "preparation"
	aboutFetch   = "fetch"
	aboutStream  = "stream"
)

// New makes a Runner of its exported fields. Without Hours or Originals there are none.
func New(r Runner) *Runner {
	r.Again, r.LeaseFor = cmp.Or(r.Again, defaultAgain), cmp.Or(r.LeaseFor, defaultLeaseFor)
	if r.Hours == nil {
		r.Hours = func(context.Context, session.ConnectorID) (hours connector.Hours, err error) { return hours, nil }
	}
	if r.Originals == nil {
		r.Originals = func(context.Context, session.ConnectorID) ([]session.Origin, error) { return nil, nil }
	}
	r.knock, r.hook, r.after = make(chan struct{}, 1), &hook{}, newAfterwards()
	return &r
}

// For makes a Runner of what the core gives a connector. Where the platform wants one
// receiver, Lease is set besides.
func For(env connector.Env, name session.ConnectorID, s Source) *Runner {
	return New(Runner{Name: name, Source: s, Mailbox: env.Mailbox(name), Memory: env.Memory(name), Leases: env.Leases, Owner: env.Owner,
		Hours: env.Hours, Originals: env.Originals, Troubles: connector.NewTroubles(name, env.Log), Now: env.Now, Log: env.Log})
}

// Run receives and handles until ctx ends, and returns when nothing goes on any more.
func (r *Runner) Run(ctx context.Context) error {
	room := Mailroom{Mailbox: r.Mailbox, Handle: r.Source.Handle, Name: r.Name, Log: r.Log}
	var handling sync.WaitGroup
	handling.Go(func() { room.Run(ctx) })
	if r.Lease == "" {
		r.receive(ctx)
	} else {
		t := Tenure{Leases: r.Leases, Name: r.Lease, Owner: r.Owner, TTL: r.LeaseFor, Log: r.Log}
		t.Keep(ctx, r.receive)
	}
	handling.Wait()
	r.after.still()
	r.after.wait()
	return nil
}

// Put stores what a platform brought by itself.
func (r *Runner) Put(ctx context.Context, events ...connector.Event) (fresh int, err error) {
	return r.Mailbox.Put(ctx, events...)
}

// receive prepares, and then fetches and streams, until ctx ends.
func (r *Runner) receive(ctx context.Context) {
	if p, ok := r.Source.(Preparer); ok {
		r.prepare(ctx, p)
	}
	var all sync.WaitGroup
	s, streams := r.Source.(Streamer)
	if streams {
		all.Go(func() {
			r.again(ctx, aboutStream, nil, func() (time.Duration, error) { return r.stream(ctx, s) })
		})
	}
	if f, ok := r.Source.(Fetcher); ok {
		fetches := &fetching{r: r, from: f}
		all.Go(func() {
			if streams {
				rest(ctx, upWithin, r.knock)
			}
			r.again(ctx, aboutFetch, r.knock, func() (time.Duration, error) { return fetches.once(ctx) })
		})
	}
	<-ctx.Done()
	all.Wait()
}

func (r *Runner) prepare(ctx context.Context, p Preparer) {
	ctx, done := context.WithCancel(ctx)
	defer done()
	r.again(ctx, aboutPrepare, nil, func() (time.Duration, error) {
		err := p.Prepare(ctx)
		if err == nil {
			done()
		}
		return 0, err
	})
}

// again does something until ctx ends. After a success it waits as long as that says, or
// until there is a knock; after failures the pauses grow, and no knock shortens them.
func (r *Runner) again(ctx context.Context, about string, knock <-chan struct{}, do func() (time.Duration, error)) {
	for pause := r.Again; ctx.Err() == nil; {
		wait, err := do()
		if err == nil {
			r.Troubles.Over(about)
			pause = r.Again
			rest(ctx, wait, knock)
			continue
		}
		if ctx.Err() != nil {
			return
		}
		backoff.Pause(ctx, max(r.failed(about, err), pause))
		pause = min(2*pause, mostAgain*r.Again)
	}
}

func rest(ctx context.Context, wait time.Duration, knock <-chan struct{}) {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-knock:
	case <-t.C:
	}
}

var errEnded = errors.New("the stream ended before it was up")

// stream listens once. That a stream which was up ends is no failure: they all do, and
// the next one is up in a moment. What is written meanwhile is fetched then, or when that
// is not so.
func (r *Runner) stream(ctx context.Context, s Streamer) (time.Duration, error) {
	wasUp := false
	err := s.Stream(ctx, func() {
		wasUp = true
		r.Troubles.Over(aboutStream)
		ask(r.knock)
	}, r.Put)
	if wasUp {
		return r.Again, nil
	}
	ask(r.knock)
	return 0, cmp.Or(err, errEnded)
}

func ask(knock chan<- struct{}) {
	select {
	case knock <- struct{}{}:
	default: // somebody did
	}
}

// failed says what people can do about a failure, and how long the platform wants to be
// left alone. What the store says of itself is no trouble of the platform.
func (r *Runner) failed(about string, err error) (wait time.Duration) {
	r.Log.Debug("nothing received", "connector", r.Name, "about", about, "error", err)
	if t, ok := errors.AsType[*Trouble](err); ok {
		if t.ID != "" {
			r.Troubles.Note(about, t.ID, t.Args...)
		}
		return t.Wait
	}
	e := connector.OutcomeOf(err)
	switch {
	case session.KindOf(err) == session.Unavailable:
		r.Log.Warn("what came was not stored and is asked for again", "connector", r.Name, "error", err)
	case e.Outcome == connector.Refused:
		r.Troubles.Note(about, "receive.refused", "name", string(r.Name), "detail", e.Detail)
	default:
		r.Troubles.Note(about, "receive.away", "name", string(r.Name), "detail", cmp.Or(e.Detail, "no answer"))
	}
	return e.Wait
}
