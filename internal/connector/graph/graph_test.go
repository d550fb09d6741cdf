package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
)

// serve is an API that answers what a test says, and a client of it.
func serve(t *testing.T, answer http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return New(Options{Base: s.URL, Timeout: time.Minute, Now: time.Now, Rules: []httpapi.Rule{{Code: "24", Outcome: connector.Deferred}}})
}

func post(c *Client, t *testing.T) error {
	return c.Do(t.Context(), Request(http.MethodPost, "/x", url.Values{"a": {"b"}}, nil))
}

// TestOutcomes: what each code means for what changes something, and how long it waits.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status, code, sub int
		minutes           float64
		want              connector.Outcome
		wait              time.Duration
	}{
		{400, 100, 0, 0, connector.Refused, 0}, {403, 10, 0, 0, connector.Refused, 0}, {403, 200, 0, 0, connector.Refused, 0},
		{400, 100, 33, 0, connector.Refused, 0}, {400, 24, 0, 0, connector.Deferred, 0},
		{400, 190, 0, 0, connector.Deferred, MendWait}, {400, 190, 0, 7, connector.Deferred, MendWait},
		{403, 4, 0, 0, connector.Deferred, RateWait}, {403, 32, 0, 7, connector.Deferred, 7 * time.Minute},
		{400, 613, 0, -7, connector.Deferred, RateWait}, {400, 17, 0, 1e300, connector.Deferred, httpapi.LongestWait},
		{400, 1, 0, 0, connector.Unsure, 0}, {500, 2, 0, 0, connector.Unsure, 0}, {200, 2, 0, 0, connector.Unsure, 0},
		{400, -1, 0, 0, connector.Unsure, 0}, {502, 0, 0, 0, connector.Unsure, 0},
	} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Business-Use-Case-Usage", fmt.Sprintf(`{"7":[{"call_count":81,"estimated_time_to_regain_access":%g}]}`, c.minutes))
			w.WriteHeader(c.status)
			if c.code != 0 {
				_, _ = fmt.Fprintf(w, `{"error":{"message":"No","code":%d,"error_subcode":%d}}`, c.code, c.sub)
			}
		})
		err := post(client, t)
		if e := connector.OutcomeOf(err); e.Outcome != c.want || e.Wait != c.wait || Code(err) != c.code || client.Used() != 81 {
			t.Errorf("%+v: %v, %v, code %d, used %d", c, e.Outcome, e.Wait, Code(err), client.Used())
		}
		if got, want := Missing(err), c.sub == 33; got != want {
			t.Errorf("%+v: missing %v", c, got)
		}
		if got, want := Forbidden(err), c.status == 403 && c.wait == 0; got != want {
			t.Errorf("%+v: forbidden %v", c, got)
		}
	}
}

// TestUsage: the most of all headers counts; what cannot be read says nothing.
func TestUsage(t *testing.T) {
	t.Parallel()
	for h, want := range map[[2]string]int{
		{`{"call_count":5,"total_time":70}`, `{"call_count":30}`}: 70,
		{`{"call_count":5}`, `{"total_cputime":99.5}`}:            99,
		{`{"call_count":1e300}`, ``}:                              1_000,
		{`{"call_count":-5}`, `x`}:                                0,
	} {
		used, wait := usage(http.Header{"X-App-Usage": {h[0]}, "X-Page-Usage": {h[1]}})
		if used != want || wait != 0 {
			t.Errorf("%q: %d, %v", h, used, wait)
		}
	}
}

// TestRequest: parameters stand where the method has them, and those of the caller stay as they were.
func TestRequest(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.Form.Get("a") != "b" || r.Form.Get("access_token") != "t" ||
			(r.URL.RawQuery == "") != (r.Method == http.MethodPost) {
			t.Errorf("%s %s: %v, %v", r.Method, r.URL, r.Form, err)
		}
		_, _ = w.Write([]byte(`{}`))
	})
	given := url.Values{"a": {"b"}}
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		if err := c.Do(t.Context(), Request(method, "/x", With(given, "access_token", "t"), nil)); err != nil {
			t.Error(err)
		}
	}
	if len(given) != 1 {
		t.Errorf("the parameters are %v", given)
	}
}

// TestProof is a keyed hash: of the token, by the secret.
func TestProof(t *testing.T) {
	t.Parallel()
	if got := Proof("token", "secret"); got != "e941110e3d2bfe82621f0e3e1434730d7305d106c5f68c87165d0b27a4611a4a" {
		t.Errorf("it is %s", got)
	}
}

// TestList: each thing is taken once, pages that repeat end it, and so does what is enough.
func TestList(t *testing.T) {
	t.Parallel()
	pages := func(p map[string]string) *List[string] {
		return &List[string]{Left: 5,
			Take: func(raw json.RawMessage) (string, string) { s := strings.Trim(string(raw), `"`); return s, s },
			Ask: func(_ context.Context, q url.Values, page *Page) error {
				return json.Unmarshal([]byte(p[q.Get("after")]), page)
			}}
	}
	const next = `],"paging":{"cursors":{"after":"`
	for what, c := range map[string]struct {
		pages  map[string]string
		enough string
		want   string
		end    End
	}{
		"last":    {map[string]string{"": `{"data":["a","b"` + next + `2"}}}`, "2": `{"data":["b","c",""]}`}, "", "a b c", Last},
		"repeats": {map[string]string{"": `{"data":["a"` + next + `2"}}}`, "2": `{"data":["a"` + next + `2"}}}`}, "", "a", Repeats},
		"enough":  {map[string]string{"": `{"data":["a"` + next + `2"}}}`, "2": `{"data":["b"]}`}, "a", "a", Short},
		"empty":   {map[string]string{"": `{}`}, "", "", Last},
	} {
		l := pages(c.pages)
		l.Enough = func(page []string) bool { return slices.Contains(page, c.enough) }
		all, end, err := l.Read(t.Context(), url.Values{})
		if strings.Join(all, " ") != c.want || end != c.end || err != nil {
			t.Errorf("%s: %q, %v, %v", what, all, end, err)
		}
	}
	l, n := pages(nil), 0
	l.Ask = func(_ context.Context, _ url.Values, page *Page) error {
		n++
		return json.Unmarshal([]byte(fmt.Sprintf(`{"data":["%d"`+next+`x"}}}`, n)), page)
	}
	if all, end, _ := l.Read(t.Context(), url.Values{}); len(all) != 5 || end != Short {
		t.Errorf("without an end: %q, %v", all, end)
	}
}

// TestAlike: signs and spaces do not count, letters do, and none are no likeness.
func TestAlike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{{"Jā!", "Jā!", true}, {"Jā, 5.", "Jā 5", true}, {"Jā", "Nē", false}, {"!", "?", false}, {"!", "!", true}} {
		if got := Alike(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %v", c.a, c.b, got)
		}
	}
}

// FuzzObject: whatever stands in a list, an id has the right form, and a time can be used.
func FuzzObject(f *testing.F) {
	f.Add([]byte(`{"id":"17900000000000001","at":"2026-01-01T18:20:00+0000"}`))
	f.Add([]byte(`{"id":17900000000000001,"at":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var o struct {
			ID ID
			At Stamp
		}
		if json.Unmarshal(raw, &o) == nil && (o.ID != "" && !IDForm.MatchString(string(o.ID)) || o.At.Location() != time.UTC) {
			t.Errorf("%+v", o)
		}
	})
}
