package bluesky

import (
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/vault"
	"experthour/internal/session"
)

// Bluesky is one account. Any number of goroutines may use it.
type Bluesky struct {
	*receive.Runner
	env    connector.Env
	memory connector.Memory
	pinned connector.Vault // what was pinned before
	handle string          // as configured, in lower case
	set    Settings
	http   *httpapi.Client
	login  *httpapi.Client // says no in other words
	files  *httpapi.Client // has what was sent with posts
	token  *vault.Keeper
	me     atomic.Pointer[identity]
	marks  *regexp.Regexp // what addresses the account in a text
	own    string         // what addresses of the program begin with
	shown  string         // and those of pictures of posts
	every  time.Duration  // how often it is asked while questions are taken
}

var (
	_ connector.Connector = (*Bluesky)(nil)
	_ connector.Placed    = (*Bluesky)(nil)
	_ connector.Troubled  = (*Bluesky)(nil)
)

const callTimeout = 15 * time.Second

func newBluesky(env connector.Env, id session.ConnectorID, a Account, s Settings) *Bluesky {
	password := a.AppPassword.Reveal()
	options := httpapi.Options{Base: a.APIURL, Secrets: []string{password}, Dialect: dialect, Timeout: callTimeout, Now: env.Now}
	b := &Bluesky{env: env, memory: env.Memory(id), handle: strings.ToLower(a.Handle), set: s, http: httpapi.New(options),
		every: 5 * time.Second}
	b.pinned = env.Vault(id, "pinned "+b.handle)
	b.files = httpapi.New(httpapi.Options{Base: a.PicturesURL, Timeout: fileTimeout, Most: session.MostFile, Now: env.Now})
	b.shown = strings.TrimRight(a.PicturesURL, "/")
	options.Dialect = loginDialect
	b.login = httpapi.New(options)
	b.token = vault.Keep(vault.Options{Name: id, Vault: env.Vault(id, b.handle+" "+password), Ask: b.enter(password), Repeats: true,
		Leases: env.Leases, Owner: env.Owner, Now: env.Now, Log: env.Log})
	if len(b.set.Triggers) == 0 {
		b.set.Triggers = allTriggers
	}
	if env.PublicURL != "" {
		b.own = strings.TrimRight(env.PublicURL, "/") + "/"
	}
	b.marks = addressing(b.handle, s.Hashtag)
	b.Runner = receive.For(env, id, b)
	b.Lease, b.Rereads = "bluesky:"+string(id), true
	return b
}

// addressing finds the mention of the account and its hashtag, each as a whole word.
func addressing(handle, tag string) *regexp.Regexp {
	forms := `@` + regexp.QuoteMeta(handle) + `(\.?(?:[^\pL\pN.-]|$))`
	if tag != "" {
		forms += `|#` + regexp.QuoteMeta(tag) + `([^\pL\pN\pM_]|$)`
	}
	return regexp.MustCompile(`(?i)(?:` + forms + `)`)
}

// ID is the one it was given.
func (b *Bluesky) ID() session.ConnectorID { return b.Name }

// Place is the account, as the configuration calls it.
func (b *Bluesky) Place() session.PlaceID { return session.PlaceID(b.handle) }

// Trouble is what keeps it from receiving, and from being let in.
func (b *Bluesky) Trouble() []connector.Finding {
	return append(b.Troubles.List(), b.token.Trouble()...)
}

func (b *Bluesky) triggered(by string) bool { return slices.Contains(b.set.Triggers, by) }

// settleFor is how long the server may be at a call whose answer was lost.
const settleFor = 10 * time.Second

// points are what writing costs of the two budgets that an account has.
var points = map[connector.Request]int{connector.RequestPost: 3, connector.RequestEdit: 2, connector.RequestRetract: 1,
	connector.RequestFind: 0, connector.RequestRead: 0}

// Limits are those of the platform. What an answer takes besides, for looking at the post
// above it, is far below the 3,000 calls in five minutes that an address has.
func (b *Bluesky) Limits() connector.Limits {
	return connector.Limits{
		Longest:  connector.Longest{{Unit: session.Graphemes, Most: 300}, {Unit: session.Bytes, Most: 3000}},
		PerPlace: connector.Rate{Most: 1, Per: time.Second},
		Overall:  connector.Rate{Most: 1000, Per: 5 * time.Minute},
		Budgets: []connector.Budget{
			{Name: "points-hour", Rate: connector.Rate{Most: 5000, Per: time.Hour}, Costs: points},
			{Name: "points-day", Rate: connector.Rate{Most: 35000, Per: 24 * time.Hour}, Costs: points}},
		Timeout: callTimeout, LookAfter: settleFor, Notices: true, Pictures: mostPictures, Votes: true, Announces: true, EditsQuietly: true,
		Pins: true,
	}
}
