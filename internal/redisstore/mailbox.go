package redisstore

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// mailbox is one connector's. It has no consumer group: a group forgets what a
// connection was given when the reply is lost, and cannot be made whole after somebody
// deleted the stream. Who holds which letter is in a sorted set of its own, so that
// every step is one script that recognises its repeat.
type mailbox struct {
	store *Store
	keys  inbox
}

var _ connector.Mailbox = mailbox{}

// Mailbox is where a connector puts what its platform handed over.
func (s *Store) Mailbox(c session.ConnectorID) connector.Mailbox {
	return mailbox{s, s.keys.inbox(c)}
}

// Put is connector.Mailbox's. It is one round trip.
func (m mailbox) Put(ctx context.Context, events ...connector.Event) (int, error) {
	if len(events) == 0 {
		return 0, nil
	}
	k := m.keys
	keys := append(k.line(connector.StaffLine).keys(), k.line(connector.PublicLine).keys()...)
	args := []any{rand.Text() + ":", connector.KeysFor.Milliseconds()}
	for _, e := range events {
		if len(e.Raw) > connector.LongestLetter {
			return 0, tooLong(connector.LongestLetter)
		}
		line := 2
		if e.Line == connector.StaffLine {
			line = 1
		}
		keys = append(keys, k.known(e.Key))
		args = append(args, line, senderOf(e), e.Key, e.Raw)
	}
	reply, err := m.store.commit(ctx, putScript, keys, args...)
	return int(number(reply)), err
}

func tooLong(limit int) error {
	return session.Fail(session.Invalid, "too_long_to_keep", "limit", limit>>10)
}

// Take is connector.Mailbox's. It is one round trip where something is there, and holds
// one connection while it waits. A failover may lose that a letter was given out: then
// it is given out again, as after LetterFor.
func (m mailbox) Take(ctx context.Context, line connector.MailLine, most int, wait time.Duration) ([]connector.Letter, error) {
	end := time.Now().Add(wait)
	for {
		letters, next, err := m.take(ctx, line, max(most, 1))
		left := time.Until(end)
		if err != nil || len(letters) > 0 || left <= 0 {
			return letters, err
		}
		if err := m.listen(ctx, line, min(left, next)); err != nil {
			return nil, err
		}
	}
}

// take gives what is there, or how long it is worth to wait for something new.
func (m mailbox) take(ctx context.Context, line connector.MailLine, most int) ([]connector.Letter, time.Duration, error) {
	l := m.keys.line(line)
	keys := append(append(l.keys(), l.took(rand.Text())), m.keys.former()...)
	reply, err := m.store.run(ctx, takeScript, keys, most, connector.LetterFor.Milliseconds())
	if err != nil {
		return nil, 0, err
	}
	v, ok := reply.([]any)
	if !ok {
		return nil, worthWaiting(number(reply)), nil
	}
	if len(v)%4 != 0 {
		return nil, 0, fmt.Errorf("take from %s: %w", l, errReply)
	}
	letters := make([]connector.Letter, 0, len(v)/4)
	for i := 0; i < len(v); i += 4 {
		letters = append(letters, connector.Letter{ID: word(v[i]), Key: word(v[i+1]), Line: line, Tries: int(number(v[i+2])),
			Raw: []byte(word(v[i+3])), At: putAt(word(v[i]))})
	}
	return letters, 0, nil
}

// takeBlock is how long a taker waits in the server at a time.
const takeBlock = 500 * time.Millisecond

// worthWaiting bounds a wait by the time at which a held letter is free, in ms from now.
func worthWaiting(free int64) time.Duration {
	if free <= 0 {
		return takeBlock
	}
	return min(time.Duration(free)*time.Millisecond, takeBlock)
}

// listen waits until the stream is not empty; d is at most takeBlock. A client that waits
// in the server does not notice that ctx ended, so it is left alone then.
func (m mailbox) listen(ctx context.Context, line connector.MailLine, d time.Duration) error {
	block := time.Duration(max(millisUp(d), 1)) * time.Millisecond // 0 would be for ever
	args := &redis.XReadArgs{Streams: []string{m.keys.line(line).stream(), "0-0"}, Count: 1, Block: block}
	heard := make(chan error, 1)
	go func() { heard <- m.store.client.XRead(ctx, args).Err() }()
	select {
	case err := <-heard:
		return outcome(err)
	case <-ctx.Done():
		return outcome(ctx.Err())
	}
}

// Handled is connector.Mailbox's.
func (m mailbox) Handled(ctx context.Context, l connector.Letter) error {
	keys := append(m.keys.line(l.Line).keys(), m.keys.known(l.Key))
	_, err := m.store.run(ctx, handledScript, keys, l.ID, connector.KeysFor.Milliseconds())
	return err
}

// Bury is connector.Mailbox's.
func (m mailbox) Bury(ctx context.Context, l connector.Letter, reason string) error {
	_, err := m.bury(ctx, l.Line, l.ID, reason+" "+l.Key)
	return err
}

// Dead is connector.Mailbox's. It drops the dead of long ago as well, so that they go
// also where nothing else is buried.
func (m mailbox) Dead(ctx context.Context) (int, error) {
	return m.bury(ctx, connector.StaffLine, "", "")
}

func (m mailbox) bury(ctx context.Context, line connector.MailLine, id, why string) (int, error) {
	keys := append(m.keys.line(line).keys(), m.keys.dead(), m.keys.grave())
	reply, err := m.store.run(ctx, buryScript, keys, id, why, connector.DeadFor.Milliseconds(), connector.MostDead)
	return int(number(reply)), err
}
