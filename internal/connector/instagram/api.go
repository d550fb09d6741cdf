package instagram

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
)

// version is the one that is called.
const version = "/v26.0"

// The codes of Meta's APIs (https://developers.facebook.com/docs/graph-api/guides/error-handling).
const (
	codeToken      = 190 // the token ended or was revoked
	codeParameter  = 100
	codeMissing    = 33 // with codeParameter: there is no such object, or it is not shown
	codePermission = 10 // and 200 to 299
)

const (
	// mendWait is while somebody has to mend the token or the app.
	mendWait = 30 * time.Second
	rateWait = 5 * time.Minute // where the answer does not say how long
)

// dialect is how Instagram says no. What it calls unknown or temporary may have been done all the
// same: Meta's other APIs were seen to post and answer so (github.com/arsduo/koala/issues/699).
var dialect = httpapi.Dialect{Code: []string{"error.code"}, Words: []string{"error.error_user_msg", "error.message"}, Fails: true,
	Rules: []httpapi.Rule{
		{Code: "190", Outcome: connector.Deferred, Wait: mendWait},
		{Code: "4", Outcome: connector.Deferred, Wait: rateWait},
		{Code: "17", Outcome: connector.Deferred, Wait: rateWait},
		{Code: "32", Outcome: connector.Deferred, Wait: rateWait},
		{Code: "613", Outcome: connector.Deferred, Wait: rateWait},
		{Code: "-1", Outcome: connector.Unsure},
		{Code: "1", Outcome: connector.Unsure},
		{Code: "2", Outcome: connector.Unsure},
		{Code: "100", Outcome: connector.Refused},
	}}

// no is what Instagram said when it said no.
type no struct {
	code, subcode int
	error         // what is known besides
}

// Unwrap gives what is known besides.
func (n *no) Unwrap() error { return n.error }

// saidNo is what Instagram itself said; a code of 0 is that it did not.
func saidNo(err error) (code, subcode int) {
	if n, ok := errors.AsType[*no](err); ok {
		return n.code, n.subcode
	}
	return 0, 0
}

// missing reports whether Instagram says that there is no such object.
func missing(err error) bool {
	code, subcode := saidNo(err)
	return code == codeParameter && subcode == codeMissing
}

// forbidden reports whether the app lacks a permission.
func forbidden(err error) bool {
	code, _ := saidNo(err)
	return code == codePermission || code >= 200 && code < 300
}

// explained adds to an error what Instagram said, and how long it wants to be left alone.
func explained(a httpapi.Answer, err error) error {
	var said struct {
		Error struct {
			Code    int
			Subcode int `json:"error_subcode"`
		}
	}
	if err == nil || json.Unmarshal(a.Body, &said) != nil || said.Error.Code == 0 {
		return err
	}
	e := *connector.OutcomeOf(err)
	e.Cause = &no{said.Error.Code, said.Error.Subcode, cmp.Or(e.Cause, err)}
	if e.Outcome == connector.Deferred {
		e.Wait = max(e.Wait, regain(a.Header))
	}
	return &e
}

// regain is how long calls are refused, as a header of Meta's says
// (https://developers.facebook.com/docs/graph-api/overview/rate-limiting, "Headers").
func regain(h http.Header) (wait time.Duration) {
	var said map[string][]struct {
		Minutes int `json:"estimated_time_to_regain_access"`
	}
	_ = json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &said) // what cannot be read says nothing
	for _, all := range said {
		for _, one := range all {
			wait = max(wait, time.Duration(min(max(one.Minutes, 0), 24*60))*time.Minute)
		}
	}
	return wait
}

// get asks for an object or a list, with a token that is good now.
func (g *Instagram) get(ctx context.Context, to string, params url.Values, into any) error {
	return g.call(ctx, http.MethodGet, version+to, params, into)
}

// post makes a comment.
func (g *Instagram) post(ctx context.Context, to string, params url.Values, into any) error {
	return g.call(ctx, http.MethodPost, version+to, params, into)
}

