package telegram

import (
	"slices"
	"sync"
	"time"
)

// pacer keeps what is written at the pace that Telegram asks for: one message a second
// to one person, and thirty a second in all. Whoever presses quickly, or a crowd that
// presses Start, would else be answered with refusals. Replicas do not share it, for a
// refusal is waited out as well.
type pacer struct {
	mu   sync.Mutex
	next map[int64]time.Time // when one after another would have been written, by chat
	all  time.Time           // and to everybody
}

const (
	// mostPaced bounds how many people are remembered.
	mostPaced = 10_000
	// inSecond is how many may be written in a second, and atOnce how many of them without
	// a pause: together fewer than thirty.
	inSecond = 25
	atOnce   = 4
)

// paced are the calls that count.
var paced = []string{"sendMessage", "sendPhoto", "editMessageText", "editMessageMedia", "editMessageReplyMarkup"}

// wait is how long the next call has to wait. To one person, two may follow each other
// at once; every is the pause between more of them, and zero turns all pauses off.
func (p *pacer) wait(method string, at place, now time.Time, every time.Duration) time.Duration {
	if every <= 0 || !slices.Contains(paced, method) {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = latest(p.all, now).Add(every / inSecond)
	wait := p.all.Sub(now) - atOnce*every/inSecond
	if isPrivate(at.chat) {
		if len(p.next) >= mostPaced {
			p.forget(now)
		}
		p.next[at.chat] = latest(p.next[at.chat], now).Add(every)
		wait = max(wait, p.next[at.chat].Sub(now)-2*every)
	}
	return max(0, wait)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (p *pacer) forget(now time.Time) {
	for chat, next := range p.next {
		if next.Before(now) {
			delete(p.next, chat)
		}
	}
}
