package xfake

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The calls about webhooks, and where the app gets the token that they want.
const (
	Hooks         = "GET /2/webhooks"
	MakeHook      = "POST /2/webhooks"
	TryHook       = "PUT /2/webhooks/:id"
	Replay        = "POST /2/webhooks/replay"
	Subscriptions = "GET /2/activity/subscriptions"
	Subscribe     = "POST /2/activity/subscriptions"
	AppTokens     = "/oauth2/token"
	AppToken      = "AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI%3DEUifiRBkKG5E2XzMDjRfl76ZC9Ub0wnz4XsNiRVBChTYbJcE3F"
)

// The events that there are of those about posts, by who must have written what.
const (
	OnMention = "post.mention.create" // somebody names the account in their words
	OnReply   = "post.reply.create"   // somebody replies to a post of the account
	OnDelete  = "post.delete"         // the account deleted a post of its own
)

// answerWithin is how long X waits for an answer, and mostHooks how many an app may have.
const (
	answerWithin = 10 * time.Second
	mostHooks    = 2
)

// hook is a webhook that was registered.
type hook struct {
	id, url string
	valid   bool
	made    time.Time
}

// subscription has the events of an account go to a webhook.
type subscription struct {
	id, event, hook, tag string
	made                 time.Time
}

// brought is what was sent to a webhook.
type brought struct {
	hook *hook
	body []byte
	at   time.Time
}

type hooks struct {
	near   bool // addresses of this machine will do
	all    []*hook
	events []subscription
	sent   []brought
}

// Near lets webhooks be at addresses of this machine, without https and with a port.
func (x *X) Near(is bool) { x.do(func() { x.hooks.near = is }) }

