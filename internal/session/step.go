package session

import (
	"encoding/json"
	"time"
)

// Step is one entry of the record for people to read: what was done, by whom and, where
// it is about a copy, what came of it. It holds nothing that anybody wrote.
type Step struct {
	Number  int // of the question; 0 is the session itself
	Version int64
	At      time.Time
	Verb    Verb
	Role    Role
	By      PersonName // empty where the record names nobody, or does so no longer
	Copy    string     // key of the slot, if it is about one
	Reason  string     // why something was approved although a guideline that blocks is not kept to
	Outcome string     // of that copy: sent, taken_back, a Problem, or what a person decided
}

// Steps lists the record in the order of its log: that of question n, or all of it when
// n is negative.
func (r Record) Steps(n int) []Step {
	steps := []Step{}
	for _, e := range r.Entries {
		if n < 0 || e.Number == n {
			steps = append(steps, r.step(e))
		}
	}
	return steps
}

// step reads what the entry's payload says, if it is still there.
func (r Record) step(e Entry) Step {
	s := Step{Number: e.Number, Version: e.Version, At: e.At, Verb: e.Verb, Role: e.Role}
	var p struct {
		By      PersonName
		Command struct {
			Copy    string
			Brought int
			Problem Problem
			Reason  string
		}
	}
	if err := json.Unmarshal([]byte(r.Payloads[PayloadKey(e.Number, e.Version)].Payload), &p); err != nil {
		return s // it was erased; Verify says whether it may be
	}
	s.By, s.Copy = p.By, p.Command.Copy
	switch {
	case e.Verb == Approve:
		s.Reason = p.Command.Reason
	case s.Copy == "":
	case e.Verb == Sent && p.Command.Brought == 0:
		s.Outcome = "taken_back"
	case e.Verb == Parked:
		s.Outcome = string(p.Command.Problem)
	default:
		s.Outcome = string(e.Verb)
	}
	return s
}
