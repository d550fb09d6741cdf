package connector

import (
	"fmt"
	"sync"

	"experthour/internal/session"
)

// Registry holds the configured connectors in the order in which they were given, and what
// was learnt of them. Any number of goroutines may use it.
type Registry struct {
	all   []Connector
	byID  map[session.ConnectorID]Connector
	facts sync.Map // ConnectorID -> Facts
}

// NewRegistry refuses a connector without an id and two with the same one.
func NewRegistry(cs ...Connector) (*Registry, error) {
	r := &Registry{all: cs, byID: make(map[session.ConnectorID]Connector, len(cs))}
	for _, c := range cs {
		id := c.ID()
		if id == "" {
			return nil, fmt.Errorf("connector %T has no id", c)
		}
		if _, taken := r.byID[id]; taken {
			return nil, fmt.Errorf("two connectors are called %q", id)
		}
		r.byID[id] = c
	}
	return r, nil
}

// Get returns the connector of that id. ok is false for one that is no longer
// configured: what was planned for it waits for a person.
func (r *Registry) Get(id session.ConnectorID) (c Connector, ok bool) {
	c, ok = r.byID[id]
	return c, ok
}

// Limits returns the facts about a connector, with what was learnt of it; it fits routing.Planner.Limits.
func (r *Registry) Limits(id session.ConnectorID) (l Limits, ok bool) {
	c, ok := r.byID[id]
	if !ok {
		return Limits{}, false
	}
	l = c.Limits()
	if f, ok := r.facts.Load(id); ok {
		l.Longest = l.Longest.learnt(f.(Facts))
	}
	return l, true
}

// Learnt takes over what the platform of a connector said of itself.
func (r *Registry) Learnt(id session.ConnectorID, f Facts) { r.facts.Store(id, f) }

// All lists the connectors in that order; do not change it.
func (r *Registry) All() []Connector { return r.all }

// Capability is the name of something that a connector can do besides.
type Capability string

// The capabilities, in the order in which they are listed.
const (
	CanReply    Capability = "reply"
	CanEdit     Capability = "edit"
	CanRetract  Capability = "retract"
	CanFind     Capability = "find"
	CanRead     Capability = "read"
	CanKey      Capability = "key"
	CanAnnounce Capability = "announce"
	CanDesk     Capability = "desk"
	CanFindCard Capability = "find_card"
	CanBatch    Capability = "batch"
	CanCall     Capability = "call"
	CanSwitch   Capability = "switch"
	CanHide     Capability = "hide"
	CanPin      Capability = "pin"
)

var capabilities = []struct {
	name Capability
	has  func(Connector) bool
}{
	{CanReply, has[Replier]},
	{CanEdit, has[Editor]},
	{CanRetract, has[Retractor]},
	{CanFind, has[Finder]},
	{CanRead, has[Reader]},
	{CanKey, has[Keyed]},
	{CanAnnounce, func(c Connector) bool { return c.Limits().Announces }},
	{CanDesk, has[Desk]},
	{CanFindCard, has[CardFinder]},
	{CanBatch, has[Batcher]},
	{CanCall, has[Caller]},
	{CanSwitch, has[Pretend]},
	{CanHide, has[Hider]},
	{CanPin, func(c Connector) bool { return c.Limits().Pins && has[Pinner](c) }},
}

func has[T any](c Connector) bool {
	_, ok := As[T](c)
	return ok
}

// Capabilities lists what c can do besides being a connector.
func Capabilities(c Connector) []Capability {
	var cs []Capability
	for _, k := range capabilities {
		if k.has(c) {
			cs = append(cs, k.name)
		}
	}
	return cs
}

// Hides reports whether what others wrote can be hidden at a connector's places.
func (r *Registry) Hides(id session.ConnectorID) bool {
	c, _ := r.Get(id)
	_, ok := As[Hider](c)
	return ok
}

// Locate reads the address of a copy, see session.Locate.
func (r *Registry) Locate(s session.Slot, address string) (session.MessageID, bool) {
	c, _ := r.Get(s.Connector)
	l, ok := As[Locator](c)
	if !ok {
		return "", true
	}
	return l.Locate(s.Place, address)
}
