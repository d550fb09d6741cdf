package session

import (
	"cmp"
	"context"
	"slices"
	"time"
)

const (
	// mostMissed is how many questions an expert may have been called to in vain before nobody
	// calls them to another one. With the reminder of the start an expert is notified of at most
	// three more than they work on.
	mostMissed = 2
	// callPause is how long a process waits before it reads a whole hour again in which it found
	// nobody to call.
	callPause = 10 * time.Second
)

// A Calling is an expert who was told that a question waits for them.
type Calling struct {
	To PersonName `json:"to"`
	At time.Time  `json:"at"`
}

// CallExpert is the clock's: an expert is told that the question waits for them. After is how many
// had been called before, so that two replicas do not both call one.
type CallExpert struct {
	On
	To    PersonName `json:"to"`
	After int        `json:"after"`
}

// Verb is CallTo.
func (CallExpert) Verb() Verb { return CallTo }

func (c CallExpert) already(q Question, _ Actor) bool { return len(q.Called) != c.After }

func (c CallExpert) apply(q *Question, x Context) error {
	if _, ok := x.Session.Expert(c.To); !ok {
		return Fail(Refused, "not_now", "verb", CallTo, "state", q.State)
	}
	q.Called = append(q.Called, Calling{c.To, x.At})
	q.Calls++
	return nil
}

// callDue reports whether somebody has to be called to a queued question: nobody was since it
// is in the queue, or nobody took it for as long as `again` after; 0 calls nobody else.
func (q Question) callDue(now time.Time, again time.Duration) bool {
	if len(q.Called) == 0 {
		return true
	}
	last := q.Called[len(q.Called)-1].At
	return last.Before(q.Since) || again > 0 && !now.Before(last.Add(again))
}

// calledTo is how often somebody was called to the question since a time.
func (q Question) calledTo(name PersonName, since time.Time) (n int) {
	for _, c := range q.Called {
		if c.To == name && !c.At.Before(since) {
			n++
		}
	}
	return n
}

// worksOn reports whether a question is or was this expert's.
func (q Question) worksOn(name PersonName) bool {
	return q.Holder == name || slices.ContainsFunc(q.Revisions, func(r Revision) bool { return r.Author == name })
}

// turn is how much an expert has been called to.
type turn struct {
	name   PersonName
	calls  int // all of them
	missed int // those beyond one for each question that is theirs
	busy   int // questions that wait for them now
}

// rota are the experts who can be called, in the order of the hour.
type rota []turn

// rotaOf counts what the experts who have an account at the hour's desk were called to.
func (s Session) rotaOf(staff Directory, qs []Question) rota {
	var r rota
	for _, e := range s.Experts {
		if p, _ := staff.Find(e.Name); p.Accounts[s.Desk.Connector] != "" {
			r = append(r, turn{name: e.Name})
		}
	}
	for i := range r {
		for _, q := range qs {
			r[i].count(q)
		}
	}
	return r
}

func (t *turn) count(q Question) {
	n := q.calledTo(t.name, time.Time{})
	t.calls += n
	t.missed += n
	if n > 0 && q.worksOn(t.name) {
		t.missed--
	}
	if n > 0 && q.State == Queued || q.State == Claimed && q.Holder == t.name {
		t.busy++
	}
}

// next is whose turn it is to be called to q: who was called to it least, of those whom fewest
// questions wait for, and of those who was called least. It is nobody when all were called since it
// is in the queue, have given it back, or were called to too many in vain.
func (r rota) next(q Question) *turn {
	var best *turn
	for i := range r {
		t := &r[i]
		if t.missed >= mostMissed || q.calledTo(t.name, q.Since) > 0 || q.By(Release).Name == t.name {
			continue
		}
		if best == nil || t.before(*best, q) {
			best = t
		}
	}
	return best
}

func (t turn) before(o turn, q Question) bool {
	ever := func(t turn) int { return q.calledTo(t.name, time.Time{}) }
	return cmp.Or(cmp.Compare(ever(t), ever(o)), cmp.Compare(t.busy, o.busy), cmp.Compare(t.calls, o.calls)) < 0
}

// callExperts calls an expert to each question that waits for one, in turn. Who was called to
// what is counted over the whole hour, which is read only when somebody may have to be called.
func (s *Service) callExperts(ctx context.Context, ses Session) error {
	staff := s.Staff.People()
	if !working.in(ses.State, false, System) || len(ses.rotaOf(staff, nil)) == 0 || s.now().Before(s.pausing(ses.ID)) {
		return nil
	}
	waiting, err := s.Store.List(ctx, ses.ID, Listing{States: []State{Queued}, Limit: leftPage})
	waiting = slices.DeleteFunc(waiting, func(q Question) bool { return !q.callDue(s.now(), s.CallNext) })
	if err != nil || len(waiting) == 0 {
		return err
	}
	all, err := s.Store.List(ctx, ses.ID, Listing{States: States})
	if err != nil {
		return err
	}
	return s.callInTurn(ctx, ses, waiting, ses.rotaOf(staff, all))
}

func (s *Service) callInTurn(ctx context.Context, ses Session, waiting []Question, r rota) error {
	s.callsAgain.Store(ses.ID, s.now().Add(callPause))
	for _, q := range waiting {
		t := r.next(q)
		if t == nil {
			continue
		}
		s.callsAgain.Delete(ses.ID)
		if _, err := s.Do(ctx, Program, CallExpert{On{Question: q.Ref}, t.name, len(q.Called)}); lost(err) != nil {
			return err
		}
		t.calls, t.missed, t.busy = t.calls+1, t.missed+1, t.busy+1
	}
	return nil
}

// pausing is until when this process looks for nobody to call in an hour.
func (s *Service) pausing(id ID) time.Time {
	at, _ := s.callsAgain.Load(id)
	until, _ := at.(time.Time)
	return until
}