func mac(text []byte) string {
	m := hmac.New(sha256.New, []byte(Secret))
	m.Write(text)
	return "sha256=" + base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// appToken gives the app's own token to who has its key and secret.
func (x *X) appToken(w http.ResponseWriter, r *http.Request) {
	key, secret, _ := r.BasicAuth()
	switch {
	case key != Key || secret != Secret:
		said := map[string]any{"code": 99, "message": "Unable to verify your credentials"}
		tell(w, http.StatusForbidden, map[string]any{"errors": []any{said}})
	case r.ParseForm() != nil || r.PostForm.Get("grant_type") != "client_credentials" || len(r.PostForm) != 1:
		deny(w, http.StatusBadRequest, "unsupported_grant_type", "fake: client_credentials is wanted")
	default:
		tell(w, http.StatusOK, map[string]any{"token_type": "bearer", "access_token": AppToken})
	}
}

func (h *hook) view() map[string]any {
	return map[string]any{"id": h.id, "url": h.url, "valid": h.valid, "created_at": h.made.UTC().Format(time.RFC3339)}
}

func (x *X) listHooks(*request) (any, error) {
	all := []any{}
	for _, h := range x.hooks.all {
		all = append(all, h.view())
	}
	return map[string]any{"data": all, "meta": map[string]any{"result_count": len(all)}}, nil
}

// read reads a body, of whose fields each must be known.
func (r *request) read(into any) bool {
	known := json.NewDecoder(bytes.NewReader(r.body))
	known.DisallowUnknownFields()
	return known.Decode(into) == nil && r.Header.Get("Content-Type") == "application/json"
}

func refusedHook(why string) error {
	return &problem{"Invalid Request", why, "https://api.x.com/2/problems/invalid-request", http.StatusBadRequest}
}

func (x *X) makeHook(r *request) (any, error) {
	var asked struct{ URL string }
	ok := r.read(&asked)
	u, err := url.Parse(asked.URL)
	h := &hook{id: x.id(), url: asked.URL, made: x.now()}
	switch {
	case !ok || err != nil || u.Host == "" || len(asked.URL) > 200 || !x.hooks.near && (u.Scheme != "https" || u.Port() != ""):
		return nil, refusedHook("UrlValidationFailed")
	case slices.ContainsFunc(x.hooks.all, func(h *hook) bool { return h.url == asked.URL }):
		return nil, refusedHook("DuplicateUrlFailed")
	case len(x.hooks.all) >= mostHooks:
		return nil, refusedHook("WebhookLimitExceeded")
	case !h.proves():
		return nil, refusedHook("CrcValidationFailed")
	}
	x.hooks.all = append(x.hooks.all, h)
	return map[string]any{"data": h.view()}, nil
}

var client = http.Client{Timeout: answerWithin, CheckRedirect: func(*http.Request, []*http.Request) error {
	return http.ErrUseLastResponse
}}

// proves asks a webhook to sign something, and says whether it did right. It is valid from then on, or is not.
func (h *hook) proves() bool {
	token := rand.Text()
	h.valid = false
	resp, err := client.Get(h.url + "?crc_token=" + token)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	var said struct {
		Token string `json:"response_token"`
	}
	h.valid = json.NewDecoder(resp.Body).Decode(&said) == nil && resp.StatusCode == http.StatusOK && said.Token == mac([]byte(token))
	return h.valid
}

func (x *X) tryHook(r *request) (any, error) {
	i := slices.IndexFunc(x.hooks.all, func(h *hook) bool { return h.id == r.id })
	if i < 0 {
		return nil, no(http.StatusNotFound, "fake: there is no such webhook")
	}
	x.hooks.all[i].proves()
	return map[string]any{"data": map[string]any{"valid": true}}, nil // that it was tried
}

// Prove has every webhook prove itself, as X does each hour; one that does not gets nothing any more.
func (x *X) Prove() {
	x.do(func() {
		for _, h := range x.hooks.all {
			h.proves()
		}
	})
}

func (s subscription) view() map[string]any {
	at := s.made.UTC().Format(time.RFC3339)
	return map[string]any{"subscription_id": s.id, "event_type": s.event, "filter": map[string]any{"user_id": Self}, "tag": s.tag,
		"webhook_id": s.hook, "created_at": at, "updated_at": at}
}

func (x *X) listSubscriptions(*request) (any, error) {
	all := []any{}
	for _, s := range x.hooks.events {
		all = append(all, s.view())
	}
	return map[string]any{"data": all}, nil
}

func (x *X) subscribe(r *request) (any, error) {
	var asked struct {
		Event  string `json:"event_type"`
		Filter struct {
			User string `json:"user_id"`
		}
		Tag  string
		Hook string `json:"webhook_id"`
	}
	ok := r.read(&asked)
	switch {
	case !ok || !slices.Contains([]string{OnMention, OnReply, OnDelete}, asked.Event) || len(asked.Tag) > 200:
		return nil, invalid("fake: no subscription that is known")
	case asked.Filter.User != Self:
		return nil, no(http.StatusForbidden, "fake: that account did not let the app in")
	case !slices.ContainsFunc(x.hooks.all, func(h *hook) bool { return h.id == asked.Hook }):
		return nil, invalid("fake: there is no such webhook")
	case slices.ContainsFunc(x.hooks.events, func(s subscription) bool { return s.event == asked.Event && s.hook == asked.Hook }):
		return nil, no(http.StatusForbidden, "fake: there is one already")
	}
	s := subscription{x.id(), asked.Event, asked.Hook, asked.Tag, x.now()}
	x.hooks.events = append(x.hooks.events, s)
	return map[string]any{"data": map[string]any{"subscription": s.view()}}, nil
}

// Event is what X tells of a post, as the value of "data".
func (x *X) Event(event, id string) (data map[string]any) {
	x.do(func() { data = x.event(event, "expert hour", id) })
	return data
}

// event has the former names of fields, as X's pages show them.
func (x *X) event(event, tag, id string) map[string]any {
	data := map[string]any{"event_uuid": strconv.FormatInt(x.last+1, 10), "event_type": event, "tag": tag, "includes": map[string]any{},
		"filter": map[string]any{"user_id": Self}, "payload": map[string]any{"id": id, "author_id": Self}}
	if p := x.find(id); p != nil {
		was := x.oldNames
		x.oldNames = true
		payload := x.view(p, strings.Split("conversation_id,created_at,lang,display_text_range,entities,public_metrics,attachments", ","),
			[]string{"author_id", "referenced_posts"})
		x.oldNames = was
		metrics := maps.Clone(payload["public_metrics"].(map[string]any))
		metrics["retweet_count"] = 0
		delete(metrics, "repost_count")
		payload["public_metrics"] = metrics
		if p.ReplyTo != "" {
			payload["in_reply_to_tweet_id"] = p.ReplyTo
		}
		data["payload"] = payload
	}
	return data
}

// Call is the body of a call with those events, one or a list, and the signature that stands in
// x-twitter-webhooks-signature beside it.
func (x *X) Call(events ...map[string]any) (body []byte, signature string) {
	var data any = events
	if len(events) == 1 {
		data = events[0]
	}
	body, _ = json.Marshal(map[string]any{"data": data}) // of texts and numbers
	return body, mac(body)
}

// of are the events that a post makes.
func (x *X) of(p *Post) (events []string) {
	if p.Author == Self {
		return nil
	}
	if p.named {
		events = append(events, OnMention)
	}
	if above := x.find(p.ReplyTo); above != nil && above.Author == Self {
		events = append(events, OnReply)
	}
	return events
}

// Bring tells the webhooks that want it of a post, bills each event as a post, and gives what they answered; 0 is nothing.
func (x *X) Bring(id string) (answered []int) {
	var all []brought
	x.do(func() {
		p := x.find(id)
		for _, s := range x.hooks.events {
			i := slices.IndexFunc(x.hooks.all, func(h *hook) bool { return h.id == s.hook && h.valid })
			if p != nil && i >= 0 && slices.Contains(x.of(p), s.event) {
				body, _ := x.Call(x.event(s.event, s.tag, id))
				x.charge("post "+p.ID, pricePublic)
				all = append(all, brought{x.hooks.all[i], body, x.now()})
			}
		}
		x.hooks.sent = append(x.hooks.sent, all...)
	})
	return send(all)
}

func send(all []brought) (answered []int) {
	for _, b := range all {
		r, _ := http.NewRequest(http.MethodPost, b.hook.url, bytes.NewReader(b.body)) // of an address that was looked at
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("x-twitter-webhooks-signature", mac(b.body))
		resp, err := client.Do(r)
		if err != nil {
			answered = append(answered, 0)
			continue
		}
		_ = resp.Body.Close()
		answered = append(answered, resp.StatusCode)
	}
	return answered
}

// Again brings all that was brought once more, the last first.
func (x *X) Again() []int {
	var all []brought
	x.do(func() { all = slices.Clone(x.hooks.sent) })
	slices.Reverse(all)
	return send(all)
}

var minute = regexp.MustCompile(`^[0-9]{12}$`)

// replay brings once more what was brought between two minutes, after it was answered.
func (x *X) replay(r *request) (any, error) {
	var asked struct {
		Hook string `json:"webhook_id"`
		From string `json:"from_date"`
		To   string `json:"to_date"`
	}
	if !r.read(&asked) || !minute.MatchString(asked.From) || !minute.MatchString(asked.To) || asked.From > asked.To {
		return nil, invalid("fake: no time of a replay")
	}
	var all []brought
	for _, b := range x.hooks.sent {
		if at := b.at.UTC().Format("200601021504"); b.hook.id == asked.Hook && at >= asked.From && at <= asked.To {
			all = append(all, b)
		}
	}
	go send(all)
	return map[string]any{"data": map[string]any{"job_id": x.id(), "created_at": x.now().UTC().Format(time.RFC3339)}}, nil
}
