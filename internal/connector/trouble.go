package connector

import (
	"log/slog"
	"maps"
	"slices"
	"sync"

	"experthour/internal/session"
)

// Troubles remember what keeps a connector from working, one thing for each subject,
// and log it once when it begins and once when it is over. Any number of goroutines may
// use them.
type Troubles struct {
	name session.ConnectorID
	log  *slog.Logger

	mu    sync.Mutex
	known map[string]Finding
}

// NewTroubles gives none, of the connector of that name.
func NewTroubles(name session.ConnectorID, log *slog.Logger) *Troubles {
	return &Troubles{name: name, log: log, known: map[string]Finding{}}
}

// Note says what is wrong with a subject: the id of a Finding, and its arguments. The
// arguments are logged.
func (t *Troubles) Note(subject, id string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known[subject].ID == id {
		return
	}
	t.known[subject] = Finding{ID: id, Args: args, Bad: true}
	t.log.Warn("trouble", append([]any{"connector", t.name, "id", id, "subject", subject}, args...)...)
}

// Over says that nothing is wrong with subjects any more.
func (t *Troubles) Over(subjects ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, subject := range subjects {
		if f, ok := t.known[subject]; ok {
			delete(t.known, subject)
			t.log.Info("trouble is over", "connector", t.name, "id", f.ID, "subject", subject)
		}
	}
}

// List is what is wrong now, by subject.
func (t *Troubles) List() []Finding {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []Finding
	for _, subject := range slices.Sorted(maps.Keys(t.known)) {
		all = append(all, t.known[subject])
	}
	return all
}
