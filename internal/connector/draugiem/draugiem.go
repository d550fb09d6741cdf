package draugiem

import (
	"regexp"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// Draugiem is one page. Any number of goroutines may use it.
type Draugiem struct {
	*receive.Runner
	env      connector.Env
	account  Account
	settings Settings
	http     *httpapi.Client
	seen     seen
}

var (
	_ connector.Connector = (*Draugiem)(nil)
	_ connector.Placed    = (*Draugiem)(nil)
	_ connector.Troubled  = (*Draugiem)(nil)
)

// New makes the connector; it calls nothing yet.
func New(env connector.Env, a Account, s Settings, id session.ConnectorID) *Draugiem {
	d := &Draugiem{env: env, account: a, settings: s, http: newClient(a, env.Now), seen: newSeen()}
	d.Runner = receive.For(env, id, d)
	d.Lease, d.Rereads = "draugiem:"+string(id), true
	return d
}

// ID is the one it was given.
func (d *Draugiem) ID() session.ConnectorID { return d.Name }

// Place is the page.
func (d *Draugiem) Place() session.PlaceID { return session.PlaceID(d.settings.Page) }

// Trouble is what keeps it from receiving.
func (d *Draugiem) Trouble() []connector.Finding { return d.Troubles.List() }

const (
	// longest bounds a text; none is documented.
	longest = 2000
	// lookAfter is longer than one call may take there.
	lookAfter = 15 * time.Second
)

// Limits are careful guesses. Askers are told nothing but the answer: a question has one, and
// another word in its place would make the question public.
func (d *Draugiem) Limits() connector.Limits {
	return connector.Limits{
		Longest: connector.AtMost(longest, session.Characters),
		Overall: connector.Rate{Most: 1, Per: time.Second},
		Timeout: timeout, LookAfter: lookAfter,
		Announces: true, EditsQuietly: true,
	}
}

// A message is a question, its answer or a piece of news: a letter, and the id at Draugiem.lv,
// which may be longer than a float64 can hold.
const (
	question = "q"
	answer   = "a"
	news     = "n"
)

var known = regexp.MustCompile(`^[qan][0-9]{1,20}$`)

// split takes a message apart; kind is empty for what is none.
func split(m session.MessageID) (kind, id string) {
	if !known.MatchString(string(m)) {
		return "", ""
	}
	return string(m[:1]), string(m[1:])
}
