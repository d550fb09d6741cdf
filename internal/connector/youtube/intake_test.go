package youtube

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/connector/youtube/youtubefake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// TestAsked: other people's comments since the announcement are questions, each once; what the
// channel wrote is none, and neither is what stood there before.
func TestAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Clock.Pass(-time.Hour)
	w.fake.Write(janis, janisName, "Labs video!", "")
	w.Clock.Pass(time.Hour)
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	top := w.announce()
	w.fake.Write(janis, janisName, "Vai a < b & c?\nhttps://a.lv/x", "")
	w.fake.Write(janis, janisName, "Un kad?", top)
	w.fake.Write(janis, janisName, "Paldies, Ilze!", w.original)
	for range 2 {
		w.Must(w.look(w.YouTube))
	}
	w.Must(w.look(w.replica(Settings{}))) // after a restart
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Vai a < b & c?\nhttps://a.lv/x", "Kas ir?", "Un kad?"}) {
		t.Fatalf("asked %q", got)
	}
	a := w.Inbox.Questions()[1]
	if a.Origin.Message != session.MessageID(w.original) || a.Origin.Place != youtubefake.Video || a.Session != "" || !a.At.Equal(w.Began) ||
		a.Origin.User != ilze+" "+ilzeName || a.Language != session.Latvian || a.Origin.URL != w.YouTube.at(w.original).URL {
		t.Errorf("asked %+v", a)
	}
	if used := w.fake.Used() - 103; used > w.spent+2 { // the channel was asked for twice
		t.Errorf("%d units were used for reading, and %d paid", used, w.spent)
	}
}

// TestTriggers: where only the hashtag or replies count, the rest is talk.
func TestTriggers(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		triggers []Trigger
		want     []string
	}{
		{[]Trigger{TriggerHashtag}, []string{"Un kad? #Jautā", "Cik? #jautā"}},
		{[]Trigger{TriggerReply}, []string{"Cik? #jautā", "Vai?"}},
		{[]Trigger{TriggerComment}, []string{"Un kad? #Jautā", "Kas ir?"}},
	} {
		w := newWorld(t)
		top := w.announce()
		w.fake.Write(janis, janisName, "Un kad? #Jautā", "")
		w.fake.Write(janis, janisName, "Vai?", top)
		w.fake.Write(janis, janisName, "Cik? #jautā", top)
		w.Must(w.look(w.replica(Settings{Hashtag: "jautā", Triggers: x.triggers})))
		got := w.Inbox.Texts()
		slices.Sort(got)
		slices.Sort(x.want)
		if !slices.Equal(got, x.want) {
			t.Errorf("%q: asked %q", x.triggers, got)
		}
	}
}

// TestPages: all since the announcement is found on however many pages; what comes into the list late
// and far behind is found within minutes, and for what is new one page is read.
func TestPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	held := w.fake.Write(janis, janisName, "Spams?", "")
	w.fake.Change(held, func(c *youtubefake.Comment) { c.Status = youtubefake.Held })
	for i := range 9 {
		w.Clock.Pass(time.Second)
		w.fake.Write(janis, janisName, fmt.Sprint("Cik ir ", i, "?"), "")
	}
	w.fake.Pages(2)
	w.Must(w.look(w.YouTube))
	if got := w.Inbox.Texts(); len(got) != 10 {
		t.Fatalf("asked %q", got)
	}
	before := w.fake.Calls(getThreads)
	w.fake.Change(held, func(c *youtubefake.Comment) { c.Status = youtubefake.Published })
	w.Must(w.look(w.YouTube))
	if n := w.fake.Calls(getThreads) - before; n != 1 {
		t.Errorf("%d pages were read for nothing", n)
	}
	w.Clock.Pass(deepEvery)
	w.Must(w.look(w.YouTube))
	if got := w.Inbox.Texts(); len(got) != 11 || got[10] != "Spams?" {
		t.Errorf("asked %q", got)
	}
}

// TestBroken: a list that breaks off is read whole the next time.
func TestBroken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 4 {
		w.fake.Write(janis, janisName, fmt.Sprint("Cik ir ", i, "?"), "")
	}
	w.fake.Pages(2)
	l := receive.Look{Hours: connector.Hours{Busy: true, Since: w.Began}}
	puts := 0
	_, err := w.Fetch(t.Context(), l, func(context.Context, ...connector.Event) (int, error) {
		if puts++; puts == 2 {
			return 0, errors.New("the store is away")
		}
		return 0, nil
	})
	if err == nil {
		t.Error("no error")
	}
	w.Must(w.look(w.YouTube))
	if got := w.Inbox.Texts(); len(got) != 3 { // two were put
		t.Errorf("asked %q", got)
	}
}

