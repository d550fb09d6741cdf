package flickr

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/flickr/flickrfake"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// TestAsked: other people's comments since the announcement are questions, each once; what the
// bot wrote is none, and neither is what stood there before.
func TestAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Clock.Pass(-time.Hour)
	w.fake.Write(janis, "Jānis", "Skaista bilde!")
	w.Clock.Pass(time.Hour)
	if _, err := w.Reply(t.Context(), w.answer("k1", "Atbilde.")); err != nil {
		t.Fatal(err)
	}
	w.fake.Write(janis, "Jānis", "Vai a &lt; b &amp; c? https://a.lv/x")
	for range 2 {
		w.Must(w.look(w.Flickr))
	}
	w.Must(w.look(w.replica(Settings{}))) // after a restart
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Kas ir?", "Vai a < b & c? https://a.lv/x"}) {
		t.Fatalf("asked %q", got)
	}
	a := w.Inbox.Questions()[0]
	if a.Origin.Message != session.MessageID(w.original) || a.Origin.Place != flickrfake.Photo || a.Name != "" || !a.At.Equal(w.Began) ||
		!strings.HasPrefix(string(a.Origin.User), ilze+" ") || a.Language != session.Latvian {
		t.Errorf("asked %+v", a)
	}
	if len(w.Spent()) != 3 || w.Spent()[0] != connector.RequestRead {
		t.Errorf("spent %q", w.Spent())
	}
}

// TestLate: what comes into the list late, and behind later ones, is found.
func TestLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Lag(time.Minute)
	w.Clock.Pass(30 * time.Second)
	w.Must(w.look(w.Flickr))
	w.Clock.Pass(31 * time.Second)
	w.Must(w.look(w.Flickr))
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Kas ir?"}) {
		t.Errorf("asked %q", got)
	}
}

// TestRun: what stands there goes through the mailbox and is asked, by a replica that starts then.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Write(janis, "Jānis", "Un kad?")
	w.Hours = connector.Hours{Busy: true, Since: w.Began}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	testenv.Until(t, "both are asked", func() bool { return len(w.Inbox.Texts()) == 2 })
	stop()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestIdle: where nothing is on nobody is asked.
func TestIdle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	next, err := w.Fetch(t.Context(), receive.Look{}, nil)
	if err != nil || next.Wait != idleWait || w.fake.Calls(getList) != 0 {
		t.Errorf("%+v, %v, %d calls", next, err, w.fake.Calls(getList))
	}
}

// TestTriggers: where only the hashtag counts, talk is none of ours.
func TestTriggers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Write(janis, "Jānis", "Un kad? #Jautā")
	w.Must(w.look(w.replica(Settings{Hashtag: "jautā", Triggers: []Trigger{TriggerHashtag}})))
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Un kad? #Jautā"}) {
		t.Errorf("asked %q", got)
	}
}

// TestReworded: an edit is told once, also the one back and one from while nobody looked.
func TestReworded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Flickr, w.original))
	w.Inbox.Forget() // once as it is, which changes nothing
	for _, text := range []string{"Kas tas ir?", "Kas ir?"} {
		w.fake.Reword(w.original, text)
		w.Must(w.look(w.Flickr, w.original))
		w.Must(w.look(w.Flickr, w.original))
	}
	w.fake.Reword(w.original, "Kas ir, kamēr neviens neskatās?")
	w.Must(w.look(w.replica(Settings{}), w.original))
	if got := w.Inbox.Wordings(); !slices.Equal(got, []string{"Kas tas ir?", "Kas ir?", "Kas ir, kamēr neviens neskatās?"}) {
		t.Errorf("reworded %q", got)
	}
}

