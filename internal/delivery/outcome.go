package delivery

import (
	"time"

	"experthour/internal/connector"
)

// outcome is what became of a task under one lease.
type outcome struct {
	result result
	wait   time.Duration // asked for by the platform, or until there is a token
	detail string        // the platform's own words
	err    error         // why, of a request
	fault  error         // what was wrong at our end
	then   request       // what is asked before the outcome counts
	unpaid int           // what it costs, of unused, where a person must give more money for it
}

// result says what is known.
type result uint8

const (
	unsure  result = iota // it may have arrived, and so it is after a look that failed
	sent                  // it stands as it should, or was found there
	refused               // it did not arrive and will not
	later                 // it did not arrive, or doing it again is harmless
	unused                // nothing was tried
	absent                // the platform was asked and does not have it, or it was not wanted: begin anew
	gone                  // what it was to be shown at is not there any more
	undone                // what it is made of could not be read or drawn
)

// outcomeOf is what an error of a request says; nil is sent.
func outcomeOf(err error) outcome {
	if err == nil {
		return outcome{result: sent}
	}
	e := connector.OutcomeOf(err)
	o := outcome{wait: e.Wait, detail: e.Detail, err: err}
	o.result = map[connector.Outcome]result{connector.Unsure: unsure, connector.Refused: refused, connector.Deferred: later}[e.Outcome]
	return o
}

// lookOutcome is what a look came to. One that failed says nothing of what is there.
func lookOutcome(found bool, err error) outcome {
	o := outcomeOf(err)
	switch {
	case err != nil:
		o.result = unsure
	case !found:
		o.result = absent
	}
	return o
}

// harmless is the outcome of what may be repeated whatever became of it.
func (o outcome) harmless() outcome {
	if o.result == unsure {
		o.result = later
	}
	return o
}

// later is when to try again: when the platform says, or else after longer and longer, for
// a platform that refuses a token may lock out who tries it again and again.
func (o outcome) later(tries int) time.Duration {
	if o.wait > 0 {
		return max(o.wait, briefly)
	}
	return min(briefly<<min(max(tries-1, 0), 7), longest)
}

const (
	// longest is between two tries of what nobody says when to try again.
	longest = 30 * time.Second
	// patience is how many times something harmless, looking included, is repeated before
	// a person is asked.
	patience = 10
	// stillThere is how many take-backs are said to have succeeded, over a quarter of a minute,
	// before a person is told that the post is still there.
	stillThere = 4
	// grace is how long after an unknown outcome a platform is looked at at the soonest: a post may
	// take a moment to appear.
	grace = 2 * time.Second
)

// afterTries waits longer after each try, up to half a minute.
func afterTries(tries int) time.Duration {
	return min(time.Second<<min(tries, 5), longest)
}
