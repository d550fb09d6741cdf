// Package graphtest is what the tests of the connectors at Meta's platforms have in common: what
// the core gives a connector, an inbox that notes what came, and looks by hand.
package graphtest

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/graph/graphfake"
	"experthour/internal/connector/receive"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

// HTMLPage is what a proxy answers.
const HTMLPage = "<html><h1>Bad gateway</h1></html>"

// World is the core around a connector. Its replicas share the vault, the leases and the memory.
type World struct {
	T      testing.TB
	Clock  *graphfake.Clock
	Inbox  *Inbox
	Since  time.Time
	Hours  connector.Hours // for a Run
	Secret []string        // that no error tells

	leases connector.Leases
	vault  func(session.ConnectorID, string) connector.Vault
	memory connector.Memory
	mu     sync.Mutex
	spent  int
	notes  []string // kept, in their order
}

// New makes one. The clock stands.
func New(t testing.TB, secret ...string) *World {
	w := &World{T: t, Clock: graphfake.NewClock(time.Date(2026, 11, 22, 12, 1, 0, 0, time.UTC)), Inbox: &Inbox{}, Secret: secret,
		leases: connectortest.NewLeases(), memory: connectortest.NewMemory()}
	w.Since = w.Clock.Now()
	store := redistest.New(t, w.Clock.Now)
	w.vault = func(c session.ConnectorID, of string) connector.Vault { return store.Vault(c, of) }
	return w
}

// Env is what the core gives a replica.
func (w *World) Env(owner string) connector.Env {
	store := redistest.New(w.T, time.Now)
	return connector.Env{Language: session.Latvian, Now: w.Clock.Now, Log: slog.New(slog.DiscardHandler), Inbox: w.Inbox, Owner: owner,
		PublicURL: "https://bot.example", Leases: w.leases, Vault: w.vault,
		Mailbox:   func(id session.ConnectorID) connector.Mailbox { return store.Mailbox(id) },
		Memory:    func(session.ConnectorID) connector.Memory { return w.memory },
		Hours:     func(context.Context, session.ConnectorID) (connector.Hours, error) { return w.Hours, nil },
		Originals: func(context.Context, session.ConnectorID) ([]session.Origin, error) { return nil, nil },
		Spend: func(context.Context, connector.Connector, session.PlaceID, connector.Request) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.spent++
			return nil
		}}
}

// Spent is how many reads were paid for.
func (w *World) Spent() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.spent
}

// Keeps is a post whose notes are kept.
func (w *World) Keeps(p connector.Post) connector.Post {
	p.Language, p.Approved = session.Latvian, w.Clock.Now()
	p.KeepNote = func(_ context.Context, note string) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.notes = append(w.notes, note)
		return nil
	}
	return p
}

// Noted is a post with what an attempt before kept.
func (w *World) Noted(p connector.Post) connector.Post {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.notes) > 0 {
		p.Note = w.notes[len(w.notes)-1]
	}
	return p
}

// Notes is how many were kept.
func (w *World) Notes() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.notes)
}

// Receiver is a connector that is asked.
type Receiver interface {
	receive.Fetcher
	Handle(ctx context.Context, raw []byte) error
}

// Look fetches once while an hour is on and handles what came.
func (w *World) Look(c Receiver, l receive.Look) (receive.Next, error) {
	w.T.Helper()
	l.Busy, l.Since = true, w.Since
	return c.Fetch(w.T.Context(), l, func(ctx context.Context, events ...connector.Event) (int, error) {
		for _, e := range events {
			if err := c.Handle(ctx, e.Raw); err != nil {
				return 0, err
			}
		}
		return len(events), nil
	})
}

// Must stops the test at an error.
func (w *World) Must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// Wants is how a send failed.
func (w *World) Wants(what string, err error, outcome connector.Outcome) {
	w.T.Helper()
	if err == nil || connector.OutcomeOf(err).Outcome != outcome {
		w.T.Errorf("%s: %v", what, err)
	}
	for _, secret := range w.Secret {
		if err != nil && strings.Contains(err.Error(), secret) {
			w.T.Errorf("%s: it tells a secret", what)
		}
	}
}

// Shows wants just those texts of what a reader finds.
func (w *World) Shows(seen []connectortest.Seen, want ...string) {
	w.T.Helper()
	var got []string
	for _, s := range seen {
		got = append(got, s.Text)
	}
	if !slices.Equal(got, want) {
		w.T.Errorf("a reader finds %q, want %q", got, want)
	}
}

// Inbox notes what came, each question once.
type Inbox struct {
	connector.PublicInbox
	mu       sync.Mutex
	News     session.MessageID // the announcement
	Unplaced bool              // something is being announced
	Asks     []connector.Asked
	Edits    []string
	Gone     []session.MessageID
	Likes    []int
}

func (i *Inbox) do(change func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change()
}

// Announced knows one announcement.
func (i *Inbox) Announced(_ context.Context, at session.Origin, _ time.Time) (session.ID, bool, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.Unplaced {
		return "", false, connector.ErrUnplaced
	}
	return "h", at.Message == i.News, nil
}

// Asked notes a question.
func (i *Inbox) Asked(_ context.Context, a connector.Asked) (session.QuestionRef, error) {
	i.do(func() {
		if !slices.ContainsFunc(i.Asks, func(o connector.Asked) bool { return o.Key == a.Key }) {
			i.Asks = append(i.Asks, a)
		}
	})
	return session.QuestionRef{Session: "h", Number: 1}, nil
}

// Reworded notes a newer text.
func (i *Inbox) Reworded(_ context.Context, _ session.Origin, text string, _ time.Time) error {
	i.do(func() { i.Edits = append(i.Edits, text) })
	return nil
}

// Liked notes a count.
func (i *Inbox) Liked(_ context.Context, _ session.Origin, count int, _ time.Time) error {
	i.do(func() { i.Likes = append(i.Likes, count) })
	return nil
}

// Removed notes what is gone.
func (i *Inbox) Removed(_ context.Context, at session.Origin) error {
	i.do(func() { i.Gone = append(i.Gone, at.Message) })
	return nil
}

// Texts are those that were asked.
func (i *Inbox) Texts() (texts []string) {
	i.do(func() {
		for _, a := range i.Asks {
			texts = append(texts, a.Text)
		}
	})
	return texts
}
