package x

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/wording"
)

const (
	// mendWait is while somebody has to mend the keys, and creditWait to pay.
	mendWait   = 30 * time.Second
	creditWait = 5 * time.Minute
	// mostAnswer bounds an answer: a page of posts of 25,000 letters and as many links as fit, each
	// with one above it as long. A stranger must not be able to stop the list.
	mostAnswer = 48 << 20
	// capWait is where X says "too many" and no time, as for its cap of a month.
	capWait = time.Minute
)

// dialect is how X says no (https://docs.x.com/x-api/fundamentals/response-codes-and-errors). Its
// codes are few: what a 403 is about stands in its words alone, see denial.
var dialect = httpapi.Dialect{Code: []string{"title", "error"},
	Words: []string{"detail", "message", "errors.0.message", "error_description", "title"}, Rules: []httpapi.Rule{
		{Code: badClient, Outcome: connector.Deferred, Wait: mendWait},
		{Code: badClientToo, Outcome: connector.Deferred, Wait: mendWait},
		{Status: http.StatusUnauthorized, Outcome: connector.Deferred, Wait: mendWait},
		{Status: http.StatusPaymentRequired, Outcome: connector.Deferred, Wait: creditWait},
		{Status: http.StatusTooManyRequests, Outcome: connector.Deferred, Wait: capWait},
	}}

func newClient(a Account, now func() time.Time) *httpapi.Client {
	return httpapi.New(httpapi.Options{Base: a.URL, Dialect: dialect, Timeout: timeout, Most: mostAnswer, Now: now,
		Secrets: []string{a.Secret.Reveal(), a.Token.Reveal(), a.TokenSecret.Reveal(), a.ClientSecret.Reveal()}})
}

// signerOf signs every request; what stands in a JSON body is not signed
// (https://docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature).
func signerOf(a Account, now func() time.Time) httpapi.OAuth1 {
	return httpapi.OAuth1{Key: a.Key, Secret: a.Secret.Reveal(), Token: a.Token.Reveal(), TokenSecret: a.TokenSecret.Reveal(), Now: now}
}

// do makes one call as the account. One whose token X refused did nothing, so that it is made once more with the next.
func (x *X) do(ctx context.Context, r httpapi.Request) (httpapi.Answer, error) {
	for again := false; ; again = true {
		header, refused, err := x.authorize(ctx, r)
		if err != nil {
			return httpapi.Answer{}, err
		}
		r.Header = http.Header{"Authorization": {header}}
		a, err := x.http.Do(ctx, r)
		if status(err) != http.StatusUnauthorized || !refused() || again {
			return a, err
		}
	}
}

func (x *X) get(ctx context.Context, to string, q url.Values, into any) (httpapi.Answer, error) {
	return x.do(ctx, httpapi.Request{Method: http.MethodGet, To: to, Query: q, Into: into})
}

// denial is what a 403 is about.
type denial int

const (
	denied   denial = iota // anything else
	notHere                // the account may not reply there
	twice                  // the text stands there already, or did
	readOnly               // the app may not write
)

// denials are the words by which each is known, in X's sentences of 2026: duplicates
// (https://github.com/akrherz/iembot/issues/163), replies (https://docs.x.com/changelog, February 2026).
var denials = []struct {
	words string
	is    denial
}{
	{"duplicate", twice}, {"reply to this conversation is not allowed", notHere}, {"not been mentioned", notHere},
	{"restricted who can reply", notHere}, {"app permissions", readOnly},
}

func denialOf(err error) denial {
	if httpapi.ErrorOf(err).Status != http.StatusForbidden {
		return denied
	}
	said := strings.ToLower(connector.OutcomeOf(err).Detail)
	for _, d := range denials {
		if strings.Contains(said, d.words) {
			return d.is
		}
	}
	return denied
}

func status(err error) int { return httpapi.ErrorOf(err).Status }

// unusable is an answer of which nobody knows what it says.
func unusable(o connector.Outcome) error {
	return &connector.SendError{Outcome: o, Detail: "no usable answer"}
}

// words gives sentences for the desk.
func (x *X) words() wording.Words { return wording.In(x.env.Language) }

// user is who the account is.
type user struct {
	ID, Username string
}

// whoami asks who that is, and whether the app may write, as far as X says so.
func (x *X) whoami(ctx context.Context) (u user, writes bool, err error) {
	var said struct{ Data user }
	a, err := x.get(ctx, "/2/users/me", nil, &said)
	if err == nil && (!number.MatchString(said.Data.ID) || said.Data.Username == "") {
		err = unusable(connector.Deferred)
	}
	return said.Data, a.Header.Get("x-access-level") != "read", err
}

// self is the account, which does not change.
func (x *X) self(ctx context.Context) (user, error) {
	if u := x.known.Load(); u != nil {
		return *u, nil
	}
	u, _, err := x.whoami(ctx)
	if err == nil {
		x.known.Store(&u)
	}
	return u, err
}

// page is a list of posts, the newest first.
type page struct {
	Data   []rawPost
	Errors []struct {
		Type, Value string
		ID          string `json:"resource_id"`
	}
	Includes struct{ Media []medium }
	Meta     struct {
		Next string `json:"next_token"`
	}
}

// fields are what is wanted of a post; above brings what it replies to, and author who wrote it,
// which X charges for once a day (a name costs as much as ten posts of our own).
const (
	fields = "created_at,display_text_range,entities,attachments,note_post,public_metrics"
	above  = "referenced_posts"
	files  = "attachments.media_keys"
	about  = "type,url,alt_text" // of them
	author = "author_id"
)

func (x *X) list(ctx context.Context, to string, q url.Values, expansions ...string) (p page, err error) {
	all := url.Values{"post.fields": {fields}, "expansions": {strings.Join(expansions, ",")}}
	if slices.Contains(expansions, files) {
		all.Set("media.fields", about)
	}
	maps.Copy(all, q)
	_, err = x.get(ctx, to, all, &p)
	return p, err
}
