package flickr

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
)

const (
	timeout = 20 * time.Second
	// mostAnswer bounds an answer: a photo with thousands of comments.
	mostAnswer = 16 << 20
	// mendWait is while somebody has to mend the key, the token or the photo.
	mendWait = 30 * time.Second
	fastWait = time.Minute // after "too fast", of which Flickr does not say how long it lasts
)

// The codes of Flickr, as the pages of its methods list them, for instance
// https://www.flickr.com/services/api/flickr.photos.comments.editComment.html.
const (
	noPhoto   = "1"
	noComment = "2"
	tooFast   = "9"
	badKey    = "100"
)

// dialect is how Flickr says no: in HTTP 200. What it calls a temporary failure (105, 106) may
// have been done all the same.
var dialect = httpapi.Dialect{Code: []string{"code"}, Words: []string{"message"}, Fails: true, Rules: []httpapi.Rule{
	{Code: tooFast, Outcome: connector.Deferred, Wait: fastWait},
	{Code: "96", Outcome: connector.Deferred, Wait: mendWait},
	{Code: "97", Outcome: connector.Deferred, Wait: mendWait},
	{Code: "98", Outcome: connector.Deferred, Wait: mendWait},
	{Code: badKey, Outcome: connector.Deferred, Wait: mendWait},
	{Code: "105", Outcome: connector.Unsure},
	{Code: "106", Outcome: connector.Unsure},
	{Status: http.StatusUnauthorized, Outcome: connector.Deferred, Wait: mendWait},
	{Status: http.StatusTooManyRequests, Outcome: connector.Deferred, Wait: fastWait},
}}

func newClient(a Account, now func() time.Time) *httpapi.Client {
	return httpapi.New(httpapi.Options{Base: a.URL, Dialect: dialect, Timeout: timeout, Most: mostAnswer, Now: now,
		Secrets: []string{a.Secret.Reveal()}})
}

// read asks a method that changes nothing.
func (f *Flickr) read(ctx context.Context, method string, params url.Values, into any) error {
	return f.call(ctx, http.MethodGet, method, params, into)
}

// write asks one that changes something.
func (f *Flickr) write(ctx context.Context, method string, params url.Values, into any) error {
	return f.call(ctx, http.MethodPost, "flickr.photos.comments."+method, params, into)
}

func (f *Flickr) call(ctx context.Context, verb, method string, params url.Values, into any) error {
	all := url.Values{"method": {method}, "format": {"json"}, "nojsoncallback": {"1"}}
	for k, vs := range params {
		all[k] = vs
	}
	c, err := f.credentials(ctx)
	if err != nil {
		return err
	}
	var said json.RawMessage
	r := httpapi.Request{Method: verb, To: "/", Header: http.Header{"Authorization": {f.signed(c, verb, f.address, all)}}, Into: &said,
		Secrets: []string{c.token, c.tokenSecret}}
	if verb == http.MethodGet {
		r.Query = all
	} else {
		r.Body = httpapi.Form(all)
	}
	if _, err := f.http.Do(ctx, r); err != nil {
		return err
	}
	var status struct{ Stat string }
	if json.Unmarshal(said, &status) != nil || status.Stat != "ok" || into != nil && json.Unmarshal(said, into) != nil {
		return unusable(verb)
	}
	return nil
}

// credentials are a token and its secret.
type credentials struct{ token, tokenSecret string }

// signed is what a request with a token carries as Authorization
// (https://www.flickr.com/services/api/auth.oauth.html).
func (f *Flickr) signed(by credentials, verb, address string, params url.Values) string {
	sign := f.sign
	sign.Token, sign.TokenSecret = by.token, by.tokenSecret
	return sign.Header(verb, address, params)
}

// unusable is an answer of which nobody knows what it says.
func unusable(verb string) error {
	e := &connector.SendError{Outcome: connector.Unsure, Detail: "no usable answer"}
	if verb == http.MethodGet {
		e.Outcome = connector.Deferred
	}
	return e
}

// said reports whether Flickr itself says no with a code: a proxy says 404 too.
func said(err error, code string) bool {
	e := httpapi.ErrorOf(err)
	return e.Status == http.StatusOK && e.Code == code
}

// text is one that may stand in an object of its own.
type text struct {
	Content string `json:"_content"`
}

// comment is what is read of one.
type comment struct {
	ID     string `json:"id"`
	Author string `json:"author"`
	Name   string `json:"authorname"`
	Date   unix   `json:"datecreate"`
	Link   string `json:"permalink"`
	Text   string `json:"_content"`
}

// commentID is how one is named; its parts are longer than a float64 can hold.
var commentID = regexp.MustCompile(`^[0-9]{1,20}-[0-9]{1,20}-[0-9]{1,20}$`)

// unix is a time in seconds, as a number or as a text.
type unix struct{ time.Time }

// UnmarshalJSON reads it.
func (u *unix) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseInt(string(bytes.Trim(b, `"`)), 10, 64)
	u.Time = time.Unix(n, 0).UTC()
	return err
}

// parse reads one comment of a list; ok is false for what is none.
func parse(raw []byte) (c comment, ok bool) {
	err := json.Unmarshal(raw, &c)
	c.Link = strings.Replace(c.Link, "http://", "https://", 1)
	return c, err == nil && commentID.MatchString(c.ID)
}

// list reads the comments under the photo, as Flickr spells each, from a time on; the zero time
// is all of them. Flickr gives them in one answer.
func (f *Flickr) list(ctx context.Context, from time.Time) ([]json.RawMessage, error) {
	params := url.Values{"photo_id": {string(f.settings.Photo)}}
	if !from.IsZero() {
		params.Set("min_comment_date", strconv.FormatInt(from.Unix(), 10))
	}
	var answer struct {
		Comments *struct {
			Comment []json.RawMessage
		}
	}
	if err := f.read(ctx, "flickr.photos.comments.getList", params, &answer); err != nil {
		return nil, err
	}
	if answer.Comments == nil {
		return nil, unusable(http.MethodGet)
	}
	return answer.Comments.Comment, nil
}

// photo is what is read of it.
type photo struct {
	Owner    struct{ NSID string }
	Title    text
	Comments struct {
		Content json.RawMessage `json:"_content"`
	}
	Editability struct{ CanComment json.RawMessage }
	Visibility  struct{ IsPublic json.RawMessage }
}

// bare is a number that may be a text.
func bare(raw json.RawMessage) string { return string(bytes.Trim(raw, `"`)) }

func (f *Flickr) info(ctx context.Context) (photo, error) {
	var answer struct{ Photo photo }
	err := f.read(ctx, "flickr.photos.getInfo", url.Values{"photo_id": {string(f.settings.Photo)}}, &answer)
	return answer.Photo, err
}

// user is who the bot is.
type user struct {
	ID       string
	Username text
}

func (f *Flickr) login(ctx context.Context) (user, error) {
	var answer struct{ User user }
	err := f.read(ctx, "flickr.test.login", nil, &answer)
	if err == nil && answer.User.ID == "" {
		err = unusable(http.MethodGet)
	}
	return answer.User, err
}

// identity is whose a token is.
type identity struct{ token, id string }

// self is the id of the account, which does not change as long as the token does not.
func (f *Flickr) self(ctx context.Context) (string, error) {
	c, err := f.credentials(ctx)
	if err != nil {
		return "", err
	}
	if is := f.known.Load(); is != nil && is.token == c.token {
		return is.id, nil
	}
	u, err := f.login(ctx)
	if err != nil {
		return "", err
	}
	f.known.Store(&identity{c.token, u.ID})
	return u.ID, nil
}
