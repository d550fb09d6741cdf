// Package graphtest is the world in which the connectors at Meta's platforms are tried: that of all
// connectors, with replicas, and with the notes of posts that are made in steps.
package graphtest

import (
	"context"
	"sync"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/session"
)

// World is one whose replicas share what the core keeps.
type World struct {
	*worldtest.World
	mu    sync.Mutex
	notes []string // kept, in their order
}

// New makes one; secrets are what no error tells.
func New(t testing.TB, secrets ...string) *World {
	w := &World{World: worldtest.New(t)}
	w.Secrets = secrets
	return w
}

// Replica is what the core gives one.
func (w *World) Replica(owner string) connector.Env {
	env := w.Env()
	env.Owner, env.PublicURL = owner, "https://bot.example"
	return env
}

// During looks once while an hour is on, and handles what came.
func (w *World) During(c interface {
	receive.Fetcher
	Handle(context.Context, []byte) error
}, l receive.Look) (receive.Next, error) {
	w.T.Helper()
	l.Busy, l.Since = true, w.Began
	return w.Look(c, l)
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
