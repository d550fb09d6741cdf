package telegram

import (
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"sync"

	"experthour/internal/connector"
)

var _ connector.Troubled = (*Telegram)(nil)

// Trouble lists what keeps the desk from working now.
func (t *Telegram) Trouble() []connector.Finding { return t.troubles.list() }

// The subjects of troubles that more than one method can meet. Every other trouble has
// its method as its subject.
const (
	aboutToken   = "token"
	aboutNet     = "net"
	aboutPoll    = "poll"
	aboutWebhook = "webhook"
)

// aboutChat and aboutTopic are the subjects of troubles in one place.
func aboutChat(chat int64) string { return "chat " + strconv.FormatInt(chat, 10) }

func aboutTopic(p place) string { return "topic " + string(p.id()) }

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
	t.log.Warn("telegram: trouble", append([]any{"id", id, "subject", subject}, args...)...)
}

func (t *troubles) over(subjects ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, subject := range subjects {
		if f, ok := t.known[subject]; ok {
			delete(t.known, subject)
			t.log.Info("telegram: trouble is over", "id", f.ID, "subject", subject)
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
