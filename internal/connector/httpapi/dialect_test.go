package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
)

// speaks is a dialect with its words at "message".
func speaks(code string, rules ...Rule) Dialect {
	return Dialect{Code: strings.Fields(code), Words: []string{"message", "error.message"}, Rules: rules}
}

var flickr = Dialect{Code: []string{"code"}, Words: []string{"message"}, Fails: true,
	Rules: []Rule{{Status: 200, Code: "9", Outcome: connector.Deferred}}}

// TestDialects: what the platforms of the reference mean, each in a few lines of data.
func TestDialects(t *testing.T) {
	t.Parallel()
	expired := Rule{Status: 400, Code: "ExpiredToken", Outcome: connector.Deferred, Wait: time.Minute}
	quota := Rule{Code: "quotaExceeded", Outcome: connector.Deferred}
	for name, c := range map[string]struct {
		dialect Dialect
		status  int
		body    string
		want    connector.Outcome
		detail  string
	}{
		"Bluesky, an expired token": {speaks("error", expired), 400, `{"error":"ExpiredToken","message":"Token has expired"}`,
			connector.Deferred, "Token has expired"},
		"Bluesky, a bad record": {speaks("error", expired), 400, `{"error":"InvalidRequest","message":"Too long"}`,
			connector.Refused, "Too long"},
		"WordPress, perhaps there": {speaks("code"), 409, `{"code":"comment_duplicate","message":"Duplicate comment"}`,
			connector.Unsure, "Duplicate comment"},
		"Facebook, seven copies": {speaks("error.error_subcode error.code"), 500, `{"error":{"code":2,"message":"Oops"}}`,
			connector.Unsure, "Oops"},
		"Facebook, a duplicate": {speaks("error.code", Rule{Code: "506", Outcome: connector.Unsure}), 400, `{"error":{"code":506}}`,
			connector.Unsure, "506"},
		"YouTube, no quota": {speaks("error.errors.0.reason", quota), 403, `{"error":{"errors":[{"reason":"quotaExceeded"}]}}`,
			connector.Deferred, "quotaExceeded"},
		"Flickr, too fast":   {flickr, 200, `{"stat":"fail","code":9,"message":"Too fast"}`, connector.Deferred, "Too fast"},
		"Flickr, else":       {flickr, 200, `{"stat":"fail","code":116,"message":"Bad URL"}`, connector.Refused, "Bad URL"},
		"no words":           {Dialect{}, 410, `gone`, connector.Refused, "410 Gone"},
		"an unheard-of code": {Dialect{}, 599, `{}`, connector.Unsure, "599"},
		"a list in its place": {speaks("a.b a.7 a.-1 b"), 400, `{"a":["x"],"message":["x"],"b":"y\n\u0007z"}`,
			connector.Refused, "y z"},
		"long words": {speaks(""), 400, `{"message":"` + strings.Repeat("ā", 500) + `"}`,
			connector.Refused, strings.Repeat("ā", 199) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}))
			t.Cleanup(srv.Close)
			_, err := New(Options{Base: srv.URL, Dialect: c.dialect}).Do(t.Context(), Request{Method: http.MethodPost, To: "/"})
			if e := connector.OutcomeOf(err); err == nil || e.Outcome != c.want || e.Detail != c.detail || ErrorOf(err).Status != c.status {
				t.Errorf("%v (%q), want %d, %q", err, e.Detail, c.want, c.detail)
			}
		})
	}
}

