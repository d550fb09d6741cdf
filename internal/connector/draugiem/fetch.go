package draugiem

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

var _ receive.Fetcher = (*Draugiem)(nil)

const (
	// busyWait, calmWait and idleWait are between two looks: while questions are taken, while
	// some are open, and while there is nothing to look at, which asks nobody.
	busyWait, calmWait, idleWait = 10 * time.Second, 30 * time.Second, 3 * time.Second
	// overlap is how much older than the announcement a question may be: in which zone its time
	// is told is not documented, and a question too many is better than one that is lost.
	overlap = 24 * time.Hour
	// mostText is more than a question may have, and fits a letter however it is escaped.
	mostText   = 32 << 10
	mostAuthor = 64
	perPut     = 25
)

// letter is what a question says.
type letter struct {
	Do   do
	ID   string
	User session.UserRef
	Text string
	At   time.Time // when it was asked, or seen as it is now
}

// do is what a letter is about.
type do string

const (
	doAsk    do = "ask"
	doReword do = "reword"
)

// Fetch reads all questions. There is no cursor: what has no answer stays in the list, so what was
// asked while nobody looked is found by the next look.
func (d *Draugiem) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	next := receive.Next{Wait: calmWait}
	switch {
	case l.Busy:
		next.Wait = busyWait
	case len(l.Asked) == 0:
		next.Wait = idleWait
		return next, nil
	}
	if err := d.env.Spend(ctx, d, d.Place(), connector.RequestRead); err != nil {
		return next, err
	}
	all, unread, err := d.questions(ctx)
	if err != nil {
		return next, troubled(err)
	}
	if l.Busy {
		err = d.fresh(ctx, all, l.Since.Add(-overlap), put)
	}
	if err == nil {
		err = d.again(ctx, all, l.Asked, put)
	}
	if err == nil && unread > 0 {
		err = &receive.Trouble{ID: "draugiem.unreadable", Args: []any{"count", unread}, Wait: mendWait, Cause: errUnreadable}
	}
	return next, err
}

var errUnreadable = errors.New("some questions of the page are not readable")

// troubled says what somebody has to mend.
func troubled(err error) error {
	if saysNo(err) {
		return &receive.Trouble{ID: "draugiem.refused", Args: []any{"detail", connector.OutcomeOf(err).Detail}, Wait: mendWait, Cause: err}
	}
	return err
}

// fresh puts what nobody has seen and nobody answered. Where no time is told, all of that counts.
func (d *Draugiem) fresh(ctx context.Context, all []thing, from time.Time, put receive.Put) error {
	var events []connector.Event
	for _, q := range all {
		if q.Answer == "" && (q.At.IsZero() || !q.At.Before(from)) && !d.seen.asked(q.ID) {
			events = append(events, q.event(question+q.ID, letter{Do: doAsk, At: q.At}))
		}
	}
	for some := range slices.Chunk(events, perPut) {
		if _, err := put(ctx, some...); err != nil {
			return err
		}
		for _, e := range some {
			d.seen.ask(strings.TrimPrefix(e.Key, question))
		}
	}
	return nil
}

// event makes a letter of a question. Who asked may not be told; then nobody waits for anybody.
func (t thing) event(key string, l letter) connector.Event {
	author := strings.ToValidUTF8(strings.Join(strings.Fields(t.Author), ""), "")
	l.ID, l.Text, l.User = t.ID, t.Text, session.UserRef(cut(author, mostAuthor))
	l.Text = cut(l.Text, mostText)
	from := string(l.User)
	if from == "" {
		from = question + t.ID
	}
	raw, _ := json.Marshal(l) // of texts and times
	return connector.Event{Key: key, From: from, Line: connector.PublicLine, Raw: raw}
}

func cut(text string, most int) string { return strings.ToValidUTF8(text[:min(len(text), most)], "") }

// again puts open questions that are not as they were seen last. That one is not in the list says
// nothing: nobody knows whether it is whole.
func (d *Draugiem) again(ctx context.Context, all []thing, asked []session.Origin, put receive.Put) error {
	now := d.env.Now()
	for _, q := range all {
		if !slices.ContainsFunc(asked, func(o session.Origin) bool { return o.Message == session.MessageID(question+q.ID) }) || d.seen.same(q) {
			continue
		}
		if _, err := put(ctx, q.event(fmt.Sprintf("%s%s:%d", question, q.ID, now.UnixNano()), letter{Do: doReword, At: now})); err != nil {
			return err
		}
		d.seen.note(q)
	}
	return nil
}

// Handle does what one letter says.
func (d *Draugiem) Handle(ctx context.Context, raw []byte) error {
	var l letter
	if json.Unmarshal(raw, &l) != nil || !number.MatchString(l.ID) {
		return receive.ErrUndecodable
	}
	at := session.Origin{Connector: d.Name, Place: d.Place(), Message: session.MessageID(question + l.ID), User: l.User}
	switch l.Do {
	case doAsk:
		a := connector.Asked{Origin: at, Key: question + l.ID, Text: l.Text, Language: d.env.Language, At: l.At}
		if a.At.IsZero() {
			a.At = d.env.Now()
		}
		_, err := d.env.Inbox.Asked(ctx, a)
		return receive.Passed(err)
	case doReword:
		return receive.Passed(d.env.Inbox.Reworded(ctx, at, l.Text, l.At))
	}
	return receive.ErrUndecodable
}

// seen is what this process knows of questions, so that only what is new is put. Who knows
// nothing of one puts it once more, which changes nothing.
type seen struct {
	mu    sync.Mutex
	puts  map[string]bool
	texts map[string]string
}

// mostSeen bounds each of them; after that all are new.
const mostSeen = 10_000

func newSeen() seen { return seen{puts: map[string]bool{}, texts: map[string]string{}} }

func (s *seen) asked(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.puts[id]
}

func (s *seen) ask(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.puts) >= mostSeen {
		clear(s.puts)
	}
	s.puts[id] = true
}

func (s *seen) note(t thing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.texts) >= mostSeen {
		clear(s.texts)
	}
	s.texts[t.ID] = receive.RawKey([]byte(t.Text))
}

func (s *seen) same(t thing) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.texts[t.ID] == receive.RawKey([]byte(t.Text))
}
