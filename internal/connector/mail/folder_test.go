package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"maps"
	"math"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/mail/mailtest"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// box is an account of an IMAP server, as its owner works in it. The folder that is read is
// there, and empty.
type box struct {
	t     *testing.T
	read  Account
	roots *x509.CertPool
	open  int // the port of STARTTLS
	owner *imapclient.Client
}

const readFolder = "Questions"

// newBox is an account of a server that is somebody else's, in the process.
func newBox(t *testing.T) *box {
	t.Helper()
	f, user := newFake(t, false, false), imapmemserver.NewUser("bot", "secret-password")
	all := imapmemserver.New()
	all.AddUser(user)
	secure := &tls.Config{Certificates: []tls.Certificate{f.cert}}
	implied, open := listen(t), listen(t)
	s := imapserver.New(&imapserver.Options{Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}},
		Logger: log.New(io.Discard, "", 0), TLSConfig: secure,
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return all.NewSession(), nil, nil
		}})
	var running sync.WaitGroup
	running.Go(func() { _ = s.Serve(tls.NewListener(implied, secure)) })
	running.Go(func() { _ = s.Serve(open) })
	t.Cleanup(func() { s.Close(); running.Wait() })
	return openBox(t, implied.Addr().(*net.TCPAddr).Port, open.Addr().(*net.TCPAddr).Port, f.roots, "bot", "secret-password")
}

// dovecot is an account of the real server.
func dovecot(t *testing.T, s *mailtest.Servers, user string) *box {
	t.Helper()
	return openBox(t, s.IMAPS, s.IMAP, s.Roots(), user, user+"pw")
}

func openBox(t *testing.T, implied, open int, roots *x509.CertPool, user, secret string) *box {
	t.Helper()
	b := &box{t: t, roots: roots, open: open, read: Account{Host: "127.0.0.1", From: "ask@example.lv", Username: user,
		Password: password(secret), IMAPHost: "127.0.0.1", IMAPPort: implied, IMAPSecurity: TLS, Folder: readFolder}}
	owner, err := b.intake().connect(testenv.Soon(t), math.MaxInt64, &imapclient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	b.owner = owner
	b.must(owner.Login(user, secret).Wait())
	b.create()
	return b
}

func listen(t *testing.T) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (b *box) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *box) create() { b.t.Helper(); b.must(b.owner.Create(readFolder, nil).Wait()) }

// renew deletes the folder and makes another one of its name.
func (b *box) renew() {
	b.t.Helper()
	b.must(b.owner.Delete(readFolder).Wait())
	b.create()
}

// came puts a letter into the folder.
func (b *box) came(at time.Time, raw string) {
	b.t.Helper()
	c := b.owner.Append(readFolder, int64(len(raw)), &imap.AppendOptions{Time: at})
	_, err := io.WriteString(c, raw)
	b.must(errors.Join(err, c.Close()))
	_, err = c.Wait()
	b.must(err)
}

func (b *box) intake() *intake {
	env := connector.Env{Signer: signer, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Mailbox: func(session.ConnectorID) connector.Mailbox { return nil },
		Memory:  func(session.ConnectorID) connector.Memory { return connectortest.NewMemory() }}
	m := New(env, b.read, "mail")
	m.roots = b.roots
	return &intake{m}
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func plainLetter(n int) string {
	return fmt.Sprintf("From: Ilze <ilze@example.test>\r\nMessage-ID: <%d@example.test>\r\nSubject: q\r\n\r\nQuestion %d?\r\n", n, n)
}

// fetch asks once, and gives what came, by its first words.
func (i *intake) fetch(t *testing.T, cursor []byte) (came, keys []string, next receive.Next) {
	t.Helper()
	look := receive.Look{Cursor: cursor}
	look.Since = noon
	next, err := i.Fetch(t.Context(), look, func(_ context.Context, es ...connector.Event) (int, error) {
		for _, e := range es {
			var l letter
			if err := json.Unmarshal(e.Raw, &l); err != nil || len(e.Raw) > connector.LongestLetter || e.Line != connector.PublicLine {
				t.Errorf("%v, %d bytes in %s", err, len(e.Raw), e.Line)
			}
			keys = append(keys, e.Key)
			came = append(came, read(l.Raw).text)
		}
		return len(es), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return came, keys, next
}

// TestReads and TestReadsReal are one suite, at a server in the process and at Dovecot, which
// passes all of it.
func TestReads(t *testing.T) {
	t.Parallel()
	reads(t, func(t *testing.T, _ string) *box { return newBox(t) })
}

func TestReadsReal(t *testing.T) {
	t.Parallel()
	s := mailtest.Start(t, slices.Collect(maps.Keys(reading))...)
	reads(t, func(t *testing.T, name string) *box { return dovecot(t, s, name) })
}

// reading are the parts of the suite.
var reading = map[string]func(*testing.T, *box){"fetch": testFetch, "stops": testStops, "long": testLongLetter, "stream": testStream,
	"troubles": testFolderTroubles}

func reads(t *testing.T, fresh func(t *testing.T, name string) *box) {
	for name, test := range reading {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t, name))
		})
	}
}

