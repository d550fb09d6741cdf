package slackfake

import (
	"net/http"
	"strconv"
	"time"
)

// Shape is one of the ways in which Slack says "too many".
type Shape int

const (
	// RetryAfter is HTTP 429 with the Retry-After header: what the documentation promises.
	RetryAfter Shape = iota
	// Bare429 is HTTP 429 without the header.
	Bare429
	// OKRatelimited is HTTP 200 with the error "ratelimited".
	OKRatelimited
)

// SetShape chooses how rate limits are answered from now on.
func (w *Workspace) SetShape(s Shape) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shape = s
}

// Limited counts the calls that were turned away as too many, in any shape. A well-paced app keeps it at zero.
func (w *Workspace) Limited() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.limited
}

// bucket is a token bucket: size places, one of them free again every so often.
type bucket struct {
	level float64
	at    time.Time
}

// take uses one place, or says how long to wait for one.
func (b *bucket) take(now time.Time, size int, every time.Duration) time.Duration {
	b.level = max(0, b.level-now.Sub(b.at).Seconds()/every.Seconds())
	b.at = now
	if b.level+1 > float64(size) {
		return time.Duration((b.level + 1 - float64(size)) * float64(every))
	}
	b.level++
	return 0
}

// throttle says how long the call must wait; 0 lets it through. The caller holds w.mu.
func (w *Workspace) throttle(c *call, m method) time.Duration {
	if w.opts.NoLimits {
		return 0
	}
	key, size, every := w.limit(c, m)
	b := w.buckets[key]
	if b == nil {
		b = &bucket{at: w.opts.Now()}
		w.buckets[key] = b
	}
	return b.take(w.opts.Now(), size, every)
}

// limit finds the bucket that a call falls into: by channel for posts, by method for everything else.
func (w *Workspace) limit(c *call, m method) (key string, size int, every time.Duration) {
	switch {
	case m.tier == 0:
		channel, _ := c.str("channel")
		return "post " + channel, w.opts.PostBurst, w.opts.PostEvery
	case w.opts.SlowReads && (c.method == "conversations.history" || c.method == "conversations.replies"):
		return c.method, 1, time.Minute
	}
	return c.method, w.opts.TierBurst, time.Minute / time.Duration(m.tier)
}

// tooMany answers in the chosen shape. The caller holds w.mu.
func (w *Workspace) tooMany(c *call, wait time.Duration) reply {
	w.limited++
	w.note(Entry{Kind: TooMany, Method: c.method})
	w.touch()
	answer := withScopes(c, methods[c.method], jsonReply(obj{"ok": false, "error": "ratelimited"}))
	if w.shape == OKRatelimited {
		return answer
	}
	answer.status = http.StatusTooManyRequests
	if w.shape == RetryAfter {
		seconds := int((wait + time.Second - 1) / time.Second)
		answer.header["Retry-After"] = strconv.Itoa(max(1, seconds))
	}
	return answer
}
