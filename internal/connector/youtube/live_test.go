package youtube

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/connector/youtube/youtubefake"
	"experthour/internal/session"
)

const addMessage = "POST /youtube/v3/liveChat/messages"

// chatWorld is a broadcast whose chat goes on, with one question in it.
type chatWorld struct {
	*world
	live   *Live
	cursor []byte
	asked  string
}

func newChat(t testing.TB) *chatWorld {
	t.Helper()
	w := &chatWorld{world: newWorld(t)}
	w.fake.GoLive()
	w.asked = w.fake.Say(ilze, ilzeName, "@iestade Kas ir?")
	w.live = w.another()
	return w
}

func (w *chatWorld) another() *Live {
	w.T.Helper()
	l, err := NewLive(w.env(), w.account, Settings{Video: youtubefake.Video, Live: true, Every: usualEvery, Hashtag: "jautā"}, "youtube")
	w.Must(err)
	return l
}

// hear fetches once from the cursor, and handles what came.
func (w *chatWorld) hear() receive.Next {
	w.T.Helper()
	look := receive.Look{Cursor: w.cursor, Hours: connector.Hours{Busy: true, Since: w.Began}}
	next, err := w.live.Fetch(w.T.Context(), look, func(ctx context.Context, events ...connector.Event) (int, error) {
		for _, e := range events {
			if err := w.live.Handle(ctx, e.Raw); err != nil {
				return 0, err
			}
		}
		return len(events), nil
	})
	w.Must(err)
	if next.Cursor != nil {
		w.cursor = next.Cursor
	}
	return next
}

func (w *chatWorld) said() (seen []connectortest.Seen) {
	for _, l := range w.fake.Lines() {
		if l.Author == youtubefake.Self {
			seen = append(seen, connectortest.Seen{ID: session.MessageID(l.ID), Text: l.Text})
		}
	}
	return seen
}

func (w *chatWorld) post(key, text string) connector.Post {
	o := session.Origin{Connector: "youtube", Place: w.live.Place(), Message: session.MessageID(w.asked)}
	return connector.Post{Kind: session.KindAnswer, Key: key, Place: w.live.Place(), Original: o, Text: text, Approved: w.Clock.Now()}
}

func TestLiveConformance(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness {
		w := newChat(t)
		return connectortest.Harness{Connector: w.live, Place: w.live.Place(), Original: w.post("", "").Original, Posts: w.said,
			Unknown: "LCC.EhwKGkNfake999999999999", Refuse: func() { w.fake.Mute(true) }, Silence: func() { w.fake.Hang(addMessage) },
			Except: map[string]string{"reply": "a chat is flat: TestLiveNames tries how an answer names who asked"}}
	})
}

// TestLiveAsked: what calls the channel or has the hashtag is a question, once; the rest is talk, and so
// is what the channel says. After a restart it goes on where it was, also when the page is not known.
func TestLiveAsked(t *testing.T) {
	t.Parallel()
	w := newChat(t)
	for _, text := range []string{"Sveiki!", "Kad būs? #Jautā", "@valsts iestāde un cik?", "@iestades kaimiņš", "#jautājums"} {
		w.fake.Say(janis, janisName, text)
	}
	w.fake.Say(youtubefake.Self, youtubefake.SelfName, "@iestade #jautā")
	w.fake.Pages(3)
	w.fake.Polling(25 * time.Second)
	if next := w.hear(); next.Wait != 25*time.Second {
		t.Errorf("it waits %v", next.Wait)
	}
	w.live = w.another()
	w.hear()
	w.hear()
	want := []string{"@iestade Kas ir?", "Kad būs? #Jautā", "@valsts iestāde un cik?"}
	if got := w.Inbox.Texts(); !slices.Equal(got, want) {
		t.Fatalf("asked %q", got)
	}
	w.fake.Pages(100)
	w.fake.Stale(true)
	w.fake.Say(janis, janisName, "#jautā vēl")
	w.hear()
	w.fake.Stale(false)
	w.hear()
	if got := w.Inbox.Texts(); !slices.Equal(got, append(want, "#jautā vēl")) {
		t.Errorf("asked %q", got)
	}
	if a := w.Inbox.Questions()[0]; a.Origin.Message != session.MessageID(w.asked) || a.Origin.User != ilze+" "+ilzeName ||
		!a.At.Equal(w.Began) {
		t.Errorf("asked %+v", a)
	}
}

// TestLiveRemoved: a deletion is a removal, however it is told.
func TestLiveRemoved(t *testing.T) {
	t.Parallel()
	for _, how := range []string{youtubefake.Tombstone, youtubefake.Deleted, youtubefake.Retracted} {
		w := newChat(t)
		w.fake.Deletions(how)
		w.hear()
		w.fake.Unsay(w.asked)
		w.hear()
		if got := w.Inbox.Removals(); !slices.Equal(got, []session.MessageID{session.MessageID(w.asked)}) {
			t.Errorf("%s: removed %q", how, got)
		}
	}
}

