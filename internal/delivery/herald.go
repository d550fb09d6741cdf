package delivery

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Herald is what is known about an announcement.
type Herald struct {
	State   HeraldState       `json:"state"`
	Fence   string            `json:"fence,omitempty"` // of the attempt that is under way
	Since   time.Time         `json:"since"`
	Message session.MessageID `json:"message,omitempty"`
	URL     string            `json:"url,omitempty"`
	Detail  string            `json:"detail,omitempty"` // the platform's own words, for the desk
}

// HeraldState says how far an announcement is. What nobody knows waits for a person
// and is never sent again by itself.
type HeraldState string

// The states of an announcement that somebody has tried.
const (
	HeraldTrying  HeraldState = "trying"
	HeraldOut     HeraldState = "out"
	HeraldUnsure  HeraldState = "unsure"
	HeraldRefused HeraldState = "refused"
)

// heraldFor is how long an attempt may take before its outcome counts as unknown.
const heraldFor = defaultTimeout + margin

// Waits reports whether a person has to look.
func (h Herald) Waits(now time.Time) bool {
	return h.State == HeraldUnsure || h.State == HeraldRefused || h.State == HeraldTrying && now.Sub(h.Since) > heraldFor
}

// Heralds is the store's side of announcements.
type Heralds interface {
	// Heralds lists what became of the announcements of a session, by their keys.
	Heralds(ctx context.Context, id session.ID) (map[string]Herald, error)
	// Herald writes the intent to send an announcement; ok is false when one is written
	// already, whatever came of it.
	Herald(ctx context.Context, id session.ID, key string, h Herald) (ok bool, err error)
	// Heralded stores what came of the attempt with that fence; the zero Herald forgets
	// it, so that it is tried again. ErrFenced means that somebody decided meanwhile. An
	// empty fence is a person's decision.
	Heralded(ctx context.Context, id session.ID, key, fence string, h Herald) error
}

// Crier brings out announcements, each at most once.
type Crier struct {
	Heralds  Heralds
	Registry *connector.Registry
	Outbox   Outbox // for the budgets
	// Planned lists what the public should be told now.
	Planned func(s session.Session) []connector.Announcement
	Fence   func() string // makes a random name
	Now     func() time.Time
	Log     *slog.Logger

	done sync.Map // session and key: out, or never possible; whatever else is known a person may decide anew
}

// cry tells the public what it should know now and was not told.
func (c *Crier) cry(ctx context.Context, s session.Session) error {
	if s.Paused {
		return nil
	}
	for _, a := range c.Planned(s) {
		name := string(s.ID) + "\n" + a.Key
		if _, done := c.done.Load(name); done {
			continue
		}
		done, err := c.tell(ctx, s.ID, a)
		if err != nil {
			return err
		}
		if done {
			c.done.Store(name, true)
		}
	}
	return nil
}

// tell sends one announcement that nobody has tried, to the end even when ctx ends
// meanwhile. done is true when there never will be anything more to do.
func (c *Crier) tell(ctx context.Context, id session.ID, a connector.Announcement) (done bool, err error) {
	conn, _ := c.Registry.Get(a.Target.Connector)
	announcer, ok := connector.As[connector.Announcer](conn)
	if !ok {
		return true, nil
	}
	known, err := c.Heralds.Heralds(ctx, id)
	if err != nil || known[a.Key].State != "" {
		return known[a.Key].State == HeraldOut, err
	}
	bs := budgets(conn.Limits(), session.Lane{Connector: a.Target.Connector, Place: a.Target.Place})
	if ok, err := await(ctx, c.Outbox, a.Target.Connector, bs); err != nil || !ok {
		return false, err
	}
	h := Herald{State: HeraldTrying, Fence: c.Fence(), Since: c.Now()}
	if ok, err := c.Heralds.Herald(ctx, id, a.Key, h); err != nil || !ok {
		return false, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), heraldFor)
	defer cancel()
	sent, err := announcer.Announce(ctx, a.Post)
	what := c.outcome(h, sent, err)
	return what.State == HeraldOut, insist(ctx, func() error { return c.Heralds.Heralded(ctx, id, a.Key, h.Fence, what) })
}

// outcome is what is known after an attempt.
func (c *Crier) outcome(h Herald, sent connector.Sent, err error) Herald {
	if err == nil {
		return Herald{State: HeraldOut, Since: h.Since, Message: sent.Message, URL: sent.URL}
	}
	e := connector.OutcomeOf(err)
	c.Log.Warn("announcement did not go out", "outcome", int(e.Outcome), "error", e.Cause)
	switch e.Outcome {
	case connector.Deferred:
		return Herald{}
	case connector.Refused:
		return Herald{State: HeraldRefused, Since: h.Since, Detail: e.Detail}
	}
	return Herald{State: HeraldUnsure, Since: h.Since, Detail: e.Detail}
}
