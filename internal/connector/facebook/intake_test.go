package facebook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/graph/graphfake"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// TestAsked: other people's comments under the announcement are questions, each once; what the
// Page wrote is none, and neither is what replies to somebody else.
func TestAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent, err := w.Reply(t.Context(), w.answer("k1", "Pieņemts."))
	w.Must(err)
	w.fake.Write(w.original, janis, "Jānis", "Labs jautājums!")
	w.fake.Write(string(sent.Message), janis, "Jānis", "Un kad?")
	w.fake.Write(w.fake.Publish("Cits ieraksts"), janis, "Jānis", "Ne jautājums")
	for range 2 {
		w.Must(w.look(w.Facebook))
	}
	w.Must(w.look(w.replica(Settings{}))) // after a restart
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Kas ir?", "Un kad?"}) {
		t.Fatalf("asked %q", got)
	}
	a := w.Inbox.Asks[0]
	if a.Origin.Message != session.MessageID(w.original) || a.Origin.Place != place || a.Origin.User != ilze || a.Name != "" ||
		!a.At.Equal(w.Since) || a.Session != "h" || a.Language != session.Latvian || a.Origin.URL == "" {
		t.Errorf("asked %+v", a)
	}
}

// TestTriggers: where only the hashtag counts, talk is none of ours, and a reply may have it.
func TestTriggers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Write(w.original, janis, "Jānis", "Un kad? #Jautā")
	w.Must(w.look(w.replica(Settings{Hashtag: "jautā", Triggers: []Trigger{TriggerHashtag}})))
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Un kad? #Jautā"}) {
		t.Errorf("asked %q", got)
	}
}

// TestMany: all pages are read, also where they repeat themselves, and nothing is read for ever.
func TestMany(t *testing.T) {
	t.Parallel()
	for _, stutters := range []bool{false, true} {
		w := newWorld(t)
		w.fake.Stutter(stutters)
		for i := range 119 {
			w.Clock.Pass(time.Second)
			w.fake.Write(w.post, janis, "Jānis", fmt.Sprint("Jautājums ", i))
		}
		w.Must(w.look(w.Facebook))
		if got := len(w.Inbox.Texts()); got != 120 {
			t.Errorf("stutters %v: %d questions", stutters, got)
		}
		if n := w.fake.Calls(getComments); n > 14 {
			t.Errorf("stutters %v: %d calls", stutters, n)
		}
	}
}

// TestLate: what comes into the list late, or is shown again, is found.
func TestLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Hide(w.original, true)
	w.Must(w.look(w.Facebook))
	late := w.fake.Write(w.post, janis, "Jānis", "Vēls?")
	w.fake.Late(late, true)
	w.Clock.Pass(overlap)
	w.fake.Write(w.post, janis, "Jānis", "Vēlāks?")
	w.Must(w.look(w.Facebook))
	w.fake.Late(late, false)
	w.Must(w.look(w.Facebook))
	w.fake.Hide(w.original, false)
	w.Clock.Pass(wholeSeldom)
	w.Must(w.look(w.Facebook))
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Vēlāks?", "Vēls?", "Kas ir?"}) {
		t.Errorf("asked %q", got)
	}
}

// TestRun: what stands there goes through the mailbox and is asked, by a replica that starts then.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Write(w.post, janis, "Jānis", "Un kad?")
	w.Hours = connector.Hours{Busy: true, Since: w.Since, Under: []session.Origin{w.origin(w.post)}}
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
	if err != nil || next.Wait != idleWait || w.fake.Calls(getComments) != 0 {
		t.Errorf("%+v, %v", next, err)
	}
}

// TestChanged: edits and likes of open questions are told once, also those from while nobody looked.
func TestChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Facebook, w.original))
	w.Inbox.Edits, w.Inbox.Likes = nil, nil // once as it is, which changes nothing
	for i, text := range []string{"Kas tas ir?", "Kas ir?"} {
		w.fake.Reword(w.original, text)
		w.fake.Like(w.original, 3+i)
		for range 2 {
			w.Clock.Pass(wholeEvery)
			w.Must(w.look(w.Facebook, w.original))
		}
	}
	w.fake.Reword(w.original, "Kas ir, kamēr neviens neskatās?")
	w.Must(w.look(w.replica(Settings{}), w.original))
	if got := w.Inbox.Edits; !slices.Equal(got, []string{"Kas tas ir?", "Kas ir?", "Kas ir, kamēr neviens neskatās?"}) {
		t.Errorf("reworded %q", got)
	}
	if got := w.Inbox.Likes; !slices.Equal(got, []int{3, 4, 4}) {
		t.Errorf("liked %d", got)
	}
}

