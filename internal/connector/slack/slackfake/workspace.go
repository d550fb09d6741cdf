// Package slackfake is a strict pretend Slack: the Web API, Socket Mode, signed HTTP delivery, Block Kit validation,
// rate limits, modals, and people who click and type.
//
// It knows what Slack promises, refuses and forgets. It must not know anything of the program that is tested with it:
// it imports no other package of this module, so that it cannot agree with the adapter's mistakes. Where Slack's
// documentation leaves two readings, the fake takes the one that is harder on the app.
package slackfake

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// TB is the part of testing.TB that a Workspace reports to.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Cleanup(func())
}

// Workspace is one running Slack team with one app installed. All methods may be called from any goroutine.
type Workspace struct {
	opts   Options
	t      TB
	base   string
	server *http.Server
	client *http.Client
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	changed  chan struct{}
	lastTS   int64
	sequence int

	auth      authState
	users     []*User
	channels  []*Channel
	groups    []*Group
	scheduled []*scheduled
	private   map[string][]*Message // by the user who sees them
	modals    map[string][]*View    // by user, the top last
	homes     map[string]*View
	triggers  map[string]*trigger
	hooks     map[string]*responseURL

	urls       URLs
	sockets    []*socket
	connected  int
	tickets    map[string]bool
	envelopes  map[string]*envelope
	deliveries []*delivery
	twice      int

	files      map[string]File // by id
	buckets    map[string]*bucket
	shape      Shape
	limited    int
	faults     map[string][]*fault
	ledger     []Entry
	complaints []string
}

// New starts a workspace that ends with the test, and that fails the test when a person is asked to do what Slack's
// clients would not let them do.
func New(t TB, opts Options) *Workspace {
	t.Helper()
	w, err := Start(opts)
	if err != nil {
		t.Errorf("slackfake: %v", err)
		return nil
	}
	w.t = t
	t.Cleanup(w.Close)
	return w
}

// Start starts a workspace outside a test; the caller ends it with Close. What New reports to the test, Start only
// returns as an error.
func Start(opts Options) (*Workspace, error) {
	opts = opts.filled()
	listener, err := net.Listen("tcp", opts.Listen)
	if err != nil {
		return nil, fmt.Errorf("slackfake: listen: %w", err)
	}
	w := blank(opts)
	w.base = "http://" + listener.Addr().String()
	w.server = &http.Server{Handler: w.routes(), ReadHeaderTimeout: time.Minute}
	w.wg.Go(func() { _ = w.server.Serve(listener) })
	return w, nil
}

func blank(opts Options) *Workspace {
	ctx, cancel := context.WithCancel(context.Background())
	return &Workspace{
		opts: opts, ctx: ctx, cancel: cancel, client: deliveryClient(),
		changed: make(chan struct{}), urls: opts.URLs, shape: opts.Shape,
		auth:    newAuthState(opts),
		private: map[string][]*Message{}, modals: map[string][]*View{}, homes: map[string]*View{},
		triggers: map[string]*trigger{}, hooks: map[string]*responseURL{},
		tickets: map[string]bool{}, envelopes: map[string]*envelope{},
		buckets: map[string]*bucket{}, faults: map[string][]*fault{},
	}
}

// Close ends every connection, timer and goroutine, and returns when they are gone.
func (w *Workspace) Close() {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return
	}
	w.closed = true
	sockets := slices.Clone(w.sockets)
	w.mu.Unlock()
	w.cancel()
	for _, s := range sockets {
		s.cut()
	}
	_ = w.server.Close()
	w.client.CloseIdleConnections()
	w.wg.Wait()
}

// URL is the base of the Web API, with the slash at its end that client libraries expect.
func (w *Workspace) URL() string { return w.base + "/api/" }

// spawn runs f until Close; it does nothing once the workspace is closed. The caller holds w.mu.
func (w *Workspace) spawn(f func()) {
	if !w.closed {
		w.wg.Go(f)
	}
}

// pause waits d, or until stop or the workspace ends; it reports whether the time has passed.
func (w *Workspace) pause(d time.Duration, stop <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-stop:
	case <-w.ctx.Done():
	}
	return false
}

// touch wakes everybody who waits for a change. The caller holds w.mu.
func (w *Workspace) touch() {
	close(w.changed)
	w.changed = make(chan struct{})
}

// id makes an identifier that this workspace has not given before. The caller holds w.mu.
func (w *Workspace) id(prefix string) string {
	w.sequence++
	return fmt.Sprintf("%s%08X", prefix, 0xA0000000+uint32(w.sequence))
}

// stamp makes the next message timestamp: microseconds, unique, increasing. The caller holds w.mu.
func (w *Workspace) stamp() string {
	now := w.opts.Now().UnixMicro()
	w.lastTS = max(now, w.lastTS+1)
	return fmt.Sprintf("%d.%06d", w.lastTS/1e6, w.lastTS%1e6)
}

// complain notes something that the app did against the protocol and that Slack would swallow. Caller holds w.mu.
func (w *Workspace) complain(format string, args ...any) {
	w.complaints = append(w.complaints, fmt.Sprintf(format, args...))
	w.touch()
}

// Complaints lists what the app did against the protocol without Slack answering an error: an oversize
// acknowledgement, a response action that cannot be shown, an answer that is not 200. A good app leaves it empty.
func (w *Workspace) Complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.complaints...)
}

// misuse makes the error for a person doing what Slack's clients do not offer, and fails the test with it.
func (w *Workspace) misuse(format string, args ...any) error {
	err := &Misuse{What: fmt.Sprintf(format, args...)}
	if w.t != nil {
		w.t.Helper()
		w.t.Errorf("%v", err)
	}
	return err
}

// Misuse is the error of a test that asks a person for something impossible: a button that is not there, a message in
// an archived channel.
type Misuse struct{ What string }

func (m *Misuse) Error() string { return "slackfake: " + m.What }

// Shown is an error that Slack itself shows to the person, because the app did not answer or answered badly.
type Shown struct{ Code string }

func (s *Shown) Error() string { return "slack shows the error " + s.Code }

// Await blocks until cond is true. It looks again after every change in the workspace and gives up with ctx. cond is
// called without any lock, so it may use everything here.
func (w *Workspace) Await(ctx context.Context, cond func() bool) error {
	for {
		w.mu.Lock()
		changed := w.changed
		w.mu.Unlock()
		if cond() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("slackfake: waited in vain: %w", ctx.Err())
		case <-w.ctx.Done():
			return fmt.Errorf("slackfake: closed while waiting")
		}
	}
}
