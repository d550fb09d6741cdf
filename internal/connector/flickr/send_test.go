package flickr

import (
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/flickr/flickrfake"
	"experthour/internal/connector/worldtest"
	"experthour/internal/session"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness { return newWorld(t).harness() })
}

// TestAddress: an answer begins with the asker's name and a link to their comment.
func TestAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Flickr))
	o := w.Inbox.Questions()[0].Origin
	want := "Ilze b K b: " + flickrfake.PhotoPage + "#comment" + w.original[strings.LastIndex(w.original, "-")+1:]
	if got := address(o); got != want {
		t.Errorf("it begins %q, want %q", got, want)
	}
	sent, err := w.replica(Settings{}).Reply(t.Context(), w.answer("k1", address(o)+" Atbilde."))
	w.Must(err)
	if !permalink.MatchString(sent.URL) || !strings.HasPrefix(sent.URL, flickrfake.PhotoPage) {
		t.Errorf("it stands at %q", sent.URL)
	}
	w.Reads(want + " Atbilde.")
	for name, user := range map[string]session.UserRef{
		"":                             "a@N01",
		"https evil lv: ":              "a@N01 https://evil.lv",
		"Jānis O'Neil-x_y: ":           "a@N01 Jānis  O'Neil-x_y",
		"evil: ":                       "a@N01 \u202eevil\u0000",
		strings.Repeat("ā", 40) + ": ": session.UserRef("a@N01 " + strings.Repeat("ā", 400)),
	} {
		o.User = user
		if got := address(o); got != name+o.URL {
			t.Errorf("%q begins %q", user, got)
		}
	}
	o.User, o.URL = "a@N01 Ilze", "https://www.flickr.com.evil.lv/photos/a/1/#comment1"
	if got := address(o); got != "Ilze:" {
		t.Errorf("it begins %q", got)
	}
}

// TestDoneAndBroken: what Flickr did and broke at is found, or can be done again, and stands once.
func TestDoneAndBroken(t *testing.T) {
	t.Parallel()
	fail := func(code string) string { return `{"stat":"fail","code":` + code + `,"message":"Temporary"}` }
	for name, body := range map[string]string{"page": worldtest.HTMLPage, "nothing": "", "105": fail("105"), "106": fail("106"),
		"no code": `{"stat":"fail"}`, "no id": `{"stat":"ok"}`} {
		for _, status := range worldtest.HTMLStatuses {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				p := w.answer("k1", "Skat. https://a.lv/x?a=1&b=2 <šeit>.")
				w.fake.Break(addComment, status, body)
				_, err := w.Reply(t.Context(), p)
				w.Wants("reply", err, connector.Unsure)
				sent, ok, err := w.Find(t.Context(), p)
				if !ok || err != nil || !strings.HasPrefix(sent.URL, flickrfake.PhotoPage) {
					t.Fatalf("found %+v, %v, %v", sent, ok, err)
				}
				w.Reads(p.Text)
				w.fake.Break(deleteComment, 500, body)
				w.Wants("retract", w.Retract(t.Context(), sent.Message, p), connector.Unsure)
				w.Must(w.Retract(t.Context(), sent.Message, p))
				w.Reads()
			})
		}
	}
}

// TestNotDone: what a proxy answered was not done, and Find says so.
func TestNotDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	w.fake.Answer(addComment, 502, worldtest.HTMLPage)
	_, err := w.Reply(t.Context(), p)
	w.Wants("reply", err, connector.Unsure)
	for _, status := range worldtest.HTMLStatuses {
		w.fake.Answer(getList, status, worldtest.HTMLPage)
		if _, ok, err := w.Find(t.Context(), p); ok || err == nil {
			t.Errorf("%d: found %v, %v", status, ok, err)
		}
	}
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
}

// TestFind: somebody else's comment with the same text is not ours, nor is one from before the
// approval, and one that Flickr changed a little is.
func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Jā, rīt!")
	_, err := w.Reply(t.Context(), p)
	w.Must(err)
	w.Clock.Pass(time.Hour)
	p = w.answer("k2", "Jā, rīt!")
	w.fake.Write(janis, "Jānis", p.Text)
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	changed := w.fake.Write(flickrfake.Self, flickrfake.SelfName, "<b>Jā</b> rīt")
	exact := w.fake.Write(flickrfake.Self, flickrfake.SelfName, "Jā,\n rīt!")
	if sent, _, err := w.Find(t.Context(), p); err != nil || sent.Message != session.MessageID(exact) {
		t.Errorf("found %v, %v", sent, err)
	}
	w.fake.Remove(exact)
	if sent, _, err := w.Find(t.Context(), p); err != nil || sent.Message != session.MessageID(changed) {
		t.Errorf("found %v, %v", sent, err)
	}
}

