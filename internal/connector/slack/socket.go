package slack

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"experthour/internal/connector/receive"
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

// socket listens to Slack over a connection that the library keeps open.
type socket struct{ *Slack }

var (
	_ receive.Fetcher  = socket{}
	_ receive.Streamer = socket{}
)

// line is one such connection: who reads it hands on everything at once, so that the
// library's own queue never fills.
type line struct {
	socket
	client  *socketmode.Client
	up      func()
	put     receive.Put
	events  chan func(context.Context)
	presses chan func(context.Context)
}

// Stream listens until there is no connection any more. What was begun is done by then.
func (s socket) Stream(ctx context.Context, up func(), put receive.Put) error {
	l := &line{socket: s, client: socketmode.New(s.api), up: up, put: put, events: make(chan func(context.Context), waiting),
		presses: make(chan func(context.Context), waiting)}
	var all sync.WaitGroup
	all.Go(func() { work(ctx, l.events) }) // one: in the order in which they came
	for range pressers {
		all.Go(func() { work(ctx, l.presses) })
	}
	defer all.Wait()
	defer close(l.events)
	defer close(l.presses)
	return l.listen(ctx)
}

func work(ctx context.Context, jobs <-chan func(context.Context)) {
	for job := range jobs {
		if ctx.Err() == nil {
			job(ctx)
		}
	}
}

var errSocket = errors.New("no connection")

// listen runs the library until it gives up, which it does without a word when a token is
// refused, or cannot connect. It would wait for minutes by itself then.
func (l *line) listen(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- l.client.RunContext(ctx) }()
	var lost error
	for {
		select {
		case e := <-l.client.Events:
			if e.Type == socketmode.EventTypeConnectionError {
				lost = disconnected(e)
				stop()
			}
			l.take(e)
		case err := <-ended:
			if lost == nil && ctx.Err() == nil {
				lost = &receive.Trouble{ID: "slack.app_token_refused", Args: []any{"code", code(err)}, Cause: errSocket}
			}
			return lost
		}
	}
}

// disconnected keeps the library's error for itself: an address with a ticket is in it.
func disconnected(e socketmode.Event) error {
	t := &receive.Trouble{ID: "slack.disconnected", Cause: errSocket}
	if f, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
		if limited, ok := errors.AsType[*slack.RateLimitedError](f.ErrorObj); ok {
			t.Wait = limited.RetryAfter
		}
	}
	return t
}

// take hands one event on and never waits.
func (l *line) take(e socketmode.Event) {
	switch e.Type {
	case socketmode.EventTypeHello:
		l.up()
	case socketmode.EventTypeEventsAPI:
		l.queue(l.events, func(ctx context.Context) { l.keep(ctx, e.Request.EnvelopeID, e.Request.Payload) })
	case socketmode.EventTypeErrorBadMessage:
		l.odd(e)
	case socketmode.EventTypeInteractive:
		if cb, ok := e.Data.(slack.InteractionCallback); ok {
			l.answer(e.Request.EnvelopeID, func(ctx context.Context) outcome { return l.interact(ctx, cb) })
		}
	case socketmode.EventTypeSlashCommand:
		if c, ok := e.Data.(slack.SlashCommand); ok {
			l.answer(e.Request.EnvelopeID, func(ctx context.Context) outcome { return l.commanded(ctx, c) })
		}
	case socketmode.EventTypeErrorWriteFailed:
		l.log.Warn("slack: an acknowledgement did not go out")
	}
}

// queue drops what has no room. Slack sends an event again that was not acknowledged,
// and tells a person whose press was not.
func (l *line) queue(jobs chan<- func(context.Context), job func(context.Context)) {
	select {
	case jobs <- job:
	default:
		l.log.Warn("slack: too much waits, one was left to come again")
	}
}

// keep stores an event and only then acknowledges it.
func (l *line) keep(ctx context.Context, envelopeID string, raw []byte) {
	in, cancel := context.WithTimeout(ctx, putTimeout)
	defer cancel()
	if err := l.store(in, l.put, raw); err != nil {
		l.log.Warn("slack: an event was not stored and is left to come again", "error", err)
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
	l.queue(l.events, func(ctx context.Context) { l.keep(ctx, outer.EnvelopeID, raw) })
}

// answer hands a press, form or command over and acknowledges it when that is done.
func (l *line) answer(envelopeID string, do func(context.Context) outcome) {
	until := time.Now().Add(l.waits.inbox)
	l.queue(l.presses, func(ctx context.Context) {
		inTime, cancel := context.WithDeadline(ctx, until)
		o := do(inTime)
		cancel()
		l.ack(ctx, envelopeID, o.ack)
		l.beside(ctx, o.after)
	})
}

func (l *line) ack(ctx context.Context, envelopeID string, payload any) {
	if envelopeID == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	if err := l.client.AckCtx(ctx, envelopeID, payload); err != nil {
		l.log.Warn("slack: an acknowledgement did not go out", "error", err)
	}
}