// TestAgain: edits, likes and what was told of them before; also from while nobody looked.
func TestAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.at(w.original)
	again := func(y *YouTube) {
		t.Helper()
		w.Clock.Pass(againEvery)
		w.Must(w.look(y, o))
	}
	again(w.YouTube)
	w.fake.Change(w.original, func(c *youtubefake.Comment) { c.Likes = 3 })
	w.Clock.Pass(time.Second)
	w.fake.Reword(w.original, "Kas tas ir?")
	again(w.YouTube)
	again(w.YouTube)
	w.Clock.Pass(time.Second)
	w.fake.Reword(w.original, "Kas ir?")
	w.fake.Change(w.original, func(c *youtubefake.Comment) { c.Likes = 0 })
	again(w.YouTube)
	again(w.replica(Settings{}))
	if got := w.Inbox.Wordings(); !slices.Equal(got, []string{"Kas tas ir?", "Kas ir?", "Kas ir?"}) {
		t.Errorf("reworded %q", got)
	}
	if got := w.Inbox.Likes(); !slices.Equal(got, []int{0, 3, 0, 0}) {
		t.Errorf("liked %d", got)
	}
}

// TestRemoved: a question is gone when YouTube says for a while that there is no such comment,
// however it says so, and shows others; not when it shows nothing at all.
func TestRemoved(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		w := newWorld(t)
		w.fake.Strict(strict)
		second := w.fake.Write(janis, janisName, "Otrais?", "")
		w.announce()
		again := func(d time.Duration) {
			t.Helper()
			w.Clock.Pass(d)
			w.Must(w.look(w.YouTube, w.at(w.original), w.at(second)))
		}
		again(againEvery)
		w.fake.Remove(w.original)
		again(againEvery)
		again(missingFor - time.Second)
		if got := w.Inbox.Removals(); len(got) != 0 {
			t.Errorf("removed %q too early", got)
		}
		again(againEvery)
		if got := w.Inbox.Removals(); !slices.Equal(got, []session.MessageID{session.MessageID(w.original)}) {
			t.Errorf("removed %q", got)
		}
		for range 4 { // YouTube shows nothing
			for range 3 {
				w.fake.Answer(getComments, 200, `{"items":[]}`)
			}
			again(missingFor + time.Second)
		}
		if got := w.Inbox.Removals(); len(got) != 1 {
			t.Errorf("removed %q", got)
		}
	}
}

// TestMissingAnew: what was shown in between is not missing since before.
func TestMissingAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.announce()
	again := func(d time.Duration) {
		t.Helper()
		w.Clock.Pass(d)
		w.Must(w.look(w.YouTube, w.at(w.original)))
	}
	w.fake.Answer(getComments, 200, `{"items":[]}`)
	again(againEvery)
	again(missingFor - time.Second)
	w.fake.Remove(w.original)
	again(againEvery)
	if got := w.Inbox.Removals(); len(got) != 0 {
		t.Errorf("removed %q too early", got)
	}
	again(missingFor)
	if got := w.Inbox.Removals(); len(got) != 1 {
		t.Errorf("removed %q", got)
	}
}

// TestNotRemoved: what is no answer removes nothing.
func TestNotRemoved(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, worldtest.HTMLPage, "", `{"items":[{"id":"x"}]}`} {
		w := newWorld(t)
		w.announce()
		for range 5 {
			w.fake.Answer(getComments, 200, body)
			w.fake.Answer(getComments, 200, body)
			_ = w.look(w.YouTube, w.at(w.original))
			w.Clock.Pass(missingFor)
		}
		if got := w.Inbox.Removals(); len(got) != 0 {
			t.Errorf("%s: removed %q", body, got)
		}
	}
}

