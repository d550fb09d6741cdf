package mailtest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
)

// Rule says what Postfix does at a step of a letter, which is MAIL, RCPT, DATA or END-OF-MESSAGE:
// an action of its access(5), such as "550 5.1.1 gone", or nothing, with which it goes on.
type Rule func(step string) (action string)

// Rule sets the rule of a sender.
func (s *Servers) Rule(sender string, r Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules[sender] = r
}

// advise answers what Postfix asks on one connection (SMTPD_POLICY_README).
func (s *Servers) advise(c net.Conn) {
	in := textproto.NewReader(bufio.NewReader(c))
	asked := map[string]string{}
	for {
		line, err := in.ReadLine()
		if err != nil {
			return
		}
		if line != "" {
			name, value, _ := strings.Cut(line, "=")
			asked[name] = value
			continue
		}
		if _, err := fmt.Fprintf(c, "action=%s\n\n", s.decide(asked)); err != nil {
			return
		}
		asked = map[string]string{}
	}
}

func (s *Servers) decide(asked map[string]string) string {
	sender, step := asked["sender"], asked["protocol_state"]
	s.mu.Lock()
	rule := s.rules[sender]
	s.mu.Unlock()
	if rule != nil {
		if action := rule(step); action != "" {
			return action
		}
	}
	if step == "END-OF-MESSAGE" { // the last word: it is taken now
		s.mu.Lock()
		defer s.mu.Unlock()
		s.taken[sender] = append(s.taken[sender], asked["queue_id"])
	}
	return "DUNNO"
}

// listen serves connections at a port of this machine until the test is over.
func listen(t testing.TB, serve func(net.Conn)) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	var open sync.Map
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Store(c, true)
			running.Go(func() { defer func() { _ = c.Close() }(); serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		open.Range(func(c, _ any) bool { _ = c.(net.Conn).Close(); return true })
		running.Wait()
	})
	return portOf(l)
}

// Relay hands connections on to a port. What is said on them it does not understand.
type Relay struct {
	Port int
	to   int

	mu    sync.Mutex
	muted bool
	open  []net.Conn
}

// NewRelay makes one, which ends with the test.
func NewRelay(t testing.TB, to int) *Relay {
	t.Helper()
	r := &Relay{to: to}
	r.Port = listen(t, r.serve)
	return r
}

// Mute lets nothing of what a server says through any more.
func (r *Relay) Mute() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.muted = true
}

// Cut ends the connections that there are.
func (r *Relay) Cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.open {
		_ = c.Close()
	}
}

func (r *Relay) serve(c net.Conn) {
	server, err := net.Dial("tcp", address(r.to))
	if err != nil {
		return
	}
	r.mu.Lock()
	r.open = append(r.open, c)
	r.mu.Unlock()
	var back sync.WaitGroup
	back.Go(func() { _, _ = io.Copy(said{r, c}, server); _ = c.Close() })
	_, _ = io.Copy(server, c)
	_ = server.Close()
	back.Wait()
}

// said is what a server says to who connected.
type said struct {
	*Relay
	to net.Conn
}

func (s said) Write(b []byte) (int, error) {
	s.mu.Lock()
	muted := s.muted
	s.mu.Unlock()
	if muted {
		return len(b), nil
	}
	return s.to.Write(b)
}
