package slack

import (
	"context"
	"sync"
)

// Run receives until ctx ends: over a socket that it keeps open, or by the handlers of
// Hooks. It handles the letters of the mailbox as well.
func (s *Slack) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() { s.mailroom(ctx) })
	wg.Go(func() { _, _ = s.whoAmI(ctx) }) // before the first link to a message is drawn
	if s.opts.Mode == Socket {
		s.runSocket(ctx)
	} else {
		wg.Go(func() { s.backfill(ctx, s.seen(ctx)) })
		<-ctx.Done()
	}
	wg.Wait()
	s.follow.Wait()
	return nil
}

// following is what goes on after an acknowledgement. Unlike a WaitGroup it takes more
// while somebody waits: handlers of Hooks run whether or not Run does.
type following struct {
	mu   sync.Mutex
	n    int
	idle chan struct{} // closed when n falls to 0
}

// Go runs f beside.
func (w *following) Go(f func()) {
	w.mu.Lock()
	if w.n == 0 {
		w.idle = make(chan struct{})
	}
	w.n++
	w.mu.Unlock()
	go func() {
		defer w.end()
		f()
	}()
}

func (w *following) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n--; w.n == 0 {
		close(w.idle)
	}
}

// Wait comes back at a moment when nothing goes on.
func (w *following) Wait() {
	w.mu.Lock()
	idle := w.idle
	w.mu.Unlock()
	if idle != nil {
		<-idle
	}
}
