package connector

import (
	"context"
	"net/url"
)

// Connecter is a connector whose platform gives a token to a person who logs in there with
// a browser: "bot connect KIND" has them do it.
type Connecter interface {
	// Connect has a person allow the program what it needs, and keeps the token that comes of
	// it in Env.Vault, from where whatever runs takes it.
	Connect(ctx context.Context, b Browser) error
}

// Returner is a Connecter whose platform sends people back only to an address that was registered
// there beforehand.
type Returner interface {
	Connecter
	// Returns is that address: "http://127.0.0.1:PORT/". Empty is any.
	Returns() string
}

// Browser is a person with one, on this machine or elsewhere.
type Browser interface {
	// Back is the address to which a platform can send them back. Empty is none: the platform
	// shows a code, which they type here.
	Back() string
	// Ask sends them to the page of a platform that asks whether the program may (OAuth 2.0,
	// the code flow), and waits. To the parameters it adds response_type, state, which it looks
	// at when they come back, and a challenge (PKCE), which servers that know none pass over.
	Ask(ctx context.Context, page string, params url.Values) (Grant, error)
}

// Grant is what comes of asking: good for one token.
type Grant struct {
	Code     string
	Verifier string // it answers the challenge
}
