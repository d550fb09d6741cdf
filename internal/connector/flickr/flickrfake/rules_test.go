package flickrfake

import (
	"cmp"
	"context"
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

	"experthour/internal/testenv"
)

// clock is a time that stands until it is moved.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

type vals = map[string]string

// caller signs by hand: what is signed is spelled out here and nowhere shared.
type caller struct {
	t       *testing.T
	f       *Flickr
	clock   *clock
	oauth   vals    // in place of what is usual; "" is left out
	secret  *string // the same of the token's secret
	address string  // the same of what is called
	n       int
}

func newCaller(t *testing.T) *caller {
	c := &clock{time.Unix(1_764_500_000, 0)}
	return &caller{t: t, f: New(t, c.now), clock: c}
}

type said struct {
	status  int
	body    string
	Stat    string
	Code    int
	Comment struct{ ID string }
	Photo   struct {
		Comments struct {
			Content string `json:"_content"`
		}
		Editability struct{ Cancomment int }
	}
	User     struct{ ID string }
	Comments struct {
		Comment []struct {
			ID, Author, Authorname, Datecreate, Permalink string
			Content                                       string `json:"_content"`
		}
	}
}

// call makes one call; "GET " or "POST " comes before the method.
func (c *caller) call(what string, params vals) (s said) {
	c.t.Helper()
	verb, name, _ := strings.Cut(what, " ")
	form := url.Values{"method": {name}, "format": {"json"}, "nojsoncallback": {"1"}}
	for k, v := range params {
		form.Set(k, v)
	}
	return c.send(c.request(verb, form))
}

