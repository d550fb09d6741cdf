// Package mailtest starts real mail servers for tests, Postfix and Dovecot. Nothing leaves the
// machine.
package mailtest

import (
	"crypto/x509"
	_ "embed"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"experthour/internal/testenv"
)

//go:embed start.sh
var start string

// Servers are both of them, with accounts that are empty. The name of an account is what stands
// before the @, and its password is the name and "pw".
type Servers struct {
	Dir         string // cert.pem in it is the certificate of all of them
	SMTP, SMTPS int    // ports for who logs in: with STARTTLS, and with TLS from the beginning
	IMAP, IMAPS int    // the same

	t     testing.TB
	mu    sync.Mutex
	rules map[string]Rule     // by senders
	taken map[string][]string // the numbers of letters that Postfix took, by senders
}

// Start starts both, which end with the test, with some accounts. The test binary's TestMain must
// begin with testenv.Main. Where they are not installed, or cannot be started, the test is skipped.
func Start(t testing.TB, users ...string) *Servers {
	t.Helper()
	testenv.Server(t, "mail")
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("only root can start Postfix, and CI must not skip this test")
		}
		t.Skip("only root can start Postfix")
	}
	s := &Servers{Dir: open(t), t: t, rules: map[string]Rule{}, taken: map[string][]string{}}
	policy := listen(t, s.advise)
	ports := free(t, 6)
	s.SMTP, s.SMTPS, s.IMAP, s.IMAPS = ports[0], ports[1], ports[2], ports[3]
	testenv.Shell(t, s.Dir, fmt.Sprintf("D=%s POLICY=%d SMTP=%d SMTPS=%d IMAP=%d IMAPS=%d LMTP=%d AUTH=%d USERS=%q\n%s", s.Dir, policy,
		ports[0], ports[1], ports[2], ports[3], ports[4], ports[5], strings.Join(users, " "), start))
	testenv.Until(t, "the mail servers answer", func() bool { return !slices.ContainsFunc(ports[:5], silent) })
	return s
}

// open makes a folder that is not the test's: the servers' users must reach it.
func open(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "mail")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// free are ports that nobody listens at, each another one.
func free(t testing.TB, n int) (ports []int) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		ports = append(ports, portOf(l))
	}
	return ports
}

func portOf(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

func silent(port int) bool {
	c, err := net.Dial("tcp", address(port))
	if err == nil {
		_ = c.Close()
	}
	return err != nil
}

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// Roots are those by which the servers' certificate is trusted.
func (s *Servers) Roots() *x509.CertPool {
	s.t.Helper()
	pem, err := os.ReadFile(filepath.Join(s.Dir, "cert.pem"))
	if err != nil {
		s.t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return roots
}

// Letters are what an account has in its inbox and nobody has read, as it is stored, in no order.
func (s *Servers) Letters(who string) (all []string) {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.Dir, "mail", who, "Maildir", "new", "*"))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, string(raw))
	}
	return all
}

// From waits until all that Postfix took from a sender is in an account, and gives what is there
// from them, in the order in which it was taken.
func (s *Servers) From(sender, who string) (all []string) {
	s.t.Helper()
	s.mu.Lock()
	taken := slices.Clone(s.taken[sender])
	s.mu.Unlock()
	order := func(letter string) int {
		return slices.IndexFunc(taken, func(id string) bool { return strings.Contains(letter, "A id "+id+"\n") })
	}
	testenv.Until(s.t, "what was taken is delivered", func() bool {
		all = slices.DeleteFunc(s.Letters(who), func(l string) bool { return !strings.Contains(l, "Return-Path: <"+sender+">\n") })
		return len(all) >= len(taken)
	})
	slices.SortStableFunc(all, func(a, b string) int { return order(a) - order(b) })
	return all
}
