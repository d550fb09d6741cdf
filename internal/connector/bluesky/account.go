package bluesky

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/vault"
)

// The platform's words that something depends on.
const (
	codeExpired  = "ExpiredToken"
	codeInvalid  = "InvalidToken"
	codeSwap     = "InvalidSwap"
	codeNoRecord = "RecordNotFound"
	codeNotFound = "NotFound"
)

// dialect is how calls are refused. A token that holds no more is answered with 400.
var dialect = httpapi.Dialect{Code: []string{"error"}, Words: []string{"message"}, Rules: []httpapi.Rule{
	{Status: http.StatusBadRequest, Code: codeExpired, Outcome: connector.Deferred, Wait: 2 * time.Second},
	{Status: http.StatusBadRequest, Code: codeInvalid, Outcome: connector.Deferred, Wait: 2 * time.Second},
	{Status: http.StatusBadRequest, Code: codeSwap, Outcome: connector.Deferred, Wait: time.Second},
}}

// loginDialect is how a login is refused: 401 is a wrong password, which a person has to
// mend.
var loginDialect = httpapi.Dialect{Code: dialect.Code, Words: dialect.Words,
	Rules: []httpapi.Rule{{Status: http.StatusUnauthorized, Outcome: connector.Refused}}}

func to(method string) string { return "/xrpc/" + method }

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// enter gives the way to the next token: by the one before, and where that is refused by
// the app password, which the platform takes thirty times in five minutes.
func (b *Bluesky) enter(password string) func(context.Context, vault.Token) (vault.Token, error) {
	return func(ctx context.Context, old vault.Token) (vault.Token, error) {
		if old.Refresh != "" {
			t, err := b.signIn(ctx, httpapi.Request{To: to("com.atproto.server.refreshSession"), Header: bearer(old.Refresh)})
			if err == nil || connector.OutcomeOf(err).Outcome != connector.Refused {
				return t, err
			}
		}
		body := httpapi.JSON(map[string]string{"identifier": b.handle, "password": password})
		return b.signIn(ctx, httpapi.Request{To: to("com.atproto.server.createSession"), Body: body})
	}
}

func (b *Bluesky) signIn(ctx context.Context, r httpapi.Request) (vault.Token, error) {
	var said struct {
		Access  string `json:"accessJwt"`
		Refresh string `json:"refreshJwt"`
	}
	r.Method, r.Into = http.MethodPost, &said
	if _, err := b.login.Do(ctx, r); err != nil {
		return vault.Token{}, err
	}
	if said.Access == "" || said.Refresh == "" {
		return vault.Token{}, &connector.SendError{Outcome: connector.Deferred, Detail: "a login without tokens"}
	}
	return vault.Token{Access: said.Access, Refresh: said.Refresh, Until: ends(said.Access, b.env.Now())}, nil
}

// unreadFor is how long a token is believed that does not say how long it holds. They hold
// for two hours.
const unreadFor = time.Hour

// ends is when a token ends, as it says itself.
func ends(token string, now time.Time) time.Time {
	var said struct {
		Exp int64 `json:"exp"`
	}
	if parts := strings.Split(token, "."); len(parts) == 3 {
		payload, _ := base64.RawURLEncoding.DecodeString(parts[1]) // what cannot be read says nothing
		_ = json.Unmarshal(payload, &said)
	}
	if said.Exp <= 0 {
		return now.Add(unreadFor)
	}
	return time.Unix(said.Exp, 0)
}

func (b *Bluesky) get(ctx context.Context, method string, query url.Values, into any) error {
	return b.call(ctx, httpapi.Request{Method: http.MethodGet, To: to(method), Query: query, Into: into})
}

func (b *Bluesky) post(ctx context.Context, method string, body, into any) error {
	return b.call(ctx, httpapi.Request{Method: http.MethodPost, To: to(method), Body: httpapi.JSON(body), Into: into})
}

// call calls with a token that is good now. One that was refused did nothing, so that the
// call may be made once more with the next.
func (b *Bluesky) call(ctx context.Context, r httpapi.Request) error {
	for again := false; ; again = true {
		t, err := b.token.Token(ctx)
		if err != nil {
			return err
		}
		r.Header = bearer(t.Access)
		_, err = b.http.Do(ctx, r)
		if code := codeOf(err); code != codeExpired && code != codeInvalid {
			return err
		}
		b.token.Refused(ctx, t.Access)
		if again {
			return err
		}
	}
}

func codeOf(err error) string { return httpapi.ErrorOf(err).Code }

// identity is the account as the platform knows it.
type identity struct {
	DID    string `json:"did"`
	Handle string `json:"handle"`
	Active *bool  `json:"active"` // not said is yes
	Status string `json:"status"`
}

var errNobody = errors.New("the platform does not say whose token it is")

// who is whose account it is, asked once: its number never changes.
func (b *Bluesky) who(ctx context.Context) (identity, error) {
	if me := b.me.Load(); me != nil {
		return *me, nil
	}
	me, err := b.ask(ctx)
	if err == nil {
		b.me.Store(&me)
	}
	return me, err
}

func (b *Bluesky) ask(ctx context.Context) (me identity, err error) {
	if err := b.get(ctx, "com.atproto.server.getSession", nil, &me); err != nil {
		return identity{}, err
	}
	if !strings.HasPrefix(me.DID, "did:") {
		return identity{}, &connector.SendError{Outcome: connector.Deferred, Detail: "no account", Cause: errNobody}
	}
	return me, nil
}
