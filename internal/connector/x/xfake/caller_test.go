package xfake

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// clock is a time that stands until it is moved.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

type vals = map[string]string

// caller signs by hand: what is signed is spelled out here and nowhere shared.
type caller struct {
	t     *testing.T
	x     *X
	clock *clock
	oauth vals // in place of what is usual; "" is left out
	n     int
}

func newCaller(t *testing.T) *caller {
	c := &clock{time.Unix(1_796_032_800, 0)}
	return &caller{t: t, x: New(t, c.now), clock: c}
}

type said struct {
	status int
	header http.Header
	body   string
	Title  string
	Detail string
	Type   string
	Data   json.RawMessage
	Errors []struct {
		Value, Type string
	}
	Meta struct {
		Next   string `json:"next_token"`
		Count  int    `json:"result_count"`
		Newest string `json:"newest_id"`
	}
	Includes struct {
		Posts, Users []struct{ ID string }
	}
}

type post struct {
	ID, Text     string
	Author       string   `json:"author_id"`
	Conversation string   `json:"conversation_id"`
	History      []string `json:"edit_history_post_ids"`
	Old          []string `json:"edit_history_tweet_ids"`
	Range        []int    `json:"display_text_range"`
	Deleted      bool
	Metrics      struct {
		Likes int `json:"like_count"`
	} `json:"public_metrics"`
	Entities struct {
		URLs []struct {
			URL  string
			Full string `json:"expanded_url"`
		}
	}
	Above []struct{ Type, ID string } `json:"referenced_posts"`
}

// one and all are what an answer holds.
func (s said) one() (p post) {
	_ = json.Unmarshal(s.Data, &p)
	return p
}

func (s said) all() (ps []post) {
	_ = json.Unmarshal(s.Data, &ps)
	return ps
}

func (s said) ids() (ids []string) {
	for _, p := range s.all() {
		ids = append(ids, p.ID)
	}
	return ids
}

// call makes one call; its verb comes before the path, and a body is JSON.
func (c *caller) call(what string, params vals, body string) said {
	c.t.Helper()
	verb, path, _ := strings.Cut(what, " ")
	return c.send(c.request(verb, path, params, body))
}

func (c *caller) get(path string, params vals) said {
	c.t.Helper()
	return c.call("GET "+path, params, "")
}

func (c *caller) post(text, under string) said {
	c.t.Helper()
	d := map[string]any{"text": text}
	if under != "" {
		d["reply"] = vals{"in_reply_to_tweet_id": under}
	}
	b, _ := json.Marshal(d)
	return c.call("POST /2/tweets", nil, string(b))
}

func (c *caller) request(verb, path string, params vals, body string) *http.Request {
	c.t.Helper()
	q := url.Values{}
	for k, v := range params {
		q.Set(k, v)
	}
	r, err := http.NewRequest(verb, c.x.URL+path+"?"+q.Encode(), strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if h := c.sign(verb, path, params); h != "" {
		r.Header.Set("Authorization", h)
	}
	return r
}

func (c *caller) send(r *http.Request) (s said) {
	c.t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, _ := io.ReadAll(resp.Body)
	_ = json.Unmarshal(b, &s) // some answers are none
	s.status, s.body, s.header = resp.StatusCode, string(b), resp.Header
	return s
}

// decode reads what some answers are.
func decode(body string, into any) { _ = json.Unmarshal([]byte(body), into) }

func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func (c *caller) sign(verb, path string, params vals) string {
	if c.oauth["unsigned"] != "" {
		return ""
	}
	c.n++
	o := vals{"oauth_consumer_key": Key, "oauth_token": Token, "oauth_nonce": "nonce-" + strconv.Itoa(c.n) + "-abcdef",
		"oauth_timestamp": strconv.FormatInt(c.clock.at.Unix(), 10), "oauth_signature_method": "HMAC-SHA1", "oauth_version": "1.0"}
	for k, v := range c.oauth {
		o[k] = v
	}
	var pairs []string
	for k, v := range params {
		pairs = append(pairs, escape(k)+"="+escape(v))
	}
	for k, v := range o {
		if v == "" {
			delete(o, k)
		} else if k != "oauth_signature" {
			pairs = append(pairs, escape(k)+"="+escape(v))
		}
	}
	slices.Sort(pairs)
	mac := hmac.New(sha1.New, []byte(Secret+"&"+TokenSecret))
	mac.Write([]byte(verb + "&" + escape(c.x.URL+path) + "&" + escape(strings.Join(pairs, "&"))))
	if _, given := c.oauth["oauth_signature"]; !given {
		o["oauth_signature"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	var parts []string
	for k, v := range o {
		parts = append(parts, k+`="`+escape(v)+`"`)
	}
	return "OAuth " + strings.Join(parts, ", ")
}

// wants is a status, and words that are somewhere in the answer.
func (c *caller) wants(what string, s said, status int, words string) {
	c.t.Helper()
	if s.status != status || !strings.Contains(s.body, words) {
		c.t.Errorf("%s: %d %s", what, s.status, s.body)
	}
}
