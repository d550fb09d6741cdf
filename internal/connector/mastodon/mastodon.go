// Package mastodon connects an account on a server with Mastodon's API: people ask it by
// mentioning it, under its announcements or with a hashtag, and read the answer there.
//
// It knows that API and nothing of any rule. Servers differ: what they keep and count is
// asked of them, and what only some can do (keys) is used and not relied on.
package mastodon

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/vault"
	"experthour/internal/session"
)

// place is the only one: all that the account's readers see.
const place session.PlaceID = "timeline"

// direct is the visibility of what only those who are mentioned read.
const direct = "direct"

const (
	usualMost   = 500 // characters of a post, where the server does not say
	usualLink   = 23
	mostMention = 120 // of the longest name that is called
	mostWarning = 100
	timeout     = 20 * time.Second
	// lookAfter: the key is stored after the post, so a call that timed out may still be at it.
	lookAfter = 10 * time.Second
	// untilToken is how long nothing is tried without one.
	untilToken = 5 * time.Second
)

// Mastodon is one account.
type Mastodon struct {
	*receive.Runner
	env      connector.Env
	settings Settings
	http     *httpapi.Client
	files    *httpapi.Client // what strangers sent, at addresses that are theirs
	server   string
	given    string // the token of the file; empty is that vault may have one
	vault    connector.Vault
	pins     bool // announcements are to be pinned

	stream atomic.Int64  // the number of the one that is up; 0 is none
	ups    int64         // how many were; Stream's
	read   reading       // Fetch's
	steady time.Duration // see defaultSteady

	mu   sync.Mutex
	self person // who the account is; empty until the server was asked
	of   string // with this token
}

// New makes the connector; it calls nothing.
func New(env connector.Env, a Account, id session.ConnectorID, s Settings) *Mastodon {
	token, server := a.Token.Reveal(), strings.TrimRight(a.Server, "/")
	m := &Mastodon{env: env, settings: s, server: server, given: token, steady: defaultSteady,
		vault: env.Vault(id, server)}
	m.http = httpapi.New(httpapi.Options{Base: server, Secrets: []string{token}, Timeout: timeout, Now: env.Now,
		Dialect: httpapi.Dialect{Words: []string{"error"}}})
	m.files = httpapi.New(httpapi.Options{Timeout: fileTimeout, Now: env.Now, Most: session.MostFile, Strange: true, Near: env.Near})
	m.Runner = receive.For(env, id, m)
	m.Lease, m.Rereads = "mastodon:"+string(id), true
	return m
}

// ID is that of the place.
func (m *Mastodon) ID() session.ConnectorID { return m.Name }

// Place is the account's timeline.
func (m *Mastodon) Place() session.PlaceID { return place }

// Trouble says what keeps it from receiving.
func (m *Mastodon) Trouble() []connector.Finding { return m.Troubles.List() }

var (
	_ connector.Placed   = (*Mastodon)(nil)
	_ connector.Troubled = (*Mastodon)(nil)
	_ connector.Learner  = (*Mastodon)(nil)
)

// Limits are those of Mastodon, and of each server its own length of a post. The warning
// above the text is taken off. Servers count a mention without its host, which is less.
func (m *Mastodon) Limits() connector.Limits {
	longest := connector.Limit{Unit: session.Graphemes, Most: m.room(usualMost), Link: usualLink, Assumed: true}
	return connector.Limits{
		Longest: connector.Longest{longest}, Timeout: timeout, LookAfter: lookAfter,
		Overall: connector.Rate{Most: 250, Per: 5 * time.Minute}, // of 300, which reading takes from too
		Budgets: []connector.Budget{{Name: "deletes", Rate: connector.Rate{Most: 30, Per: 30 * time.Minute}, Costs: map[connector.Request]int{
			connector.RequestPost: 0, connector.RequestEdit: 0, connector.RequestFind: 0, connector.RequestRead: 0}}},
		Notices: true, Pictures: mostPictures, Votes: true, Announces: true, EditsQuietly: true, Address: mention,
		Pins: true,
	}
}

// room is what is left for the text of a post.
func (m *Mastodon) room(most int) int {
	return max(most-utf8.RuneCountInString(m.settings.Warning), 1)
}

