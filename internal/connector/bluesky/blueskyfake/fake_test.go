package blueskyfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// client calls a server as anybody could.
type client struct {
	t     *testing.T
	s     *Server
	token string
}

// call gives the word of a refusal, or "".
func (c *client) call(verb, to, body string) (code string, out map[string]any) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), verb, c.s.URL+"/xrpc/"+to, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		c.t.Fatal(err)
	}
	code, _ = out["error"].(string)
	return code, out
}

func (c *client) want(want, verb, to, body string) map[string]any {
	c.t.Helper()
	code, out := c.call(verb, to, body)
	if code != want {
		c.t.Errorf("%s %s: %q %v, want %q", to, body, code, out["message"], want)
	}
	return out
}

func signedIn(t *testing.T, o Options) *client {
	c := &client{t: t, s: New(t, o)}
	out := c.want("", "POST", "com.atproto.server.createSession", `{"identifier":"office.test","password":"abcd-efgh-ijkl-mnop"}`)
	c.token, _ = out["accessJwt"].(string)
	return c
}

func TestTokens(t *testing.T) {
	t.Parallel()
	c := &client{t: t, s: New(t, Options{AccessFor: time.Nanosecond})}
	c.want("AuthenticationRequired", "POST", "com.atproto.server.createSession", `{"identifier":"office.test","password":"x"}`)
	c.want("InvalidRequest", "POST", "com.atproto.server.createSession", `{"identifier":"office.test","password":"x","more":1}`)
	c.want("AuthMissing", "GET", "com.atproto.server.getSession", "")
	c.want("MethodNotImplemented", "GET", "com.atproto.server.nothing", "")
	out := c.want("", "POST", "com.atproto.server.createSession", `{"identifier":"office.test","password":"abcd-efgh-ijkl-mnop"}`)
	c.token = out["accessJwt"].(string)
	c.want("ExpiredToken", "GET", "com.atproto.server.getSession", "")
	c.want("InvalidToken", "POST", "com.atproto.server.refreshSession", "")
	c.token = out["refreshJwt"].(string)
	c.want("InvalidToken", "GET", "com.atproto.server.getSession", "")
	c.want("", "POST", "com.atproto.server.refreshSession", "")
	c.s.Revoke("another")
	c.want("InvalidToken", "POST", "com.atproto.server.refreshSession", "")
}

// put is the body of a call with a record.
func put(c *client, key, swap, more string) string {
	return fmt.Sprintf(`{"repo":%q,"collection":"app.bsky.feed.post","rkey":%q,"swapRecord":%s,"record":{"$type":"app.bsky.feed.post",%s}}`,
		c.s.Bot().DID, key, swap, more)
}

const (
	goodKey = "3kzzzzzzzzzzz"
	plain   = `"createdAt":"2026-03-04T10:00:00.000Z","text":"Ā b"`
	putting = "com.atproto.repo.putRecord"
)