// TestRemoved: a comment is gone when Facebook says so of itself, while the token may read.
func TestRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := w.fake.Write(w.post, janis, "Jānis", "Otrais?")
	w.Must(w.look(w.Facebook, w.original, second))
	w.fake.Remove(w.original)
	w.fake.Hide(second, true)
	w.fake.Forbid("pages_read_user_content")
	w.Clock.Pass(wholeEvery)
	trouble, ok := errors.AsType[*receive.Trouble](w.look(w.Facebook, w.original, second))
	if !ok || trouble.ID != "facebook.forbidden" || len(w.Inbox.Gone) != 0 {
		t.Fatalf("people are told %+v; removed %q", trouble, w.Inbox.Gone)
	}
	w.fake.Allow()
	w.Must(w.look(w.Facebook, w.original, second))
	if got := w.Inbox.Gone; !slices.Equal(got, []session.MessageID{session.MessageID(w.original)}) {
		t.Errorf("removed %q", got)
	}
}

// TestNotRemoved: a list that is empty, cut or no answer removes nothing.
func TestNotRemoved(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"data":[]}`, `{}`, `[]`, htmlPage, graphfake.Body(2, 0, "Later")} {
		w := newWorld(t)
		for range 3 {
			w.fake.Answer(getComments, 200, body)
			_ = w.look(w.Facebook, w.original) // some say that nothing was learnt
			w.Clock.Pass(wholeEvery)
		}
		w.fake.Answer(getComments, 200, `{"data":[]}`)
		w.fake.Answer(getComment, 400, graphfake.Body(100, 33, "Unsupported get request")) // because the token may not
		w.fake.Forbid("pages_read_user_content")
		_ = w.look(w.Facebook, w.original)
		if got := w.Inbox.Gone; len(got) != 0 {
			t.Errorf("%s: removed %q", body, got)
		}
	}
}

// TestAnnouncementGone: with the post its comments are gone, and nothing else suffers.
func TestAnnouncementGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Facebook, w.original))
	w.fake.Remove(w.post)
	w.Clock.Pass(wholeEvery)
	w.Must(w.look(w.Facebook, w.original))
	if got := w.Inbox.Gone; len(got) != 1 {
		t.Errorf("removed %q", got)
	}
}

// TestStrangeLists: what cannot be read is buried, and the rest is heard.
func TestStrangeLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Answer(getComments, 200, `{"data":[7,{"id":"../x","created_time":"2026-11-30T10:00:00+0000"},{"id":"1_2","from":null,
		"created_time":"2026-11-30T10:00:00+0000","message":"Kas?","permalink_url":"javascript:alert(1)","attachment":null}]}`)
	var events []connector.Event
	_, err := w.Fetch(t.Context(), receive.Look{Hours: connector.Hours{Busy: true, Since: w.Since, Under: []session.Origin{w.origin(w.post)}}},
		func(_ context.Context, es ...connector.Event) (int, error) {
			events = append(events, es...)
			return len(es), nil
		})
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for i, want := range []error{receive.ErrUndecodable, receive.ErrUndecodable, nil} {
		if err := w.Handle(t.Context(), events[i].Raw); !errors.Is(err, want) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if a := w.Inbox.Asks; len(a) != 1 || a[0].Origin.URL != "" || a[0].Origin.User != "c1_2" {
		t.Errorf("asked %+v", a)
	}
}

// TestTroubles: when the token is taken back in the middle of an hour, or lacks something, people
// are told what to do, nothing is refused for good, and all goes on with it.
func TestTroubles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Facebook))
	for want, change := range map[string]func(){
		"facebook.token_refused": w.fake.Revoke,
		"facebook.no_ids":        func() { w.fake.Unmoderate(true) },
	} {
		change()
		trouble, ok := errors.AsType[*receive.Trouble](w.look(w.Facebook))
		if !ok || trouble.ID != want || trouble.Wait != graph.MendWait {
			t.Errorf("people are told %+v, want %s", trouble, want)
		}
		w.fake.Restore()
		w.fake.Unmoderate(false)
	}
	w.fake.Revoke()
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("revoked", err, connector.Deferred)
	w.fake.Restore()
	_, err = w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	w.Must(w.look(w.Facebook))
	w.stands("Atbilde.")
}

// FuzzParse: whatever stands in a list, what is taken has a name of the right form.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"id":"1_2","created_time":"2026-11-30T10:00:00+0000","from":{"id":"7"},"message":"x","like_count":2}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		n, ok := parse(raw)
		if !ok {
			return
		}
		e := (&Facebook{}).event(n, "k", letter{Do: doAsk})
		if !nodeID.MatchString(n.ID) || e.From != n.ID || len(e.Raw) > connector.LongestLetter || n.user() == "" {
			t.Errorf("%+v", e)
		}
	})
}

// FuzzText: no text is sent that calls somebody, or that is not found again.
func FuzzText(f *testing.F) {
	f.Add("@[17] a\u2060b")
	f.Fuzz(func(t *testing.T, s string) {
		if !same(markup(s), s) || mentions.MatchString(markup(s)) {
			t.Errorf("%q is sent as %q", s, markup(s))
		}
	})
}