// TestRemoved: a comment is gone when the whole list has lacked it for a while, and as many
// stand there as Flickr counts.
func TestRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := w.fake.Write(janis, "Jānis", "Otrais?")
	w.Must(w.look(w.Flickr, w.original, second))
	w.fake.Remove(w.original)
	w.Must(w.look(w.Flickr, w.original, second))
	w.Clock.Pass(missingFor - time.Second)
	w.Must(w.look(w.Flickr, w.original, second))
	if got := w.Inbox.Removals(); len(got) != 0 {
		t.Errorf("removed %q too early", got)
	}
	w.Clock.Pass(time.Second)
	w.Must(w.look(w.Flickr, w.original, second))
	if got := w.Inbox.Removals(); !slices.Equal(got, []session.MessageID{session.MessageID(w.original)}) {
		t.Errorf("removed %q", got)
	}
}

// TestNotRemoved: a list that is empty, cut or no answer removes nothing.
func TestNotRemoved(t *testing.T) {
	t.Parallel()
	empty := `{"comments":{"photo_id":"` + flickrfake.Photo + `"},"stat":"ok"}`
	for _, body := range []string{empty, `{"stat":"ok"}`, `{}`, `[]`, worldtest.HTMLPage,
		`{"stat":"fail","code":105,"message":"Service"}`} {
		w := newWorld(t)
		for range 10 { // of looks, and of the whole
			w.fake.Answer(getList, 200, body)
		}
		for range 5 {
			if err := w.look(w.Flickr, w.original); err != nil && body == empty {
				t.Error(err)
			}
			w.Clock.Pass(missingFor)
		}
		if got := w.Inbox.Removals(); len(got) != 0 {
			t.Errorf("%s: removed %q", body, got)
		}
	}
}

// TestPhotoVanished: a photo that nobody sees removes nothing; people are told of it.
func TestPhotoVanished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Flickr, w.original))
	w.fake.Vanish(true)
	for range 3 {
		trouble, ok := errors.AsType[*receive.Trouble](w.look(w.Flickr, w.original))
		if !ok || trouble.ID != "flickr.photo_gone" || trouble.Wait != mendWait {
			t.Errorf("people are told %+v", trouble)
		}
		w.Clock.Pass(missingFor)
	}
	if got := w.Inbox.Removals(); len(got) != 0 {
		t.Errorf("removed %q", got)
	}
}

// TestStrangeLists: what cannot be read is buried, and the rest is heard.
func TestStrangeLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Answer(getList, 200, `{"comments":{"comment":[7,{"id":"../x"},{"id":"1-2-72157594037941949","author":"a b","authorname":null,
		"datecreate":1796032800,"permalink":"javascript:alert(1)","_content":"Kas?"}]},"stat":"ok"}`)
	var events []connector.Event
	_, err := w.Fetch(t.Context(), receive.Look{Hours: connector.Hours{Busy: true, Since: w.Began}}, worldtest.Collect(&events))
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for i, want := range []error{receive.ErrUndecodable, receive.ErrUndecodable, nil} {
		if err := w.Handle(t.Context(), events[i].Raw); !errors.Is(err, want) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if a := w.Inbox.Questions(); len(a) != 1 || a[0].Origin.URL != "" || a[0].Origin.User != "ab" || address(a[0].Origin) != "" {
		t.Errorf("asked %+v", a)
	}
}

// TestRevoked: when the token is taken back in the middle of an hour, people are told what to
// do, nothing is refused for good, and all goes on with it.
func TestRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Flickr))
	w.fake.Revoke()
	err := w.look(w.Flickr)
	trouble, ok := errors.AsType[*receive.Trouble](err)
	if !ok || trouble.ID != "flickr.login_refused" || trouble.Wait != mendWait {
		t.Errorf("people are told %+v", trouble)
	}
	_, err = w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("revoked", err, connector.Deferred)
	w.fake.Restore()
	_, err = w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	w.Must(w.look(w.Flickr))
	w.Reads("Atbilde.")
}

// TestClockOff: a clock that is wrong is told as something to mend.
func TestClockOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sign.Now = func() time.Time { return w.Clock.Now().Add(-clocks - time.Second) }
	trouble, ok := errors.AsType[*receive.Trouble](w.look(w.Flickr))
	if !ok || trouble.ID != "flickr.login_refused" {
		t.Errorf("people are told %+v", trouble)
	}
}
