package wordpress

import (
	"sync/atomic"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
	"time"
)

// WordPress is one site. Any number of goroutines may use it.
type WordPress struct {
	*receive.Runner
	env      connector.Env
	account  Account
	settings Settings
	http     *httpapi.Client
	known    atomic.Uint64 // the bot's own number
	seen     seen
}

var (
	_ connector.Connector = (*WordPress)(nil)
	_ connector.Placed    = (*WordPress)(nil)
	_ connector.Troubled  = (*WordPress)(nil)
)

// New makes the connector; it calls nothing yet.
func New(env connector.Env, a Account, s Settings, id session.ConnectorID) *WordPress {
	if len(s.Triggers) == 0 {
		s.Triggers = []Trigger{TriggerComment, TriggerReply, TriggerHashtag}
	}
	w := &WordPress{env: env, account: a, settings: s, http: newClient(a, env.Now), seen: seen{texts: map[uint64]string{}}}
	w.Runner = receive.For(env, id, w)
	w.Lease, w.Rereads = "wordpress:"+string(id), true
	return w
}

// ID is the one it was given.
func (w *WordPress) ID() session.ConnectorID { return w.Name }

// Place is the site.
func (*WordPress) Place() session.PlaceID { return site }

// Trouble is what keeps it from receiving.
func (w *WordPress) Trouble() []connector.Finding { return w.Troubles.List() }

const (
	// longest is what WordPress stores of a comment, in bytes.
	longest = 65_525
	// lookAfter is longer than a site works on one call.
	lookAfter = 10 * time.Second
)

// Limits are those of comments; posts take more. A site has no limit of requests, and the
// one here spares those that share a machine.
func (*WordPress) Limits() connector.Limits {
	return connector.Limits{
		Longest: connector.Longest{{Unit: session.Bytes, Most: longest, Count: stored}},
		Overall: connector.Rate{Most: 120, Per: time.Minute}, Timeout: timeout, LookAfter: lookAfter,
		Notices: true, Announces: true, Transcripts: true, Pins: true, EditsQuietly: true, Slots: true, Pictures: mostPictures,
	}
}
