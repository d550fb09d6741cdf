package wordpress

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/session"
)

func answer(w *world, key, text string) connector.Post {
	return connector.Post{Kind: session.KindAnswer, Key: key, Place: site, Language: session.Latvian, Text: text,
		Original: session.Origin{Connector: "wp", Place: site, Message: w.original.id()}}
}

func wants(t *testing.T, err error, want connector.Outcome, detail string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	if o := connector.OutcomeOf(err); o.Outcome != want || !strings.Contains(o.Detail, detail) {
		t.Errorf("%v: outcome %d, detail %q", err, o.Outcome, o.Detail)
	}
}

// status is that of a comment at the site.
func (w *world) status(m messageID) any {
	return w.call(http.MethodGet, m.path()+"?context=edit", nil)["status"]
}

// testHeld: the first reply approves the comment, unless that is not wanted: then nothing is
// written that nobody would see.
func testHeld(t *testing.T, w *world) {
	keeps := w.replica(Settings{})
	_, err := keeps.Reply(t.Context(), answer(w, "k1", "Atbilde."))
	wants(t, err, connector.Refused, "held")
	if s := w.status(w.original); s != "hold" || len(w.posts()) != 0 {
		t.Fatalf("it is %v, %v", s, w.posts())
	}
	sent, err := w.Reply(t.Context(), answer(w, "k1", "Atbilde."))
	if err != nil || !strings.Contains(sent.URL, "#comment-") {
		t.Fatal(sent, err)
	}
	if s := w.status(w.original); s != "approved" {
		t.Errorf("it is %v", s)
	}
}

// testHidden: a comment that the site had held stays so when it is no longer to be hidden.
func testHidden(t *testing.T, w *world) {
	original := session.Origin{Connector: "wp", Place: site, Message: w.original.id()}
	for _, before := range []string{"hold", "approved"} {
		w.change(w.original, obj{"status": before})
		for _, hidden := range []bool{true, false} {
			if err := w.Hide(t.Context(), original, hidden); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.status(w.original); got != before {
			t.Errorf("it was %s, and is %v", before, got)
		}
	}
	w.change(w.original, obj{"status": "spam"}) // the site's own people threw it away
	if err := w.Hide(t.Context(), original, false); err != nil || w.status(w.original) != "spam" {
		t.Errorf("%v, it is %v", err, w.status(w.original))
	}
}

// testVanished: nothing is written under a comment that is gone, nor where its post is.
func testVanished(t *testing.T, w *world) {
	w.change(w.original, obj{"status": "spam"})
	_, err := w.Reply(t.Context(), answer(w, "k1", "Atbilde."))
	wants(t, err, connector.Refused, "not there")
	w.call(http.MethodDelete, w.original.path()+"?force=true", nil)
	_, err = w.Reply(t.Context(), answer(w, "k1", "Atbilde."))
	wants(t, err, connector.Refused, "not there")
	w.original = w.write(w.news, "Un tagad?")
	w.call(http.MethodDelete, w.news.path(), nil) // with all that was asked there
	_, err = w.Reply(t.Context(), answer(w, "k1", "Atbilde."))
	wants(t, err, connector.Refused, "not there")
	w.look(w.WordPress, receive.Look{Asked: []session.Origin{{Message: w.original.id()}}})
	if len(w.Inbox.Removals()) != 0 {
		t.Errorf("removed with its post: %q", w.Inbox.Removals())
	}
}

// testSameKey: who tries again without looking is not told that it went wrong; the look-up
// finds the one that stands, and after an edit under the new key alone.
func testSameKey(t *testing.T, w *world) {
	sent, err := w.Reply(t.Context(), answer(w, "k1", "Atbilde."))
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Reply(t.Context(), answer(w, "k1", "Atbilde."))
	wants(t, err, connector.Unsure, "")
	if got, ok, err := w.Find(t.Context(), answer(w, "k1", "Atbilde.")); !ok || err != nil || got != sent {
		t.Errorf("found %v, %v, %v; want %v", got, ok, err, sent)
	}
	if _, err := w.Edit(t.Context(), sent.Message, answer(w, "k2", "Cita.")); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]bool{"k1": false, "k2": true} {
		if _, ok, err := w.Find(t.Context(), answer(w, key, "")); ok != want || err != nil {
			t.Errorf("%s: found %v, %v", key, ok, err)
		}
	}
}

