package site

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"sync"
	"time"

	"experthour/internal/session"
)

// remembered bounds a Limiter's memory of whom it refused: about 1 MB.
const remembered = 10_000

// Limiter lets each network do something so often and no more, counted in the store for all
// replicas: an IPv6 /64 and an IPv4 address, and four times that the network around it. Stored
// are keyed hashes of networks, which expire. Whoever was refused is remembered here, so that
// coming again at once costs the store nothing.
type Limiter struct {
	quotas session.Quotas
	secret []byte
	what   string
	rates  []Rate

	mu      sync.Mutex
	refused map[string]time.Time // until when, by the name of the narrowest network
}

// Rate is how often something may be done: so many at once, and as many again in each Per.
type Rate struct {
	Most int
	Per  time.Duration
}

// NewLimiter limits what somebody does, which what names. No rates are no limit. secret hides
// addresses from whoever reads the store.
func NewLimiter(q session.Quotas, secret []byte, what string, rates ...Rate) *Limiter {
	return &Limiter{quotas: q, secret: secret, what: what, rates: rates, refused: map[string]time.Time{}}
}

// Take counts a call from an address at a time, about a subject where each has a limit of its
// own. It is TooMany, with the time to wait, when it comes too early.
func (l *Limiter) Take(ctx context.Context, from netip.Addr, now time.Time, subject string) error {
	if len(l.rates) == 0 {
		return nil
	}
	nets := networks(from)
	me := l.name(nets[0], subject)
	if wait := l.remaining(me, now); wait > 0 {
		return TooFast(max(wait, time.Second))
	}
	var qs []session.Quota
	factor := 1
	for _, n := range nets {
		for _, r := range l.rates {
			qs = append(qs, session.Quota{Name: l.name(n, subject) + ":" + r.Per.String(), Most: r.Most * factor, Per: r.Per})
		}
		factor *= widening
	}
	wait, err := l.quotas.Spend(ctx, l.name(nets[len(nets)-1], ""), qs...) // the widest network is the slot of a cluster
	if err != nil || wait == 0 {
		return err
	}
	l.remember(me, now.Add(wait))
	return TooFast(max(wait, time.Second))
}

func (l *Limiter) name(n netip.Prefix, subject string) string {
	m := hmac.New(sha256.New, l.secret)
	m.Write([]byte(l.what + "\n" + n.String() + "\n" + subject))
	return hex.EncodeToString(m.Sum(nil)[:12])
}

func (l *Limiter) remaining(name string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	wait := l.refused[name].Sub(now)
	if wait <= 0 {
		delete(l.refused, name)
	}
	return wait
}

func (l *Limiter) remember(name string, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.refused) >= remembered {
		clear(l.refused) // they are refused by the store again
	}
	l.refused[name] = until
}
