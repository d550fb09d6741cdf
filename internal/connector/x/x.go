package x

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// place is the only one: all that the account's readers see.
const place session.PlaceID = "timeline"

// X is one account. Any number of goroutines may use it.
type X struct {
	*receive.Runner
	httpapi.Files
	env      connector.Env
	settings Settings
	sign     httpapi.OAuth1
	hook     bool   // X calls this program
	login    *login // in place of sign; nil is that keys are in the configuration
	base     string // of all addresses
	http     *httpapi.Client
	day      int    // at most, in thousandths of a dollar
	hour     int    // at most for the posts of one, until moderators lift it; 0 is no bound
	shown    string // where the addresses of pictures begin
	known    atomic.Pointer[user]
	last     reading // Fetch's

	mu   sync.Mutex
	seen map[string]string // how an original was when it was read again
}

var (
	_ connector.Connector = (*X)(nil)
	_ connector.Placed    = (*X)(nil)
	_ connector.Troubled  = (*X)(nil)
	_ connector.Locator   = (*X)(nil)
)

// New makes the connector; it calls nothing yet.
func New(env connector.Env, a Account, s Settings, id session.ConnectorID) *X {
	x := &X{env: env, settings: s, hook: a.Webhook, sign: signerOf(a, env.Now), base: strings.TrimRight(a.URL, "/"),
		http: newClient(a, env.Now), day: a.USDADay * 1000, hour: a.USDAnHour * 1000,
		seen: map[string]string{}, shown: mediaHost, Files: httpapi.NewFiles(session.MostFile, env.Now, env.Near)}
	if a.logs() {
		x.login = newLogin(env, a, x.http, id)
	}
	x.Runner = receive.For(env, id, x)
	x.Lease, x.Rereads = "x:"+string(id), true
	return x
}

// ID is the one it was given.
func (x *X) ID() session.ConnectorID { return x.Name }

// Place is the account's timeline.
func (x *X) Place() session.PlaceID { return place }

// Trouble is what keeps it from receiving, and what is wrong with its token.
func (x *X) Trouble() []connector.Finding {
	if x.login == nil {
		return x.Troubles.List()
	}
	return append(x.Troubles.List(), x.login.token.Trouble()...)
}

func (x *X) wants(t Trigger) bool {
	return len(x.settings.Triggers) == 0 || slices.Contains(x.settings.Triggers, t)
}

const (
	timeout = 20 * time.Second
	// lookAfter is longer than X works on one call, and than the timeline lags behind.
	lookAfter = 20 * time.Second
	window    = 15 * time.Minute
)

// only are the costs of a budget that counts one kind of requests.
func only(r connector.Request, cost int) map[connector.Request]int {
	costs := map[connector.Request]int{connector.RequestPost: 0, connector.RequestEdit: 0, connector.RequestRetract: 0,
		connector.RequestFind: 0, connector.RequestRead: 0}
	costs[r] = cost
	return costs
}

// Limits are X's windows (https://docs.x.com/x-api/fundamentals/rate-limits), a few calls less
// than it has, and the money of a day of X's, which is one of UTC. A look counts as if it found one post.
func (x *X) Limits() connector.Limits {
	costs := map[connector.Request]int{connector.RequestPost: priceLink, connector.RequestEdit: 0, connector.RequestRetract: priceDelete,
		connector.RequestFind: priceRead, connector.RequestRead: priceOwn}
	return connector.Limits{
		Longest: connector.Longest{{Unit: weighted, Most: longest, Count: weight}},
		Budgets: []connector.Budget{
			{Name: "posts", Rate: connector.Rate{Most: 95, Per: window}, Costs: only(connector.RequestPost, 1)},
			{Name: "deletes", Rate: connector.Rate{Most: 45, Per: window}, Costs: only(connector.RequestRetract, 1)},
			{Name: "reads", Rate: connector.Rate{Most: 280, Per: window}, Costs: only(connector.RequestRead, 1)},
			{Name: "money", Rate: connector.Rate{Most: x.day, Day: time.UTC}, Costs: costs, Priced: true},
		},
		Timeout: timeout, LookAfter: lookAfter, Notices: true, Votes: true, Announces: true, Price: PriceOf, Pictures: mostPictures,
		Ceiling: x.hour, Linkless: !x.settings.Links,
	}
}

// permalink is how people copy the address of a post.
var permalink = regexp.MustCompile(`^https://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:i/web|[A-Za-z0-9_]{1,15})` +
	`/status/([0-9]{1,19})/?(?:\?.*)?$`)

// Locate reads it.
func (x *X) Locate(_ session.PlaceID, address string) (session.MessageID, bool) {
	m := permalink.FindStringSubmatch(address)
	if m == nil {
		return "", false
	}
	return session.MessageID(m[1]), true
}

func link(id string) string { return "https://x.com/i/web/status/" + id }
