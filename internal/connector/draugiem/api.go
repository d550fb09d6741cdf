package draugiem

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
)

const (
	timeout = 10 * time.Second
	// mostAnswer bounds an answer: a page with thousands of questions.
	mostAnswer = 8 << 20
	// mendWait is while somebody has to mend the keys or the page.
	mendWait = 30 * time.Second
)

// dialect is how Draugiem.lv says no: in HTTP 200, with an error that has a code and a description
// (https://github.com/Draugiem/draugiem-php-sdk), none of which is documented.
var dialect = httpapi.Dialect{Code: []string{"error.code", "error"}, Words: []string{"error.description", "error"}, Fails: true,
	Rules: []httpapi.Rule{
		{Status: http.StatusUnauthorized, Outcome: connector.Deferred, Wait: mendWait},
		{Status: http.StatusTooManyRequests, Outcome: connector.Deferred, Wait: time.Minute},
	}}

func newClient(a Account, now func() time.Time) *httpapi.Client {
	return httpapi.New(httpapi.Options{Base: a.URL, Dialect: dialect, Timeout: timeout, Most: mostAnswer, Now: now,
		Secrets: []string{a.Page.Reveal(), a.User.Reveal()}})
}

// fields are those of an answer, or of one thing in it.
type fields map[string]json.RawMessage

// call always posts: the keys must not stand in an address.
func (d *Draugiem) call(ctx context.Context, action, method string, params url.Values) (fields, error) {
	form := url.Values{"app": {d.account.Page.Reveal()}, "apikey": {d.account.User.Reveal()}, "action": {action}}
	if method != "" {
		form.Set("method", method)
	}
	for k, vs := range params {
		form[k] = vs
	}
	var said fields
	if _, err := d.http.Do(ctx, httpapi.Request{Method: http.MethodPost, To: "/", Body: httpapi.Form(form), Into: &said}); err != nil {
		return nil, err
	}
	if no := strings.TrimSpace(string(said["error"])); no != "" && no != "null" && no != "false" && no != `""` {
		return nil, &connector.SendError{Outcome: connector.Refused, Detail: "an error without a code",
			Cause: &httpapi.Error{Status: http.StatusOK, Code: "error"}}
	}
	return said, nil
}

// read asks what changes nothing, so that whatever comes of it, it can be asked again.
func (d *Draugiem) read(ctx context.Context, action, method string, params url.Values) (fields, error) {
	said, err := d.call(ctx, action, method, params)
	if err != nil {
		e := connector.OutcomeOf(err)
		return nil, &connector.SendError{Outcome: connector.Deferred, Wait: max(e.Wait, waitOf(err)), Detail: e.Detail, Cause: err}
	}
	return said, nil
}

// waitOf is how long to wait after a plain no, which somebody has to mend.
func waitOf(err error) time.Duration {
	if saysNo(err) {
		return mendWait
	}
	return 0
}

// saysNo reports whether Draugiem.lv itself says no: a proxy does with a status.
func saysNo(err error) bool {
	e := httpapi.ErrorOf(err)
	return e.Status == http.StatusOK && e.Code != ""
}

// write asks what changes something. A success is only what says so.
func (d *Draugiem) write(ctx context.Context, action, method string, params url.Values) (fields, error) {
	said, err := d.call(ctx, action, method, params)
	if err == nil && !strings.EqualFold(said.text("status"), "OK") {
		return nil, &connector.SendError{Outcome: connector.Unsure, Detail: "no usable answer"}
	}
	return said, err
}

// text is the first of some fields that is a text or a number, as a text.
func (f fields) text(names ...string) string {
	for _, name := range names {
		var s string
		var n json.Number
		switch raw := f[name]; {
		case json.Unmarshal(raw, &s) == nil && s != "":
			return s
		case len(raw) > 0 && raw[0] != '"' && json.Unmarshal(raw, &n) == nil && n != "":
			return n.String()
		}
	}
	return ""
}