// TestStrange: what is not in the platform's language may be of somebody in between. It is no
// success, and where asking again is harmless nothing is given up for it.
func TestStrange(t *testing.T) {
	t.Parallel()
	const page, gone = "<html>Not found</html>", `{"message":"gone"}`
	for _, c := range []struct {
		dialect       Dialect
		method        string
		status        int
		body          string
		want          connector.Outcome
		fine, strange bool
	}{
		{speaks(""), http.MethodGet, 404, page, connector.Deferred, false, true},
		{speaks(""), http.MethodGet, 404, gone, connector.Refused, false, false},
		{speaks(""), http.MethodGet, 404, "", connector.Refused, false, false},
		{speaks(""), http.MethodPost, 404, page, connector.Refused, false, true},
		{speaks(""), http.MethodPost, 200, page, connector.Unsure, false, true},
		{speaks(""), http.MethodGet, 200, page, 0, true, false},
		{speaks(""), http.MethodDelete, 200, " \n", 0, true, false},
		{speaks("", Rule{Status: 404, Outcome: connector.Unsure}), http.MethodGet, 404, page, connector.Deferred, false, true},
		{Dialect{}, http.MethodGet, 404, page, connector.Refused, false, false},
		{Dialect{}, http.MethodPost, 200, page, 0, true, false},
	} {
		err := New(Options{Dialect: c.dialect}).judge(c.method, Answer{Status: c.status, Body: []byte(c.body)}, secrets{})
		if (err == nil) != c.fine || !c.fine && (connector.OutcomeOf(err).Outcome != c.want || ErrorOf(err).Strange != c.strange) {
			t.Errorf("%s, %d %q: %v, strange %v", c.method, c.status, c.body, err, ErrorOf(err).Strange)
		}
	}
}

// TestWaits: the answer says how long, or the rule does, or the caller has to know.
func TestWaits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		h      http.Header
		want   time.Duration
	}{
		"said":        {429, headers("Retry-After", "7"), 7 * time.Second},
		"by a rule":   {503, headers(), time.Minute},
		"said at 503": {503, headers("Retry-After", "7"), 7 * time.Second},
		"not said":    {429, headers(), 0},
		"a reset":     {429, headers("X-RateLimit-Reset", "9"), 9 * time.Second},
		"some remain": {429, headers("X-RateLimit-Remaining", "5", "X-RateLimit-Reset", "9"), 0},
	} {
		c1 := New(Options{Dialect: Dialect{Rules: []Rule{{Status: 503, Outcome: connector.Deferred, Wait: time.Minute}}}})
		err := c1.judge(http.MethodPost, Answer{Status: c.status, Rate: RateOf(c.h, noon)}, secrets{})
		if e := connector.OutcomeOf(err); e.Outcome != connector.Deferred || e.Wait != c.want {
			t.Errorf("%s: %v, wait %v, want %v", name, err, e.Wait, c.want)
		}
	}
}

// TestBodies: what arrives is what was meant.
func TestBodies(t *testing.T) {
	t.Parallel()
	type got struct{ Type, Query, Text string }
	arrived := make(chan got, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		g := got{Type: strings.Split(r.Header.Get("Content-Type"), ";")[0], Query: r.URL.RawQuery}
		if err := r.ParseMultipartForm(1 << 20); err == nil {
			_, h, _ := r.FormFile("picture")
			g.Text = r.FormValue("alt") + " " + h.Filename + " " + h.Header.Get("Content-Type") + fmt.Sprint(h.Size)
		} else if errors.Is(err, http.ErrNotMultipart) && len(r.PostForm) > 0 {
			g.Text = r.PostForm.Encode()
		} else {
			text := make([]byte, 100)
			n, _ := r.Body.Read(text)
			g.Text = string(text[:n])
		}
		arrived <- g
	}))
	t.Cleanup(srv.Close)
	picture := Part{Name: "picture", File: "c\"at.jpg", Type: "image/jpeg", Content: []byte("123")}
	for name, c := range map[string]struct {
		body Body
		want got
	}{
		"nothing": {Body{}, got{"", "a=1&b=%C4%81", ""}},
		"JSON":    {JSON(map[string]string{"text": "<ā&>"}), got{"application/json", "a=1&b=%C4%81", `{"text":"<ā&>"}`}},
		"a form":  {Form(url.Values{"q": {"ā b"}}), got{"application/x-www-form-urlencoded", "a=1&b=%C4%81", "q=%C4%81+b"}},
		"raw":     {Raw("image/png", []byte("PNG")), got{"image/png", "a=1&b=%C4%81", "PNG"}},
		"multipart": {Multipart(Part{Name: "alt", Content: []byte("a cat")}, picture),
			got{"multipart/form-data", "a=1&b=%C4%81", "a cat c\"at.jpg image/jpeg3"}},
	} {
		r := Request{Method: http.MethodPost, To: "/x?a=1", Query: url.Values{"b": {"ā"}}, Body: c.body}
		_, err := New(Options{Base: srv.URL}).Do(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if g := <-arrived; g != c.want {
			t.Errorf("%s: %+v, want %+v", name, g, c.want)
		}
	}
	_, err := New(Options{Base: srv.URL}).Do(t.Context(), Request{Method: http.MethodPost, To: "/", Body: JSON(func() {})})
	if outcome(t, err) != "refused" {
		t.Errorf("%v", err)
	}
}

