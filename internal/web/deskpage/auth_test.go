package deskpage

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"experthour/internal/keyring"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// at makes tokens with one secret, at a time.
func at(secret string, now *time.Time) Tokens {
	return NewTokens(keyring.Ring{secret}, func() time.Time { return *now })
}

func TestTokenSaysWhoForHowLongAndForWhat(t *testing.T) {
	t.Parallel()
	now := start
	tokens, kinds := at("secret", &now), []kind{forLink, forCookie, forAPI, forTrial}
	for _, made := range kinds {
		token := tokens.issue(made, anna, start, Life)
		for _, asked := range kinds {
			c, err := tokens.read(asked, token)
			if asked == made && (err != nil || c.Name != anna || !c.since().Equal(start)) || asked != made && err != errForged {
				t.Errorf("a token of %q as one of %q: %+v, %v", made, asked, c, err)
			}
		}
		if _, err := at("other", &now).read(made, token); err != errForged {
			t.Errorf("another secret: %v", err)
		}
	}
	token := tokens.API(anna, start, Life)
	now = now.Add(Life)
	if _, err := tokens.read(forAPI, token); err != errExpired {
		t.Errorf("after its life: %v", err)
	}
}

func TestTokensOutliveAChangeOfTheSecret(t *testing.T) {
	t.Parallel()
	now := start
	token := at("old", &now).API(anna, start, Life)
	both := NewTokens(keyring.Ring{"new", "old"}, func() time.Time { return now })
	if _, err := both.read(forAPI, token); err != nil {
		t.Error(err)
	}
	if _, err := at("new", &now).read(forAPI, both.API(anna, start, Life)); err != nil {
		t.Errorf("the first secret does not sign: %v", err)
	}
}

