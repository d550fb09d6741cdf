package mail

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
)

// intake is the account as a Runner sees it.
type intake struct{ *Mail }

var (
	_ receive.Fetcher  = (*intake)(nil)
	_ receive.Streamer = (*intake)(nil)
)

const (
	// mostBytes is how much of a letter is read: its text comes before what is attached.
	mostBytes = 64 << 10
	// batch is how many letters are put in one step, mostLetters how many in one fetch.
	batch, mostLetters = 20, 400
	// fetchFor bounds one fetch.
	fetchFor = 5 * time.Minute
	// busyEvery and idleEvery are between two fetches when the server tells of no news.
	busyEvery, idleEvery = 30 * time.Second, 5 * time.Minute
	// noIdle is how long a server that cannot tell of news is not asked to.
	noIdle = time.Hour
)

// letter is what the mailbox keeps: the beginning of a letter as it came, when it came, and its
// numbers in the folder.
type letter struct {
	At       time.Time `json:"at"`
	Raw      []byte    `json:"raw"`
	Validity uint32    `json:"validity,omitempty"`
	UID      imap.UID  `json:"uid,omitempty"`
}

// cursor is how far the folder was read. Where its Validity changed, all numbers did.
type cursor struct {
	Validity uint32   `json:"validity"`
	UID      imap.UID `json:"uid"`
}

// Fetch reads on, or from the announcement of an hour. What is read once more because the
// folder was numbered anew has the key that it had before.
func (i *intake) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchFor)
	defer cancel()
	f, err := i.openFolder(ctx, func() {})
	if err != nil {
		return receive.Next{}, err
	}
	defer f.leave()
	var c cursor
	_ = json.Unmarshal(l.Cursor, &c) // what cannot be read begins anew
	uids, err := f.since(c, l.Since)
	if err != nil {
		return receive.Next{}, i.refused("mail.imap_folder", err)
	}
	next, wait := f.behind(c, uids), pace(l.Busy)
	if len(uids) > mostLetters {
		uids, wait = uids[:mostLetters], 0
		next.UID = uids[mostLetters-1]
	}
	if c.Validity == f.data.UIDValidity {
		l.Since = time.Time{} // all that is behind a cursor
	}
	for some := range slices.Chunk(uids, batch) {
		if err := i.bring(ctx, f, some, l.Since, put); err != nil {
			return receive.Next{}, err
		}
	}
	kept, err := json.Marshal(next)
	return receive.Next{Cursor: kept, Wait: wait}, err
}

// behind is the cursor behind all that there is.
func (f folder) behind(c cursor, found []imap.UID) cursor {
	next := cursor{f.data.UIDValidity, max(f.data.UIDNext, 1) - 1}
	if c.Validity == next.Validity {
		next.UID = max(next.UID, c.UID)
	}
	if len(found) > 0 {
		next.UID = max(next.UID, found[len(found)-1])
	}
	return next
}

func pace(busy bool) time.Duration {
	if busy {
		return busyEvery
	}
	return idleEvery
}

// bring puts a few letters, without those that came before a time.
func (i *intake) bring(ctx context.Context, f folder, uids []imap.UID, since time.Time, put receive.Put) error {
	letters, err := f.read(uids)
	if err != nil {
		return i.refused("mail.imap_folder", err)
	}
	var events []connector.Event
	for _, l := range letters {
		if l.At.Before(since) || len(l.Raw) == 0 {
			continue
		}
		e, err := l.event()
		if err != nil {
			return err
		}
		events = append(events, e)
	}
	if len(events) == 0 {
		return nil
	}
	_, err = put(ctx, events...)
	return err
}

// event is a letter under the key by which it is known when it comes once more: its
// Message-ID with its sender, for nobody may keep out what somebody else writes.
func (l letter) event() (connector.Event, error) {
	raw, err := json.Marshal(l)
	n := head(l.Raw)
	key := receive.RawKey([]byte(string(n.id) + "\n" + n.from))
	return connector.Event{Key: key, From: n.from, Line: connector.PublicLine, Raw: raw}, err
}

var errNoIdle = errors.New("mail: the server cannot tell when something comes")

// Stream has the server tell when something has come, which is fetched then. The library
// asks it anew before the half hour after which servers may hang up.
func (i *intake) Stream(ctx context.Context, up func(), _ receive.Put) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f, err := i.openFolder(ctx, up)
	if err != nil {
		return err
	}
	defer f.leave()
	if !f.idles() {
		return &receive.Trouble{Wait: noIdle, Cause: errNoIdle}
	}
	idle, err := f.Idle()
	if err != nil {
		return i.away("mail.imap_unreachable")
	}
	up()
	if err := idle.Wait(); err != nil && ctx.Err() == nil {
		return i.away("mail.imap_unreachable")
	}
	return nil
}
