package deskpage

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"experthour/internal/keyring"
	"experthour/internal/session"
)

// Life is how long a desk link is valid, and what it is exchanged for: a working day with
// its evening.
const Life = 12 * time.Hour

// kind is what a token is for. Each kind has a key of its own, so that none passes for
// another.
type kind keyring.Purpose

const (
	forLink   = kind(keyring.Links)   // in an address that logs a person in once
	forCookie = kind(keyring.Cookies) // what a browser keeps after that
	forAPI    = kind(keyring.Tokens)  // the bearer of the JSON API
	// forTrial is for rehearsals, where nothing is secret: in an address, as often as
	// wanted, and the bearer of the API as well.
	forTrial = kind(keyring.Trials)
)

// The errors of a token.
var (
	errExpired = session.Fail(session.Forbidden, "link_expired")
	errForged  = session.Fail(session.Forbidden, "link_wrong")
	errRevoked = session.Fail(session.Forbidden, "link_revoked")
	errUsed    = session.Fail(session.Forbidden, "link_used")
)

// Tokens signs who somebody is. A token is valid until it expires, its person's logins are
// revoked or they leave the staff list, or the secret is gone.
type Tokens struct {
	keys map[kind]keyring.Keys
	now  func() time.Time
}

// NewTokens signs with keys of the ring.
func NewTokens(ring keyring.Ring, now func() time.Time) Tokens {
	t := Tokens{map[kind]keyring.Keys{}, now}
	for _, k := range []kind{forLink, forCookie, forAPI, forTrial} {
		t.keys[k] = ring.For(keyring.Purpose(k))
	}
	return t
}

// claim is what a token says.
type claim struct {
	Name    session.PersonName `json:"n"`
	Since   int64              `json:"s"` // Logins.Since of when it was made, in Unix milliseconds
	Expires int64              `json:"e"` // Unix seconds
	ID      string             `json:"id,omitempty"`
}

// since is from when on logins of the person hold that are like this one.
func (c claim) since() time.Time { return time.UnixMilli(c.Since) }

// left is how long the claim is still valid.
func (c claim) left(now time.Time) time.Duration { return time.Unix(c.Expires, 0).Sub(now) }

// API makes a bearer token of the JSON API. since is Logins.Since of the person: the next
// Revoke ends it. Where that cannot be asked, now does.
func (t Tokens) API(name session.PersonName, since time.Time, life time.Duration) string {
	return t.issue(forAPI, name, since, life)
}

// issue makes a token with an id of its own.
func (t Tokens) issue(k kind, name session.PersonName, since time.Time, life time.Duration) string {
	return t.sign(k, claim{name, since.UnixMilli(), t.now().Add(life).Unix(), rand.Text()})
}

var encoding = base64.RawURLEncoding.Strict()

func (t Tokens) sign(k kind, c claim) string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and numbers
	}
	body := encoding.EncodeToString(b)
	return body + "." + encoding.EncodeToString(t.keys[k].Sign(body))
}

// read checks a token. The claim of an expired one is returned too, so that the page can
// say for whom to ask for a new one.
func (t Tokens) read(k kind, token string) (claim, error) {
	body, sum, _ := strings.Cut(token, ".")
	mac, err := encoding.DecodeString(sum)
	if err != nil || !t.keys[k].Signed(mac, body) {
		return claim{}, errForged
	}
	var c claim
	b, err := encoding.DecodeString(body)
	if err != nil || json.Unmarshal(b, &c) != nil {
		return claim{}, errForged
	}
	if t.now().Unix() >= c.Expires {
		return c, errExpired
	}
	return c, nil
}
