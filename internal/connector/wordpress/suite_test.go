package wordpress

import (
	"fmt"
	"slices"
	"testing"

	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/wordpress/wordpresstest"
	"experthour/internal/session"
)

// TestFake and TestReal are one suite, at a fake and at a real WordPress.
func TestFake(t *testing.T) {
	t.Parallel()
	suite(t, fakeSite)
}

func TestReal(t *testing.T) {
	t.Parallel()
	s := wordpresstest.Start(t)
	suite(t, func(t testing.TB) *place { return realSite(t, s) })
}

func suite(t *testing.T, fresh func(testing.TB) *place) {
	t.Run("public", func(t *testing.T) {
		connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness { return newWorld(t, fresh(t)).harness() })
	})
	for name, test := range map[string]func(*testing.T, *world){
		"asked": testAsked, "pages": testPages, "late news": testLateNews, "again": testAgain, "held": testHeld,
		"vanished": testVanished, "same key": testSameKey, "forged key": testForged, "post": testPost, "triggers": testTriggers,
		"check": testCheck, "rules": testRules, "transcript": testTranscript, "hidden": testHidden,
		"letters": testLetters, "pictures": testPictures,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newWorld(t, fresh(t)))
		})
	}
}

// testAsked: held and approved comments are questions, each once, and what the bot wrote
// is none; what was written while nobody looked is found later.
func testAsked(t *testing.T, w *world) {
	cursor := w.look(w.WordPress, receive.Look{})
	if _, err := w.Reply(t.Context(), answer(w, "k1", "Atbilde.")); err != nil {
		t.Fatal(err)
	}
	w.write(w.news, "Vai <b>a &lt; b</b> &amp; c?<script>alert(1)</script>")
	cursor = w.look(w.WordPress, receive.Look{Cursor: cursor})
	w.look(w.WordPress, receive.Look{Cursor: cursor})
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Kas ir?", "Vai a < b & c?"}) {
		t.Fatalf("asked %q", got)
	}
	a := w.Inbox.Questions()[0]
	if a.Origin.Message != w.original.id() || a.Origin.Place != site || a.Session != "h" || a.Origin.URL == "" || a.Origin.User == "" ||
		a.Name != "" || a.Language != session.Latvian || a.At.IsZero() {
		t.Errorf("asked %+v", a)
	}
	if b := w.Inbox.Questions()[1]; b.Origin.User == a.Origin.User {
		t.Errorf("two people are %q", a.Origin.User)
	}
}

// testPages: after a break all comments come, the oldest first, over more than two pages.
func testPages(t *testing.T, w *world) {
	want := []string{"Kas ir?"}
	for i := range 2*perPage + 5 {
		want = append(want, fmt.Sprintf("Jautājums %d?", i))
		w.write(w.news, want[i+1])
	}
	cursor := fmt.Appendf(nil, `{"Top":%d,"Under":[%q]}`, w.original.comment-1, number(w.news.post))
	w.look(w.WordPress, receive.Look{Cursor: cursor})
	if got := w.Inbox.Texts(); !slices.Equal(got, want) {
		t.Errorf("%d asked, want %d: %q", len(got), len(want), got)
	}
}

// testLateNews: what was written under an announcement before anybody knew where it stands is
// older than what was read since under another one, and behind a page of that; it is found.
func testLateNews(t *testing.T, w *world) {
	late := w.announce()
	w.write(late, "Kur tas ir?")
	for i := range perPage + 5 {
		w.write(w.news, fmt.Sprintf("Jautājums %d?", i))
	}
	cursor := w.look(w.WordPress, receive.Look{})
	w.Inbox.Clear()
	w.Inbox.Announce(late.id())
	w.look(w.WordPress, receive.Look{Cursor: cursor}, late)
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Kur tas ir?"}) {
		t.Errorf("asked %q", got)
	}
}

// testAgain: an edit is told once, also the one back, and a comment that was thrown away or
// deleted is removed; one that nobody touched is nothing.
func testAgain(t *testing.T, w *world) {
	second := w.write(w.news, "Otrais?")
	look := receive.Look{Asked: []session.Origin{{Message: w.original.id()}, {Message: second.id()}}}
	w.look(w.WordPress, look)
	w.Inbox.Forget() // each once as it is, which changes nothing
	for _, text := range []string{"Kas tas ir?", "Kas ir?"} {
		w.change(w.original, obj{"content": text})
		w.look(w.WordPress, look)
		w.look(w.WordPress, look)
	}
	if got := w.Inbox.Wordings(); !slices.Equal(got, []string{"Kas tas ir?", "Kas ir?"}) {
		t.Errorf("reworded %q", got)
	}
	w.change(w.original, obj{"content": "Kas ir, kamēr neviens neskatās?"})
	w.look(w.replica(Settings{}), look) // what was edited while the program was away
	if got := w.Inbox.Wordings(); !slices.Contains(got, "Kas ir, kamēr neviens neskatās?") {
		t.Errorf("reworded %q", got)
	}
	w.change(second, obj{"status": "trash"})
	w.look(w.WordPress, look)
	if got := w.Inbox.Removals(); !slices.Equal(got, []session.MessageID{second.id()}) {
		t.Errorf("removed %q", got)
	}
	look.Asked = look.Asked[:1]
	w.call("DELETE", w.original.path()+"?force=true", nil)
	w.look(w.WordPress, look)
	if got := w.Inbox.Removals(); len(got) != 2 || got[1] != w.original.id() {
		t.Errorf("removed %q", got)
	}
}