// TestScrub: a secret is black in every spelling in which a platform or net/http can
// show it again.
func TestScrub(t *testing.T) {
	t.Parallel()
	const secret, password = `p/+ "ā`, "app word"
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, login, _ := r.BasicAuth()
		echo := []string{r.Header.Get("Authorization"), r.URL.EscapedPath(), r.URL.Path, login, r.Header.Get("Cookie")}
		fmt.Fprintf(w, `{"error":%q,"message":%q}`, r.URL.RawQuery, strings.Join(echo, " "))
	}))
	t.Cleanup(srv.Close)
	c := New(Options{Base: srv.URL + "/" + url.PathEscape(secret), Secrets: []string{secret}, Dialect: speaks("error")})
	r, _ := http.NewRequest(http.MethodGet, "/", nil)
	r.SetBasicAuth("anna", password)
	r.Header.Set("Cookie", "id=77")
	query := url.Values{"t": {secret}, "once": {"o n"}}
	_, err := c.Do(t.Context(), Request{Method: http.MethodPost, To: "/x", Header: r.Header, Query: query, Secrets: []string{"o n"}})
	if got, want := ErrorOf(err).Code, "once=***&t=***"; got != want {
		t.Errorf("code %q, want %q", got, want)
	}
	if got, want := connector.OutcomeOf(err).Detail, "Basic *** /***/x /***/x *** ***"; got != want {
		t.Errorf("detail %q, want %q", got, want)
	}
	if got := newSecrets("abc", "abcdef").scrub("abcdef abc"); got != "*** ***" {
		t.Errorf("one secret in another: %q", got)
	}
	for name, address := range map[string]string{"a control character": "http://x/" + token + "\x7f", "no scheme": token} {
		_, err := client(t, "").Do(t.Context(), Request{Method: http.MethodPost, To: address})
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		quietly(t, err)
	}
}

// TestUnreadable: what could not be decoded is not quoted.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"At":"what people wrote"}`) }))
	t.Cleanup(srv.Close)
	if _, err := post(t.Context(), client(t, srv.URL), &struct{ At time.Time }{}); outcome(t, err) != "unsure" {
		t.Errorf("%v", err)
	}
}

// TestLibrary: a library's errors keep what was seen of the connection, and lose the
// rest.
func TestLibrary(t *testing.T) {
	t.Parallel()
	c := client(t, "http://127.0.0.1:1")
	_, err := c.HTTP().Get("http://127.0.0.1:1/bot" + token)
	if err == nil || !strings.Contains(err.Error(), "/bot") {
		t.Fatalf("net/http says %v", err) // or this test shows nothing
	}
	if e := c.Explain(fmt.Errorf("error do request for method x, %w", err)); outcome(t, e) != "later" {
		t.Errorf("%v", e)
	}
	err = json.Unmarshal([]byte(`what people wrote`), new(int))
	if e := c.Explain(fmt.Errorf("error decode response body, what people wrote, %w", err)); outcome(t, e) != "unsure" {
		t.Errorf("%v", e)
	}
}

// TestRetryAfterOfLibraries: every form is in seconds for them.
func TestRetryAfterOfLibraries(t *testing.T) {
	t.Parallel()
	for want, h := range map[string]http.Header{
		"90": headers("Date", "Tue, 03 Nov 2026 12:00:00 GMT", "Retry-After", "Tue, 03 Nov 2026 12:01:30 GMT"),
		"2":  headers("Retry-After", "1.2"),
		"7":  headers("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "7"),
		"10": headers(),
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			maps.Copy(w.Header(), h)
			w.WriteHeader(http.StatusTooManyRequests)
		}))
		t.Cleanup(srv.Close)
		resp, err := New(Options{}).HTTP().Get(srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := resp.Header.Get("Retry-After"); got != want {
			t.Errorf("a library reads %q, want %q", got, want)
		}
	}
}