// TestLiveOver: before the broadcast and after it nothing is read and nobody is troubled; what is to be
// said waits for the beginning, and is refused after the end.
func TestLiveOver(t *testing.T) {
	t.Parallel()
	w := newChat(t)
	w.fake.Schedule()
	if next := w.hear(); next.Wait != offWait {
		t.Errorf("it waits %v", next.Wait)
	}
	_, err := w.live.Reply(t.Context(), w.post("k1", "Sākam."))
	w.Wants("before", err, connector.Deferred)
	w.fake.GoLive()
	w.hear()
	w.fake.Say(janis, janisName, "Pēdējais? #jautā")
	w.fake.EndLive()
	for range 3 {
		w.hear()
	}
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Pēdējais? #jautā"}) {
		t.Errorf("asked %q", got)
	}
	if told := w.live.Trouble(); len(told) > 0 {
		t.Errorf("people are told %+v", told)
	}
	_, err = w.live.Reply(t.Context(), w.post("k1", "Par vēlu."))
	w.Wants("after", err, connector.Refused)
	w.fake.Stale(true)
	if _, ok, err := w.live.Find(t.Context(), w.post("k1", "Par vēlu.")); ok || err == nil {
		t.Errorf("found %v, %v, where nobody can look", ok, err)
	}
}

// TestLiveFound: a message whose answer was lost is found from where the chat was before it, also when
// the history does not go back so far; where the page is not known it is not said to be missing.
func TestLiveFound(t *testing.T) {
	t.Parallel()
	w := newChat(t)
	w.fake.Break(addMessage, 500, worldtest.HTMLPage)
	p := w.post("k1", "Šis.")
	p.KeepNote = func(_ context.Context, note string) error { p.Note = note; return nil }
	_, err := w.live.Reply(t.Context(), p)
	w.Wants("broken", err, connector.Unsure)
	w.fake.Pages(2)
	for range 5 {
		w.fake.Say(janis, janisName, "Šis.")
	}
	w.fake.Forget(4)
	w.live = w.another()
	sent, ok, err := w.live.Find(t.Context(), p)
	if own := w.said(); err != nil || !ok || len(own) != 1 || sent.Message != own[0].ID {
		t.Errorf("found %+v, %v, %v of %+v", sent, ok, err, own)
	}
	if stands, err := w.live.Stands(t.Context(), sent.Message, p); !stands || err != nil {
		t.Errorf("stands %v, %v", stands, err)
	}
	p.Text = "Cits."
	if _, ok, err := w.live.Find(t.Context(), p); ok || err != nil {
		t.Errorf("another text: %v, %v", ok, err)
	}
	w.fake.Stale(true)
	if _, _, err := w.live.Find(t.Context(), p); err == nil {
		t.Error("nobody could look, and it says that it is not there")
	}
}

// TestLiveNames: whoever asked is called by a name that is one.
func TestLiveNames(t *testing.T) {
	t.Parallel()
	for user, want := range map[session.UserRef]string{"UCx @ilze": "@ilze", "UCx Ilze Ozola": "@Ilze Ozola", "UCx": "",
		"UCx https://evil.lv": "", "UCx <b>": ""} {
		if got := called(session.Origin{User: user}); got != want {
			t.Errorf("%s is called %q", user, got)
		}
	}
}

// TestLiveCosts: an answer takes no more units than the program believes.
func TestLiveCosts(t *testing.T) {
	t.Parallel()
	w := newChat(t)
	_, err := w.live.Reply(t.Context(), w.post("k1", "Šis."))
	w.Must(err)
	if used := w.fake.Used(); used > costLivePost {
		t.Errorf("an answer takes %d", used)
	}
}

// TestLiveCheck: what "bot check" says of each state of a broadcast.
func TestLiveCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l, err := NewLive(w.env(), w.account, Settings{Video: youtubefake.Video, Live: true, Every: usualEvery}, "youtube")
	w.Must(err)
	for _, x := range []struct {
		want string
		make func()
	}{{"no_broadcast", func() {}}, {"live_later", w.fake.Schedule}, {"live", w.fake.GoLive}, {"live_over", w.fake.EndLive},
		{"not_own", func() { w.fake.Foreign(true) }}, {"video_gone", func() { w.fake.Vanish(true) }}} {
		x.make()
		all := l.Check(t.Context())
		if last := all[len(all)-1]; strings.TrimPrefix(last.ID, "youtube.") != x.want {
			t.Errorf("%s is said, want %s", last.ID, x.want)
		}
	}
}

// FuzzChat: whatever stands in a chat, what is put is named in the right form and fits a letter.
func FuzzChat(f *testing.F) {
	f.Add([]byte(`{"items":[{"id":"LCC.x1","snippet":{"type":"textMessageEvent","textMessageDetails":{"messageText":"#jautā"}}}]}`))
	f.Add([]byte(`{"items":[{"id":"LCC.x1","snippet":{"type":"messageDeletedEvent","messageDeletedDetails":{"deletedMessageId":"../x"}}}]}`))
	w := newChat(f)
	_, err := w.live.me(f.Context())
	w.Must(err)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var p chatPage
		if json.Unmarshal(raw, &p) != nil || p.Items == nil {
			return
		}
		_ = w.live.putAll(t.Context(), *p.Items, time.Time{}, func(_ context.Context, events ...connector.Event) (int, error) {
			for _, e := range events {
				if !chatID.MatchString(e.From) || len(e.Raw) > connector.LongestLetter {
					t.Errorf("%+v", e)
				}
			}
			return len(events), nil
		})
	})
}
