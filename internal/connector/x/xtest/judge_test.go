package xtest

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

// TestJudge: what is not as described is said, of requests and of answers, and nothing else is.
func TestJudge(t *testing.T) {
	t.Parallel()
	Need(t)
	const made = `{"data":{"id":"1","text":"x"}}`
	for name, c := range map[string]struct {
		method, to, body string
		status           int
		answer, want     string // "" is nothing
	}{
		"as described":      {"POST", "/2/tweets", `{"text":"x","reply":{"in_reply_to_tweet_id":"1"}}`, 201, made, ""},
		"an unknown call":   {"GET", "/2/secrets", "", 200, "{}", "not described"},
		"an unknown field":  {"POST", "/2/tweets", `{"text":"x","title":"y"}`, 201, made, "title"},
		"a wrong id":        {"POST", "/2/tweets", `{"text":"x","reply":{"in_reply_to_tweet_id":"a"}}`, 201, made, "in_reply_to_tweet_id"},
		"an unknown filter": {"GET", "/2/users/1/mentions?count=5", "", 200, "{}", `no parameter "count"`},
		"a page too short":  {"GET", "/2/users/1/mentions?max_results=4", "", 200, "{}", "max_results"},
		"an old name":       {"GET", "/2/users/1/mentions?tweet.fields=text", "", 200, "{}", "tweet.fields"},
		"a wrong answer":    {"POST", "/2/tweets", `{"text":"x"}`, 201, `{"data":{"id":1,"text":"x"}}`, "/id"},
		"a refusal":         {"POST", "/2/tweets", `{"text":"x"}`, 403, `{"detail":"no"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard := &complaints{TB: t}
			r := httptest.NewRequest(c.method, c.to, strings.NewReader(c.body))
			r.Header.Set("Content-Type", "application/json")
			Judge(heard, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.answer)
			})).ServeHTTP(httptest.NewRecorder(), r)
			if said := strings.Join(heard.said, "\n"); (said == "") != (c.want == "") || !strings.Contains(said, c.want) {
				t.Errorf("it says %q, want %q", said, c.want)
			}
		})
	}
}
