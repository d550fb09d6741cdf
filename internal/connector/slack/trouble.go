package slack

import (
	"log/slog"
	"maps"
	"slices"
	"sync"

	"experthour/internal/connector"
)

var _ connector.Troubled = (*Slack)(nil)

// Trouble lists what keeps the desk from working now.
func (s *Slack) Trouble() []connector.Finding { return s.troubles.list() }

// The subjects of troubles that more than one method of Slack's can meet. Every other
// trouble has the method as its subject.
const (
	aboutToken   = "token"
	aboutNet     = "net"
	aboutChannel = "channel"
	aboutSocket  = "socket"
	aboutEvents  = "events"
)

// troubles remembers what is wrong, one thing for each subject, and logs it once when
// it begins and once when it is over.
type troubles struct {
	log *slog.Logger

	mu    sync.Mutex
	known map[string]connector.Finding
}

func (t *troubles) note(subject, id string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known[subject].ID == id {
		return
	}
	t.known[subject] = connector.Finding{ID: id, Args: args, Bad: true}
	t.log.Warn("slack: trouble", append([]any{"id", id, "subject", subject}, args...)...)
}

func (t *troubles) over(subjects ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, subject := range subjects {
		if f, ok := t.known[subject]; ok {
			delete(t.known, subject)
			t.log.Info("slack: trouble is over", "id", f.ID, "subject", subject)
		}
	}
}

func (t *troubles) list() []connector.Finding {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []connector.Finding
	for _, subject := range slices.Sorted(maps.Keys(t.known)) {
		all = append(all, t.known[subject])
	}
	return all
}
