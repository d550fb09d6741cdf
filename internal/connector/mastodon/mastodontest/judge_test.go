package mastodontest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// complaints notes what a test would fail with.
type complaints struct {
	testing.TB
	said []string
}

func (c *complaints) Errorf(format string, args ...any) {
	c.said = append(c.said, fmt.Sprintf(format, args...))
}

// TestJudge: what is not as documented is said, of requests and of answers, and nothing else is.
func TestJudge(t *testing.T) {
	t.Parallel()
	const media = `{"id":"1","type":"image"}`
	const policy = `{"for_not_following":"accept","for_not_followers":"accept","for_new_accounts":"accept","for_private_mentions":"accept",` +
		`"for_limited_accounts":"accept","summary":{"pending_requests_count":0,"pending_notifications_count":0}}`
	for name, c := range map[string]struct {
		method, to, body string
		status           int
		answer           string
		want             string // "" is nothing
	}{
		"as documented":       {"GET", "/api/v1/media/1", "", 200, media, ""},
		"refused":             {"POST", "/api/v1/statuses", `{"status":"x"}`, 422, `{"error":"no"}`, ""},
		"a page for people":   {"POST", "/oauth/authorize", "", 200, "<p>", ""},
		"an unknown call":     {"GET", "/api/v1/secrets", "", 200, "{}", "not documented"},
		"an unknown verb":     {"PATCH", "/api/v1/statuses/1", "", 200, "{}", "not documented"},
		"an unknown field":    {"POST", "/api/v1/statuses", `{"status":"x","content_type":"text/plain"}`, 422, `{"error":"no"}`, "content_type"},
		"a wrong value":       {"POST", "/api/v1/statuses", `{"status":"x","visibility":"all"}`, 422, `{"error":"no"}`, "/visibility"},
		"a wrong type":        {"POST", "/api/v1/statuses", `{"status":"x","media_ids":[1]}`, 422, `{"error":"no"}`, "/media_ids/0"},
		"an unknown filter":   {"GET", "/api/v1/notifications?reason=mention", "", 200, "[]", `no parameter "reason"`},
		"a page too long":     {"GET", "/api/v1/timelines/tag/x?limit=80", "", 200, "[]", "limit"},
		"a wrong reason":      {"GET", "/api/v1/notifications?types[]=mentions", "", 200, "[]", "types"},
		"answers too little":  {"GET", "/api/v1/media/1", "", 200, `{"id":"1"}`, "type"},
		"answers other types": {"GET", "/api/v1/media/1", "", 200, `{"id":1,"type":"image"}`, "/id"},
		"an unknown status":   {"GET", "/api/v1/media/1", "", 418, `{"error":"no"}`, "418"},
		"answers the other":   {"GET", "/api/v2/notifications/policy", "", 200, media, "for_not_following"},
		"and the right one":   {"GET", "/api/v2/notifications/policy", "", 200, policy, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.answer)
			}))
			defer server.Close()
			heard := &complaints{TB: t}
			r, err := http.NewRequest(c.method, Judge(heard, server.URL)+c.to, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(resp.Body); string(got) != c.answer || resp.StatusCode != c.status || err != nil {
				t.Errorf("handed on %d %q, %v", resp.StatusCode, got, err)
			}
			_ = resp.Body.Close()
			if all := strings.Join(heard.said, "\n"); (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
				t.Errorf("it said %q, want %q", all, c.want)
			}
		})
	}
}
