package telegram

import (
	"context"
	"sync"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
)

// follower does what follows an answer: what one person or chat set off one after the
// other, what several did side by side.
type follower struct {
	wait sync.WaitGroup

	mu    sync.Mutex
	lines map[string][]func() // the first of each is being done
}

func (f *follower) add(key string, do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lines[key] = append(f.lines[key], do)
	if len(f.lines[key]) == 1 {
		f.wait.Go(func() { f.work(key) })
	}
}

func (f *follower) work(key string) {
	for {
		f.mu.Lock()
		do := f.lines[key][0]
		f.mu.Unlock()
		do()
		f.mu.Lock()
		f.lines[key] = f.lines[key][1:]
		last := len(f.lines[key]) == 0
		if last {
			delete(f.lines, key)
		}
		f.mu.Unlock()
		if last {
			return
		}
	}
}

// followFor bounds what follows an answer.
const followFor = 40 * time.Second

// later does something after what the same key is for. It outlives ctx, so that
// stopping the program leaves nobody without an answer.
func (t *Telegram) later(ctx context.Context, key string, do func(context.Context)) {
	ctx = context.WithoutCancel(ctx)
	t.follow.add(key, func() {
		ctx, cancel := context.WithTimeout(ctx, followFor)
		defer cancel()
		do(ctx)
	})
}

// patiently does what Telegram puts off once more when the time has come: nobody else
// would.
func patiently(ctx context.Context, do func() error) error {
	for {
		err := do()
		e := connector.OutcomeOf(err)
		if err == nil || e.Outcome != connector.Deferred || e.Wait > waitMended/2 || !backoff.Pause(ctx, e.Wait) {
			return err
		}
	}
}

// inTurn does something patiently in a group, when it is its turn there.
func (t *Telegram) inTurn(ctx context.Context, at place, do func() error) error {
	if err := t.takeTurn(ctx, at); err != nil {
		return err
	}
	return patiently(ctx, do)
}

// takeTurn waits until it is the turn of a place of the desk.
func (t *Telegram) takeTurn(ctx context.Context, at place) error {
	if !t.isDesk(ctx, at.chat) {
		return nil
	}
	at.chat = t.desk
	return t.opts.Turn(ctx, t, at.id(), connector.CardPressed)
}
