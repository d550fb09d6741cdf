package mail

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

// post is an IMAP server with one account; it is somebody else's.
type post struct {
	*fake
	t    *testing.T
	user *imapmemserver.User
	caps imap.CapSet
	open int // the port of STARTTLS
}

func newPost(t *testing.T, caps ...imap.Cap) *post {
	t.Helper()
	p := &post{fake: newFake(t, false, false), t: t, user: imapmemserver.NewUser("bot", "secret-password"), caps: imap.CapSet{}}
	for _, c := range append(caps, imap.CapIMAP4rev1) {
		p.caps[c] = struct{}{}
	}
	p.create("INBOX")
	all := imapmemserver.New()
	all.AddUser(p.user)
	secure := &tls.Config{Certificates: []tls.Certificate{p.cert}}
	implied, open := listen(t), listen(t)
	s := imapserver.New(&imapserver.Options{Caps: p.caps, Logger: log.New(io.Discard, "", 0), TLSConfig: secure,
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return all.NewSession(), nil, nil
		}})
	var running sync.WaitGroup
	running.Go(func() { _ = s.Serve(tls.NewListener(implied, secure)) })
	running.Go(func() { _ = s.Serve(open) })
	t.Cleanup(func() { s.Close(); running.Wait() })
	p.port, p.open = implied.Addr().(*net.TCPAddr).Port, open.Addr().(*net.TCPAddr).Port
	return p
}

func listen(t *testing.T) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (p *post) create(name string) {
	if err := p.user.Create(name, nil); err != nil {
		p.t.Fatal(err)
	}
}

// came puts a letter into the account.
func (p *post) came(at time.Time, raw string) {
	p.t.Helper()
	_, err := p.user.Append("INBOX", literal{strings.NewReader(raw), int64(len(raw))}, &imap.AppendOptions{Time: at})
	if err != nil {
		p.t.Fatal(err)
	}
}

type literal struct {
	*strings.Reader
	size int64
}

func (l literal) Size() int64 { return l.size }

func (p *post) intake() *intake {
	a := Account{Host: "127.0.0.1", From: "ask@example.lv", Username: "bot", Password: setting.NewSecret("secret-password"),
		IMAPHost: "127.0.0.1", IMAPPort: p.port, IMAPSecurity: TLS, Folder: "INBOX"}
	env := connector.Env{Signer: signer, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Mailbox: func(session.ConnectorID) connector.Mailbox { return nil },
		Memory:  func(session.ConnectorID) connector.Memory { return connectortest.NewMemory() }}
	m := New(env, a, "mail")
	m.roots = p.roots
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

// TestFetch: from the announcement on, in order, each once, also when the folder was
// numbered anew, and nothing is marked there.
func TestFetch(t *testing.T) {
	t.Parallel()
	p := newPost(t)
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
	if err := p.user.Delete("INBOX"); err != nil {
		t.Fatal(err)
	}
	p.create("INBOX")
	p.came(noon, plainLetter(3))
	_, again, _ := i.fetch(t, next.Cursor)
	if !slices.Equal(first, again) {
		t.Errorf("keys %q, numbered anew %q", first, again)
	}
	st, err := p.user.Status("INBOX", &imap.StatusOptions{NumMessages: true, NumUnseen: true})
	if err != nil || *st.NumMessages != *st.NumUnseen {
		t.Errorf("%v of %v letters look unread, %v", *st.NumUnseen, *st.NumMessages, err)
	}
}

// TestFetchStopsWhereItCouldNotPut: what was not stored is fetched again.
func TestFetchStopsWhereItCouldNotPut(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.came(noon, plainLetter(1))
	away := session.Fail(session.Unavailable, "unavailable")
	look := receive.Look{}
	look.Since = noon
	next, err := p.intake().Fetch(t.Context(), look, func(context.Context, ...connector.Event) (int, error) { return 0, away })
	if session.KindOf(err) != session.Unavailable || next.Cursor != nil {
		t.Errorf("%+v, %v", next, err)
	}
}

// TestLongLetter: of one with fifty megabytes attached the text is read, and no more.
func TestLongLetter(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.came(noon, "From: ilze@example.test\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n"+
		"When?\r\n--x\r\nContent-Type: application/zip\r\n\r\n"+strings.Repeat("x\r\n", 1<<20)+"--x--\r\n")
	if came, _, _ := p.intake().fetch(t, nil); !slices.Equal(came, []string{"When?"}) {
		t.Errorf("came %q", came)
	}
}

// TestStream: the server tells of a letter.
func TestStream(t *testing.T) {
	t.Parallel()
	p := newPost(t, imap.CapIdle)
	i := p.intake()
	ctx, stop := context.WithCancel(t.Context())
	told := make(chan bool, 10)
	ended := make(chan error, 1)
	go func() { ended <- i.Stream(ctx, func() { told <- true }, nil) }()
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
	p.came(noon, plainLetter(1))
	await("a letter came")
	stop()
	if err := <-ended; err != nil {
		t.Errorf("stopped: %v", err)
	}
}

// TestFolderTroubles: what is wrong is said, without what the server said.
func TestFolderTroubles(t *testing.T) {
	t.Parallel()
	p := newPost(t, imap.CapIdle)
	for want, change := range map[string]func(i *intake){
		"mail.imap_login":       func(i *intake) { i.account.IMAPPassword = setting.NewSecret("wrong") },
		"mail.imap_folder":      func(i *intake) { i.account.Folder = "Questions" },
		"mail.imap_unreachable": func(i *intake) { i.roots = newFake(t, false, false).roots },
	} {
		i := p.intake()
		change(i)
		f := i.checkFolder(t.Context())
		if f.ID != want || !f.Bad {
			t.Errorf("%+v, want %s", f, want)
		}
	}
	for security, port := range map[string]int{TLS: p.port, StartTLS: p.open} {
		i := p.intake()
		i.account.IMAPSecurity, i.account.IMAPPort = security, port
		if f := i.checkFolder(t.Context()); f.ID != "mail.imap_works" || f.Bad {
			t.Errorf("%s: %+v", security, f)
		}
	}
}