func TestNoByteOfATokenMayChange(t *testing.T) {
	t.Parallel()
	now := start
	tokens := at("secret", &now)
	token := tokens.API(anna, start, Life)
	for i := range token {
		for _, c := range "A_.~" {
			forged := token[:i] + string(c) + token[i+1:]
			if _, err := tokens.read(forAPI, forged); forged != token && err == nil {
				t.Fatalf("byte %d may be %q", i, c)
			}
		}
	}
	for _, bad := range []string{"", ".", token[:len(token)-1], token + "A", "e30." + strings.Split(token, ".")[1]} {
		if _, err := tokens.read(forAPI, bad); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
	if _, err := NewTokens(nil, tokens.now).read(forAPI, token); err == nil {
		t.Error("without a secret anybody could sign")
	}
}

func TestAddressesOfLinks(t *testing.T) {
	t.Parallel()
	now := start
	tokens := at("secret", &now)
	for _, got := range []string{tokens.Link("https://x.lv", anna, start), tokens.Trial("https://x.lv", anna, slug)} {
		if !strings.HasPrefix(got, "https://x.lv/desk/anna-berzina") || !strings.Contains(got, "?token=") {
			t.Error(got)
		}
	}
}

// TestALinkOpensTheDeskOnce: whatever looks at the address uses nothing up; the press does,
// and the same press twice is one.
func TestALinkOpensTheDeskOnce(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	link := k.link(anna)
	for range 3 { // a chat that shows what is behind a link
		k.browser().get(link).want(t, 200, "Open the desk as Anna")
	}
	b := k.browser()
	page := b.get(link + "&show=review")
	form := page.form(t, "/desk/anna-berzina/_login")
	b.post("/desk/anna-berzina/_login", form).want(t, 200, "Anna Bērziņa")
	impatient := k.browser() // the answer to the first press was lost
	impatient.post("/desk/anna-berzina/_login", form).want(t, 200, "Anna Bērziņa")
	k.browser().follow(link).want(t, 403, "used already", "bot desk-link --as")
	b.get(link).want(t, 200, "Anna Bērziņa").without(t, `name="token"`)
	form.Del("press")
	k.browser().post("/desk/anna-berzina/_login", form).want(t, 403, "used already")
}

// TestALinkLeadsWhereItSays, without the token, and nowhere but into the person's desk.
func TestALinkLeadsWhereItSays(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	link := strings.Replace(k.link(anna), "?", "/tax?show=review&", 1)
	if p := k.browser().follow(link); p.url.RequestURI() != "/desk/anna-berzina/tax?show=review" {
		t.Errorf("to %s", p.url)
	}
	for _, to := range []string{"//elsewhere.example", "https://elsewhere.example", "/desk/anna-berzina-2", "/desk/janis-kalnins", ""} {
		b := k.browser()
		form := b.get(k.link(anna)).form(t, "/desk/anna-berzina/_login")
		form.Set("to", to)
		if p := b.post("/desk/anna-berzina/_login", form); p.url.Path != "/desk/anna-berzina" || p.status != 200 {
			t.Errorf("%q: %d at %s", to, p.status, p.url)
		}
	}
}

// TestTheCookie is of one person, not readable by scripts, and not the link's token. With
// https its name keeps plain http from setting it.
func TestTheCookie(t *testing.T) {
	t.Parallel()
	for url, name := range map[string]string{"http://x.lv": "desk", "https://x.lv": "__Secure-desk"} {
		k := newKit(t, func(o *Options) { o.Site.PublicURL = url })
		jarless := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		_, token, _ := strings.Cut(k.link(anna), "?token=")
		r, err := jarless.PostForm(k.server.URL+"/desk/anna-berzina/_login", mustQuery(t, "press=x&token="+token))
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		c := r.Cookies()[0]
		if c.Name != name || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/desk/anna-berzina" ||
			c.MaxAge != int(Life.Seconds()) || c.Secure != (name != "desk") {
			t.Errorf("cookie %+v", c)
		}
		if c.Value == token {
			t.Error("the cookie is the token of the link")
		}
	}
}

func mustQuery(t testing.TB, s string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestALinkOfARehearsal opens the desk as often as wanted, without a press, and is the
// bearer of the API.
func TestALinkOfARehearsal(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	link := k.tokens.Trial("", anna, slug)
	for range 2 {
		if p := k.browser().get(link).want(t, 200, "Anna Bērziņa"); p.url.RequestURI() != "/desk/anna-berzina/tax" {
			t.Errorf("at %s", p.url)
		}
	}
	_, token, _ := strings.Cut(link, "?token=")
	b := k.browser()
	b.get(link)
	b.post("/desk/anna-berzina/_logout", nil).want(t, 200, "logged out")
	b.get("/desk/anna-berzina").want(t, 403)
	b.get(link).want(t, 200, "Anna Bērziņa")
	if status, body := k.call(token, "GET", "", ""); status != 200 {
		t.Errorf("API: %d %s", status, body)
	}
}

// TestLoggingOutEndsEverything of the person: in another browser, on another replica, for
// the API, and for a link that nobody has used.
func TestLoggingOutEndsEverything(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	here, there, other := k.as(anna), k.as(anna), k.as(janis)
	unused, token := k.link(anna), k.token(anna)
	here.post("/desk/anna-berzina/_logout", nil).want(t, 200, "logged out")
	k.serve() // another replica, which heard of nothing; cookies do not know ports
	here.get("/desk/anna-berzina").want(t, 403)
	there.get("/desk/anna-berzina/tax").want(t, 403, "You were logged out", "bot desk-link --as")
	there.post("/desk/anna-berzina/tax/stop", nil).want(t, 403)
	k.browser().get(unused).want(t, 403, "You were logged out")
	if status, body := k.call(token, "GET", "", ""); status != 401 || !strings.Contains(body, "link_revoked") {
		t.Errorf("API: %d %s", status, body)
	}
	other.get("/desk/janis-kalnins/tax").want(t, 200)
	k.as(anna).get("/desk/anna-berzina/tax").want(t, 200)
}

// TestANewLinkEndsTheFormer and what came of it; two may be made within the same millisecond.
func TestANewLinkEndsTheFormer(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	renew := func() string {
		since, err := Revoke(t.Context(), k.desk.Logins, anna, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return k.tokens.Link("", anna, since)
	}
	b, first := k.as(anna), renew()
	k.pass(lookEvery) // it was made by another process
	b.get("/desk/anna-berzina").want(t, 403, "newer link")
	second := renew()
	k.pass(lookEvery)
	k.browser().get(first).want(t, 403, "newer link")
	k.browser().follow(second).want(t, 200)
}

// TestABadCookieFirst: a neighbouring domain can set a cookie of the same name, and the
// browser may send it before the right one.
func TestABadCookieFirst(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	good := k.tokens.sign(forCookie, claim{Name: anna, Since: k.now().UnixMilli(), Expires: k.now().Add(time.Hour).Unix()})
	expired := k.tokens.sign(forCookie, claim{Name: anna, Since: k.now().UnixMilli(), Expires: k.now().Unix()})
	foreign := k.tokens.sign(forCookie, claim{Name: janis, Since: k.now().UnixMilli(), Expires: k.now().Add(time.Hour).Unix()})
	for cookies, want := range map[string]int{
		"desk=rubbish; desk=" + good:                           200,
		"desk=; desk=" + expired + "; desk=" + good:            200,
		"desk=" + good + "; desk=" + foreign:                   200,
		"desk=rubbish; desk=" + expired + "; desk=" + foreign:  403,
		"desk=" + foreign:                                      403,
		"__Secure-desk=" + good:                                403,
		strings.Repeat("desk=rubbish; ", 400) + "desk=" + good: 200,
	} {
		r, err := http.NewRequest(http.MethodGet, k.server.URL+"/desk/anna-berzina/tax", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Cookie", cookies)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%.60s: %d, want %d", cookies, res.StatusCode, want)
		}
	}
}

// TestLiveEventsEndWithTheLogin: by logging out elsewhere, and by its time.
func TestLiveEventsEndWithTheLogin(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*kit, *browser){
		"logged out": func(_ *kit, b *browser) { b.post("/desk/anna-berzina/_logout", nil) },
		"expired":    func(k *kit, _ *browser) { k.pass(Life) },
		"no staff":   func(k *kit, _ *browser) { k.desk.Staff.(*changing).set(staff[1:]) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := &changing{}
			list.set(staff)
			k := newKit(t, func(o *Options) { o.Staff = list }).open()
			open, other := k.as(anna), k.as(anna)
			r, err := open.client.Get(k.server.URL + "/desk/anna-berzina/tax/events")
			if err != nil || r.StatusCode != 200 {
				t.Fatal(err, r.Status)
			}
			defer r.Body.Close()
			end(k, other)
			ended := make(chan error, 1)
			go func() { _, err := io.Copy(io.Discard, r.Body); ended <- err }()
			select {
			case <-ended:
			case <-time.After(testenv.Patience):
				t.Error("the live events go on")
			}
			open.get("/desk/anna-berzina/tax/events").want(t, 403)
		})
	}
}

