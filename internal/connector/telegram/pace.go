package telegram

import (
	"slices"
	"sync"
	"time"
)

// pacer keeps what is written to one person at the pace that Telegram asks for, one
// message a second: whoever presses quickly would else be answered with refusals.
// Replicas do not share it, for a refusal is waited out as well.
type pacer struct {
	mu   sync.Mutex
	next map[int64]time.Time // when one after another would have been written
}

// mostPaced bounds how many people are remembered.
const mostPaced = 10_000

// paced are the calls that count.
var paced = []string{"sendMessage", "editMessageText", "editMessageReplyMarkup"}

// wait is how long the next call has to wait: two may follow each other at once.
func (p *pacer) wait(method string, at place, now time.Time, every time.Duration) time.Duration {
	if every <= 0 || !isPrivate(at.chat) || !slices.Contains(paced, method) {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.next) >= mostPaced {
		p.forget(now)
	}
	next := p.next[at.chat]
	if next.Before(now) {
		next = now
	}
	p.next[at.chat] = next.Add(every)
	return max(0, next.Sub(now)-every)
}

func (p *pacer) forget(now time.Time) {
	for chat, next := range p.next {
		if next.Before(now) {
			delete(p.next, chat)
		}
	}
}
