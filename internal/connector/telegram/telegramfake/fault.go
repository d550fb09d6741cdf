package telegramfake

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Fault is something that goes wrong with a call. Make one with the functions and
// variables of this file.
type Fault struct {
	before func(ctx context.Context, i *Injection) error // an error is answered instead
	after  func(ctx context.Context, i *Injection, a *answer)
	name   string
	cut    int // how many bytes of the answer get through; -1 is all
}

// What can happen to a call apart from Delay, Refuse and TooMany.
var (
	// DropBefore closes the connection before anything was done.
	DropBefore = Fault{name: "drop before", cut: -1, before: func(context.Context, *Injection) error { return errDropped }}
	// DropAfter does what was asked and closes the connection without an answer.
	DropAfter = Fault{name: "drop after", cut: 0}
	// ErrorAfter does what was asked and answers 500.
	ErrorAfter = Fault{name: "500 after", cut: -1, after: func(_ context.Context, _ *Injection, a *answer) {
		*a = refusal(&apiError{code: http.StatusInternalServerError, text: "Internal Server Error"})
	}}
	// CutShort does what was asked and breaks off in the middle of the answer.
	CutShort = Fault{name: "cut short", cut: 10}
	// HangBefore holds the call and does nothing until Release; then it goes on.
	HangBefore = Fault{name: "hang before", cut: -1, before: func(ctx context.Context, i *Injection) error {
		return i.hang(ctx)
	}}
	// HangAfter does what was asked and holds the answer until Release.
	HangAfter = Fault{name: "hang after", cut: -1, after: func(ctx context.Context, i *Injection, _ *answer) {
		_ = i.hang(ctx)
	}}
)

var errDropped = fmt.Errorf("the connection is dropped")

// Delay answers later, after doing what was asked.
func Delay(d time.Duration) Fault {
	return Fault{name: "delay", cut: -1, after: func(ctx context.Context, i *Injection, _ *answer) { i.srv.sleep(ctx, d) }}
}

// Refuse answers an error of the given code and description, and does nothing.
func Refuse(code int, description string) Fault {
	return Fault{name: "refuse", cut: -1, before: func(context.Context, *Injection) error {
		return &apiError{code: code, text: description}
	}}
}

// TooMany answers 429 with that many seconds of retry_after, and does nothing.
func TooMany(seconds int) Fault {
	return Fault{name: "too many", cut: -1, before: func(context.Context, *Injection) error { return tooMany(seconds) }}
}

// Injection is a fault that waits for its calls.
type Injection struct {
	srv     *Server
	method  string
	fault   Fault
	left    int
	hits    int
	release chan struct{}
}

// Fault lets the next n calls of a method go wrong. Faults of the same method
// happen in the order in which they were asked for; "*" is any method but
// getUpdates.
func (s *Server) Fault(method string, n int, f Fault) *Injection {
	defer s.lock()()
	i := &Injection{srv: s, method: strings.ToLower(method), fault: f, left: n, release: make(chan struct{})}
	s.faults = append(s.faults, i)
	return i
}

// Stop lets no more calls go wrong; those that hang are let go.
func (i *Injection) Stop() {
	func() {
		defer i.srv.lock()()
		i.left = 0
	}()
	i.Release()
}

// Release lets go of the calls that hang, now and later.
func (i *Injection) Release() {
	defer i.srv.lock()()
	select {
	case <-i.release:
	default:
		close(i.release)
	}
}

// Await blocks until the fault has happened n times.
func (i *Injection) Await(ctx context.Context, n int) {
	i.srv.Await(ctx, fmt.Sprintf("%s: %s ×%d", i.method, i.fault.name, n), func() bool { return i.Hits() >= n })
}

// Hits is how often the fault happened.
func (i *Injection) Hits() int {
	defer i.srv.lock()()
	return i.hits
}

func (i *Injection) hang(ctx context.Context) error {
	select {
	case <-i.release:
		return nil
	case <-ctx.Done():
		return errDropped
	}
}

// strike takes the first fault that waits for this method.
func (s *Server) strike(method string) *Injection {
	defer s.lock()()
	for _, i := range s.faults {
		if i.left > 0 && (i.method == method || i.method == "*" && method != "getupdates") {
			i.left--
			i.hits++
			s.bump()
			return i
		}
	}
	return nil
}

// answer makes the call and writes its result, unless a fault comes between.
func (s *Server) answer(ctx context.Context, w http.ResponseWriter, method string, p params) {
	s.note(method, p)
	i := s.strike(method)
	if i == nil {
		i = &Injection{srv: s, fault: Fault{cut: -1}}
	}
	a, ok := s.attempt(ctx, i, method, p)
	if !ok || i.fault.cut == 0 || ctx.Err() != nil {
		drop(w)
		return
	}
	if i.fault.cut > 0 {
		breakOff(w, a, i.fault.cut)
		return
	}
	respond(w, a)
}

func (s *Server) attempt(ctx context.Context, i *Injection, method string, p params) (answer, bool) {
	if i.fault.before != nil {
		if err := i.fault.before(ctx, i); err == errDropped {
			return answer{}, false
		} else if err != nil {
			return refusal(err), true
		}
	}
	result, err := s.call(ctx, method, p)
	a := reply(result, err)
	if slow, ok := result.(slowed); ok {
		a = reply(slow.result, err)
		s.sleep(ctx, s.o.SlowAtLimit)
	}
	if i.fault.after != nil {
		i.fault.after(ctx, i, &a)
	}
	return a, true
}

// drop closes the connection without a word.
func drop(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_ = conn.Close()
}

// breakOff promises the whole answer and sends the beginning.
func breakOff(w http.ResponseWriter, a answer, n int) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer func() { _ = conn.Close() }()
	b := bufio.NewWriter(conn)
	_, _ = fmt.Fprintf(b, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(a.body))
	_, _ = b.Write(a.body[:min(n, len(a.body))])
	_ = b.Flush()
}
