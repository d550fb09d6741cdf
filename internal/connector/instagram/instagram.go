package instagram

import (
	"cmp"
	"context"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// Instagram is one post of an account, or those that announce hours. Any number of goroutines may use it.
type Instagram struct {
	*receive.Runner
	env      connector.Env
	settings Settings
	login    *graph.Login
	read     graph.Reading[comment] // Fetch's
}

var (
	_ connector.Connector = (*Instagram)(nil)
	_ connector.Placed    = (*Instagram)(nil)
	_ connector.Troubled  = (*Instagram)(nil)
)

// New makes the connector; it calls nothing yet.
func New(env connector.Env, a Account, s Settings, id session.ConnectorID) *Instagram {
	if len(s.Triggers) == 0 {
		s.Triggers = AllTriggers
	}
	given := a.Token.Reveal()
	g := &Instagram{env: env, settings: s}
	g.login = &graph.Login{Kind: "instagram", Version: version, Grant: grant, Fields: "user_id,username", Env: env,
		Client: graph.New(graph.Options{Base: a.URL, Secrets: []string{given}, Rules: rules, Timeout: timeout, Now: env.Now})}
	g.login.Keep(id, a.URL, given)
	g.read = graph.Reading[comment]{Login: g.login, One: g.one,
		Spend: func(ctx context.Context) error { return env.Spend(ctx, g, g.Place(), connector.RequestRead) },
		Names: func(c comment) (string, time.Time) { return string(c.ID), c.At.Time }}
	g.Runner = receive.For(env, id, g)
	g.Lease, g.Rereads = "instagram:"+string(id), true
	return g
}

// ID is the one it was given.
func (g *Instagram) ID() session.ConnectorID { return g.Name }

// Place is the post, or all that the account posts.
func (g *Instagram) Place() session.PlaceID {
	return session.PlaceID(cmp.Or(string(g.settings.Media), "profile"))
}

// Trouble is what keeps it from receiving, and from being let in.
func (g *Instagram) Trouble() []connector.Finding {
	return append(g.Troubles.List(), g.login.Trouble()...)
}

// grant is what the renewal of a token is called
// (https://developers.facebook.com/documentation/instagram-platform/reference/refresh_access_token).
const grant = "ig_refresh_token"

const (
	timeout   = 20 * time.Second
	lookAfter = 20 * time.Second
	day       = 24 * time.Hour
	// longest is that of a caption; of comments nothing is documented.
	longest = 2_200
	// mostPosts is what an account has in any 24 hours
	// (https://developers.facebook.com/documentation/instagram-platform/content-publishing).
	mostPosts = 100
	// mostWrites is what Meta's rate limits named for comments of an account in an hour, before its
	// documentation left that out.
	mostWrites = 60
	// mostCalls is less than the 4,800 for each view of the account in 24 hours
	// (https://developers.facebook.com/docs/graph-api/overview/rate-limiting).
	mostCalls = 4_500
)

// Limits are those of the platform. A post is three calls: what it replies to, the reply, and who
// the account is; an announcement is at least four: the container, its state, the publication, the
// address. The caption of a post is not edited, and a post not deleted, so that it is told once.
func (g *Instagram) Limits() connector.Limits {
	return connector.Limits{
		Longest:  connector.AtMost(longest, session.UTF16),
		PerPlace: connector.Rate{Most: 2, Per: time.Second},
		Budgets: []connector.Budget{
			{Name: "writes", Rate: connector.Rate{Most: mostWrites, Per: time.Hour}, Costs: map[connector.Request]int{connector.RequestFind: 0,
				connector.RequestRead: 0, connector.RequestRetract: 0}},
			{Name: "posts", Rate: connector.Rate{Most: mostPosts, Per: day}, Costs: map[connector.Request]int{connector.RequestPost: 0,
				connector.RequestAlone: 1, connector.RequestFind: 0, connector.RequestRead: 0, connector.RequestRetract: 0}},
			{Name: "calls", Rate: connector.Rate{Most: mostCalls, Per: day}, Costs: map[connector.Request]int{connector.RequestPost: 3,
				connector.RequestAlone: 4}},
		},
		Timeout: timeout, LookAfter: lookAfter, Notices: true, Votes: true, Address: address,
		Announces: g.settings.Media == "", ToldOnce: g.settings.Media == "", Posters: g.settings.Media == "",
	}
}

// address names whoever asked: a reply below another one tells nobody else.
func address(o session.Origin) string {
	if !nameForm.MatchString(string(o.User)) {
		return ""
	}
	return "@" + strings.TrimSpace(string(o.User))
}
