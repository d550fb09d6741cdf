package routing

import (
	"cmp"
	"slices"

	"experthour/internal/session"
)

// Attention is the listing of the cards for a person, roughly in the order in which
// they need them. The caller sets Offset and Limit; Sort then orders a page finely.
func Attention(a session.Actor) session.Listing {
	ended := []session.State{session.Approved, session.Published, session.Expired, session.Redirected, session.Declined,
		session.Merged, session.Retracted, session.Withdrawn}
	if a.Role == session.ExpertRole {
		return session.Listing{States: append([]session.State{session.Claimed, session.Review, session.Queued, session.Received}, ended...)}
	}
	return session.Listing{Waiting: true,
		States: append([]session.State{session.Review, session.Received, session.Queued, session.Claimed}, ended...)}
}

// Sort puts the questions of a page into the order in which they need this person, those that
// are equally urgent by how much they are wanted and then by how long they wait. votes are by
// number; nil is none.
func Sort(a session.Actor, qs []session.Question, votes map[int]int) {
	wish := func(q session.Question) session.Demand { return session.Demand{Votes: q.Votes(votes[q.Ref.Number])} }
	slices.SortStableFunc(qs, func(x, y session.Question) int {
		return cmp.Or(cmp.Compare(urgency(a, x), urgency(a, y)), wish(x).Compare(wish(y)), x.Since.Compare(y.Since),
			cmp.Compare(x.Ref.Number, y.Ref.Number))
	})
}

// urgency is 0 for what needs the person most.
func urgency(a session.Actor, q session.Question) int {
	if a.Role == session.ExpertRole {
		return expertUrgency(a.Name, q)
	}
	return moderatorUrgency(a.Name, q)
}

func moderatorUrgency(name session.PersonName, q session.Question) int {
	switch {
	case q.Waits():
		return 0
	case q.State == session.Review && q.Latest().Author != name:
		return 1
	case q.State == session.Received, q.Pending != "":
		return 2
	case q.State == session.Queued, q.State == session.Claimed, q.State == session.Review:
		return 3
	}
	return later(q)
}

func expertUrgency(name session.PersonName, q session.Question) int {
	own := q.Holder == name
	switch {
	case own && q.State == session.Claimed && q.Last == session.SendBack:
		return 0
	case own && q.State == session.Claimed:
		return 1
	case q.State == session.Review && q.Latest().Over == name && q.Latest().Author != name:
		return 2
	case q.State == session.Queued:
		return 3
	case q.State == session.Claimed, q.State == session.Review, q.State == session.Received:
		return 4
	}
	return later(q)
}

// later is for what nobody has to do anything about.
func later(q session.Question) int {
	if q.State == session.Approved {
		return 5
	}
	return 6
}