// TestOutcomes: what each of Flickr's codes means for a post.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for code, want := range map[string]connector.Outcome{"1": connector.Refused, "8": connector.Refused, "116": connector.Refused,
		"9": connector.Deferred, "96": connector.Deferred, "98": connector.Deferred, "100": connector.Deferred, "105": connector.Unsure} {
		w.fake.Answer(addComment, 200, `{"stat":"fail","code":`+code+`,"message":"No"}`)
		_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		w.Wants(code, err, want)
		if e := connector.OutcomeOf(err); want == connector.Deferred && e.Wait == 0 {
			t.Errorf("%s: it comes again at once", code)
		}
	}
	for method, call := range map[string]func() error{
		editComment:   func() error { _, err := w.Edit(t.Context(), "1-2-3", w.answer("k1", "Atbilde.")); return err },
		deleteComment: func() error { return w.Retract(t.Context(), "1-2-3", connector.Post{}) },
	} {
		w.fake.Answer(method, 200, `{"stat":"fail"}`)
		w.Wants(method, call(), connector.Unsure)
	}
	w.fake.Rate(0)
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("rate", err, connector.Deferred)
	w.Reads()
}

// TestGonePlaces: what is not there any more cannot be edited, and is taken back.
func TestGonePlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	sent, err := w.Reply(t.Context(), p)
	w.Must(err)
	w.fake.Vanish(true)
	_, err = w.Edit(t.Context(), sent.Message, p)
	w.Wants("edit", err, connector.Refused)
	w.Must(w.Retract(t.Context(), sent.Message, p))
	if there, err := w.Stands(t.Context(), sent.Message, p); there || err != nil {
		t.Errorf("it stands: %v, %v", there, err)
	}
	w.fake.Vanish(false)
	if there, err := w.Stands(t.Context(), sent.Message, p); !there || err != nil {
		t.Errorf("it stands not: %v, %v", there, err)
	}
	w.fake.Break(editComment, 500, worldtest.HTMLPage)
	p.Text = "Cita."
	_, err = w.Edit(t.Context(), sent.Message, p)
	w.Wants("edit", err, connector.Unsure)
	_, err = w.Edit(t.Context(), sent.Message, p)
	w.Must(err)
	w.Reads("Cita.")
	_, err = w.Edit(t.Context(), session.MessageID(w.original), p) // somebody else's
	w.Wants("edit", err, connector.Refused)
}

// TestPlain: markup is read as people see it.
func TestPlain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`<a href="https://a.lv/b" rel="noreferrer nofollow">a.lv/b</a> (c)`: "https://a.lv/b (c)",
		`<a href="https://a.lv/long">a.lv/lo…</a>.`:                         "https://a.lv/long.",
		`<a href="https://a.lv">Šeit</a>`:                                   "Šeit",
		`a<br>b<br/>c &lt;i&gt;`:                                            "a\nb\nc <i>",
		`x<script>alert(1)</script>y`:                                       "xy",
		`</a></script>x<a href="http://`:                                    "x",
	} {
		if got := plain(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

// TestCheck: all is well, but for what is not.
func TestCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wants := func(what string, c *Flickr, want ...string) {
		t.Helper()
		got := worldtest.Found(c.Check(t.Context()), "flickr")
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %q", what, got)
		}
	}
	wants("well", w.Flickr, "works", "longest", "photo")
	wants("no photo", w.replica(Settings{Photo: "7"}), "works", "longest", "photo_gone")
	w.fake.ReadOnly(true)
	wants("read only", w.Flickr, "works", "longest", "read_only", "photo")
	w.fake.ReadOnly(false)
	w.fake.Close(true)
	wants("closed", w.Flickr, "works", "longest", "closed")
	w.fake.Revoke()
	wants("revoked", w.Flickr, "login_refused")
	w.fake.Answer("flickr.test.login", 502, worldtest.HTMLPage)
	wants("down", w.Flickr, "no_answer")
	w.account.Key = "x"
	wants("key", w.replica(Settings{}), "key_refused")
}

// FuzzPlain: no markup makes more text than there is of it, or an answer that is not found again.
func FuzzPlain(f *testing.F) {
	f.Add(`<a href="https://a.lv/b">a.lv/b</a><script>x`)
	f.Fuzz(func(t *testing.T, s string) {
		_ = plain(s)
		if sent := strings.ToValidUTF8(s, ""); !same(markup(sent), strings.Map(printed, sent)) {
			t.Errorf("%q is not found again", sent)
		}
	})
}

// printed leaves out what markup leaves out.
func printed(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
		return -1
	}
	return r
}

// FuzzParse: whatever stands in a list, what is taken has a name of the right form.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"id":"6065-1-72157594037941949","datecreate":"1141841470","_content":"x"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, ok := parse(raw)
		if !ok {
			return
		}
		e := c.event("k", letter{Do: doAsk})
		if !commentID.MatchString(c.ID) || len(e.From) > 64 || len(e.Raw) > 300<<10 {
			t.Errorf("%+v", e)
		}
	})
}
