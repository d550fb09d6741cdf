package mail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
)

// folder is the one that is read, over a connection of its own. It is opened for looking
// only: what the institution's people see there is as if nobody had read it.
type folder struct {
	*imapclient.Client
	data *imap.SelectData
}

// openFolder connects, logs in and opens. onNews is called when the server tells that
// something has come. The connection ends with ctx.
func (m *Mail) openFolder(ctx context.Context, onNews func()) (folder, error) {
	return m.openWithin(ctx, math.MaxInt64, onNews)
}

// openWithin is openFolder over a connection that breaks after so many bytes of the server.
func (m *Mail) openWithin(ctx context.Context, most int64, onNews func()) (folder, error) {
	ctx, giveUp := context.WithCancel(ctx)
	late := time.AfterFunc(timeout, giveUp)
	defer late.Stop()
	c, err := m.connect(ctx, most, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages != nil {
				onNews()
			}
		}}})
	if err != nil {
		return folder{}, m.away("mail.imap_unreachable")
	}
	name, password := m.account.login()
	if err := c.Login(name, password).Wait(); err != nil {
		_ = c.Close()
		return folder{}, m.refused("mail.imap_login", err)
	}
	data, err := c.Select(m.account.Folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		_ = c.Close()
		return folder{}, m.refused("mail.imap_folder", err)
	}
	return folder{c, data}, nil
}

func (m *Mail) connect(ctx context.Context, most int64, o *imapclient.Options) (*imapclient.Client, error) {
	s := m.account.imap()
	conn, err := m.dial(ctx, s)
	if err != nil {
		return nil, err
	}
	conn = &bounded{conn, most}
	if s.security == TLS {
		return imapclient.New(conn, o), nil
	}
	o.TLSConfig = m.encryption(s)
	return imapclient.NewStartTLS(conn, o)
}

var errIMAP = errors.New("mail: the folder cannot be read")

// away is what keeps letters from being read. What the server says is not kept.
func (m *Mail) away(id string) error {
	return &receive.Trouble{ID: id, Args: []any{"host", m.account.IMAPHost, "port", m.account.IMAPPort, "folder", m.account.Folder},
		Cause: fmt.Errorf("%s: %w", id, errIMAP)}
}

// refused is away, unless the server did not say no.
func (m *Mail) refused(id string, err error) error {
	if _, ok := errors.AsType[*imap.Error](err); !ok {
		id = "mail.imap_unreachable"
	}
	return m.away(id)
}

// leave ends the connection; nothing is lost by that.
func (f folder) leave() { _ = f.Close() }

// idles reports whether the server tells when something has come.
func (f folder) idles() bool {
	caps := f.Caps()
	return caps.Has(imap.CapIdle) || caps.Has(imap.CapIMAP4rev2)
}

// since lists what is behind a cursor; where that is of another folder of the same name,
// or none, what has come since a day.
func (f folder) since(c cursor, day time.Time) ([]imap.UID, error) {
	by := &imap.SearchCriteria{Since: day.AddDate(0, 0, -1)} // servers have their own time
	if c.Validity == f.data.UIDValidity {
		var behind imap.UIDSet
		behind.AddRange(c.UID+1, 0)
		by = &imap.SearchCriteria{UID: []imap.UIDSet{behind}}
	} else {
		c.UID = 0
	}
	found, err := f.UIDSearch(by, nil).Wait()
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(found.AllUIDs(), func(u imap.UID) bool { return u <= c.UID }) // "5:*" is also the last one, 3
	slices.Sort(all)
	return all, nil
}

// read brings letters as far as they are read, in the order in which they came.
func (f folder) read(uids []imap.UID) (all []letter, err error) {
	body := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: mostBytes}}
	cmd := f.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, InternalDate: true,
		BodySection: []*imap.FetchItemBodySection{body}})
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		l := letter{Validity: f.data.UIDValidity}
		for item := msg.Next(); item != nil; item = msg.Next() {
			if err := l.take(item); err != nil {
				return nil, errors.Join(err, cmd.Close())
			}
		}
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b letter) int { return int(int64(a.UID) - int64(b.UID)) })
	return all, cmd.Close()
}

// take keeps a part of an answer, and no more of it than was asked for.
func (l *letter) take(item imapclient.FetchItemData) (err error) {
	switch item := item.(type) {
	case imapclient.FetchItemDataUID:
		l.UID = item.UID
	case imapclient.FetchItemDataInternalDate:
		l.At = item.Time.UTC()
	case imapclient.FetchItemDataBodySection:
		if item.Literal != nil {
			l.Raw, err = io.ReadAll(io.LimitReader(item.Literal, mostBytes))
		}
	}
	return err
}

// checkFolder says what is in the folder, and whether the server tells of news.
func (m *Mail) checkFolder(ctx context.Context) connector.Finding {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	f, err := m.openFolder(ctx, func() {})
	if t, ok := errors.AsType[*receive.Trouble](err); ok {
		return connector.Finding{ID: t.ID, Args: t.Args, Bad: true}
	}
	defer f.leave()
	id := "mail.imap_works"
	if !f.idles() {
		id = "mail.imap_polls"
	}
	return connector.Finding{ID: id, Args: []any{"host", m.account.IMAPHost, "folder", m.account.Folder, "letters", int(f.data.NumMessages)}}
}
