package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"time"

	gomail "github.com/wneessen/go-mail"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

const (
	longest = 20_000 // characters of a letter
	timeout = 30 * time.Second
	pause   = time.Minute // before a server that was away is tried again
)

// Mail sends letters by one account. No Finder and no Keyed: SMTP has no look-up, and a
// Message-ID that comes twice is two letters.
type Mail struct {
	id       session.ConnectorID
	account  Account
	env      connector.Env
	inbox    *receive.Runner // nil reads nothing
	troubles *connector.Troubles
	roots    *x509.CertPool // whom to trust; nil is whom the machine does
}

// New makes the connector; it opens no connection.
func New(env connector.Env, a Account, id session.ConnectorID) *Mail {
	m := &Mail{id: id, account: a, env: env, troubles: connector.NewTroubles(id, env.Log)}
	if a.IMAPHost != "" {
		m.inbox = receive.For(env, id, &intake{m})
		m.inbox.Lease = "mail:" + string(id)
	}
	return m
}

var (
	_ connector.Connector = (*Mail)(nil)
	_ connector.Replier   = (*Mail)(nil)
	_ connector.Checker   = (*Mail)(nil)
	_ connector.Troubled  = (*Mail)(nil)
)

// ID is that of its table.
func (m *Mail) ID() session.ConnectorID { return m.id }

// Limits are those of good manners towards the server.
func (m *Mail) Limits() connector.Limits {
	return connector.Limits{Longest: connector.AtMost(longest, session.Characters), Timeout: timeout, Letters: true,
		Mailed: m.inbox != nil}
}

// Run reads letters, or only waits.
func (m *Mail) Run(ctx context.Context) error {
	if m.inbox != nil {
		return m.inbox.Run(ctx)
	}
	<-ctx.Done()
	return nil
}

// Reply sends one letter.
func (m *Mail) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	switch {
	case p.Recipient == nil || p.Recipient.To == "":
		return connector.Sent{}, &connector.SendError{Outcome: connector.Refused, Unreachable: true,
			Detail: "the asker wants no e-mail any more"}
	case !m.Limits().Longest.Fits(p.Text):
		return connector.Sent{}, &connector.SendError{Outcome: connector.Refused, Detail: "too long"}
	}
	letter, id, err := m.compose(p)
	if err != nil {
		return connector.Sent{}, &connector.SendError{Outcome: connector.Refused,
			Detail: "no letter can be written to this address", Cause: errCompose}
	}
	if err := m.send(ctx, letter); err != nil {
		return connector.Sent{}, err
	}
	return connector.Sent{Message: session.MessageID(id)}, nil
}

// send hands a letter over.
func (m *Mail) send(ctx context.Context, letter *gomail.Msg) error {
	l, err := m.open(ctx)
	if err != nil { // nothing was said yet that could be a letter
		return &connector.SendError{Outcome: connector.Deferred, Wait: pause, Detail: "the mail server cannot be reached", Cause: errDial}
	}
	defer l.close()
	if err := l.client.Send(letter); err != nil && !letter.IsDelivered() {
		return classify(err)
	}
	_ = l.client.Close() // says goodbye
	return nil
}

// What went wrong, for the log: what a server says may name the asker.
var (
	errCompose = errors.New("mail: the letter could not be made")
	errDial    = errors.New("mail: no connection or log-in")
	errSend    = errors.New("mail: the letter was not taken")
)

// early are the steps before the line that ends a letter: whatever breaks there, nothing
// arrived.
var early = map[gomail.SendErrReason]bool{gomail.ErrGetSender: true, gomail.ErrGetRcpts: true, gomail.ErrSMTPMailFrom: true,
	gomail.ErrSMTPRcptTo: true, gomail.ErrSMTPData: true, gomail.ErrConnCheck: true, gomail.ErrNoUnencoded: true,
	gomail.ErrWriteContent: true}

// nobody are the codes for an address that does not exist (RFC 3463), which no moderator
// can mend.
var nobody = map[string]bool{"5.1.1": true, "5.1.2": true, "5.1.3": true, "5.1.10": true, "5.2.1": true}

// classify says what is known: a code of the server is an answer, and without one after
// the text was ended nobody knows.
func classify(err error) error {
	e, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return &connector.SendError{Outcome: connector.Unsure, Cause: errSend}
	}
	said := &connector.SendError{Outcome: connector.Unsure, Detail: "the mail server did not say whether it took the letter", Cause: errSend}
	switch code := e.ErrorCode(); {
	case code >= 500:
		said.Outcome, said.Detail = connector.Refused, "the mail server refuses the letter: "+e.Reason.String()+" "+e.EnhancedStatusCode()
		said.Unreachable = e.Reason == gomail.ErrSMTPRcptTo && nobody[e.EnhancedStatusCode()]
	case code >= 400 || early[e.Reason]:
		said.Outcome, said.Wait, said.Detail = connector.Deferred, pause, "the mail server asks to come again later"
	}
	return said
}

// Check logs in to both servers, and sends and changes nothing.
func (m *Mail) Check(ctx context.Context) []connector.Finding {
	l, err := m.open(ctx)
	if err != nil {
		return m.troubles.List()
	}
	defer l.close()
	_ = l.client.Close()
	fs := []connector.Finding{{ID: "mail.works", Args: []any{"host", m.account.Host, "from", m.account.From}}}
	if m.inbox == nil {
		return append(fs, connector.Finding{ID: "mail.reads_nothing"})
	}
	return append(fs, m.checkFolder(ctx))
}

// Trouble says that letters wait, there or here, and why.
func (m *Mail) Trouble() []connector.Finding {
	fs := m.troubles.List()
	if m.inbox != nil {
		fs = append(fs, m.inbox.Troubles.List()...)
	}
	return fs
}