func TestRecords(t *testing.T) {
	t.Parallel()
	c := signedIn(t, Options{})
	for _, wrong := range []string{
		put(c, "zkzzzzzzzzzzz", "null", plain), put(c, "short", "null", plain),
		put(c, goodKey, "null", `"createdAt":"2026-03-04","text":"a"`), put(c, goodKey, "null", `"text":"a"`),
		put(c, goodKey, "null", `"createdAt":"2026-03-04T10:00:00Z","text":""`), put(c, goodKey, "null", plain+`,"odd":1`),
		put(c, goodKey, "null", `"createdAt":"2026-03-04T10:00:00Z","text":"`+strings.Repeat("a", 301)+`"`),
		put(c, goodKey, "null", `"createdAt":"2026-03-04T10:00:00Z","text":"`+strings.Repeat("👩‍👩‍👧‍👦", 130)+`"`),
		put(c, goodKey, "null", plain+`,"langs":["lv","en","de","fr"]`),
		put(c, goodKey, "null", plain+`,"reply":{"root":{"uri":"at://x","cid":"y"},"parent":{"uri":"at://x","cid":"y"}}`),
		put(c, goodKey, "null", plain+`,"facets":[{"index":{"byteStart":1,"byteEnd":3},"features":[{"$type":"app.bsky.richtext.facet#tag"}]}]`),
		put(c, goodKey, "null", plain+`,"facets":[{"index":{"byteStart":3,"byteEnd":9},"features":[{"$type":"app.bsky.richtext.facet#tag"}]}]`),
		strings.Replace(put(c, goodKey, "null", plain), `"swapRecord":null,`, "", 1),
	} {
		c.want("InvalidRequest", "POST", putting, wrong)
	}
	c.want("Forbidden", "POST", putting, strings.Replace(put(c, goodKey, "null", plain), c.s.Bot().DID, "did:plc:other", 1))
	first := c.want("", "POST", putting, put(c, goodKey, "null", plain))
	again := c.want("", "POST", putting, put(c, goodKey, "null", plain))
	if first["cid"] != again["cid"] || len(c.s.ByBot()) != 1 {
		t.Errorf("%v, then %v", first, again)
	}
	other := strings.Replace(plain, "Ā", "B", 1)
	c.want("InvalidSwap", "POST", putting, put(c, goodKey, "null", other))
	c.want("InvalidSwap", "POST", putting, put(c, goodKey, `"x"`, other))
	c.want("", "POST", putting, put(c, goodKey, fmt.Sprintf("%q", first["cid"]), other))
	at := fmt.Sprintf("repo=%s&collection=app.bsky.feed.post&rkey=%s", c.s.Bot().DID, goodKey)
	c.want("", "GET", "com.atproto.repo.getRecord?"+at, "")
	which := fmt.Sprintf(`{"repo":%q,"collection":"app.bsky.feed.post","rkey":%q}`, c.s.Bot().DID, goodKey)
	for range 2 { // deleting is answered the same again
		c.want("", "POST", "com.atproto.repo.deleteRecord", which)
	}
	c.want("RecordNotFound", "GET", "com.atproto.repo.getRecord?"+at, "")
	c.want("", "POST", putting, put(c, goodKey, "null", plain)) // it is back
	if len(c.s.ByBot()) != 1 {
		t.Error("a put after a delete brings nothing back")
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	c := signedIn(t, Options{PageSize: 2})
	anna := c.s.User("anna.test")
	for i := range 3 {
		anna.WriteAt(fmt.Sprint("@office.test ", i), time.Now().Add(time.Duration(i)*time.Millisecond-time.Second))
	}
	gone := anna.Write("@office.test gone #tag")
	anna.Write("#tag")
	gone.Delete()
	const told = "app.bsky.notification.listNotifications?reasons=mention&reasons=reply&limit=100"
	c.want("InvalidRequest", "GET", "app.bsky.notification.listNotifications?reasons=odd&limit=100", "")
	c.want("InvalidRequest", "GET", "app.bsky.notification.listNotifications?limit=101", "")
	c.want("InvalidRequest", "GET", told+"&odd=1", "")
	out := c.want("", "GET", told, "")
	next := c.want("", "GET", told+"&cursor="+out["cursor"].(string), "")
	if n, m := len(out["notifications"].([]any)), len(next["notifications"].([]any)); n != 2 || m != 1 {
		t.Errorf("pages of %d and %d", n, m)
	}
	found := c.want("", "GET", "app.bsky.feed.searchPosts?q=%23TAG&sort=latest&limit=5", "")
	if n := len(found["posts"].([]any)); n != 1 {
		t.Errorf("found %d", n)
	}
	c.want("NotFound", "GET", "app.bsky.feed.getPostThread?uri="+gone.URI, "")
	posts := c.want("", "GET", "app.bsky.feed.getPosts?uris="+gone.URI, "")
	if n := len(posts["posts"].([]any)); n != 0 {
		t.Errorf("%d posts that are gone", n)
	}
	c.want("InvalidRequest", "GET", "app.bsky.feed.getPosts?"+strings.Repeat("uris=x&", 26), "")
}

// TestProfile: one is put whole, in the place of the version that is there, and pins only what the account wrote.
func TestProfile(t *testing.T) {
	t.Parallel()
	c := signedIn(t, Options{})
	body := func(key, swap, more string) string {
		return fmt.Sprintf(`{"repo":%q,"collection":"app.bsky.actor.profile","rkey":%q,"swapRecord":%s,"record":{%s}}`,
			c.s.Bot().DID, key, swap, more)
	}
	own, hers := c.s.Bot().Write("Ours."), c.s.User("anna.test").Write("Hers.")
	const typed = `"$type":"app.bsky.actor.profile"`
	pin := func(p *Post) string { return fmt.Sprintf(`%s,"pinnedPost":{"uri":%q,"cid":%q}`, typed, p.URI, p.CID) }
	at := fmt.Sprintf("com.atproto.repo.getRecord?repo=%s&collection=app.bsky.actor.profile&rkey=", c.s.Bot().DID)
	c.want("RecordNotFound", "GET", at+"self", "")
	for _, wrong := range []string{body(goodKey, "null", typed), body("self", "null", `"$type":"app.bsky.feed.post"`),
		body("self", "null", typed+`,"odd":1`), body("self", "null", pin(hers)),
		body("self", "null", typed+`,"pinnedPost":{"uri":"`+own.URI+`"}`)} {
		c.want("InvalidRequest", "POST", putting, wrong)
	}
	c.want("InvalidRequest", "GET", at+"other", "")
	first := c.want("", "POST", putting, body("self", "null", pin(own)))
	c.want("", "POST", putting, body("self", "null", pin(own)))
	c.want("InvalidSwap", "POST", putting, body("self", "null", typed))
	c.want("", "POST", putting, body("self", fmt.Sprintf("%q", first["cid"]), typed))
	if out := c.want("", "GET", at+"self", ""); out["value"].(map[string]any)["pinnedPost"] != nil {
		t.Errorf("%v is still pinned", out)
	}
}
