package connectortest

import (
	"context"
	"slices"
	"sync"

	"experthour/internal/connector"
)

// Watched is a mailbox that a test can look into.
type Watched struct {
	connector.Mailbox

	mu     sync.Mutex
	stored int
	ended  map[string]bool // ids of what was handled or buried
	buried []connector.Letter
	change chan struct{} // closed, and made anew, when a letter ends
}

// Watch watches what is done with a mailbox by way of the one that it gives.
func Watch(m connector.Mailbox) *Watched {
	return &Watched{Mailbox: m, ended: map[string]bool{}, change: make(chan struct{})}
}

// Left counts the letters that are neither handled nor buried.
func (w *Watched) Left() int {
	n, _ := w.left()
	return n
}

func (w *Watched) left() (int, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stored - len(w.ended), w.change
}

// Empty waits until none is left, and reports whether that was before ctx ended.
func (w *Watched) Empty(ctx context.Context) bool {
	for {
		n, change := w.left()
		if n == 0 {
			return true
		}
		select {
		case <-change:
		case <-ctx.Done():
			return false
		}
	}
}

// Buried are the letters that were buried, in their order.
func (w *Watched) Buried() []connector.Letter {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.buried)
}

// Put is connector.Mailbox's.
func (w *Watched) Put(ctx context.Context, events ...connector.Event) (int, error) {
	n, err := w.Mailbox.Put(ctx, events...)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stored += n
	return n, err
}

// Handled is connector.Mailbox's.
func (w *Watched) Handled(ctx context.Context, l connector.Letter) error {
	err := w.Mailbox.Handled(ctx, l)
	if err == nil {
		w.end(l)
	}
	return err
}

// Bury is connector.Mailbox's.
func (w *Watched) Bury(ctx context.Context, l connector.Letter, reason string) error {
	err := w.Mailbox.Bury(ctx, l, reason)
	if err == nil {
		w.end(l, l)
	}
	return err
}

func (w *Watched) end(l connector.Letter, buried ...connector.Letter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended[l.ID] = true
	w.buried = append(w.buried, buried...)
	close(w.change)
	w.change = make(chan struct{})
}