// instance is what a server says of itself, as far as it matters.
type instance struct {
	Configuration struct {
		Statuses struct {
			Most  int `json:"max_characters"`
			Link  int `json:"characters_reserved_per_url"`
			Media int `json:"max_media_attachments"` // 0 is that it does not say
		} `json:"statuses"`
		Media struct {
			Size int `json:"image_size_limit"` // bytes; 0 is that it does not say
		} `json:"media_attachments"`
	} `json:"configuration"`
	URLs struct {
		Streaming string `json:"streaming_api"`
	} `json:"urls"`
}

func (m *Mastodon) instance(ctx context.Context) (said instance, err error) {
	_, err = m.get(ctx, "/api/v1/instance", nil, &said)
	return said, err
}

// Learn asks how long a post may be.
func (m *Mastodon) Learn(ctx context.Context) (connector.Facts, error) {
	said, err := m.instance(ctx)
	if err != nil {
		return connector.Facts{}, err
	}
	s := said.Configuration.Statuses
	if s.Most < 1 {
		s.Most, s.Link = usualMost, usualLink
	}
	return connector.Facts{Most: m.room(s.Most), Link: max(s.Link, 0)}, nil
}

// me asks once for each token who the account is.
func (m *Mastodon) me(ctx context.Context) (person, error) {
	token, err := m.token(ctx)
	if err != nil {
		return person{}, err
	}
	m.mu.Lock()
	known, of := m.self, m.of
	m.mu.Unlock()
	if of == token && known.ID != "" {
		return known, nil
	}
	if known, err = m.ask(ctx); err != nil {
		return person{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.self, m.of = known, token
	return known, nil
}

// ask asks the server who the account is.
func (m *Mastodon) ask(ctx context.Context) (self person, err error) {
	_, err = m.get(ctx, "/api/v1/accounts/verify_credentials", nil, &self)
	if err == nil && self.ID == "" {
		err = &connector.SendError{Outcome: connector.Deferred, Detail: "no account"}
	}
	return self, err
}

func (m *Mastodon) get(ctx context.Context, to string, q url.Values, into any) (httpapi.Answer, error) {
	return m.do(ctx, httpapi.Request{Method: http.MethodGet, To: to, Query: q, Into: into})
}

func (m *Mastodon) do(ctx context.Context, r httpapi.Request) (httpapi.Answer, error) {
	r, err := m.signed(ctx, r)
	if err != nil {
		return httpapi.Answer{}, err
	}
	return m.http.Do(ctx, r)
}

// signed is a call with the token.
func (m *Mastodon) signed(ctx context.Context, r httpapi.Request) (httpapi.Request, error) {
	token, err := m.token(ctx)
	if err != nil {
		return r, err
	}
	h := alone()
	h.Set("Authorization", "Bearer "+token)
	maps.Copy(h, r.Header)
	r.Header = h
	return r, nil
}

// alone is a call over a connection of its own: small servers end theirs without a word, and
// what was sent over such a one is of unknown fate, for a person to settle. Calls are few.
func alone() http.Header { return http.Header{"Connection": {"close"}} }

// token is that of the file, or else the one that a person got by "bot connect": a new one
// counts with the next call.
func (m *Mastodon) token(ctx context.Context) (string, error) {
	if m.given != "" {
		return m.given, nil
	}
	t, err := vault.Get(ctx, m.vault)
	if err != nil {
		return "", &connector.SendError{Outcome: connector.Deferred, Wait: untilToken, Detail: "no token", Cause: err}
	}
	return t.Access, nil
}

// untokened says what a person can do where there is no token, or one that holds no more.
func (m *Mastodon) untokened(err error) (f connector.Finding, is bool) {
	switch {
	case errors.Is(err, vault.ErrNone):
		return connector.Finding{ID: "mastodon.connect", Bad: true}, true
	case errors.Is(err, vault.ErrLocked):
		return connector.Finding{ID: "token.locked", Args: []any{"connector", string(m.Name)}, Bad: true}, true
	case httpapi.ErrorOf(err).Status == http.StatusUnauthorized:
		return connector.Finding{ID: "mastodon.account", Args: []any{"detail", detail(err)}, Bad: true}, true
	}
	return f, false
}
