package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"

	gomail "github.com/wneessen/go-mail"
)

// line is a connection to the server, logged in.
type line struct {
	client *gomail.Client
	close  func() // at once, whatever was said
}

// open logs in. The line breaks when ctx ends or after timeout, so that nothing is said on
// it any more when the lease of its letter is over: the library bounds each step, not all.
func (m *Mail) open(ctx context.Context) (line, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	c, err := gomail.NewClient(m.account.Host, m.options(ctx)...)
	if err == nil {
		err = c.DialWithContext(ctx)
	}
	m.note(err)
	if err != nil {
		cancel()
		return line{}, err
	}
	return line{c, cancel}, nil
}

func (m *Mail) options(ctx context.Context) []gomail.Option {
	a := m.account
	o := []gomail.Option{gomail.WithPort(a.Port), gomail.WithTimeout(timeout), gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
		gomail.WithUsername(a.Username), gomail.WithPassword(a.Password.Reveal()),
		gomail.WithTLSConfig(m.encryption(a.smtp())), gomail.WithTLSPolicy(gomail.TLSMandatory),
		// The context that the library gives ends as soon as the log-in is done.
		gomail.WithDialContextFunc(func(_ context.Context, _, _ string) (net.Conn, error) {
			return m.dial(ctx, m.account.smtp())
		})}
	if a.Security == TLS { // dial has done it already, so the server offers none
		o = append(o, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	return o
}

func (m *Mail) encryption(s server) *tls.Config {
	return &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12, RootCAs: m.roots}
}

// dial makes a connection that is closed when ctx ends.
func (m *Mail) dial(ctx context.Context, s server) (net.Conn, error) {
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.address())
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = raw.Close() })
	if s.security != TLS {
		return raw, nil
	}
	conn := tls.Client(raw, m.encryption(s))
	return conn, conn.HandshakeContext(ctx)
}

// note remembers what keeps letters from going out. What the server says is not kept: it
// may repeat what it was told.
func (m *Mail) note(err error) {
	if err == nil {
		m.troubles.Over(sending)
		return
	}
	id := "mail.unreachable"
	if e, ok := errors.AsType[*textproto.Error](err); ok && e.Code >= 530 && e.Code <= 539 {
		id = "mail.login_refused"
	}
	m.troubles.Note(sending, id, "host", m.account.Host, "port", m.account.Port)
}

// sending is the one subject of troubles of letters that go out.
const sending = "server"