// call calls with a token that is good now. One that was refused did nothing, so that the call
// may be made once more with the next.
func (g *Instagram) call(ctx context.Context, verb, to string, params url.Values, into any) error {
	for again := false; ; again = true {
		token, err := g.token.Token(ctx)
		if err != nil {
			return err
		}
		err = g.with(ctx, token.Access, verb, to, params, into)
		if code, _ := saidNo(err); code != codeToken {
			return err
		}
		g.token.Refused(ctx, token.Access)
		if again {
			return err
		}
	}
}

// with makes one call with a token, which stands where the documentation has it.
func (g *Instagram) with(ctx context.Context, token, verb, to string, params url.Values, into any) error {
	all := url.Values{"access_token": {token}}
	for k, vs := range params {
		all[k] = vs
	}
	r := httpapi.Request{Method: verb, To: to, Secrets: []string{token}, Into: into}
	if verb == http.MethodPost {
		r.Body = httpapi.Form(all)
	} else {
		r.Query = all
	}
	return explained(g.http.Do(ctx, r))
}

// id is how an object is named: digits, more than a float64 can hold. It comes as a text.
type id string

var idForm = regexp.MustCompile(`^[0-9]{1,30}$`)

// UnmarshalJSON takes a number too.
func (i *id) UnmarshalJSON(b []byte) error {
	s := string(bytes.Trim(b, `"`))
	if !idForm.MatchString(s) {
		return errors.New("no id")
	}
	*i = id(s)
	return nil
}

// made is the answer to what makes something.
type made struct{ ID id }

// stamp is a time as Instagram writes it: 2024-01-01T18:20:00+0000.
type stamp struct{ time.Time }

// UnmarshalJSON reads it.
func (s *stamp) UnmarshalJSON(b []byte) (err error) {
	s.Time, err = time.Parse("2006-01-02T15:04:05-0700", string(bytes.Trim(b, `"`)))
	return err
}

// comment is what is read of one
// (https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment).
type comment struct {
	ID     id
	Text   string
	At     stamp  `json:"timestamp"`
	User   string `json:"username"`
	From   struct{ ID, Username string }
	Hidden bool
	Likes  *int `json:"like_count"`
	Parent id   `json:"parent_id"`
}

// fields are those of comment.
const fields = "id,text,timestamp,username,from,hidden,like_count,parent_id"

// author is who wrote a comment: the name, which the app shows, and which an answer names.
func (c comment) author() string {
	name := c.From.Username
	if name == "" {
		name = c.User
	}
	if !nameForm.MatchString(name) {
		return "comment " + string(c.ID)
	}
	return name
}

// nameForm is how people are named there.
var nameForm = regexp.MustCompile(`^[A-Za-z0-9._]{1,60}$`)

// one reads a comment.
func (g *Instagram) one(ctx context.Context, at string) (c comment, err error) {
	err = g.get(ctx, "/"+at, url.Values{"fields": {fields}}, &c)
	return c, err
}

// page is a part of a list.
type page struct {
	Data   []json.RawMessage
	Paging struct{ Cursors struct{ After string } }
}

// comments are those that can be read; a list that holds one that cannot is not lost for it.
func (p page) comments() (all []comment) {
	for _, raw := range p.Data {
		var c comment
		if json.Unmarshal(raw, &c) == nil && c.ID != "" {
			all = append(all, c)
		}
	}
	return all
}

// identity is the account.
type identity struct {
	ID   id     `json:"user_id"`
	Name string `json:"username"`
}

// who is whose token it is, asked once: a token belongs to one account.
func (g *Instagram) who(ctx context.Context) (identity, error) {
	if me := g.me.Load(); me != nil {
		return *me, nil
	}
	var me identity
	if err := g.get(ctx, "/me", url.Values{"fields": {"user_id,username"}}, &me); err != nil {
		return me, err
	}
	if me.ID == "" || me.Name == "" {
		return me, &connector.SendError{Outcome: connector.Deferred, Wait: mendWait, Detail: "no account"}
	}
	g.me.Store(&me)
	return me, nil
}

// own reports whether the account wrote a comment.
func (i identity) own(c comment) bool { return strings.EqualFold(c.author(), i.Name) }

func refused(detail string) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail}
}
