package youtube

import (
	"sync"
	"time"

	"experthour/internal/connector/receive"
)

// seen is what this process knows of comments, so that only what is new is put. Who knows nothing of
// one puts it once more, which changes nothing.
type seen struct {
	mu    sync.Mutex
	puts  map[string]bool
	was   map[string]state
	lacks map[string]time.Time // since when one was not shown
}

// state is how a comment was seen last.
type state struct {
	text  string // its digest
	likes int
}

// mostSeen bounds each of them; after that all are new.
const mostSeen = 10_000

func newSeen() seen {
	return seen{puts: map[string]bool{}, was: map[string]state{}, lacks: map[string]time.Time{}}
}

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

// stateOf leaves the text out of a comment that was never edited.
func stateOf(c comment) (s state) {
	s.likes = c.Snippet.Likes
	if c.Snippet.Edited.After(c.Snippet.At) {
		s.text = receive.RawKey([]byte(c.text()))
	}
	return s
}

func (s *seen) note(c comment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.was) >= mostSeen {
		clear(s.was)
	}
	s.was[c.ID] = stateOf(c)
}

// news says what is not as it was noted. A comment that is shown is not missing.
func (s *seen) news(c comment) (edited, likes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.lacks, c.ID)
	was, known := s.was[c.ID]
	is := stateOf(c)
	return is.text != was.text, is.likes != was.likes || !known
}

// missing is how long a comment has not been shown.
func (s *seen) missing(id string, now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	since, ok := s.lacks[id]
	if !ok {
		if len(s.lacks) >= mostSeen {
			clear(s.lacks)
		}
		s.lacks[id] = now
		return 0
	}
	return now.Sub(since)
}

// look begins to wait anew.
func (s *seen) look(id string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lacks[id] = now
}
