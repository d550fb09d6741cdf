package bluesky

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/bluesky/blueskyfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

func answerTo(p *blueskyfake.Post, text string) connector.Post {
	return connector.Post{Key: "answer", Original: original(p), Place: blueskyfake.BotHandle, Language: session.Latvian, Text: text,
		Kind: session.KindAnswer, Approved: approved}
}

// TestOneRecordWhateverHappens: eight attempts at once, one after the asker edited, and one
// after the answer was corrected are one post.
func TestOneRecordWhateverHappens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	b, asked := w.make(), w.anna.Write("Why?")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := b.Reply(context.Background(), answerTo(asked, "Because.")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	asked.Edit("Why is it so?")
	sent, err := b.Reply(t.Context(), answerTo(asked, "Because."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Edit(t.Context(), sent.Message, answerTo(asked, "Because of the law.")); err != nil {
		t.Fatal(err)
	}
	if again, err := b.Reply(t.Context(), answerTo(asked, "Because.")); err != nil || again != sent {
		t.Errorf("%+v, %v; want %+v", again, err, sent)
	}
	posts := w.fake.ByBot()
	if len(posts) != 1 || posts[0].Record.Text != "Because of the law." || posts[0].Edits != 1 {
		t.Errorf("%+v", posts)
	}
}

// TestWhereARecordStands: what the protocol wants besides the text.
func TestWhereARecordStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	b, first := w.make(), w.anna.Write("Talk")
	asked := w.anna.Reply(first, "@office.test Why?")
	sent, err := b.Reply(t.Context(), answerTo(asked, "Ģimenēm: https://ask.example/s/1 un https://evil.example/ #jautājums"))
	if err != nil {
		t.Fatal(err)
	}
	p, _ := w.fake.At(string(sent.Message))
	r := p.Record
	if r.Reply.Root != first.Ref || r.Reply.Parent != asked.Ref || r.Created != "2026-03-04T10:00:00.123Z" || r.Langs[0] != "lv" {
		t.Errorf("%+v under %+v", r, r.Reply)
	}
	if len(r.Facets) != 2 || r.Facets[0].Features[0].URI != "https://ask.example/s/1" || r.Facets[1].Features[0].Tag != hashtag {
		t.Errorf("marks %+v", r.Facets)
	}
	first.Delete()
	asked.Delete()
	late := answerTo(asked, "Too late.")
	late.Key = "late"
	_, err = b.Reply(t.Context(), late)
	if e := connector.OutcomeOf(err); err == nil || e.Outcome != connector.Refused || len(w.fake.ByBot()) != 1 {
		t.Errorf("a reply to a question that is gone: %v", err)
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	b, asked := w.make(), w.anna.Write("Why?")
	sent, err := b.Reply(t.Context(), answerTo(asked, "Because."))
	if err != nil {
		t.Fatal(err)
	}
	_, key, _ := parse(string(sent.Message))
	for _, address := range []string{sent.URL, "https://bsky.app/profile/Office.test/post/" + key + "/", sent.URL + "?x=1"} {
		if m, ok := b.Locate("", address); !ok || m != sent.Message {
			t.Errorf("%s: %s, %v", address, m, ok)
		}
	}
	for _, address := range []string{"", "https://bsky.app/profile/anna.test/post/" + key,
		"https://evil.example/profile/office.test/post/" + key,
		"https://bsky.app/profile/office.test/post/../x"} {
		if m, ok := b.Locate("", address); ok {
			t.Errorf("%s: %s", address, m)
		}
	}
	m, ok := w.make().Locate("", "https://bsky.app/profile/office.test/post/"+key)
	if _, err := b.Edit(t.Context(), m, answerTo(asked, "Because of it.")); !ok || err != nil {
		t.Errorf("%s by its handle: %v", m, err)
	}
}

// TestTokens: one login for many calls, a refresh when it ends, the password when that is
// refused, and no more when the password is.
func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{AccessFor: 5 * time.Second})
	b := w.make()
	who := func() {
		t.Helper()
		if _, err := b.ask(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		who()
	}
	if n := w.fake.Calls("com.atproto.server.createSession"); n != 1 {
		t.Errorf("%d logins", n)
	}
	ahead := time.Now
	w.env.Now = func() time.Time { return ahead().Add(4 * time.Second) }
	b = w.make() // another replica, later: it takes the vault's and asks for the next
	who()
	if n, m := w.fake.Calls("com.atproto.server.createSession"), w.fake.Calls("com.atproto.server.refreshSession"); n != 1 || m == 0 {
		t.Errorf("%d logins, %d refreshs", n, m)
	}
}

// TestRevoked: when the app password is taken back in mid-hour people are told, and what is to be
// posted waits.
func TestRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	var later atomic.Int64
	w.env.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	asked := w.anna.Write("@office.test Why?")
	b := w.start()
	w.await("asked Why?")
	later.Store(int64(10 * time.Minute)) // what was just got is believed for a while
	w.fake.Revoke("another")
	testenv.Until(t, "people are told", func() bool {
		return slices.ContainsFunc(b.Trouble(), func(f connector.Finding) bool { return f.ID == "token.refused" })
	})
	if _, err := b.Reply(t.Context(), answerTo(asked, "Because.")); connector.OutcomeOf(err).Outcome != connector.Deferred {
		t.Errorf("without a password: %v", err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*world){
		"bluesky.ready":           func(*world) {},
		"bluesky.sign_in_refused": func(w *world) { w.fake.Revoke("another") },
		"bluesky.other_handle":    func(w *world) { w.fake.Bot().Handle = "new.test" },
		"bluesky.no_answer":       func(w *world) { w.fake.Fail("com.atproto.server.getSession", blueskyfake.Fault{Status: 503}) },
		"bluesky.told_refused": func(w *world) {
			w.fake.Fail("app.bsky.notification.listNotifications", blueskyfake.Fault{Status: 403, Code: "Forbidden"})
		},
		"bluesky.tagged_refused": func(w *world) {
			w.fake.Fail("app.bsky.feed.searchPosts", blueskyfake.Fault{Status: 403, Code: "Forbidden"})
		},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, blueskyfake.Options{})
			b := w.make()
			if want == "bluesky.other_handle" {
				if _, err := b.who(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			change(w)
			found := b.Check(t.Context())
			if len(found) != 1 || found[0].ID != want || found[0].Bad != (want != "bluesky.ready") {
				t.Errorf("%+v", found)
			}
		})
	}
}
