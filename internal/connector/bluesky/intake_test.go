package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/bluesky/blueskyfake"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// announce posts as the institution, and has the core know it as an announcement.
func (w *world) announce(b *Bluesky) *blueskyfake.Post {
	w.t.Helper()
	post := connector.Post{Key: "hour", Text: "An hour begins", Approved: approved, Kind: session.KindAnnouncement}
	sent, err := b.Reply(w.t.Context(), post)
	if err != nil {
		w.t.Fatal(err)
	}
	p, ok := w.fake.At(string(sent.Message))
	if !ok {
		w.t.Fatal("it does not stand")
	}
	w.inbox.mu.Lock()
	defer w.inbox.mu.Unlock()
	w.inbox.announced[sent.Message] = "homes"
	return &p
}

func TestWhatIsAQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	b := w.start()
	hour := w.announce(b)
	w.fake.Bot().Reply(hour, "@office.test Our own words.")
	talk := w.anna.Reply(hour, "What does it cost?")
	w.anna.Reply(talk, "I know that!")
	w.anna.Write("Nothing for them.")
	w.anna.Write("Look at #jautājumsX, an other tag")
	w.anna.Write("Why, #Jautājums?")
	last := w.anna.Write("@office.test: who decides?")
	w.await("asked who decides?")
	w.await("asked Why, ?")
	w.await("asked What does it cost?")
	w.inbox.mu.Lock()
	defer w.inbox.mu.Unlock()
	if len(w.inbox.asked) != 3 {
		t.Errorf("asked %+v", w.inbox.asked)
	}
	for _, a := range w.inbox.asked {
		under := a.Text == "What does it cost?"
		if (a.Session == "homes") != under || a.Language != session.English || !strings.HasPrefix(a.Origin.URL, "https://bsky.app/profile/did:") {
			t.Errorf("%+v", a)
		}
		if a.Text == "who decides?" && (a.Key != last.URI || a.Origin != withURL(original(last))) {
			t.Errorf("%+v is not %s", a, last.URI)
		}
	}
}

func withURL(o session.Origin) session.Origin {
	owner, key, _ := parse(string(o.Message))
	o.URL = address(owner, key)
	return o
}

// TestUnplaced: a reply to what may be an announcement waits until that is known, unless it is a
// question anyway; what stands under other people's posts does not.
func TestUnplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	b := w.make()
	me, err := b.who(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ours := "at://" + me.DID + "/app.bsky.feed.post/3kxyz2222222a"
	theirs, answer := strings.Replace(ours, me.DID, "did:plc:other", 1), strings.Replace(ours, "3kxyz", "3kabc", 1)
	_, key, _ := parse(ours)
	w.inbox.unplaced = map[session.MessageID]time.Time{session.MessageID(ours): postedAt(key), session.MessageID(theirs): postedAt(key)}
	handle := func(text, parent, root string, mention bool) error {
		raw, err := json.Marshal(letter{What: wrote, URI: "at://did:plc:a/app.bsky.feed.post/" + text[:1], By: "did:plc:a", Text: text,
			Parent: parent, Root: root, Mention: mention, At: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		return b.Handle(t.Context(), raw)
	}
	for name, err := range map[string]error{"under it": handle("Where?", ours, ours, false), "below": handle("Why?", answer, ours, false)} {
		if !errors.Is(err, connector.ErrUnplaced) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{"elsewhere": handle("Nice", theirs, theirs, false),
		"a mention": handle("Who?", ours, ours, true)} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(w.inbox.asked) != 1 || w.inbox.asked[0].Text != "Who?" {
		t.Errorf("asked %+v", w.inbox.asked)
	}
}

func TestTriggersAreChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	w.set.Triggers = []string{triggerHashtag}
	b := w.start()
	w.anna.Reply(w.announce(b), "Under the announcement.")
	w.anna.Write("@office.test a mention")
	w.anna.Write("tagged #jautājums")
	w.await("asked tagged")
	if n := w.count("asked a mention") + w.count("asked Under the announcement."); n != 0 {
		t.Errorf("%d questions without a trigger", n)
	}
}

// TestAskersChangeTheirMinds: nobody tells of it, so that it is looked for.
func TestAskersChangeTheirMinds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	w.start()
	p := w.anna.Write("@office.test How much?")
	w.await("asked How much?")
	w.await("liked 0")
	p.Like(3)
	w.await("liked 3")
	p.Edit("@office.test How much is it?")
	w.await("reworded How much is it?")
	p.Delete()
	w.await("removed")
	if n := w.count("reworded How much?"); n != 0 {
		t.Errorf("the first wording came back %d times", n)
	}
	if n := w.count("reworded How much is it?"); n != 1 {
		t.Errorf("reworded %d times", n)
	}
}

// fetchAll fetches until nothing is left to do at once, and gives how far that is.
func fetchAll(t *testing.T, b *Bluesky, l receive.Look, put receive.Put) []byte {
	t.Helper()
	for {
		n, err := b.Fetch(t.Context(), l, put)
		if err != nil {
			t.Fatal(err)
		}
		l.Cursor = n.Cursor
		if !strings.Contains(string(l.Cursor), `"page"`) {
			return l.Cursor
		}
	}
}

// TestNothingIsLostInALongList: more was written during a downtime than one fetch reads,
// and the store is away in the middle.
func TestNothingIsLostInALongList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{PageSize: 2})
	b, begin := w.make(), time.Now()
	for i := range 25 {
		w.anna.WriteAt(fmt.Sprint("@office.test number ", i), begin.Add(time.Duration(i)*time.Millisecond))
	}
	w.anna.WriteAt("@office.test before the hour", begin.Add(-time.Hour))
	got := map[string]bool{}
	put := func(_ context.Context, events ...connector.Event) (fresh int, err error) {
		for _, e := range events {
			if !got[e.Key] {
				fresh++
			}
			got[e.Key] = true
		}
		return fresh, nil
	}
	fetchAll(t, b, receive.Look{Hours: connector.Hours{Since: begin.Add(-time.Minute)}}, put)
	if len(got) != 25 {
		t.Errorf("%d of 25", len(got))
	}
	w.anna.WriteAt("@office.test with a wrong clock", begin.Add(-30*time.Second))
	fetchAll(t, b, receive.Look{Hours: connector.Hours{Since: begin.Add(-time.Minute)}}, put)
	if len(got) != 26 {
		t.Errorf("what a slow clock wrote is lost: %d of 26", len(got))
	}
}

func TestAnythingCanBeALetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	b := w.make()
	for _, raw := range []string{"", "{", "null", `{"what":"wrote"}`, `{"what":"other","uri":"at://x"}`} {
		if err := b.Handle(t.Context(), []byte(raw)); err == nil {
			t.Errorf("%q was handled", raw)
		}
	}
	err := b.Handle(t.Context(), []byte(`{"what":"wrote","uri":"x","mention":true,"text":"odd"}`))
	if err != nil || w.count("asked odd") != 1 {
		t.Errorf("%v", err)
	}
}

// TestAFetchThatBrokeOffIsDoneAgain: that the first page is known says nothing of those
// behind it, and what is known for long is not read again.
func TestAFetchThatBrokeOffIsDoneAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{PageSize: 2})
	w.set.Triggers = []string{triggerMention}
	b, begin := w.make(), time.Now().Add(-30*time.Minute)
	for i := range 8 {
		w.anna.WriteAt(fmt.Sprint("@office.test number ", i), begin.Add(time.Duration(i)*time.Minute))
	}
	got, calls := map[string]bool{}, 0
	put := func(_ context.Context, events ...connector.Event) (fresh int, err error) {
		if calls++; calls == 3 {
			return 0, session.Fail(session.Unavailable, "unavailable")
		}
		for _, e := range events {
			if !got[e.Key] {
				fresh++
			}
			got[e.Key] = true
		}
		return fresh, nil
	}
	look := receive.Look{Hours: connector.Hours{Since: begin.Add(-time.Hour)}}
	if _, err := b.Fetch(t.Context(), look, put); err == nil || len(got) != 4 {
		t.Fatalf("%d known, %v", len(got), err)
	}
	look.Cursor = fetchAll(t, b, look, put)
	if len(got) != 8 {
		t.Errorf("%d of 8", len(got))
	}
	w.anna.Write("@office.test now")
	look.Cursor = fetchAll(t, b, look, put)
	before := w.fake.Calls("app.bsky.notification.listNotifications")
	if fetchAll(t, b, look, put); len(got) != 9 {
		t.Errorf("%d of 9", len(got))
	}
	if n := w.fake.Calls("app.bsky.notification.listNotifications") - before; n > 2 {
		t.Errorf("%d pages for nothing new", n)
	}
}
