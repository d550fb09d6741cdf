package deskpage

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
)

func TestTokenSaysWhoForHowLongAndForWhat(t *testing.T) {
	t.Parallel()
	now := start
	tokens := Tokens{Secret: []byte("secret"), Now: func() time.Time { return now }}
	token := tokens.Make(anna, Life)
	if name, err := tokens.Person(token); name != anna || err != nil {
		t.Fatal(name, err)
	}
	if _, err := tokens.read(forCookie, token); err != errForged {
		t.Errorf("a link's token passes as a cookie: %v", err)
	}
	if _, err := (Tokens{Secret: []byte("other"), Now: tokens.Now}).Person(token); err != errForged {
		t.Errorf("another secret: %v", err)
	}
	now = now.Add(Life)
	if _, err := tokens.Person(token); err != errExpired {
		t.Errorf("after its life: %v", err)
	}
}

func TestNoByteOfATokenMayChange(t *testing.T) {
	t.Parallel()
	tokens := Tokens{Secret: []byte("secret"), Now: func() time.Time { return start }}
	token := tokens.Make(anna, Life)
	for i := range token {
		for _, c := range "A_.~" {
			forged := token[:i] + string(c) + token[i+1:]
			if _, err := tokens.Person(forged); forged != token && err == nil {
				t.Fatalf("byte %d may be %q", i, c)
			}
		}
	}
	for _, bad := range []string{"", ".", token[:len(token)-1], token + "A", "e30." + strings.Split(token, ".")[1]} {
		if _, err := tokens.Person(bad); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
	none := Tokens{Now: tokens.Now}
	if _, err := none.Person(none.Make(anna, Life)); err == nil {
		t.Error("without a secret anybody could sign")
	}
}

func TestLinkFor(t *testing.T) {
	t.Parallel()
	tokens := Tokens{Secret: []byte("secret"), Now: func() time.Time { return start }}
	if got := tokens.LinkFor("https://x.lv", anna); !strings.HasPrefix(got, "https://x.lv/desk/anna-berzina?token=") {
		t.Error(got)
	}
}

func TestLinkBecomesACookieAndLeavesTheAddress(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	noFollow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	token := k.tokens.Make(anna, time.Hour)
	r, err := noFollow.Get(k.server.URL + "/desk/anna-berzina/tax?show=review&token=" + token)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/desk/anna-berzina/tax?show=review" {
		t.Errorf("%d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	c := r.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/desk/anna-berzina" || c.MaxAge != 3600 || c.Secure {
		t.Errorf("cookie %+v", c)
	}
	if c.Value == token {
		t.Error("the cookie is the token of the link")
	}
}

func TestCookieIsSecureOnHTTPS(t *testing.T) {
	t.Parallel()
	k := newKit(t, func(o *Options) { o.Site.PublicURL = "https://x.lv" })
	jarless := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := jarless.Get(k.server.URL + "/desk/anna-berzina?token=" + k.tokens.Make(anna, time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if !r.Cookies()[0].Secure {
		t.Error("not Secure")
	}
}

func TestTwoPeopleShareABrowser(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	b := k.as(anna)
	b.login(janis)
	b.get("/desk/anna-berzina/tax").want(t, 200, "Anna Bērziņa")
	b.get("/desk/janis-kalnins/tax").want(t, 200, "Jānis Kalniņš").without(t, "Anna Bērziņa</strong>")
	b.post("/desk/anna-berzina/_logout", nil).want(t, 200, "logged out")
	b.get("/desk/anna-berzina/tax").want(t, 403)
	b.get("/desk/janis-kalnins/tax").want(t, 200)
}

func TestWhoHasNoValidLinkIsToldHowToGetOne(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	b := k.browser()
	expired := k.tokens.Make(anna, time.Minute)
	foreign := k.tokens.Make(janis, Life)
	gone := k.tokens.Make("Gone Person", Life)
	k.pass(2 * time.Minute)
	for name, path := range map[string]string{
		"no link":       "/desk/anna-berzina",
		"expired":       "/desk/anna-berzina?token=" + expired,
		"forged":        "/desk/anna-berzina?token=" + expired[:20] + "x" + expired[21:],
		"somebody else": "/desk/anna-berzina?token=" + foreign,
		"not on staff":  "/desk/gone-person?token=" + gone,
		"nobody's":      "/desk/nobody",
		"inside":        "/desk/anna-berzina/tax",
		"events":        "/desk/anna-berzina/tax/events",
		"fragment":      "/desk/anna-berzina/tax/cards/1",
		"schedule":      "/desk/anna-berzina/_schedule",
	} {
		p := b.get(path)
		if p.status != 403 || !strings.Contains(p.body, "bot desk-link --as") || strings.Contains(p.body, "Who pays?") {
			t.Errorf("%s: %d\n%s", name, p.status, p.text())
		}
	}
	b.post("/desk/anna-berzina/tax/q/1/accept", url.Values{}).want(t, 403)
	if k.question(n).State != session.Received {
		t.Error("something changed")
	}
}

func TestWhoLeavesTheStaffIsOutAtOnce(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	b := k.as(anna)
	token := k.tokens.Make(anna, Life)
	k.desk.Staff = staff[1:]
	old := k.server.URL
	k.serve()
	for _, c := range b.client.Jar.Cookies(mustURL(t, old+"/desk/anna-berzina")) {
		b.client.Jar.SetCookies(mustURL(t, k.server.URL+"/desk/anna-berzina"),
			[]*http.Cookie{{Name: c.Name, Value: c.Value, Path: "/desk/anna-berzina"}})
	}
	b.get("/desk/anna-berzina").want(t, 403, "not on the list of staff")
	if status, body := k.call(token, "GET", "", ""); status != 401 || !strings.Contains(body, "person_unknown") {
		t.Errorf("API: %d %s", status, body)
	}
}

func mustURL(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
