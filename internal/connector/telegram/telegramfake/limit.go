package telegramfake

import (
	"math"
	"slices"
	"time"
)

const (
	perMinute = 20 // a group, sends and edits together
	perSecond = 30 // all chats together
)

// limiter counts what was sent and edited, and new topics. Answers to callbacks,
// deletions, pins and reactions are free: for pins that is a guess.
type limiter struct {
	chats   map[int64]*chatLimit
	all     []time.Time
	refused int
}

type chatLimit struct {
	next   time.Time // when one message after another would have been sent
	minute []time.Time
}

// Limited is how many calls were answered with 429 because of the limits.
func (s *Server) Limited() int {
	defer s.lock()()
	return s.limits.refused
}

// spend takes a message out of every limit, or answers 429 and takes nothing. It
// says whether a limit is used up now. The lock is held.
func (s *Server) spend(c *Chat) (full bool, err error) {
	if s.o.NoLimits {
		return false, nil
	}
	l, now := &s.limits, s.now()
	l.all = since(l.all, now.Add(s.o.Late-time.Second))
	one := l.of(c)
	one.minute = since(one.minute, now.Add(-time.Minute))
	if wait := l.wait(c, one, now, s.o); wait > 0 {
		l.refused++
		return false, tooMany(max(1, int(math.Ceil(wait.Seconds()))))
	}
	one.next = latest(one.next, now).Add(time.Second)
	one.minute = append(one.minute, now)
	l.all = append(l.all, now)
	return l.wait(c, one, now, s.o) > 0, nil
}

func (l *limiter) of(c *Chat) *chatLimit {
	if l.chats == nil {
		l.chats = map[int64]*chatLimit{}
	}
	if l.chats[c.id] == nil {
		l.chats[c.id] = &chatLimit{}
	}
	return l.chats[c.id]
}

// wait is how long the next message has to wait.
func (l *limiter) wait(c *Chat, one *chatLimit, now time.Time, o Options) time.Duration {
	wait := one.next.Sub(now) - time.Duration(o.Burst-1)*time.Second
	if one.next.IsZero() {
		wait = 0
	}
	if (c.kind == group || c.kind == supergroup) && len(one.minute) >= perMinute {
		wait = max(wait, one.minute[len(one.minute)-perMinute].Add(time.Minute).Sub(now))
	}
	if len(l.all) >= perSecond {
		wait = max(wait, l.all[len(l.all)-perSecond].Add(time.Second-o.Late).Sub(now))
	}
	return wait
}

// since drops what happened up to then.
func since(times []time.Time, then time.Time) []time.Time {
	return slices.DeleteFunc(times, func(t time.Time) bool { return !t.After(then) })
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
