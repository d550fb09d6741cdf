package youtube

import (
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/oauth2"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/vault"
	"experthour/internal/session"
)

// YouTube is one video. Any number of goroutines may use it.
type YouTube struct {
	*receive.Runner
	env      connector.Env
	account  Account
	settings Settings
	http     *httpapi.Client
	vault    connector.Vault
	token    *vault.Keeper
	login    oauth2.Client
	pacific  *time.Location
	known    atomic.Pointer[string] // the id of the account's channel
	left     atomic.Int64           // units, when that was asked last
	seen     seen
	read     reading // Fetch's
}

var (
	_ connector.Connector = (*YouTube)(nil)
	_ connector.Placed    = (*YouTube)(nil)
	_ connector.Troubled  = (*YouTube)(nil)
	_ connector.Locator   = (*YouTube)(nil)
)

// New makes the connector; it calls nothing yet.
func New(env connector.Env, a Account, s Settings, id session.ConnectorID) (*YouTube, error) {
	pacific, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		return nil, err
	}
	if len(s.Triggers) == 0 {
		s.Triggers = []Trigger{TriggerComment, TriggerReply, TriggerHashtag}
	}
	given := a.RefreshToken.Reveal()
	y := &YouTube{env: env, account: a, settings: s, pacific: pacific, http: newClient(a, env.Now), seen: newSeen(),
		vault: env.Vault(id, a.ClientID+" "+given)}
	y.login = clientOf(a, y.http, env.Now)
	y.token = vault.Keep(vault.Options{Name: id, Vault: y.vault, Given: vault.Token{Refresh: given}, Login: kind,
		Ask: y.login.Renew, Repeats: true, Leases: env.Leases, Owner: env.Owner, Now: env.Now, Log: env.Log})
	y.left.Store(int64(a.Units))
	y.Runner = receive.For(env, id, y)
	y.Lease, y.Rereads = "youtube:"+string(id), true
	return y, nil
}

// ID is the one it was given.
func (y *YouTube) ID() session.ConnectorID { return y.Name }

// Place is the video.
func (y *YouTube) Place() session.PlaceID { return session.PlaceID(y.settings.Video) }

// Trouble is what keeps it from receiving, and that the day's units are nearly used up.
func (y *YouTube) Trouble() []connector.Finding {
	all := append(y.Troubles.List(), y.token.Trouble()...)
	if left := int(y.left.Load()); left < y.account.Units/scarce {
		all = append(all, bad("youtube.units_low", "left", left, "answers", left/costPost))
	}
	return all
}

const (
	// longest bounds a comment. YouTube documents no bound and no way to count; UTF-16 is the
	// largest number that a count of characters gives.
	longest = 10_000
	// lookAfter is longer than YouTube works on one call, and than a list lags behind.
	lookAfter = 20 * time.Second
	// What requests cost, in units (https://developers.google.com/youtube/v3/determine_quota_cost).
	// Before an answer the question is looked at, in up to two calls.
	costPost, costWrite, costRead = 52, 50, 1
	// scarce is of which part of the day's units people are told.
	scarce = 5
)

// units is the budget of a day, and its name.
const units = "units"

func (y *YouTube) budget() connector.Budget {
	return connector.Budget{Name: units, Rate: connector.Rate{Most: y.account.Units, Day: y.pacific}, Costs: map[connector.Request]int{
		connector.RequestPost: costPost, connector.RequestEdit: costWrite, connector.RequestRetract: costWrite,
		connector.RequestFind: costRead, connector.RequestRead: costRead}}
}

// Limits are the units of a day. YouTube notifies whoever is replied to, and of edits nobody. A
// comment is announced under the video: the API knows no posts of a channel.
func (y *YouTube) Limits() connector.Limits {
	return connector.Limits{
		Longest: connector.AtMost(longest, session.UTF16), Budgets: []connector.Budget{y.budget()},
		Timeout: timeout, LookAfter: lookAfter,
		Notices: true, Announces: true, EditsQuietly: true, Votes: true, Address: address,
	}
}

// handle is how people are called at YouTube (https://support.google.com/youtube/answer/11585688).
var handle = regexp.MustCompile(`^@[\p{L}\p{N}_.·-]{3,30}$`)

// address calls whoever asked by a reply: an answer stands below the comment above theirs, whose
// author alone YouTube tells of it.
func address(o session.Origin) string {
	_, name, _ := strings.Cut(string(o.User), " ")
	if _, _, below := strings.Cut(string(o.Message), "."); below && handle.MatchString(name) {
		return name
	}
	return ""
}

// at is where a comment stands.
func (y *YouTube) at(id string) connector.Sent {
	return connector.Sent{Message: session.MessageID(id), URL: "https://www.youtube.com/watch?v=" + y.settings.Video + "&lc=" + id}
}

// Locate reads what "Share" gives for a comment.
func (y *YouTube) Locate(_ session.PlaceID, address string) (session.MessageID, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "https" || u.Host != "www.youtube.com" && u.Host != "youtube.com" && u.Host != "m.youtube.com" {
		return "", false
	}
	q := u.Query()
	id := q.Get("lc")
	return session.MessageID(id), u.Path == "/watch" && q.Get("v") == y.settings.Video && commentID.MatchString(id)
}
