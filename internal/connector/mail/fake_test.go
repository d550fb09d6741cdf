package mail

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"io"
	"math/big"
	"net"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Steps of a conversation at which the fake does what it was told to do.
const (
	atGreeting = "greeting"
	atAuth     = "AUTH"
	atFrom     = "MAIL"
	atTo       = "RCPT"
	atData     = "DATA"
	atText     = "text"  // in the middle of it
	atEnd      = "."     // after the letter was kept
	hangUp     = "close" // instead of an answer
	saysNone   = ""      // the line stays open
)

// fake is an SMTP server that takes nothing but what RFC 5321 allows, in its order, and
// letters of printable ASCII only.
type fake struct {
	t       *testing.T
	port    int
	implied bool // TLS from the beginning
	plain   bool // offers no encryption
	roots   *x509.CertPool
	cert    tls.Certificate

	mu      sync.Mutex
	next    map[string]string // an answer for the next time at a step
	letters []string
	to      []string
}

func newFake(t *testing.T, implied, plain bool) *fake {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{t: t, port: l.Addr().(*net.TCPAddr).Port, implied: implied, plain: plain, next: map[string]string{}}
	f.certify()
	var running sync.WaitGroup
	var open sync.Map
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Store(c, true)
			running.Go(func() { defer c.Close(); f.serve(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		open.Range(func(c, _ any) bool { c.(net.Conn).Close(); return true })
		running.Wait()
	})
	return f
}

func (f *fake) certify() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "fake"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		f.t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		f.t.Fatal(err)
	}
	f.roots = x509.NewCertPool()
	f.roots.AddCert(c)
	f.cert = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// on sets the answer for the next time at a step.
func (f *fake) on(step, answer string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next[step] = answer
}

func (f *fake) told(step string) (answer string, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	answer, ok = f.next[step]
	delete(f.next, step)
	return answer, ok
}

// waits reports whether a step is still to come.
func (f *fake) waits(step string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.next[step]
	return ok
}

// kept are the letters that it took, and to whom.
func (f *fake) kept() (letters, to []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.letters), slices.Clone(f.to)
}

// talk is one connection.
type talk struct {
	*fake
	conn     net.Conn
	in       *bufio.Reader
	secure   bool
	loggedIn bool // logged in
	greeted  bool
	from, to string
	over     bool
}

func (f *fake) serve(c net.Conn) {
	k := &talk{fake: f, conn: c, secure: f.implied}
	if f.implied {
		k.conn = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{f.cert}})
	}
	k.in = bufio.NewReader(k.conn)
	k.say(atGreeting, "220 fake ESMTP")
	for !k.over {
		line, ok := k.line()
		if !ok {
			return
		}
		k.command(line)
	}
}

// line is one line, which must end as RFC 5321 wants and be no longer.
func (k *talk) line() (string, bool) {
	line, err := k.in.ReadString('\n')
	if err != nil {
		return "", false
	}
	text, ended := strings.CutSuffix(line, "\r\n")
	if !ended || strings.ContainsAny(text, "\r\x00") || len(line) > 1000 {
		k.t.Errorf("not a line of SMTP: %q", line)
		return "", false
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return r > 126 || r < 32 && r != '\t' }); i >= 0 {
		k.t.Errorf("not printable ASCII: %q", line)
	}
	return text, true
}

// say answers, or does at this step what it was told; it reports whether it said yes.
func (k *talk) say(step, answer string) bool {
	if a, ok := k.told(step); ok {
		answer = a
	}
	switch answer {
	case hangUp:
		k.over = true
	case saysNone:
		_, _ = io.Copy(io.Discard, k.in) // until the other side goes
		k.over = true
	default:
		_, _ = io.WriteString(k.conn, answer+"\r\n")
	}
	return strings.HasPrefix(answer, "2")
}

var (
	fromLine = regexp.MustCompile(`^MAIL FROM:<([^<>\s]+@[^<>\s]+)>( BODY=8BITMIME)?( SMTPUTF8)?$`)
	toLine   = regexp.MustCompile(`^RCPT TO:<([^<>\s]+@[^<>\s]+)>$`)
	badOrder = "503 5.5.1 not now"
)

func (k *talk) command(line string) {
	verb, _, _ := strings.Cut(line, " ")
	from, to := fromLine.FindStringSubmatch(line), toLine.FindStringSubmatch(line)
	switch {
	case verb == "EHLO":
		k.greeted = true
		k.say(verb, k.offers())
	case verb == "QUIT":
		k.say(verb, "221 bye")
		k.over = true
	case verb == "NOOP":
		k.say(verb, "250 ok")
	case verb == "RSET":
		k.from, k.to = "", ""
		k.say(verb, "250 ok")
	case verb == "STARTTLS" && k.greeted && !k.secure && !k.plain:
		k.say(verb, "220 go")
		k.conn = tls.Server(k.conn, &tls.Config{Certificates: []tls.Certificate{k.cert}})
		k.in, k.secure, k.greeted = bufio.NewReader(k.conn), true, false
	case verb == "AUTH" && k.greeted && k.secure && !k.loggedIn:
		k.auth(line)
	case from != nil && k.loggedIn && k.from == "":
		k.from = from[1]
		k.say(atFrom, "250 2.1.0 ok")
	case to != nil && k.from != "":
		k.to = to[1]
		k.say(atTo, "250 2.1.5 ok")
	case line == "DATA" && k.to != "":
		k.data()
	default:
		k.t.Errorf("the fake does not take %q now", line)
		k.say(verb, badOrder)
	}
}

func (k *talk) offers() string {
	switch {
	case k.secure:
		return "250-fake\r\n250-AUTH PLAIN\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME"
	case k.plain:
		return "250-fake\r\n250 8BITMIME"
	}
	return "250-fake\r\n250 STARTTLS"
}

func (k *talk) auth(line string) {
	ok := line == "AUTH PLAIN "+base64.StdEncoding.EncodeToString([]byte("\x00bot\x00secret-password"))
	answer := "535 5.7.8 bot secret-password is wrong"
	if ok {
		answer = "235 2.7.0 ok"
	}
	if k.loggedIn = k.say(atAuth, answer); k.loggedIn || k.over {
		return
	}
	if after, ok := k.line(); ok && after == "*" {
		k.say("*", "501 5.7.0 given up")
	}
}

// data takes a letter. What ends in the middle is none.
func (k *talk) data() {
	if a, ok := k.told(atData); ok {
		k.on("refusal", a)
		k.say("refusal", "")
		return
	}
	k.say("354", "354 go on")
	if _, ok := k.told(atText); ok {
		k.over = true
		return
	}
	raw, err := io.ReadAll(textproto.NewReader(bufio.NewReader(strict{k})).DotReader())
	if err != nil {
		return
	}
	k.keep(string(raw))
	k.from, k.to = "", ""
	k.say(atEnd, "250 2.0.0 taken")
}

// keep keeps a letter, unless it is going to be refused.
func (k *talk) keep(raw string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if a := k.next[atEnd]; a != "" && a != hangUp && a[0] != '2' {
		return
	}
	k.letters, k.fake.to = append(k.letters, raw), append(k.fake.to, k.to)
}

// strict reads lines, one at a time so that nothing after the letter is read with it.
type strict struct{ *talk }

func (s strict) Read(b []byte) (int, error) {
	line, ok := s.line()
	if !ok {
		return 0, io.ErrUnexpectedEOF
	}
	return copy(b, line+"\r\n"), nil
}
