package mastodonfake

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const verifier = "a-verifier-that-is-longer-than-forty-three-characters"

// flow is what a client sends, step by step.
type flow struct {
	*testing.T
	f *Fake
}

// post sends a form and follows nothing.
func (o flow) post(to string, form url.Values) (status int, location *url.URL, body string) {
	o.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(o.f.URL+to, form)
	if err != nil {
		o.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	all, _ := io.ReadAll(resp.Body)
	location, _ = resp.Location()
	return resp.StatusCode, location, string(all)
}

func (o flow) register(back string) (id, secret string) {
	o.Helper()
	status, _, body := o.post("/api/v1/apps", url.Values{"client_name": {"x"}, "redirect_uris": {back}, "scopes": {"read write:statuses"}})
	var said struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	if err := json.Unmarshal([]byte(body), &said); err != nil || status != 200 {
		o.Fatalf("%d %s", status, body)
	}
	return said.ID, said.Secret
}

const back = "http://127.0.0.1:9/"

func asking(id, scope string) url.Values {
	sum := sha256.Sum256([]byte(verifier))
	return url.Values{"response_type": {"code"}, "client_id": {id}, "redirect_uri": {back}, "scope": {scope}, "state": {"s"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}
}

func with(form url.Values, change ...string) url.Values {
	form = maps.Clone(form)
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

// Each rule of the way to a token, by raw HTTP: a wrong step gives none.
func TestOAuth(t *testing.T) {
	t.Parallel()
	o := flow{t, New(t, time.Now)}
	id, secret := o.register(back)
	good := asking(id, "read")
	for name, form := range map[string]url.Values{
		"another address":    with(good, "redirect_uri", back+"x"),
		"an unknown client":  with(good, "client_id", "x"),
		"more than was said": with(good, "scope", "read follow"),
		"a plain challenge":  with(good, "code_challenge_method", "plain"),
		"a token at once":    with(good, "response_type", "token"),
		"an unknown field":   with(good, "prompt", "none"),
	} {
		if status, at, _ := o.post("/oauth/authorize", form); status != 400 || at != nil {
			t.Errorf("%s: %d, %v", name, status, at)
		}
	}
	_, at, _ := o.post("/oauth/authorize", with(good, "deny", "1"))
	if q := at.Query(); q.Get("error") != "access_denied" || q.Get("state") != "s" {
		t.Errorf("who says no comes back to %v", at)
	}
	code := func() string {
		_, at, _ := o.post("/oauth/authorize", good)
		return at.Query().Get("code")
	}
	redeem := url.Values{"grant_type": {"authorization_code"}, "client_id": {id}, "client_secret": {secret}, "redirect_uri": {back},
		"code": {"x"}, "code_verifier": {verifier}}
	for name, c := range map[string]struct {
		change []string
		want   int
	}{
		"a wrong secret":         {[]string{"client_secret", "x"}, 401},
		"another verifier":       {[]string{"code_verifier", "x"}, 400},
		"another address":        {[]string{"redirect_uri", "x"}, 400},
		"another kind of grant":  {[]string{"grant_type", "password"}, 400},
		"as it should be":        {nil, 200},
		"a code that was no one": {[]string{"code", "nothing"}, 400},
	} {
		if status, _, body := o.post("/oauth/token", with(with(redeem, "code", code()), c.change...)); status != c.want {
			t.Errorf("%s: %d %s, want %d", name, status, body, c.want)
		}
	}
	once := with(redeem, "code", code())
	_, _, body := o.post("/oauth/token", once)
	if status, _, _ := o.post("/oauth/token", once); status != 400 {
		t.Errorf("a code a second time: %d", status)
	}
	var said struct {
		Token string `json:"access_token"`
	}
	_ = json.Unmarshal([]byte(body), &said)
	if got := call(t, o.f, said.Token, "GET", "/api/v1/notifications", "", ""); got != 200 {
		t.Errorf("with the token: %d", got)
	}
	if got := call(t, o.f, said.Token, "POST", "/api/v1/statuses", `{"status":"a"}`, "k"); got != 403 {
		t.Errorf("beyond what it allows: %d", got)
	}
}

// Who has no address is shown the code.
func TestTypedCode(t *testing.T) {
	t.Parallel()
	o := flow{t, New(t, time.Now)}
	id, _ := o.register(Typed)
	status, _, page := o.post("/oauth/authorize", with(asking(id, "read"), "redirect_uri", Typed))
	if status != 200 || !strings.Contains(page, `class="oauth-code"`) {
		t.Errorf("%d %s", status, page)
	}
}
