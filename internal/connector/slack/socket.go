package slack

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"experthour/internal/backoff"
)

const (
	// putTimeout bounds the storing of one event: what is not acknowledged in three
	// seconds comes again.
	putTimeout = 2500 * time.Millisecond
	// ackTimeout bounds the wait for a place in the library's queue, which stays full
	// while there is no connection.
	ackTimeout = time.Second
	waiting    = 512 // events and presses that may wait for their turn
	pressers   = 16  // presses that are handled at once
)

// line is one process's socket: who reads it hands on everything at once, so that the
// library's own queue never fills.
type line struct {
	s       *Slack
	client  *socketmode.Client
	events  chan func(context.Context)
	presses chan func(context.Context)
	again   func() // makes the library start over
}

// runSocket keeps a socket open until ctx ends.
func (s *Slack) runSocket(ctx context.Context) {
	l := &line{s: s, client: socketmode.New(s.api), events: make(chan func(context.Context), waiting),
		presses: make(chan func(context.Context), waiting)}
	var wg sync.WaitGroup
	wg.Go(func() { work(ctx, l.events) }) // one: in the order in which they came
	for range pressers {
		wg.Go(func() { work(ctx, l.presses) })
	}
	for ctx.Err() == nil {
		l.connect(ctx)
		backoff.Pause(ctx, s.waits.again)
	}
	wg.Wait()
}

func work(ctx context.Context, jobs <-chan func(context.Context)) {
	for {
		select {
		case <-ctx.Done():
			return
		case job := <-jobs:
			job(ctx)
		}
	}
}

// connect runs the library until it gives up, which it does without a word when a
// token is refused, or until it waits too long between two tries.
func (l *line) connect(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l.again = cancel
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer cancel()
		if err := l.client.RunContext(ctx); !errors.Is(err, context.Canceled) {
			l.s.troubles.Note(aboutSocket, "slack.app_token_refused", "code", code(err))
		}
	}()
	l.read(ctx)
	<-done
}

func (l *line) read(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-l.client.Events:
			l.take(e)
		}
	}
}

// take hands one event on and never waits.
func (l *line) take(e socketmode.Event) {
	switch e.Type {
	case socketmode.EventTypeConnected:
		l.s.troubles.Over(aboutSocket)
		l.queue(l.events, l.connected)
	case socketmode.EventTypeConnectionError:
		l.failed(e)
	case socketmode.EventTypeEventsAPI:
		l.queue(l.events, func(ctx context.Context) { l.store(ctx, e.Request.EnvelopeID, e.Request.Payload) })
	case socketmode.EventTypeErrorBadMessage:
		l.odd(e)
	case socketmode.EventTypeInteractive:
		if cb, ok := e.Data.(slack.InteractionCallback); ok {
			l.answer(e.Request.EnvelopeID, func(ctx context.Context) outcome { return l.s.interact(ctx, cb) })
		}
	case socketmode.EventTypeSlashCommand:
		if c, ok := e.Data.(slack.SlashCommand); ok {
			l.answer(e.Request.EnvelopeID, func(ctx context.Context) outcome { return l.s.commanded(ctx, c) })
		}
	case socketmode.EventTypeErrorWriteFailed:
		l.s.log.Warn("slack: an acknowledgement did not go out")
	}
}

// queue drops what has no room. Slack sends an event again that was not acknowledged,
// and tells a person whose press was not.
func (l *line) queue(jobs chan<- func(context.Context), job func(context.Context)) {
	select {
	case jobs <- job:
	default:
		l.s.log.Warn("slack: too much waits, one was left to come again")
	}
}

// connected fills what was missed. Where to start is read before anything that came
// over the new connection is stored.
func (l *line) connected(ctx context.Context) {
	from := l.s.seen(ctx)
	l.s.follow.Go(func() { l.s.backfill(ctx, from) })
}

// failed notes that there is no connection, and starts over where the library would
// wait long by itself.
func (l *line) failed(e socketmode.Event) {
	l.s.troubles.Note(aboutSocket, "slack.disconnected")
	f, ok := e.Data.(*slack.ConnectionErrorEvent)
	if !ok || f.Backoff <= l.s.waits.longest {
		return
	}
	if _, limited := errors.AsType[*slack.RateLimitedError](f.ErrorObj); !limited {
		l.again()
	}
}

// store keeps an event and only then acknowledges it.
func (l *line) store(ctx context.Context, envelopeID string, raw []byte) {
	put, cancel := context.WithTimeout(ctx, putTimeout)
	defer cancel()
	if err := l.s.store(put, raw); err != nil {
		l.s.log.Warn("slack: an event was not stored and is left to come again", "error", err)
		return
	}
	l.ack(ctx, envelopeID, nil)
}

// odd takes a message that the library cannot decode. What the adapter can decode all
// the same is handled; the rest is stored for the dead letters.
func (l *line) odd(e socketmode.Event) {
	bad, ok := e.Data.(*socketmode.ErrorBadMessage)
	if !ok {
		return
	}
	var outer struct {
		Type       string          `json:"type"`
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	raw := []byte(bad.Message)
	if err := json.Unmarshal(raw, &outer); err == nil && outer.Type == socketmode.RequestTypeEventsAPI {
		raw = outer.Payload
	}
	l.queue(l.events, func(ctx context.Context) { l.store(ctx, outer.EnvelopeID, raw) })
}

// answer hands a press, form or command over and acknowledges it when that is done.
func (l *line) answer(envelopeID string, do func(context.Context) outcome) {
	until := time.Now().Add(l.s.waits.inbox)
	l.queue(l.presses, func(ctx context.Context) {
		inTime, cancel := context.WithDeadline(ctx, until)
		o := do(inTime)
		cancel()
		l.ack(ctx, envelopeID, o.ack)
		if o.after != nil {
			o.after(ctx)
		}
	})
}

func (l *line) ack(ctx context.Context, envelopeID string, payload any) {
	if envelopeID == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	if err := l.client.AckCtx(ctx, envelopeID, payload); err != nil {
		l.s.log.Warn("slack: an acknowledgement did not go out", "error", err)
	}
}