// testFetch: from the announcement on, in order, each once, also when the folder was
// numbered anew, and nothing is marked there.
func testFetch(t *testing.T, p *box) {
	i := p.intake()
	p.came(noon.Add(-48*time.Hour), plainLetter(1))
	p.came(noon.Add(-time.Minute), plainLetter(2)) // of the same day
	p.came(noon, plainLetter(3))
	came, first, next := i.fetch(t, nil)
	if !slices.Equal(came, []string{"Question 3?"}) {
		t.Fatalf("came %q", came)
	}
	if came, _, next = i.fetch(t, next.Cursor); len(came) != 0 || next.Wait != idleEvery {
		t.Errorf("came again %q, %+v", came, next)
	}
	for n := range 50 { // several batches, some of them older than the hour by the server's clock
		p.came(noon.Add(time.Duration(-n)*time.Hour), plainLetter(100+n))
	}
	came, _, next = i.fetch(t, next.Cursor)
	if len(came) != 50 || came[0] != "Question 100?" || came[49] != "Question 149?" {
		t.Errorf("after a while %q", came)
	}
	p.renew()
	p.came(noon, plainLetter(3))
	_, again, _ := i.fetch(t, next.Cursor)
	if !slices.Equal(first, again) {
		t.Errorf("keys %q, numbered anew %q", first, again)
	}
	st, err := p.owner.Status(readFolder, &imap.StatusOptions{NumMessages: true, NumUnseen: true}).Wait()
	if err != nil || *st.NumMessages != *st.NumUnseen {
		t.Errorf("%v of %v letters look unread, %v", *st.NumUnseen, *st.NumMessages, err)
	}
}

// testStops: what was not stored is fetched again.
func testStops(t *testing.T, p *box) {
	p.came(noon, plainLetter(1))
	away := session.Fail(session.Unavailable, "unavailable")
	look := receive.Look{}
	look.Since = noon
	next, err := p.intake().Fetch(t.Context(), look, func(context.Context, ...connector.Event) (int, error) { return 0, away })
	if session.KindOf(err) != session.Unavailable || next.Cursor != nil {
		t.Errorf("%+v, %v", next, err)
	}
}

// testLongLetter: of one with fifty megabytes attached the text is read, and no more.
func testLongLetter(t *testing.T, p *box) {
	p.came(noon, "From: ilze@example.test\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n"+
		"When?\r\n--x\r\nContent-Type: application/zip\r\n\r\n"+strings.Repeat("x\r\n", 1<<20)+"--x--\r\n")
	if came, _, _ := p.intake().fetch(t, nil); !slices.Equal(came, []string{"When?"}) {
		t.Errorf("came %q", came)
	}
}

// testStream: the server tells of a letter.
func testStream(t *testing.T, p *box) {
	i := p.intake()
	ctx, stop := context.WithCancel(t.Context())
	told := make(chan bool, 10)
	ended := make(chan error, 1)
	tell := func() {
		select {
		case told <- true:
		default: // enough was told
		}
	}
	go func() { ended <- i.Stream(ctx, tell, nil) }()
	await := func(what string) {
		t.Helper()
		select {
		case <-told:
		case err := <-ended:
			t.Fatalf("%s: it ended: %v", what, err)
		case <-testenv.Soon(t).Done():
			t.Fatalf("%s: nothing", what)
		}
	}
	await("it is up")
	for len(told) > 0 {
		<-told
	}
	// The server in the process answers IDLE a moment before it listens, and never tells what came in between.
	for soon := testenv.Soon(t); len(told) == 0 && soon.Err() == nil; {
		p.came(noon, plainLetter(1))
	}
	await("a letter came")
	stop()
	if err := <-ended; err != nil {
		t.Errorf("stopped: %v", err)
	}
}

// testFolderTroubles: what is wrong is said, without what the server said.
func testFolderTroubles(t *testing.T, p *box) {
	for want, change := range map[string]func(i *intake){
		"mail.imap_login":       func(i *intake) { i.account.IMAPPassword = password("wrong") },
		"mail.imap_folder":      func(i *intake) { i.account.Folder = "Nothing" },
		"mail.imap_unreachable": func(i *intake) { i.roots = newFake(t, false, false).roots },
	} {
		i := p.intake()
		change(i)
		f := i.checkFolder(t.Context())
		if f.ID != want || !f.Bad {
			t.Errorf("%+v, want %s", f, want)
		}
	}
	for security, port := range map[string]int{TLS: p.read.IMAPPort, StartTLS: p.open} {
		i := p.intake()
		i.account.IMAPSecurity, i.account.IMAPPort = security, port
		if f := i.checkFolder(t.Context()); f.ID != "mail.imap_works" || f.Bad {
			t.Errorf("%s: %+v", security, f)
		}
	}
}