// changing is a list of staff that changes.
type changing struct {
	all atomic.Pointer[session.Directory]
}

func (c *changing) set(d session.Directory)   { c.all.Store(&d) }
func (c *changing) People() session.Directory { return *c.all.Load() }

// TestTheStoreIsAway: whoever is logged in gets back what they wrote; nobody else gets in.
func TestTheStoreIsAway(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	b, link := k.as(anna), k.link(anna)
	n := k.ask("Who pays?")
	k.store.Break(errBroken)
	b.press(n, session.AddNote, url.Values{"text": {"What I wrote"}}).want(t, 503, "What I wrote")
	b.post("/desk/anna-berzina/_logout", nil).want(t, 503)
	k.browser().get(link).want(t, 200, "Open the desk")
	k.browser().get("/desk/anna-berzina").want(t, 403)
	k.store.Break(nil)
	b.get("/desk/anna-berzina/tax").want(t, 200)
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
	expired := k.tokens.issue(forLink, anna, start, time.Minute)
	foreign := k.tokens.issue(forLink, janis, start, Life)
	gone := k.tokens.issue(forLink, "Gone Person", start, Life)
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
		if p.status != 403 || !strings.Contains(p.body, "bot desk-link --as") || strings.Contains(p.body, "Who pays?") ||
			strings.Contains(p.body, `id="keys"`) { // there are no keys where there is no desk
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
	token := k.token(anna)
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
