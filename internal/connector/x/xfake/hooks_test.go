package xfake

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// program is what X calls: it signs challenges with a secret, and keeps what comes.
type program struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	status int
	wrong  bool
	came   chan struct{}
}

func newProgram(t *testing.T) *program {
	p := &program{status: http.StatusOK, came: make(chan struct{}, 10)}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if r.Method == http.MethodGet {
			said := mac([]byte(r.URL.Query().Get("crc_token")))
			if p.wrong {
				said = mac([]byte("x"))
			}
			_, _ = io.WriteString(w, `{"response_token":"`+said+`"}`)
			return
		}
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("x-twitter-webhooks-signature") == mac(body) {
			p.bodies = append(p.bodies, string(body))
		}
		w.WriteHeader(p.status)
		p.came <- struct{}{}
	}))
	t.Cleanup(p.Close)
	return p
}

func (c *caller) appToken(key, secret, grant string) tokens {
	c.t.Helper()
	r, _ := http.NewRequest(http.MethodPost, c.x.URL+AppTokens, strings.NewReader(url.Values{"grant_type": {grant}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(key, secret)
	s := tokens{said: c.send(r)}
	decode(s.body, &s)
	return s
}

// register has the app register a webhook.
func (c *caller) register(at string) said {
	c.t.Helper()
	return c.as(AppToken, "POST /2/webhooks", `{"url":"`+at+`"}`)
}

func (c *caller) subscribe(event, hook string) said {
	c.t.Helper()
	return c.call("POST /2/activity/subscriptions", nil,
		`{"event_type":"`+event+`","filter":{"user_id":"`+Self+`"},"tag":"t","webhook_id":"`+hook+`"}`)
}

// TestAppToken: the app's token is given for its key and secret, and webhooks want it.
func TestAppToken(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.wants("a wrong secret", c.appToken(Key, "x", "client_credentials").said, 403, "verify your credentials")
	c.wants("another grant", c.appToken(Key, Secret, "password").said, 400, "unsupported_grant_type")
	if s := c.appToken(Key, Secret, "client_credentials"); s.Access != AppToken {
		t.Errorf("it is %s", s.body)
	}
	c.wants("as the app", c.as(AppToken, "GET /2/webhooks", ""), 200, "data")
	c.wants("as the account", c.get("/2/webhooks", nil), 401, "app-only")
	c.wants("a wrong token", c.as("x", "GET /2/webhooks", ""), 401, "app-only")
	c.wants("posts", c.as(AppToken, "GET /2/users/me", ""), 401, "bearer")
}

// TestWebhooks: an address is one of https, without a port, that proves itself at once and whenever it is
// asked; there are two at most.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	c, p := newCaller(t), newProgram(t)
	for _, at := range []string{p.URL, "https://a.lv:8443/x", "http://a.lv/x", "", strings.Repeat("https://a.lv/", 20)} {
		c.wants(at, c.register(at), 400, "UrlValidationFailed")
	}
	c.wants("no url", c.as(AppToken, "POST /2/webhooks", `{"uri":"x"}`), 400, "UrlValidationFailed")
	c.x.Near(true)
	p.wrong = true
	c.wants("a wrong answer", c.register(p.URL), 400, "CrcValidationFailed")
	p.wrong = false
	id := c.register(p.URL).one().ID
	c.wants("twice", c.register(p.URL), 400, "DuplicateUrlFailed")
	c.wants("another", c.register(p.URL+"/b"), 200, "valid")
	c.wants("a third", c.register(p.URL+"/c"), 400, "WebhookLimitExceeded")
	c.wants("listed", c.as(AppToken, "GET /2/webhooks", ""), 200, `"valid":true`)
	p.wrong = true
	c.x.Prove()
	if s := c.as(AppToken, "GET /2/webhooks", ""); strings.Contains(s.body, `"valid":true`) {
		t.Errorf("after an hour: %s", s.body)
	}
	p.wrong = false
	c.wants("tried again", c.as(AppToken, "PUT /2/webhooks/"+id, ""), 200, `"valid":true`)
	c.wants("it is valid", c.as(AppToken, "GET /2/webhooks", ""), 200, `"valid":true`)
	c.wants("none", c.as(AppToken, "PUT /2/webhooks/1", ""), 404, "no such webhook")
}

// TestSubscriptions: only events of the account that let the app in, once each, to a webhook that there is.
func TestSubscriptions(t *testing.T) {
	t.Parallel()
	c, p := newCaller(t), newProgram(t)
	c.x.Near(true)
	id := c.register(p.URL).one().ID
	c.wants("unknown event", c.subscribe("post.liked", id), 400, "no subscription")
	c.wants("unknown webhook", c.subscribe(OnMention, "1"), 400, "no such webhook")
	c.wants("somebody else's", c.call("POST /2/activity/subscriptions", nil,
		`{"event_type":"post.delete","filter":{"user_id":"1"},"webhook_id":"`+id+`"}`), 403, "did not let")
	c.wants("as the app", c.as(AppToken, "POST /2/activity/subscriptions", `{}`), 401, "bearer")
	c.wants("right", c.subscribe(OnMention, id), 200, "subscription_id")
	c.wants("twice", c.subscribe(OnMention, id), 403, "one already")
	if s := c.get("/2/activity/subscriptions", nil); strings.Count(s.body, "subscription_id") != 1 || !strings.Contains(s.body, id) {
		t.Errorf("listed %s", s.body)
	}
}

// TestBringing: a post that names the account or replies to it is brought to who subscribed, signed and billed once, and
// may be brought again; nothing is brought to a webhook that did not prove itself.
func TestBringing(t *testing.T) {
	t.Parallel()
	c, p := newCaller(t), newProgram(t)
	c.x.Near(true)
	id := c.register(p.URL).one().ID
	c.subscribe(OnMention, id)
	c.subscribe(OnReply, id)
	news := c.x.Write(Self, "Sākam!")
	both := c.x.Under(news, ilze, "@iestade Kad?")
	before := c.x.Spent()
	if got := c.x.Bring(both); !slices.Equal(got, []int{200, 200}) || c.x.Spent() != before+pricePublic {
		t.Errorf("answered %v, spent %d", got, c.x.Spent()-before)
	}
	for i, want := range []string{OnMention, OnReply} {
		if !strings.Contains(p.bodies[i], `"event_type":"`+want+`"`) || !strings.Contains(p.bodies[i], `"edit_history_tweet_ids":["`+both+`"]`) ||
			!strings.Contains(p.bodies[i], `"author_id":"`+ilze+`"`) || !strings.Contains(p.bodies[i], `{"id":"`+news+`","type":"replied_to"}`) {
			t.Errorf("it says %s", p.bodies[i])
		}
	}
	for _, none := range []string{c.x.Under(both, ilze, "Paldies."), c.x.Write(Self, "@iestade a"), "1"} {
		if got := c.x.Bring(none); len(got) != 0 {
			t.Errorf("%s: answered %v", none, got)
		}
	}
	p.status = 503
	if got := c.x.Again(); !slices.Equal(got, []int{503, 503}) || len(p.bodies) != 4 || p.bodies[2] != p.bodies[1] {
		t.Errorf("again: %v, %d came", got, len(p.bodies))
	}
	for range 4 {
		<-p.came
	}
	at := c.clock.at.UTC().Format("200601021504")
	job := func(from, to string) said {
		return c.as(AppToken, "POST /2/webhooks/replay", `{"webhook_id":"`+id+`","from_date":"`+from+`","to_date":"`+to+`"}`)
	}
	c.wants("no time", job("x", at), 400, "no time of a replay")
	c.wants("backwards", job(at, "200001010000"), 400, "no time of a replay")
	c.wants("replay", job(at, at), 200, "job_id")
	<-p.came
	<-p.came
	p.wrong = true
	c.x.Prove()
	if got := c.x.Bring(both); len(got) != 0 {
		t.Errorf("it did not prove itself: %v", got)
	}
	if body, signature := c.x.Call(c.x.Event(OnDelete, "1")); signature != mac(body) || !strings.Contains(string(body), OnDelete) {
		t.Errorf("a deletion is %s", body)
	}
	if raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(mac(nil), "sha256=")); err != nil || len(raw) != 32 {
		t.Errorf("a signature is %v", err)
	}
}
