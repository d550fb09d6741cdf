package session

import "slices"

// Spending is what an hour may cost with a connector that takes money, besides what all hours may;
// all of it is in thousandths of a US dollar.
type Spending struct {
	Connector ConnectorID `json:"connector"`
	More      int         `json:"more,omitempty"` // by what moderators lifted the ceiling
	Unpaid    Unpaid      `json:"unpaid,omitzero"`
}

// Unpaid is a copy that waits, and all behind it, because it would cost more than is left; the zero one is none.
type Unpaid struct {
	Question int `json:"question,omitempty"` // whose copy it is; 0 is the hour's own
	Price    int `json:"price"`
	Spent    int `json:"spent"`
	Ceiling  int `json:"ceiling"`
}

// Spending is what the hour says of money with a connector.
func (s Session) Spending(c ConnectorID) Spending {
	i := slices.IndexFunc(s.Money, func(m Spending) bool { return m.Connector == c })
	if i < 0 {
		return Spending{Connector: c}
	}
	return s.Money[i]
}

// Unpaid lists where something waits for money.
func (s Session) Unpaid() []Spending {
	return slices.DeleteFunc(slices.Clone(s.Money), func(m Spending) bool { return m.Unpaid == Unpaid{} })
}

func (s *Session) spend(m Spending) {
	s.Money = slices.DeleteFunc(slices.Clone(s.Money), func(o Spending) bool { return o.Connector == m.Connector })
	s.Money = append(s.Money, m)
}

// AwaitMoney is the fact that a copy waits for money, or that none does any more.
type AwaitMoney struct {
	Connector ConnectorID `json:"connector"`
	Unpaid    Unpaid      `json:"unpaid"`
}

// Verb is Await.
func (AwaitMoney) Verb() Verb { return Await }

func (c AwaitMoney) already(s Session, _ Actor) bool {
	return s.Spending(c.Connector).Unpaid == c.Unpaid
}

func (c AwaitMoney) apply(s *Session, _ Context) error {
	m := s.Spending(c.Connector)
	if (m.Unpaid == Unpaid{}) { // of what waits next nobody need be told
		s.Toggled++
	}
	m.Unpaid = c.Unpaid
	s.spend(m)
	return nil
}

// MostDollars is by how much a ceiling can be lifted at once.
const MostDollars = 1000

// LiftCeiling lets an hour cost more with a connector. Without one it is where something waits for that.
type LiftCeiling struct {
	Seen
	Connector ConnectorID `json:"connector"`
	Dollars   int         `json:"dollars"` // more than until now
}

// Verb is Lift.
func (LiftCeiling) Verb() Verb { return Lift }

// seen leaves the check out: it is about money, not about where the hour stands.
func (LiftCeiling) seen() string { return "" }

// at is where something waits; ok is false where nothing does.
func (c LiftCeiling) at(s Session) (m Spending, ok bool) {
	waits := s.Unpaid()
	i := slices.IndexFunc(waits, func(m Spending) bool { return c.Connector == "" || m.Connector == c.Connector })
	if i < 0 {
		return m, false
	}
	return waits[i], true
}

// already: what waited was let go, so that a second press gives nothing more.
func (c LiftCeiling) already(s Session, _ Actor) bool {
	_, waits := c.at(s)
	return !waits && slices.ContainsFunc(s.Money, func(m Spending) bool {
		return m.More > 0 && (c.Connector == "" || m.Connector == c.Connector)
	})
}

func (c LiftCeiling) apply(s *Session, _ Context) error {
	m, waits := c.at(*s)
	switch {
	case !waits:
		return Fail(Refused, "ceiling_not_reached")
	case c.Dollars < 1 || c.Dollars > MostDollars:
		return Fail(Invalid, "dollars_wrong", "most", MostDollars).At("dollars")
	}
	m.More, m.Unpaid = m.More+1000*c.Dollars, Unpaid{}
	s.spend(m)
	s.Toggled++
	return nil
}