func (c *caller) request(verb string, form url.Values) *http.Request {
	c.t.Helper()
	address, body := c.f.URL+"/", ""
	if verb == http.MethodPost {
		body = form.Encode()
	} else {
		address += "?" + form.Encode()
	}
	r, err := http.NewRequest(verb, address, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if h := c.sign(verb, form); h != "" {
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
	s.status, s.body = resp.StatusCode, string(b)
	return s
}

func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func (c *caller) sign(verb string, form url.Values) string {
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
	for k := range form {
		pairs = append(pairs, escape(k)+"="+escape(form.Get(k)))
	}
	for k, v := range o {
		if v == "" {
			delete(o, k)
		} else if k != "oauth_signature" {
			pairs = append(pairs, escape(k)+"="+escape(v))
		}
	}
	slices.Sort(pairs)
	secret := TokenSecret
	if o["oauth_token"] == "" {
		secret = ""
	}
	if c.secret != nil {
		secret = *c.secret
	}
	mac := hmac.New(sha1.New, []byte(Secret+"&"+secret))
	mac.Write([]byte(verb + "&" + escape(cmp.Or(c.address, c.f.URL+"/")) + "&" + escape(strings.Join(pairs, "&"))))
	if _, given := c.oauth["oauth_signature"]; !given {
		o["oauth_signature"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	var parts []string
	for k, v := range o {
		parts = append(parts, k+`="`+escape(v)+`"`)
	}
	return "OAuth " + strings.Join(parts, ", ")
}

// wants is a failure of Flickr's in HTTP 200; 0 is none.
func (c *caller) wants(what string, s said, code int) {
	c.t.Helper()
	stat := "ok"
	if code != 0 {
		stat = "fail"
	}
	if s.status != http.StatusOK || s.Stat != stat || s.Code != code {
		c.t.Errorf("%s: %d %s", what, s.status, s.body)
	}
}

const (
	login  = "GET flickr.test.login"
	info   = "GET flickr.photos.getInfo"
	list   = "GET flickr.photos.comments.getList"
	add    = "POST flickr.photos.comments.addComment"
	edit   = "POST flickr.photos.comments.editComment"
	remove = "POST flickr.photos.comments.deleteComment"
)

var photo = vals{"photo_id": Photo}

func text(s string) vals { return vals{"photo_id": Photo, "comment_text": s} }

// TestSignature: each part of a signature is looked at.
func TestSignature(t *testing.T) {
	t.Parallel()
	old := strconv.FormatInt(1_764_500_000-301, 10)
	for name, x := range map[string]struct {
		oauth vals
		code  int
		words string
	}{
		"right":          {nil, 0, ""},
		"five minutes":   {vals{"oauth_timestamp": strconv.FormatInt(1_764_500_000-300, 10)}, 0, ""},
		"wrong":          {vals{"oauth_signature": "AAAA"}, 96, ""},
		"no base64":      {vals{"oauth_signature": "%%"}, 96, ""},
		"none":           {vals{"oauth_signature": ""}, 97, ""},
		"other key":      {vals{"oauth_consumer_key": "x"}, 100, ""},
		"other token":    {vals{"oauth_token": "x"}, 96, ""},
		"no token":       {vals{"oauth_token": ""}, 99, ""},
		"no key at all":  {vals{"unsigned": "yes"}, 100, ""},
		"plain text":     {vals{"oauth_signature_method": "PLAINTEXT"}, 0, "oauth_problem=signature_method_rejected"},
		"old":            {vals{"oauth_timestamp": old}, 0, "oauth_problem=timestamp_refused"},
		"no time":        {vals{"oauth_timestamp": ""}, 0, "oauth_problem=timestamp_refused"},
		"no nonce":       {vals{"oauth_nonce": ""}, 0, "oauth_problem=parameter_absent"},
		"version of two": {vals{"oauth_version": "2.0"}, 0, "oauth_problem=version_rejected"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCaller(t)
			c.oauth = x.oauth
			s := c.call(login, nil)
			if x.words != "" {
				if s.status != http.StatusUnauthorized || !strings.HasPrefix(s.body, x.words) {
					t.Errorf("%d %s", s.status, s.body)
				}
				return
			}
			c.wants(name, s, x.code)
		})
	}
}

// TestNonce: a request that comes twice is taken once.
func TestNonce(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.oauth = vals{"oauth_nonce": "the-same-nonce"}
	c.wants("first", c.call(add, text("Vienreiz.")), 0)
	if s := c.call(add, text("Vienreiz.")); s.status != http.StatusUnauthorized || !strings.Contains(s.body, "nonce_used") {
		t.Errorf("%d %s", s.status, s.body)
	}
	c.clock.at = c.clock.at.Add(time.Second)
	c.wants("at another time", c.call(add, text("Vienreiz.")), 0)
	if n := len(c.f.Comments()); n != 2 {
		t.Errorf("%d comments", n)
	}
}

// TestTampered: what was signed cannot be changed on its way.
func TestTampered(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	form := url.Values{"method": {"flickr.photos.comments.addComment"}, "format": {"json"}, "nojsoncallback": {"1"}, "photo_id": {Photo},
		"comment_text": {"Jā un nē ~ + % & ="}}
	r := c.request(http.MethodPost, form)
	form.Set("comment_text", "Nē.")
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(form.Encode())), int64(len(form.Encode()))
	c.wants("changed", c.send(r), 96)
	form.Set("comment_text", "Jā un nē ~ + % & =")
	c.wants("as it was", c.send(c.request(http.MethodPost, form)), 0)
}

// TestKeyOnly: who shows the key alone reads what is public and no more.
func TestKeyOnly(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.oauth = vals{"unsigned": "yes"}
	c.wants("list", c.call(list, vals{"photo_id": Photo, "api_key": Key}), 0)
	c.wants("other key", c.call(list, vals{"photo_id": Photo, "api_key": "x"}), 100)
	c.wants("write", c.call(add, vals{"photo_id": Photo, "comment_text": "x", "api_key": Key}), 99)
	c.wants("login", c.call(login, vals{"api_key": Key}), 99)
}

// TestLife: a comment is added, listed, edited and deleted; the same text twice is two.
func TestLife(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	if s := c.call(list, photo); s.Stat != "ok" || strings.Contains(s.body, `"comment"`) {
		t.Errorf("an empty list is %s", s.body)
	}
	one, two := c.call(add, text("Jā.")), c.call(add, text("Jā."))
	if one.Comment.ID == "" || one.Comment.ID == two.Comment.ID {
		t.Fatalf("%s and %s", one.body, two.body)
	}
	if n, err := strconv.ParseUint(one.Comment.ID[strings.LastIndex(one.Comment.ID, "-")+1:], 10, 64); err != nil || n <= 1<<53 {
		t.Errorf("the id is %s", one.Comment.ID)
	}
	c.wants("edit", c.call(edit, vals{"comment_id": one.Comment.ID, "comment_text": "Nē."}), 0)
	c.wants("delete", c.call(remove, vals{"comment_id": two.Comment.ID}), 0)
	c.wants("delete again", c.call(remove, vals{"comment_id": two.Comment.ID}), 2)
	c.wants("edit what is gone", c.call(edit, vals{"comment_id": two.Comment.ID, "comment_text": "Nē."}), 2)
	got := c.call(list, photo).Comments.Comment
	if len(got) != 1 || got[0].Content != "Nē." || got[0].Author != Self || got[0].Authorname != SelfName ||
		got[0].Datecreate != "1764500000" ||
		!strings.HasPrefix(got[0].Permalink, PhotoPage+"#comment72157") {
		t.Errorf("%+v", got)
	}
	if s := c.call(info, photo); s.Photo.Comments.Content != "1" || s.Photo.Editability.Cancomment != 1 {
		t.Error(s.body)
	}
	if s := c.call(login, nil); s.User.ID != Self {
		t.Error(s.body)
	}
}

// TestRefused: each of Flickr's codes, and those of the fake.
func TestRefused(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	others := c.f.Write("35468159852@N01", "Ilze", "Kas ir?")
	own := c.call(add, text("Jā.")).Comment.ID
	for _, x := range []struct {
		what   string
		params vals
		code   int
	}{
		{add, text(" \n"), 8},
		{add, vals{"photo_id": "1", "comment_text": "x"}, 1},
		{list, vals{"photo_id": "1"}, 1},
		{info, vals{"photo_id": "1"}, 1},
		{add, text(strings.Repeat("ā", MostBytes/2+1)), 906},
		{add, text(strings.Repeat("ā", MostBytes/2)), 0},
		{edit, vals{"comment_id": own, "comment_text": ""}, 8},
		{edit, vals{"comment_id": others, "comment_text": "x"}, 99},
		{remove, vals{"comment_id": others}, 99},
		{"GET flickr.photos.search", nil, 112},
		{login, vals{"format": "rest"}, 111},
		{"GET flickr.photos.comments.addComment", text("x"), 901},
		{"POST flickr.photos.comments.getList", photo, 901},
		{list, vals{"photo_id": Photo, "page": "2"}, 904},
		{list, vals{"photo_id": Photo, "min_comment_date": "2026-11-30"}, 905},
	} {
		c.wants(x.what, c.call(x.what, x.params), x.code)
	}
}

// TestSwitches: what goes wrong at Flickr or is taken from the account.
func TestSwitches(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	own := c.call(add, text("Jā.")).Comment.ID
	c.f.Revoke()
	c.wants("revoked", c.call(add, text("x")), 98)
	c.wants("revoked, reading", c.call(list, photo), 98)
	c.f.Restore()
	c.f.ReadOnly(true)
	c.wants("read only", c.call(add, text("x")), 99)
	c.wants("read only, reading", c.call(list, photo), 0)
	c.f.ReadOnly(false)
	c.f.Close(true)
	c.wants("closed", c.call(add, text("x")), 99)
	c.f.Close(false)
	c.f.Vanish(true)
	c.wants("vanished", c.call(add, text("x")), 1)
	c.wants("vanished, reading", c.call(list, photo), 1)
	c.wants("vanished, editing", c.call(edit, vals{"comment_id": own, "comment_text": "x"}), 1)
	c.wants("vanished, deleting", c.call(remove, vals{"comment_id": own}), 1)
	c.f.Vanish(false)
	c.f.TooFast(1)
	c.wants("too fast", c.call(add, text("x")), 9)
	c.clock.at = c.clock.at.Add(time.Hour)
	c.wants("an hour later", c.call(add, text("x")), 0)
}

// TestRate: the key has so many calls in any hour, refused ones too.
func TestRate(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.f.Rate(2)
	c.wants("first", c.call(login, nil), 0)
	c.clock.at = c.clock.at.Add(59 * time.Minute)
	c.wants("second", c.call(login, vals{"format": "rest"}), 111)
	if s := c.call(login, nil); s.status != http.StatusTooManyRequests {
		t.Errorf("third: %d %s", s.status, s.body)
	}
	c.clock.at = c.clock.at.Add(time.Minute)
	c.wants("when the first is an hour old", c.call(login, nil), 0)
}

// TestLagAndDates: a list can be bounded, and shows some comments late.
func TestLagAndDates(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.f.Lag(3 * time.Second)
	c.call(add, text("Jā."))
	if n := len(c.call(list, photo).Comments.Comment); n != 0 {
		t.Errorf("%d at once", n)
	}
	c.clock.at = c.clock.at.Add(3 * time.Second)
	for from, want := range map[string]int{"1764499999": 1, "1764500000": 1, "1764500001": 0} {
		if n := len(c.call(list, vals{"photo_id": Photo, "min_comment_date": from}).Comments.Comment); n != want {
			t.Errorf("from %s there are %d", from, n)
		}
	}
	if n := len(c.call(list, vals{"photo_id": Photo, "max_comment_date": "1764499999"}).Comments.Comment); n != 0 {
		t.Errorf("%d before it was written", n)
	}
}

// TestShown: most tags are gone, and the words of a link lack its beginning.
func TestShown(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"<b>a</b> <script>x</script>":  "<b>a</b> x",
		"&lt;b&gt; &amp;":              "&lt;b&gt; &amp;",
		"https://a.lv/b (c)":           `<a href="https://a.lv/b" rel="noreferrer nofollow">a.lv/b</a> (c)`,
		`<a href="https://a.lv">a</a>`: `<a href="https://a.lv">a</a>`,
	} {
		if got := Shown(in); got != want {
			t.Errorf("%q is %q", in, got)
		}
	}
}

// TestFaults: what is broken was done, what is answered in its place was not.
func TestFaults(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	_, name, _ := strings.Cut(add, " ")
	c.f.Break(name, 500, "oops")
	c.f.Answer(name, 502, "proxy")
	if s := c.call(add, text("Viens.")); s.status != 500 {
		t.Error(s.body)
	}
	if s := c.call(add, text("Divi.")); s.status != 502 {
		t.Error(s.body)
	}
	c.f.Hang(name)
	ctx, giveUp := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		r := c.request(http.MethodPost, url.Values{"method": {name}, "format": {"json"}, "nojsoncallback": {"1"}, "photo_id": {Photo},
			"comment_text": {"Trīs."}})
		_, err := http.DefaultClient.Do(r.WithContext(ctx))
		ended <- err
	}()
	testenv.Until(t, "what was asked for is done", func() bool { return len(c.f.Comments()) == 2 })
	giveUp()
	if err := <-ended; err == nil {
		t.Error("it answered")
	}
	if all := c.f.Comments(); len(all) != 2 || all[1].Text != "Trīs." {
		t.Errorf("%+v", all)
	}
}
