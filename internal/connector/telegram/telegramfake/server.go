package telegramfake

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options change how a server behaves; the zero value is the strict one.
type Options struct {
	Token    string // "4242:fake-token" when empty; the bot's id is the part before the colon
	Name     string // the bot's first name, "Desk Bot" when empty
	Username string // without @, "desk_bot" when empty
	Listen   string // its address, a free port of 127.0.0.1 when empty

	// PrivacyOff lets the bot see everything in the groups that it joins.
	PrivacyOff bool

	// Now is the clock of dates, expiry, ages and rate limits; time.Now when nil.
	Now func() time.Time

	// Second is how long a second of waiting takes: long polls, held 409 answers,
	// webhook resends and their Retry-After; one second when zero. Far below 20 ms a
	// bot that polls all the time does little else.
	Second time.Duration

	// NoLimits switches the rate limits off, that of setWebhook too, for benchmarks.
	NoLimits bool
	// Burst is how many messages a chat takes at once; 3 when zero.
	Burst int
	// Late is how much closer together calls may arrive than they were made, on a machine that
	// is busy with other things: the second of the limit over all chats is shorter by that.
	Late time.Duration
	// SlowAtLimit is how long the answer to a call is held that used up a limit.
	SlowAtLimit time.Duration

	// LocalWebhooks accepts plain http and any port on a loopback address, which
	// the real server refuses.
	LocalWebhooks bool

	// CallbackLife is how long a pressed button waits for its answer; 15 s when zero.
	CallbackLife time.Duration
	// Patience bounds the waits that take no context; three minutes when zero.
	Patience time.Duration

	after func(time.Duration) <-chan time.Time // what waits here waits for it; time.After when nil
}

// Server is a running fake. Its methods, and those of everything got from it, may
// be called from any goroutine.
type Server struct {
	o     Options
	t     testing.TB // nil when started without a test
	botID int64
	url   string
	http  *http.Server

	stop   context.Context // ends at Close
	cancel context.CancelFunc
	work   sync.WaitGroup // requests and deliveries under way

	mu      sync.Mutex
	changed chan struct{} // closed and replaced at every change
	closed  bool

	bot      *User
	users    map[int64]*User
	chats    map[int64]*Chat
	lastID   int // of messages in private chats and basic groups, which share one count
	out      bool
	queue    queue
	poll     polling
	hook     webhook
	limits   limiter
	clicks   map[string]*Click
	commands map[string][]Command
	faults   []*Injection
	calls    []Call
	ledger   []Entry
	rings    []Ring
	files    []*file
}

// New starts a server that ends with the test. What people cannot do, such as
// pressing a button that is not there, fails the test.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatalf("telegramfake: %v", err)
	}
	s.t = t
	t.Cleanup(s.Close)
	return s
}

// Start starts a server on a free port of 127.0.0.1. Without a test to fail, what
// people cannot do panics.
func Start(o Options) (*Server, error) {
	s, err := newServer(o)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", cmp.Or(o.Listen, "127.0.0.1:0"))
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s.url = "http://" + l.Addr().String()
	s.http = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute}
	s.work.Go(func() { _ = s.http.Serve(l) })
	s.work.Go(s.deliver)
	return s, nil
}

func newServer(o Options) (*Server, error) {
	o.Token = cmp.Or(o.Token, "4242:fake-token")
	o.Name = cmp.Or(o.Name, "Desk Bot")
	o.Username = cmp.Or(o.Username, "desk_bot")
	o.Second = cmp.Or(o.Second, time.Second)
	o.Burst = cmp.Or(o.Burst, 3)
	o.CallbackLife = cmp.Or(o.CallbackLife, 15*time.Second)
	o.Patience = cmp.Or(o.Patience, 3*time.Minute)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.after == nil {
		o.after = time.After
	}
	number, _, _ := strings.Cut(o.Token, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || id <= 0 || !wellFormed(o.Token) {
		return nil, fmt.Errorf("token %q is not of the form 4242:secret", o.Token)
	}
	s := &Server{
		o: o, botID: id, changed: make(chan struct{}),
		users: map[int64]*User{}, chats: map[int64]*Chat{},
		clicks: map[string]*Click{}, commands: map[string][]Command{},
		queue: queue{next: firstUpdate}, poll: polling{allowed: defaultUpdates()},
	}
	s.stop, s.cancel = context.WithCancel(context.Background())
	s.bot = &User{srv: s, id: id, first: o.Name, username: o.Username, robot: true}
	s.users[id] = s.bot
	return s, nil
}

// Close ends every request and delivery, and waits for them.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel()
	_ = s.http.Close()
	s.work.Wait()
}

// enter counts a request in, unless the server is closing.
func (s *Server) enter() bool {
	defer s.lock()()
	if s.closed {
		return false
	}
	s.work.Add(1)
	return true
}

// URL is the address that a bot uses in place of https://api.telegram.org.
func (s *Server) URL() string { return s.url }

// Token is the token that the server accepts.
func (s *Server) Token() string { return s.o.Token }

// Bot is the bot itself, as people see it.
func (s *Server) Bot() *User { return s.bot }

// bump wakes everybody who waits for a change. The lock is held.
func (s *Server) bump() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Server) now() time.Time { return s.o.Now() }

// seconds is how long that many seconds of waiting take here.
func (s *Server) seconds(n float64) time.Duration { return time.Duration(n * float64(s.o.Second)) }

// fail ends the test; people who cannot do what a test asks of them have no other way.
func (s *Server) fail(format string, args ...any) {
	if s.t == nil {
		panic("telegramfake: " + fmt.Sprintf(format, args...))
	}
	s.t.Helper()
	s.t.Fatalf("telegramfake: "+format, args...)
}

// lock is s.mu with the unlock to defer.
func (s *Server) lock() func() {
	s.mu.Lock()
	return s.mu.Unlock
}
