package graphfake

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Clock is moved by tests; it stands otherwise.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock stands at a time.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now is what it says.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Pass moves it.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// Caller calls an API by raw HTTP.
type Caller struct {
	*Clock
	T          testing.TB
	URL, Token string
}

// Raw sends parameters where the documentation has them.
func (c *Caller) Raw(ctx context.Context, verb, to, params string) (*http.Response, error) {
	address, body := c.URL+to, io.Reader(nil)
	params = "access_token=" + c.Token + "&" + params
	if verb == http.MethodPost {
		body = strings.NewReader(params)
	} else {
		address += "?" + params
	}
	r, err := http.NewRequestWithContext(ctx, verb, address, body)
	if err != nil {
		c.T.Fatal(err)
	}
	if verb == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return http.DefaultClient.Do(r)
}

// Say makes a call and gives what is answered, flattened: "code subcode" of a refusal.
func (c *Caller) Say(verb, to, params string) (said map[string]any, refusal string) {
	c.T.Helper()
	resp, err := c.Raw(c.T.Context(), verb, to, params)
	if err != nil {
		c.T.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&said); err != nil {
		c.T.Fatal(err)
	}
	e, failed := said["error"].(map[string]any)
	if failed != (resp.StatusCode == http.StatusBadRequest) {
		c.T.Errorf("%s %s: %s %v", verb, to, resp.Status, said)
	}
	if !failed {
		return said, ""
	}
	refusal = fmt.Sprint(e["code"])
	if sub := e["error_subcode"]; sub != nil {
		refusal += fmt.Sprintf(" %.0f", sub)
	}
	return said, refusal
}

// Gets wants an answer, or a refusal.
func (c *Caller) Gets(want, verb, to, params string) map[string]any {
	c.T.Helper()
	said, refusal := c.Say(verb, to, params)
	if refusal != want {
		c.T.Errorf("%s %s %s: %q, want %q: %v", verb, to, params, refusal, want, said)
	}
	return said
}

// Made is the id of what a call makes.
func (c *Caller) Made(to, params string) string {
	c.T.Helper()
	return fmt.Sprint(c.Gets("", http.MethodPost, to, params)["id"])
}

// IDs are those of a page of a list.
func (c *Caller) IDs(to, params string) (all []string) {
	c.T.Helper()
	data, _ := c.Gets("", http.MethodGet, to, params)["data"].([]any)
	for _, one := range data {
		all = append(all, fmt.Sprint(one.(map[string]any)["id"]))
	}
	return all
}
