package deskpage

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"experthour/internal/session"
)

// Life is how long a desk link is valid: a working day with its evening.
const Life = 12 * time.Hour

// purpose keeps a token for one thing from being used for another.
type purpose string

const (
	forLink   purpose = "link"   // in the address and as the bearer of the API
	forCookie purpose = "cookie" // what a browser keeps after following a link
)

// The errors of a token.
var (
	errExpired = session.Fail(session.Forbidden, "link_expired")
	errForged  = session.Fail(session.Forbidden, "link_wrong")
)

// Tokens signs who somebody is. Nothing is stored: a token is valid until it
// expires, the secret changes or the person leaves the staff list.
type Tokens struct {
	Secret []byte
	Now    func() time.Time
}

// claim is what a token says.
type claim struct {
	Purpose purpose            `json:"p"`
	Name    session.PersonName `json:"n"`
	Expires int64              `json:"e"` // Unix seconds
}

// Make makes the token of a desk link, which is the bearer token of the API too.
func (t Tokens) Make(name session.PersonName, life time.Duration) string {
	return t.sign(claim{forLink, name, t.Now().Add(life).Unix()})
}

// Person returns whose desk token it is. Errors are of kind Forbidden.
func (t Tokens) Person(token string) (session.PersonName, error) {
	c, err := t.read(forLink, token)
	return c.Name, err
}

var encoding = base64.RawURLEncoding.Strict()

func (t Tokens) sign(c claim) string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and a number
	}
	body := encoding.EncodeToString(b)
	return body + "." + encoding.EncodeToString(t.mac(body))
}

// mac is keyed by a key of its own, so that nothing else that the secret signs can
// be taken for a token.
func (t Tokens) mac(body string) []byte {
	key := hmac.New(sha256.New, t.Secret)
	key.Write([]byte("eh-desk-token-1"))
	m := hmac.New(sha256.New, key.Sum(nil))
	m.Write([]byte(body))
	return m.Sum(nil)
}

// read checks a token. The claim of an expired one is returned too, so that the
// page can say for whom to ask for a new one.
func (t Tokens) read(p purpose, token string) (claim, error) {
	body, sum, _ := strings.Cut(token, ".")
	mac, err := encoding.DecodeString(sum)
	if err != nil || len(t.Secret) == 0 || !hmac.Equal(mac, t.mac(body)) {
		return claim{}, errForged
	}
	var c claim
	b, err := encoding.DecodeString(body)
	if err != nil || json.Unmarshal(b, &c) != nil || c.Purpose != p {
		return claim{}, errForged
	}
	if t.Now().Unix() >= c.Expires {
		return c, errExpired
	}
	return c, nil
}
