package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/vault"
	"experthour/internal/session"
	"experthour/internal/setting"
)

// pigeonKind is a platform that nobody has: everything that one needs to be added, and
// nothing else in the tree knows of it.
var pigeonKind = connector.Kind{
	Name: "pigeons", Title: "Pigeons",
	Account:  func() any { return &pigeonAccount{} },
	Settings: func() any { return &pigeonLoft{} },
	New: func(env connector.Env, account any, places []connector.Place) (cs []connector.Connector, err error) {
		for _, place := range places {
			cs = append(cs, newPigeons(env, account.(*pigeonAccount), place.ID, session.PlaceID(place.Settings.(*pigeonLoft).Loft)))
		}
		return cs, nil
	},
}

type pigeonAccount struct {
	URL     string         `toml:"api_url"`
	Refresh setting.Secret `toml:"refresh_token"`
}

type pigeonLoft struct {
	Loft setting.ID `toml:"loft"`
}

// pigeons are one loft: it is asked for what is new, and knows posts again by their key.
type pigeons struct {
	*receive.Runner
	env   connector.Env
	loft  session.PlaceID
	http  *httpapi.Client
	token *vault.Keeper
}

func newPigeons(env connector.Env, a *pigeonAccount, id session.ConnectorID, loft session.PlaceID) *pigeons {
	p := &pigeons{env: env, loft: loft, http: httpapi.New(httpapi.Options{Base: a.URL, Secrets: []string{a.Refresh.Reveal()}, Now: env.Now})}
	p.token = vault.Keep(vault.Options{Name: id, Vault: env.Vault(id, a.Refresh.Reveal()), Given: vault.Token{Refresh: a.Refresh.Reveal()},
		Ask: p.refresh, Leases: env.Leases, Owner: env.Owner, Now: env.Now, Log: env.Log})
	p.Runner = receive.For(env, id, p)
	p.Lease = "pigeons:" + string(id)
	return p
}

func (p *pigeons) ID() session.ConnectorID  { return p.Name }
func (p *pigeons) Place() session.PlaceID   { return p.loft }
func (p *pigeons) KeyWindow() time.Duration { return 24 * time.Hour }
func (p *pigeons) Trouble() []connector.Finding {
	return append(p.Troubles.List(), p.token.Trouble()...)
}

// Limits are two for a text: 300 characters, and 1,200 bytes.
func (p *pigeons) Limits() connector.Limits {
	both := connector.Longest{{Unit: session.Characters, Most: 300}, {Unit: session.Bytes, Most: 1200}}
	return connector.Limits{Longest: both, Timeout: 5 * time.Second, Notices: true}
}

type pigeonPost struct {
	ID, Under     int
	By, Text, Key string
	At            time.Time
}

// Fetch asks for what was written after the cursor, which is the id of a post.
func (p *pigeons) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	var said struct {
		Posts []json.RawMessage
		Last  int
	}
	q := url.Values{"after": {string(l.Cursor)}, "since": {l.Since.Format(time.RFC3339Nano)}}
	if err := p.call(ctx, httpapi.Request{Method: http.MethodGet, To: "/lofts/" + string(p.loft), Query: q, Into: &said}); err != nil {
		return receive.Next{}, err
	}
	var events []connector.Event
	for _, raw := range said.Posts {
		var post pigeonPost
		_ = json.Unmarshal(raw, &post) // what cannot be read is for Handle to say
		events = append(events, connector.Event{Key: strconv.Itoa(post.ID), From: post.By, Line: connector.PublicLine, Raw: raw})
	}
	_, err := put(ctx, events...)
	return receive.Next{Cursor: []byte(strconv.Itoa(said.Last)), Wait: 100 * time.Millisecond}, err
}

// Handle makes a question of a post.
func (p *pigeons) Handle(ctx context.Context, raw []byte) error {
	var post pigeonPost
	if json.Unmarshal(raw, &post) != nil {
		return receive.ErrUndecodable
	}
	id := strconv.Itoa(post.ID)
	o := session.Origin{Connector: p.Name, Place: p.Place(), Message: session.MessageID(id), User: session.UserRef(post.By)}
	_, err := p.env.Inbox.Asked(ctx, connector.Asked{Origin: o, Key: id, Text: post.Text, Language: p.env.Language, At: post.At})
	return receive.Passed(err)
}

func (p *pigeons) Reply(ctx context.Context, post connector.Post) (connector.Sent, error) {
	under, _ := strconv.Atoi(string(post.Original.Message))
	return p.send(ctx, http.MethodPost, "/lofts/"+string(p.loft), pigeonPost{Under: under, Text: post.Text, Key: post.Key})
}

func (p *pigeons) Edit(ctx context.Context, at session.MessageID, post connector.Post) (connector.Sent, error) {
	return p.send(ctx, http.MethodPut, "/posts/"+string(at), pigeonPost{Text: post.Text})
}

func (p *pigeons) Retract(ctx context.Context, at session.MessageID, _ connector.Post) error {
	err := p.call(ctx, httpapi.Request{Method: http.MethodDelete, To: "/posts/" + string(at)})
	if httpapi.ErrorOf(err).Status == http.StatusNotFound {
		return nil
	}
	return err
}

func (p *pigeons) send(ctx context.Context, method, to string, post pigeonPost) (connector.Sent, error) {
	err := p.call(ctx, httpapi.Request{Method: method, To: to, Body: httpapi.JSON(post), Into: &post})
	return connector.Sent{Message: session.MessageID(strconv.Itoa(post.ID))}, err
}

// call calls with a token that is good now.
func (p *pigeons) call(ctx context.Context, r httpapi.Request) error {
	t, err := p.token.Token(ctx)
	if err != nil {
		return err
	}
	r.Header = http.Header{"Authorization": {"Bearer " + t.Access}}
	if _, err = p.http.Do(ctx, r); httpapi.ErrorOf(err).Status == http.StatusUnauthorized {
		p.token.Refused(ctx, t.Access)
	}
	return err
}

func (p *pigeons) refresh(ctx context.Context, old vault.Token) (t vault.Token, err error) {
	r := httpapi.Request{Method: http.MethodPost, To: "/token", Secrets: []string{old.Refresh}, Body: httpapi.JSON(old), Into: &t}
	_, err = p.http.Do(ctx, r)
	return t, err
}