// testForged: the key is no secret. What a stranger writes under it is neither taken for the
// bot's own post, which would keep the answer from going out, nor for nothing.
func testForged(t *testing.T, w *world) {
	w.call(http.MethodPost, "/comments", obj{"post": w.news.post, "parent": w.original.comment, "content": "Jā, #Jautā",
		"author_name": "Bot", "author_email": "bot@example.test", "author_user_agent": keyOf("k1")})
	if got, ok, err := w.Find(t.Context(), answer(w, "k1", "Atbilde.")); ok || err != nil {
		t.Errorf("found %v, %v, %v", got, ok, err)
	}
	w.look(w.replica(Settings{Hashtag: "jautā"}), receive.Look{})
	if got := w.Inbox.Texts(); !slices.Contains(got, "Jā, #Jautā") {
		t.Errorf("asked %q", got)
	}
}

// testPost: a post has a title, is found by its key, is edited, and goes to the trash.
func testPost(t *testing.T, w *world) {
	p := connector.Post{Kind: session.KindAnnouncement, Key: "s1:a1", Place: site, Language: session.Latvian,
		Text: "Nodokļi \"2026\" [jautā]\n\nOtrdien -- 10:00.\nhttps://example.lv/s/nodokli?a=1&b=2"}
	sent, err := w.Reply(t.Context(), p)
	if err != nil || sent.URL == "" {
		t.Fatal(sent, err)
	}
	got, ok, err := w.Find(t.Context(), p)
	if !ok || err != nil || got != sent {
		t.Errorf("found %v, %v, %v; want %v", got, ok, err, sent)
	}
	if seen := w.posts(); len(seen) != 1 || seen[0].Text != strings.Replace(p.Text, "\n\n", "\n", 1) || seen[0].ID != sent.Message {
		t.Errorf("a reader finds %+v", seen)
	}
	p.Text = "Nodokļi\n\nTrešdien."
	if _, err := w.Edit(t.Context(), sent.Message, p); err != nil {
		t.Fatal(err)
	}
	if seen := w.posts(); len(seen) != 1 || seen[0].Text != "Nodokļi\nTrešdien." {
		t.Errorf("a reader finds %+v", seen)
	}
	m, _ := parseMessageID(sent.Message)
	w.write(m, "Kad?")
	for range 2 {
		if err := w.Retract(t.Context(), sent.Message, p); err != nil {
			t.Fatal(err)
		}
	}
	if there, err := w.Stands(t.Context(), sent.Message, p); there || err != nil || len(w.posts()) != 0 {
		t.Errorf("it stands: %v, %v", there, err)
	}
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found in the trash: %v, %v", ok, err)
	}
}

// testTriggers: who replies to others talks to them, unless they write the hashtag or reply
// to the bot.
func testTriggers(t *testing.T, w *world) {
	sent, err := w.Reply(t.Context(), answer(w, "k1", "Atbilde."))
	if err != nil {
		t.Fatal(err)
	}
	ours, _ := parseMessageID(sent.Message)
	w.write(w.original, "Man arī!")
	w.write(w.original, "Un kad? #Jautā")
	w.write(ours, "Bet kāpēc?")
	for _, c := range []struct {
		triggers []Trigger
		want     []string
	}{
		{nil, []string{"Kas ir?", "Un kad? #Jautā", "Bet kāpēc?"}},
		{[]Trigger{TriggerHashtag}, []string{"Un kad? #Jautā"}},
		{[]Trigger{TriggerComment}, []string{"Kas ir?"}},
	} {
		w.Inbox.Clear()
		w.Inbox.Announce(w.news.id())
		w.look(w.replica(Settings{Approve: true, Hashtag: "jautā", Triggers: c.triggers}), receive.Look{})
		if got := w.Inbox.Texts(); !slices.Equal(got, c.want) {
			t.Errorf("%v: asked %q, want %q", c.triggers, got, c.want)
		}
	}
}

// testCheck: all is well, but for what is not.
func testCheck(t *testing.T, w *world) {
	ids := func(c *WordPress) []string { return worldtest.Found(c.Check(t.Context()), "wordpress") }
	if got := ids(w.WordPress); !slices.Equal(got, []string{"works", "longest"}) {
		t.Errorf("found %q", got)
	}
	if got := ids(w.replica(Settings{Category: "4000"})); !slices.Equal(got, []string{"works", "longest", "approves_not", "no_category"}) {
		t.Errorf("found %q", got)
	}
	w.pass += "x"
	if got := ids(w.replica(Settings{})); !slices.Equal(got, []string{"password_refused"}) {
		t.Errorf("found %q", got)
	}
	w.url += "/nothing/here"
	if got := ids(w.replica(Settings{})); !slices.Equal(got, []string{"no_api"}) {
		t.Errorf("found %q", got)
	}
}
