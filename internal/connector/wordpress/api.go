package wordpress

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
)

const (
	timeout = 20 * time.Second
	// mostAnswer bounds an answer: a page of the longest comments, with every letter escaped.
	mostAnswer = 24 << 20
	floodWait  = 15 * time.Second // between two comments, for who may not moderate
	// mendWait is after a wrong password: sites lock out who tries one again and again.
	mendWait = 30 * time.Second
)

// dialect is how WordPress says no.
var dialect = httpapi.Dialect{Code: []string{"code"}, Words: []string{"message"}, Rules: []httpapi.Rule{
	{Code: "comment_flood", Outcome: connector.Deferred, Wait: floodWait},
	{Status: http.StatusUnauthorized, Outcome: connector.Deferred, Wait: mendWait},
}}

func newClient(a Account, now func() time.Time) *httpapi.Client {
	return httpapi.New(httpapi.Options{Base: strings.TrimRight(a.URL, "/") + "/wp-json", Secrets: []string{a.Password.Reveal()},
		Dialect: dialect, Timeout: timeout, Most: mostAnswer, Now: now})
}

// api makes one call below /wp-json/wp/v2.
func (w *WordPress) api(ctx context.Context, method, path string, query url.Values, body, into any) error {
	r := httpapi.Request{Method: method, To: "/wp/v2" + path, Query: query, Into: into}
	if body != nil {
		r.Body = httpapi.JSON(body)
	}
	return w.send(ctx, r, http.Header{})
}

// send makes a call as the bot's user.
func (w *WordPress) send(ctx context.Context, r httpapi.Request, header http.Header) error {
	pair := w.account.User + ":" + w.account.Password.Reveal()
	header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
	header.Set("Accept", "application/json")
	r.Header = header
	_, err := w.http.Do(ctx, r)
	return err
}

// comment is what is read of one.
type comment struct {
	ID      uint64  `json:"id"`
	Post    uint64  `json:"post"`
	Parent  uint64  `json:"parent"`
	Author  uint64  `json:"author"` // 0 for who is no user of the site
	Email   string  `json:"author_email"`
	Agent   string  `json:"author_user_agent"`
	Date    gmt     `json:"date_gmt"`
	Content content `json:"content"`
	Link    string  `json:"link"`
	Status  string  `json:"status"`
	Type    string  `json:"type"`
}

// content is a text as it is stored.
type content struct {
	Raw string `json:"raw"`
}

// fields leaves out what is not read, such as addresses of pictures. A part of the content
// cannot be asked for: WordPress 6.1 gives none of it then.
const fields = "id,post,parent,author,author_email,author_user_agent,date_gmt,content,link,status,type"

// shown reports whether it is among those that a moderator of the site left there.
func (c comment) shown() bool { return c.Status == "approved" || c.Status == "hold" }

// gone reports whether a moderator of the site threw it away. One whose post was thrown
// away has another status.
func (c comment) gone() bool { return c.Status == "trash" || c.Status == "spam" }

// gmt is a time of WordPress, which has no zone.
type gmt struct{ time.Time }

// UnmarshalJSON reads it.
func (g *gmt) UnmarshalJSON(b []byte) (err error) {
	g.Time, err = time.Parse(`"2006-01-02T15:04:05"`, string(b))
	return err
}

// comments lists those that a query finds.
func (w *WordPress) comments(ctx context.Context, query url.Values) (cs []comment, err error) {
	query.Set("context", "edit")
	query.Set("status", "all")
	query.Set("_fields", fields)
	return cs, w.api(ctx, http.MethodGet, "/comments", query, nil, &cs)
}

// comment reads one; ok is false when there is none of that number.
func (w *WordPress) comment(ctx context.Context, id uint64) (c comment, ok bool, err error) {
	query := url.Values{"context": {"edit"}, "_fields": {fields}}
	err = w.api(ctx, http.MethodGet, messageID{comment: id}.path(), query, nil, &c)
	if isMissing(err) {
		return comment{}, false, nil
	}
	return c, err == nil, err
}

// isMissing takes WordPress' own word only: a proxy says 404 too.
func isMissing(err error) bool {
	e := httpapi.ErrorOf(err)
	return e.Status == http.StatusNotFound && (e.Code == "rest_comment_invalid_id" || e.Code == "rest_post_invalid_id")
}

// user is what is read of the bot's own.
type user struct {
	ID    uint64          `json:"id"`
	Name  string          `json:"name"`
	Roles []string        `json:"roles"`
	Can   map[string]bool `json:"capabilities"`
}

// me asks who the bot is.
func (w *WordPress) me(ctx context.Context) (u user, err error) {
	query := url.Values{"context": {"edit"}, "_fields": {"id,name,roles,capabilities"}}
	return u, w.api(ctx, http.MethodGet, "/users/me", query, nil, &u)
}

// self is the number of the bot's user, which does not change.
func (w *WordPress) self(ctx context.Context) (uint64, error) {
	if id := w.known.Load(); id != 0 {
		return id, nil
	}
	u, err := w.me(ctx)
	if err != nil {
		return 0, err
	}
	w.known.Store(u.ID)
	return u.ID, nil
}

func number(n uint64) string { return strconv.FormatUint(n, 10) }
