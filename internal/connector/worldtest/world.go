// Package worldtest is what the connectors of platforms are tried in: a clock, the store that
// replicas share, an inbox that notes what came, and how a look or a request is judged.
//
// It knows the ports of package connector and the runner of what comes in. It must not know a platform.
package worldtest

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/receive"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

// World is what a connector is tried in: a clock that stands unless a test moves it, the store
// that replicas share, an inbox that notes what came, and what an hour is like just then.
type World struct {
	T       testing.TB
	Clock   *Clock
	Store   *redistest.Store
	Inbox   *Inbox
	Hours   connector.Hours
	Own     func() []connectortest.Seen // what the account wrote, as a reader finds it
	Secrets []string                    // which no error may tell
	Began   time.Time                   // where the clock stood at first

	leases *connectortest.Leases
	memory *connectortest.Memory
	mu     sync.Mutex
	spent  []connector.Request
}

// New makes one in which it is ten in the morning of a day in November.
func New(t testing.TB) *World {
	t.Helper()
	began := time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)
	return &World{T: t, Clock: &Clock{at: began}, Store: redistest.New(t, time.Now), Inbox: &Inbox{}, Began: began,
		leases: connectortest.NewLeases(), memory: connectortest.NewMemory()}
}

// Env is the environment of one replica.
func (w *World) Env() connector.Env {
	return connector.Env{Language: session.Latvian, Now: w.Clock.Now, Log: slog.New(slog.DiscardHandler), Inbox: w.Inbox, Owner: "one",
		Leases: w.leases, Mailbox: w.Store.Mailbox, Vault: w.Store.Vault, Spend: w.spend,
		Memory:    func(session.ConnectorID) connector.Memory { return w.memory },
		Hours:     func(context.Context, session.ConnectorID) (connector.Hours, error) { return w.Hours, nil },
		Originals: func(context.Context, session.ConnectorID) ([]session.Origin, error) { return nil, nil }}
}

func (w *World) spend(_ context.Context, _ connector.Connector, _ session.PlaceID, r connector.Request) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.spent = append(w.spent, r)
	return nil
}

// Spent are the requests that were paid for, in their order.
func (w *World) Spent() []connector.Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.spent)
}

// fetcher is a connector that asks its platform what there is.
type fetcher interface {
	receive.Fetcher
	Handle(ctx context.Context, raw []byte) error
}

// Look fetches once and handles what came.
func (w *World) Look(c fetcher, l receive.Look) (receive.Next, error) {
	w.T.Helper()
	return c.Fetch(w.T.Context(), l, func(ctx context.Context, events ...connector.Event) (int, error) {
		for _, e := range events {
			if err := c.Handle(ctx, e.Raw); err != nil {
				return 0, err
			}
		}
		return len(events), nil
	})
}

// Found are the names of what a check found, without that of the kind.
func Found(all []connector.Finding, kind string) (names []string) {
	for _, f := range all {
		names = append(names, strings.TrimPrefix(f.ID, kind+"."))
	}
	return names
}

// Must ends the test where something failed.
func (w *World) Must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// Wants is how a request failed.
func (w *World) Wants(what string, err error, outcome connector.Outcome) {
	w.T.Helper()
	if err == nil || connector.OutcomeOf(err).Outcome != outcome {
		w.T.Errorf("%s: %v", what, err)
	}
	for _, secret := range w.Secrets {
		if err != nil && strings.Contains(err.Error(), secret) {
			w.T.Errorf("%s: it tells a secret", what)
		}
	}
}

// Reads wants a reader to find just those texts of the account.
func (w *World) Reads(want ...string) {
	w.T.Helper()
	var got []string
	for _, s := range w.Own() {
		got = append(got, s.Text)
	}
	if !slices.Equal(got, want) {
		w.T.Errorf("a reader finds %q, want %q", got, want)
	}
}

// Clock is moved by tests; it stands otherwise.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// Now is what it shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Pass moves it.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// Inbox notes what came, each question once.
type Inbox struct {
	connector.PublicInbox // what no connector calls there

	mu        sync.Mutex
	announced []session.MessageID
	unplaced  bool
	asked     []connector.Asked
	reworded  []string
	removed   []session.MessageID
	liked     []int
}

// Announce has a message be an announcement of hour "h".
func (i *Inbox) Announce(at session.MessageID) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.announced = append(i.announced, at)
}

// Unplace has an announcement be on its way, of which nobody knows yet where it stands, or not.
func (i *Inbox) Unplace(is bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.unplaced = is
}

// Asked notes a question whose key is new.
func (i *Inbox) Asked(_ context.Context, a connector.Asked) (session.QuestionRef, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !slices.ContainsFunc(i.asked, func(o connector.Asked) bool { return o.Key == a.Key }) {
		i.asked = append(i.asked, a)
	}
	return session.QuestionRef{Session: "h", Number: 1}, nil
}

// Announced finds what Announce and Unplace said.
func (i *Inbox) Announced(_ context.Context, at session.Origin, _ time.Time) (session.ID, bool, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case slices.Contains(i.announced, at.Message):
		return "h", true, nil
	case i.unplaced:
		return "", false, connector.ErrUnplaced
	}
	return "", false, nil
}

// Reworded notes the new words.
func (i *Inbox) Reworded(_ context.Context, _ session.Origin, text string, _ time.Time) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.reworded = append(i.reworded, text)
	return nil
}

// Removed notes which message it was.
func (i *Inbox) Removed(_ context.Context, at session.Origin) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.removed = append(i.removed, at.Message)
	return nil
}

// Liked notes how many.
func (i *Inbox) Liked(_ context.Context, _ session.Origin, count int, _ time.Time) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.liked = append(i.liked, count)
	return nil
}

// Questions are what was asked, in the order in which it came.
func (i *Inbox) Questions() []connector.Asked {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.asked)
}

// Texts are those of the questions.
func (i *Inbox) Texts() (texts []string) {
	for _, a := range i.Questions() {
		texts = append(texts, a.Text)
	}
	return texts
}

// Wordings are the new words of questions, in the order in which they came.
func (i *Inbox) Wordings() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.reworded)
}

// Removals are the messages that are not there any more.
func (i *Inbox) Removals() []session.MessageID {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.removed)
}

// Likes are the counts that were told.
func (i *Inbox) Likes() []int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.liked)
}

// Forget forgets the wordings so far.
func (i *Inbox) Forget() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.reworded = nil
}

// Clear forgets everything, announcements too.
func (i *Inbox) Clear() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.announced, i.unplaced = nil, false
	i.asked, i.reworded, i.removed, i.liked = nil, nil, nil, nil
}

// Collect notes events, of which all are new.
func Collect(all *[]connector.Event) receive.Put {
	return func(_ context.Context, events ...connector.Event) (int, error) {
		*all = append(*all, events...)
		return len(events), nil
	}
}

// HTMLPage is what a proxy answers in the place of a platform, with one of HTMLStatuses.
const HTMLPage = "<html><h1>Bad gateway</h1></html>"

// HTMLStatuses are those with which such a page comes.
var HTMLStatuses = []int{http.StatusOK, http.StatusInternalServerError, http.StatusBadGateway}
