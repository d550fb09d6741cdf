package facebook

import (
	"strconv"
	"sync"

	"experthour/internal/connector/receive"
)

// seen is what this process knows of comments, so that only what is new is put. Who knows
// nothing of one puts it once more, which changes nothing.
type seen struct {
	mu    sync.Mutex
	puts  map[string]bool
	looks map[string]string
}

// mostSeen bounds each of them; after that all are new.
const mostSeen = 10_000

func newSeen() seen { return seen{puts: map[string]bool{}, looks: map[string]string{}} }

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

// looksLike is what may change in a comment.
func (n node) looksLike() string {
	return receive.RawKey([]byte(strconv.Itoa(n.Likes) + " " + n.Message))
}

func (s *seen) note(n node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.looks) >= mostSeen {
		clear(s.looks)
	}
	s.looks[n.ID] = n.looksLike()
}

func (s *seen) same(n node) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.looks[n.ID] == n.looksLike()
}
