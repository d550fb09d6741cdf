package session

import (
	"context"
	"time"
)

// A Nudge is who was reminded that an answer waits for approval, and when.
type Nudge struct {
	To []PersonName `json:"to"`
	At time.Time    `json:"at"`
}

// NudgeApprovers is the clock's: who is on duty is told that the answer waits for approval. It is
// given once for each time that a question waits so.
type NudgeApprovers struct {
	On
	To []PersonName `json:"to"`
}

// Verb is NudgeVerb.
func (NudgeApprovers) Verb() Verb { return NudgeVerb }

func (NudgeApprovers) already(q Question, _ Actor) bool { return q.State == Review && q.nudged() }

func (c NudgeApprovers) apply(q *Question, x Context) error {
	if x.Session.Paused {
		return Fail(Refused, "not_now", "verb", NudgeVerb, "state", q.State)
	}
	q.Nudge = &Nudge{c.To, x.At}
	q.Calls++
	return nil
}

// nudged reports whether somebody was nudged since the question is where it is.
func (q Question) nudged() bool { return q.Nudge != nil && !q.Nudge.At.Before(q.Since) }

// Nudged are those who were told that the answer waits for approval, as long as it does.
func (q Question) Nudged() []PersonName {
	if q.State != Review || !q.nudged() {
		return nil
	}
	return q.Nudge.To
}

// onDuty are the moderators with an account at the hour's desk who may approve q's answer: those who
// have decided something about the question or the hour, or where none of them has, all.
func (s Session) onDuty(staff Directory, q Question) (names []PersonName) {
	var all []PersonName
	for _, p := range staff {
		if p.Role != Moderator || p.Accounts[s.Desk.Connector] == "" || p.Name == q.Latest().Author {
			continue
		}
		all = append(all, p.Name)
		if acted(q.Acts, p.Name) || acted(s.Acts, p.Name) {
			names = append(names, p.Name)
		}
	}
	if len(names) == 0 {
		return all
	}
	return names
}

func acted(acts map[Verb]Act, name PersonName) bool {
	for _, a := range acts {
		if a.By.Name == name {
			return true
		}
	}
	return false
}

// nudge reminds of answers that wait for approval for longer than the configuration says.
func (s *Service) nudge(ctx context.Context, ses Session) error {
	if s.NudgeAfter == 0 || ses.Paused || ses.CardLane() == nil || !working.in(ses.State, false, System) {
		return nil
	}
	qs, err := s.Store.List(ctx, ses.ID, Listing{States: []State{Review}, Limit: leftPage})
	if err != nil {
		return err
	}
	for _, q := range qs {
		to := ses.onDuty(s.Staff.People(), q)
		if q.nudged() || s.now().Before(q.Since.Add(s.NudgeAfter)) || len(to) == 0 {
			continue
		}
		if _, err := s.Do(ctx, Program, NudgeApprovers{On{Question: q.Ref}, to}); lost(err) != nil {
			return err
		}
	}
	return nil
}
