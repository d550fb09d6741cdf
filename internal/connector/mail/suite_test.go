package mail

import (
	"crypto/rand"
	"strings"
	"sync"
	"testing"

	"experthour/internal/connector/mail/mailtest"
	"experthour/internal/testenv"
)

func TestMain(m *testing.M) {
	testenv.Main()
	m.Run()
}

// mta is a server that takes letters, with nothing sent, which can be told what to do at the
// next time at a step.
type mta interface {
	mail() *Mail
	on(step, answer string)
	waits(step string) bool          // reports whether that is still to come
	kept() (letters, to []string)    // what it took, in the order, and to whom
	cannot(part string) (why string) // pass a part of the suite, or nothing
}

var (
	_ mta = (*fake)(nil)
	_ mta = (*postfix)(nil)
)

func (*fake) cannot(string) string { return "" }

// notOnPostfix is what the real servers cannot be told to do.
var notOnPostfix = map[string]string{
	"greeting 554 5.7.1 no": before, "greeting close": before, "stays silent at greeting": before, "stays silent at EHLO": before,
	"stays silent at AUTH": before, "stays silent at NOOP": before,
}

const before = "Postfix asks what to do at a step that names a sender, and this one comes before; the fake does it"

// postfix is Postfix, for one sender, with Dovecot behind it.
type postfix struct {
	*mailtest.Servers
	t       *testing.T
	relay   *mailtest.Relay
	implied bool
	from    string

	mu   sync.Mutex
	next map[string]string
}

func newPostfix(t *testing.T, s *mailtest.Servers, implied bool) *postfix {
	port := s.SMTP
	if implied {
		port = s.SMTPS
	}
	r := &postfix{Servers: s, t: t, relay: mailtest.NewRelay(t, port), implied: implied, next: map[string]string{},
		from: "ask-" + strings.ToLower(rand.Text()) + "@example.lv"}
	s.Rule(r.from, r.rule)
	return r
}

func (s *postfix) mail() *Mail {
	f := &fake{port: s.relay.Port, implied: s.implied, roots: s.Roots()}
	m := f.mail()
	m.account.From, m.account.Password = s.from, password("botpw")
	if _, ok := s.told(atAuth); ok {
		m.account.Password = password("wrong")
	}
	return m
}

func (s *postfix) on(step, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next[step] = answer
}

func (s *postfix) told(step string) (answer string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer, ok = s.next[step]
	delete(s.next, step)
	return answer, ok
}

func (s *postfix) waits(step string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.next[step]
	return ok
}

// rule has Postfix say what it was told. Where it is to say nothing, it does what it was asked, and
// its answer does not arrive.
func (s *postfix) rule(step string) string {
	if step == "END-OF-MESSAGE" {
		step = atEnd
	}
	answer, ok := s.told(step)
	switch {
	case ok && answer == hangUp:
		s.relay.Cut()
		return ""
	case ok && answer == saysNone:
		s.relay.Mute()
	}
	return answer
}

func (s *postfix) kept() (letters, to []string) {
	letters = s.From(s.from, "ilze")
	for _, l := range letters {
		_, rest, _ := strings.Cut("\n"+l, "\nDelivered-To: ")
		who, _, _ := strings.Cut(rest, "\n")
		to = append(to, who)
	}
	return letters, to
}

func (s *postfix) cannot(part string) string { return notOnPostfix[part] }

// TestFake and TestReal are one suite, at a fake and at Postfix and Dovecot.
func TestFake(t *testing.T) {
	t.Parallel()
	suite(t, func(t *testing.T, implied bool) mta { return newFake(t, implied, false) })
}

func TestReal(t *testing.T) {
	t.Parallel()
	s := mailtest.Start(t, "bot", "ilze", "eve")
	t.Cleanup(func() {
		if eve := s.Letters("eve"); len(eve) != 0 {
			t.Errorf("somebody got letters of others: %q", eve)
		}
	})
	suite(t, func(t *testing.T, implied bool) mta { return newPostfix(t, s, implied) })
}

func suite(t *testing.T, fresh func(t *testing.T, implied bool) mta) {
	for name, implied := range map[string]bool{"starttls": false, "tls": true} {
		t.Run("public "+name, func(t *testing.T) { testPublic(t, func(t *testing.T) mta { return fresh(t, implied) }) })
	}
	for name, test := range map[string]func(*testing.T, func(*testing.T) mta){
		"outcomes": testOutcomes, "lease": testEndsWithItsLease, "check": testCheck, "letter": testLetter, "hostile": testHostileAddresses,
		"nobody": testNobodyToWriteTo,
	} {
		t.Run(name, func(t *testing.T) { test(t, func(t *testing.T) mta { return fresh(t, false) }) })
	}
}
