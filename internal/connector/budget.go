package connector

import "time"

// Request is a kind of request to a platform, for what it costs.
type Request string

// The kinds of requests.
const (
	RequestPost    Request = "post"
	RequestAlone   Request = "alone" // a post that replies to nothing; a budget that names no cost of it takes that of RequestPost
	RequestEdit    Request = "edit"
	RequestRetract Request = "retract"
	RequestFind    Request = "find"
	RequestRead    Request = "read" // what people wrote; see Env.Spend
)

// Rate is at most Most in any span of Per, or in each calendar day; the zero Rate is no limit.
type Rate struct {
	Most int
	Per  time.Duration
	// Day, if set, is where a day begins at which all is there again; Per is nothing then.
	Day *time.Location
	// Once says that nothing of it ever comes back; Per and Day are nothing then.
	Once bool
}

// Ends is when the calendar day of a moment is over; the zero time where none counts.
func (r Rate) Ends(now time.Time) time.Time {
	if r.Day == nil {
		return time.Time{}
	}
	y, m, d := now.In(r.Day).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, r.Day)
}

// Budget is a Rate that everything with the same name shares: all replicas, sessions
// and classes of cards.
type Budget struct {
	Name string
	Rate Rate
	// Costs are what a kind of request takes of it. One that is not named takes 1, and with 0
	// the budget does not count it.
	Costs map[Request]int
	// Priced says that it is of money: a post takes what Limits.Price says of its text, and gives it
	// back when the platform did not take it. Costs say what it takes where the text is not known.
	Priced bool
}

// Charge is Cost of a request for which the platform takes price; 0 is that it takes none of its own.
func (b Budget) Charge(r Request, price int) int {
	switch {
	case !b.Priced || price == 0:
		return b.Cost(r)
	case b.Rate.Once: // more than there is will never be there
		return price
	}
	return min(price, b.Rate.Most)
}

// Cost is what a request takes. What costs more than all there is takes all.
func (b Budget) Cost(r Request) int {
	cost, named := b.Costs[r]
	if !named && r == RequestAlone {
		cost, named = b.Costs[RequestPost]
	}
	if !named {
		cost = 1
	}
	return min(cost, b.Rate.Most)
}