// TestTroubles: what somebody has to mend is told, and all goes on when it is.
func TestTroubles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.YouTube))
	tells := func(id string) {
		t.Helper()
		trouble, ok := errors.AsType[*receive.Trouble](w.look(w.YouTube, w.at(w.original)))
		if !ok || trouble.ID != "youtube."+id || trouble.Wait < letWait {
			t.Errorf("people are told %+v, want %s", trouble, id)
		}
	}
	w.fake.Disable(true)
	tells("closed")
	w.fake.Disable(false)
	w.fake.Vanish(true)
	tells("video_gone")
	w.fake.Vanish(false)
	w.fake.Quota(0)
	tells("units_used")
	w.fake.Quota(10_000)
	w.fake.Revoke()
	tells("token_refused")
	w.Clock.Pass(usualFor) // the access token is over too
	tells("token_dead")
	if len(w.Inbox.Removals()) != 0 {
		t.Errorf("removed %q", w.Inbox.Removals())
	}
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("revoked", err, connector.Deferred)
	w.fake.Restore()
	w.Clock.Pass(mendWait)
	_, err = w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	w.Must(w.look(w.YouTube))
	w.Reads("Atbilde.")
}

// TestPace: the fewer units are left, the longer are the pauses; people are told in time, and where
// nothing is on nobody is asked.
func TestPace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, x := range []struct {
		left  int
		want  time.Duration
		tells bool
	}{{10_000, 10 * time.Second, false}, {5_000, 10 * time.Second, false}, {4_999, 20 * time.Second, false},
		{2_499, 40 * time.Second, false}, {1_999, 40 * time.Second, true}, {999, 2 * time.Minute, true}, {0, 5 * time.Minute, true}} {
		w.units = x.left
		for busy, times := range map[bool]time.Duration{true: 1, false: calmTimes} {
			l := receive.Look{Hours: connector.Hours{Busy: busy, Since: w.Began, Under: []session.Origin{w.at("Ugz_fake999999999999AaABAg")}}}
			next, err := w.Fetch(t.Context(), l, func(context.Context, ...connector.Event) (int, error) { return 0, nil })
			if err != nil || next.Wait != times*x.want {
				t.Errorf("%d left: %+v, %v", x.left, next, err)
			}
		}
		if told := w.Trouble(); (len(told) == 1 && told[0].ID == "youtube.units_low") != x.tells {
			t.Errorf("%d left: people are told %v", x.left, told)
		}
	}
	before := w.fake.Used()
	if next, err := w.Fetch(t.Context(), receive.Look{}, nil); err != nil || next.Wait != idleWait || w.fake.Used() != before {
		t.Errorf("%+v, %v, %d units", next, err, w.fake.Used()-before)
	}
}

// TestRun: what stands there goes through the mailbox and is asked, by a replica that starts then.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Write(janis, janisName, "Un kad?", "")
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

// TestStrangeLists: what cannot be read is buried, and the rest is heard.
func TestStrangeLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Answer(getThreads, 200, `{"items":[{"id":"../x"},{"snippet":{}},{"snippet":{"topLevelComment":{"id":"Ugz_strange-1",
		"snippet":{"authorChannelId":{"value":"a b"},"textDisplay":" Kas? ","publishedAt":"2026-11-30T10:00:00Z"}}}}]}`)
	var events []connector.Event
	l := receive.Look{Hours: connector.Hours{Busy: true, Since: w.Began}}
	_, err := w.Fetch(t.Context(), l, func(_ context.Context, some ...connector.Event) (int, error) {
		events = append(events, some...)
		return len(some), nil
	})
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for i, want := range []error{receive.ErrUndecodable, receive.ErrUndecodable, nil} {
		if err := w.Handle(t.Context(), events[i].Raw); !errors.Is(err, want) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if a := w.Inbox.Questions(); len(a) != 1 || a[0].Origin.User != "ab" || a[0].Text != "Kas?" {
		t.Errorf("asked %+v", a)
	}
}

// FuzzParse: whatever stands in a list, what is taken has a name of the right form and fits a letter.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"id":"Ugz_fake000001","snippet":{"publishedAt":"2026-11-30T10:00:00Z","textDisplay":"x","likeCount":-1}}`))
	f.Add([]byte(`{"snippet":{"topLevelComment":{"id":"Ugz_fake000001.9abcdef","snippet":{"publishedAt":"2026-11-30T10:00:00Z"}}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, ok := parse[comment](raw)
		if th, also := parse[thread](raw); also {
			c, ok = th.Snippet.Top, true
		}
		if !ok {
			return
		}
		e := c.event("k", letter{Do: doAsk, Text: cut(c.text())})
		if !commentID.MatchString(c.ID) || len(e.From) > mostAuthor || len(e.Raw) > 300<<10 {
			t.Errorf("%+v", e)
		}
	})
}
