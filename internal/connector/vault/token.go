package vault

import "time"

// Token is what a platform lets the program in with.
type Token struct {
	// Access is what calls carry; empty means that there is none yet.
	Access string `json:"access,omitempty"`
	// Refresh is what the next token is asked for with, where that is not Access.
	Refresh string `json:"refresh,omitempty"`
	// Until is when Access ends; zero is never, or unknown.
	Until time.Time `json:"until,omitzero"`
	// Ends is when nobody but a person can get another token; zero is never, or
	// unknown.
	Ends time.Time `json:"ends,omitzero"`
}

// good reports whether calls can still be made with it.
func (t Token) good(now time.Time) bool {
	return t.Access != "" && (t.Until.IsZero() || now.Before(t.Until))
}

// state is what the vault holds, as JSON.
type state struct {
	Token Token `json:"token"`
	// Since is when the token came; zero for the file's.
	Since time.Time `json:"since,omitzero"`
	// Asked is the last asking for the next one, until it is known what came of it.
	Asked asking `json:"asked,omitzero"`
}

// asking is one attempt to get a token.
type asking struct {
	At time.Time `json:"at"`
	By string    `json:"by"` // the replica
}

func (a asking) is(b asking) bool { return a.By == b.By && a.At.Equal(b.At) }

const (
	// askFor bounds the asking for a token.
	askFor = 30 * time.Second
	// busyFor is how long somebody may be asking, whatever became of their lease.
	busyFor = 2 * askFor
	// again is the least time between a token and the asking for the next one because
	// the platform refused it.
	again = time.Minute
)

// step is what to do about a token.
type step uint8

const (
	use  step = iota
	ask       // for the next one
	busy      // somebody may be asking just now
	lost      // it was asked for, and nobody knows what came of it
)

// due reports whether it is time for the next token: a quarter of its time is left, or
// the platform refused it.
func (s state) due(now time.Time, refused string) bool {
	t := s.Token
	switch {
	case t.Access == "":
		return true
	case t.Access == refused:
		return now.Sub(s.Since) >= again
	case t.Until.IsZero():
		return false
	case s.Since.IsZero():
		return !now.Before(t.Until)
	}
	return !now.Before(t.Until.Add(-t.Until.Sub(s.Since) / 4))
}

// next decides. Where the platform repeats itself, a lost answer can be asked for
// again.
func (s state) next(now time.Time, refused string, repeats bool) step {
	switch {
	case !s.due(now, refused):
		return use
	case s.Asked.By == "" || repeats:
		return ask
	case now.Sub(s.Asked.At) < busyFor:
		return busy
	}
	return lost
}
