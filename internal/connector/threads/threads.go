package threads

import (
	"context"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// place is the only one: what the account's readers see.
const place session.PlaceID = "profile"

// Threads is one account. Any number of goroutines may use it.
type Threads struct {
	*receive.Runner
	env      connector.Env
	settings Settings
	login    *graph.Login
	read     graph.Reading[media] // Fetch's
}

var (
	_ connector.Connector = (*Threads)(nil)
	_ connector.Placed    = (*Threads)(nil)
	_ connector.Troubled  = (*Threads)(nil)
)

// New makes the connector; it calls nothing yet.
func New(env connector.Env, a Account, s Settings, id session.ConnectorID) *Threads {
	if len(s.Triggers) == 0 {
		s.Triggers = AllTriggers
	}
	given := a.Token.Reveal()
	t := &Threads{env: env, settings: s}
	t.login = &graph.Login{Kind: "threads", Version: version, Grant: grant, Fields: "id,username", Ends: t.ends, Env: env,
		Client: graph.New(graph.Options{Base: a.URL, Secrets: []string{given}, Rules: rules, Timeout: timeout, Now: env.Now})}
	t.login.Keep(id, a.URL, given)
	t.read = graph.Reading[media]{Login: t.login, One: t.one,
		Spend: func(ctx context.Context) error { return env.Spend(ctx, t, place, connector.RequestRead) },
		Names: func(m media) (string, time.Time) { return string(m.ID), m.At.Time }}
	t.Runner = receive.For(env, id, t)
	t.Lease, t.Rereads = "threads:"+string(id), true
	return t
}

// ID is the one it was given.
func (t *Threads) ID() session.ConnectorID { return t.Name }

// Place is the account's profile.
func (t *Threads) Place() session.PlaceID { return place }

// Trouble is what keeps it from receiving, and from being let in.
func (t *Threads) Trouble() []connector.Finding {
	return append(t.Troubles.List(), t.login.Trouble()...)
}

func (t *Threads) triggered(by Trigger) bool { return slices.Contains(t.settings.Triggers, by) }

// grant is what the renewal of a token is called
// (https://developers.facebook.com/docs/threads/get-started/long-lived-tokens).
const grant = "th_refresh_token"

const (
	timeout = 20 * time.Second
	// lookAfter: Threads advises to wait about half a minute for what it is at
	// (https://developers.facebook.com/docs/threads/posts).
	lookAfter = 30 * time.Second
	day       = 24 * time.Hour
	// longest is counted with count (https://developers.facebook.com/documentation/threads/reference/publishing).
	longest = 500
	// mostAlone, mostReplies and mostDeletes are what an account has in any 24 hours
	// (https://developers.facebook.com/docs/threads/overview, …/docs/threads/posts/delete-posts).
	mostAlone, mostReplies, mostDeletes = 250, 1000, 100
	// mostCalls is less than the 4,800 for each of at least ten views of the account in 24 hours.
	mostCalls = 45_000
)

// only is a budget that one kind of requests takes of.
func only(kind connector.Request) map[connector.Request]int {
	costs := map[connector.Request]int{connector.RequestPost: 0, connector.RequestAlone: 0, connector.RequestEdit: 0,
		connector.RequestRetract: 0, connector.RequestFind: 0, connector.RequestRead: 0}
	costs[kind] = 1
	return costs
}

// Limits are those of the platform. A post is five calls: what it replies to, the container, its
// state, the publication, the address. A look is two, a take-back one besides the look behind it.
func (t *Threads) Limits() connector.Limits {
	return connector.Limits{
		Longest:  connector.Longest{{Unit: session.EmojiBytes, Most: longest, Count: count}},
		PerPlace: connector.Rate{Most: 5, Per: time.Second}, // of looks at several announcements too, which must not hold answers back
		Budgets: []connector.Budget{
			{Name: "alone", Rate: connector.Rate{Most: mostAlone, Per: day}, Costs: only(connector.RequestAlone)},
			{Name: "replies", Rate: connector.Rate{Most: mostReplies, Per: day}, Costs: only(connector.RequestPost)},
			{Name: "deletes", Rate: connector.Rate{Most: mostDeletes, Per: day}, Costs: only(connector.RequestRetract)},
			{Name: "calls", Rate: connector.Rate{Most: mostCalls, Per: day}, Costs: map[connector.Request]int{connector.RequestPost: 5,
				connector.RequestFind: 2}},
		},
		Timeout: timeout, LookAfter: lookAfter, Notices: true, Announces: true,
	}
}
