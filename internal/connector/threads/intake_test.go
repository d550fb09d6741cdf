package threads

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/threads/threadsfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// TestAsked: replies under the announcement, mentions and the hashtag are questions, each once;
// what the bot wrote and what people say to each other is none.
func TestAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	w.fake.Write(janis, string(sent.Message), "Un  kad\n beigsies?")
	w.fake.Write(janis, w.original, "Es arī nezinu.")
	w.fake.Write(janis, w.original, "Kur? #jautā")
	w.fake.Write(janis, w.original, "@"+threadsfake.SelfName+", cik?")
	w.fake.Write(janis, w.original, "@"+threadsfake.SelfName+"x, ko tu?")
	elsewhere := w.fake.Write(janis, "", "Labdien @"+strings.ToUpper(threadsfake.SelfName)+"!")
	w.fake.Change(elsewhere, func(p *threadsfake.Post) { p.Text = "Kāpēc, @" + threadsfake.SelfName + "?" })
	c := w.replica("two", Settings{Hashtag: "jautā"})
	for range 2 {
		w.Must(w.look(c))
	}
	w.Must(w.look(w.replica("three", Settings{Hashtag: "jautā"}))) // after a restart
	want := []string{"Kas ir?", "Kur? #jautā", "Kāpēc, ?", "Un kad\nbeigsies?", "cik?"}
	if got := w.Inbox.Texts(); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Fatalf("asked %q", got)
	}
	for _, a := range w.Inbox.Asks {
		hour := session.ID("h")
		if a.Text == "Kāpēc, ?" {
			hour = ""
		}
		if a.Session != hour || a.Origin.Place != place || a.Origin.User == "" || a.Name != "" || a.Language != session.Latvian ||
			!permalink.MatchString(a.Origin.URL) || a.At.IsZero() {
			t.Errorf("asked %+v", a)
		}
	}
}

// TestTriggers: what does not count is no question.
func TestTriggers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Write(janis, w.original, "Kur? #jautā")
	w.fake.Write(janis, w.original, "@"+threadsfake.SelfName+", cik?")
	for trigger, want := range map[Trigger]string{TriggerReply: "Kas ir?", TriggerHashtag: "Kur? #jautā", TriggerMention: "cik?"} {
		w.Inbox.Asks = nil
		w.Must(w.look(w.replica(string(trigger), Settings{Hashtag: "jautā", Triggers: []Trigger{trigger}})))
		if got := w.Inbox.Texts(); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: asked %q", trigger, got)
		}
	}
}

// TestManyAndLate: what was written while nobody looked is found however much it is, and so is
// what the list shows later, behind newer ones.
func TestManyAndLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 60 {
		w.fake.Write(janis, w.news, fmt.Sprint("Jautājums ", i))
		w.Clock.Pass(time.Second)
	}
	w.Must(w.look(w.Threads))
	if n := len(w.Inbox.Texts()); n != 61 {
		t.Errorf("%d are asked", n)
	}
	w.fake.Lag(3 * time.Minute)
	w.Clock.Pass(time.Minute)
	w.fake.Write(janis, w.news, "Vēlais")
	w.Clock.Pass(2 * time.Minute)
	w.Must(w.look(w.Threads))
	w.fake.Lag(0)
	w.fake.Write(janis, w.news, "Jaunais")
	w.Clock.Pass(2 * time.Minute)
	before := w.fake.Calls("conversation")
	w.Must(w.look(w.Threads))
	if got := w.Inbox.Texts(); len(got) != 63 || !slices.Contains(got, "Vēlais") {
		t.Errorf("%d are asked, the last %q", len(got), got[len(got)-1])
	}
	if n := w.fake.Calls("conversation") - before; n != 4 {
		t.Errorf("a reading to the end took %d calls", n)
	}
	w.Clock.Pass(10 * time.Second)
	w.Must(w.look(w.Threads))
	if n := w.fake.Calls("conversation") - before; n != 5 {
		t.Errorf("a look for what is new took %d calls", n-4)
	}
}

// TestChanged: an edit is a new wording, also of what a restart knows nothing of.
func TestChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Threads, w.original))
	if len(w.Inbox.Edits) > 0 {
		t.Errorf("reworded %q", w.Inbox.Edits)
	}
	w.fake.Change(w.original, func(p *threadsfake.Post) { p.Text = "Kas tas ir?" })
	w.Clock.Pass(time.Minute)
	w.Must(w.look(w.Threads, w.original))
	w.Must(w.look(w.Threads, w.original))
	w.Must(w.look(w.replica("two", Settings{}), w.original))
	if got := w.Inbox.Edits; len(got) < 1 || got[0] != "Kas tas ir?" || len(got) > 2 {
		t.Errorf("reworded %q", got)
	}
}

// TestGone: a deleted question is withdrawn when it has been missing and Threads says of itself
// that it is not there; one that a list lacks for a while is not.
func TestGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Threads, w.original))
	pass := func(d time.Duration, want int) {
		t.Helper()
		w.Clock.Pass(d)
		w.Must(w.look(w.Threads, w.original))
		if len(w.Inbox.Gone) != want {
			t.Fatalf("removed %q, want %d", w.Inbox.Gone, want)
		}
	}
	w.fake.Lag(day) // the list shows nothing
	for range 5 {
		pass(time.Minute, 0)
	}
	w.fake.Lag(0)
	pass(time.Minute, 0)
	w.fake.Remove(w.original)
	pass(time.Minute, 0)
	pass(time.Second, 0)
	pass(time.Minute, 1)
}

// TestGoneAnnouncement: what stood under an announcement that somebody deleted was not deleted
// by who asked.
func TestGoneAnnouncement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Threads, w.original))
	w.fake.Remove(w.news)
	w.fake.Remove(w.original)
	after := w.replica("two", Settings{}) // a restart, which remembers nothing
	for range 4 {
		w.Clock.Pass(time.Minute)
		w.Must(w.look(w.Threads, w.original))
		w.Must(w.look(after, w.original))
	}
	if len(w.Inbox.Gone) > 0 {
		t.Errorf("removed %q", w.Inbox.Gone)
	}
}

// TestHidden: a reply that the institution hid is no question, or is withdrawn.
func TestHidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	spam := w.fake.Write(janis, w.news, "Pērciet!")
	w.fake.Change(spam, func(p *threadsfake.Post) { p.Hide = "HIDDEN" })
	covered := w.fake.Write(janis, w.news, "Un tas?")
	w.fake.Change(covered, func(p *threadsfake.Post) { p.Hide = "COVERED" })
	w.Must(w.look(w.Threads, w.original))
	if got := w.Inbox.Texts(); !slices.Equal(slices.Sorted(slices.Values(got)), []string{"Kas ir?", "Un tas?"}) {
		t.Errorf("asked %q", got)
	}
	w.fake.Change(w.original, func(p *threadsfake.Post) { p.Hide = "HIDDEN" })
	w.Clock.Pass(time.Minute)
	w.Must(w.look(w.Threads, w.original))
	if !slices.Equal(w.Inbox.Gone, []session.MessageID{session.MessageID(w.original)}) {
		t.Errorf("removed %q", w.Inbox.Gone)
	}
	w.fake.Change(spam, func(p *threadsfake.Post) { p.Hide = "UNHUSHED" })
	w.Clock.Pass(time.Minute)
	w.Must(w.look(w.Threads))
	if got := w.Inbox.Texts(); !slices.Contains(got, "Pērciet!") {
		t.Errorf("asked %q", got)
	}
}

// TestNotHidden: what stands deeper cannot be hidden by itself, and the desk is told what to do.
func TestNotHidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	deeper := w.fake.Write(janis, w.original, "Un tas?")
	w.Wants("deeper", w.Hide(t.Context(), w.origin(deeper), true), connector.Refused)
	w.Must(w.Hide(t.Context(), w.origin(w.original), true))
	w.Must(w.Hide(t.Context(), w.origin(deeper), true)) // it went with what it stands under
	w.Must(w.Hide(t.Context(), w.origin(deeper), false))
	if !w.hidden() {
		t.Error("it is shown")
	}
}

// TestPictures and private profiles: what comes with a question is said, and who is not named
// asks all the same.
func TestPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Change(w.original, func(p *threadsfake.Post) { p.Kind, p.Author, p.Text = "IMAGE", "", "" })
	w.Must(w.look(w.Threads))
	if a := w.Inbox.Asks; len(a) != 1 || a[0].With != session.MediaPicture || a[0].Origin.User != session.UserRef("post "+w.original) ||
		a[0].Origin.URL != "" {
		t.Errorf("asked %+v", a)
	}
}

// TestUnplaced: under what is being announced a mention is a question, and all else comes again.
func TestUnplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Inbox.News, w.Inbox.Unplaced = "1", true
	if err := w.look(w.Threads); !errors.Is(err, connector.ErrUnplaced) {
		t.Errorf("it is handled: %v", err)
	}
	w.fake.Change(w.original, func(p *threadsfake.Post) { p.Text = "@" + threadsfake.SelfName + " kas ir?" })
	w.Must(w.look(w.replica("two", Settings{})))
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"kas ir?"}) {
		t.Errorf("asked %q", got)
	}
}

// TestTroubles: what somebody has to mend is said in words of its own.
func TestTroubles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Forbid("threads_manage_mentions")
	w.Must(w.look(w.Threads))
	if got := w.Trouble(); len(got) != 1 || got[0].ID != "threads.no_mentions" || len(w.Inbox.Texts()) != 1 {
		t.Errorf("found %+v, asked %q", got, w.Inbox.Texts())
	}
	says := func(want string) {
		t.Helper()
		err := w.look(w.Threads)
		if trouble, ok := errors.AsType[*receive.Trouble](err); !ok || trouble.ID != want || trouble.Wait == 0 {
			t.Errorf("it says %v, want %s", err, want)
		}
	}
	w.fake.Forbid("threads_read_replies")
	says("threads.not_allowed")
	w.fake.Revoke()
	says("threads.login_refused")
	w.Clock.Pass(2 * time.Minute)
	says("threads.login_refused")
	w.fake.Restore()
	says("threads.not_allowed")
}

// TestIdle: where nothing is on nobody is asked.
func TestIdle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	next, err := w.Fetch(t.Context(), receive.Look{}, nil)
	if err != nil || next.Wait != idleWait || w.Spent() != 0 || w.fake.Calls("me") != 0 {
		t.Errorf("%+v, %v, %d spent", next, err, w.Spent())
	}
}

// TestRun: what stands there goes through the mailbox and is asked, by a replica that starts then.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Write(janis, w.news, "Un kad?")
	w.Hours = connector.Hours{Busy: true, Since: w.Since, Under: []session.Origin{w.origin(w.news)}}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	testenv.Until(t, "both are asked", func() bool { return len(w.Inbox.Texts()) == 2 })
	stop()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// FuzzMedia: whatever stands in a list, what is taken has a name of the right form, a sender, and
// fits a letter.
func FuzzMedia(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"17900000000000001","timestamp":"2026-01-01T18:20:00+0000","username":"a","replied_to":{"id":1}}]}`))
	f.Add([]byte(`{"data":[{"id":17900000000000001},{"id":"x"},null,3],"paging":{"cursors":{"after":"a"}}}`))
	reading := graph.Reading[media]{Names: func(m media) (string, time.Time) { return string(m.ID), m.At.Time }}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var p graph.Page
		if json.Unmarshal(raw, &p) != nil {
			return
		}
		for _, raw := range p.Data {
			m, id := reading.Take(raw)
			if id == "" {
				continue
			}
			e := m.letter(doAsk, "valsts.iestade").event("t" + string(m.ID))
			if !graph.IDForm.MatchString(string(m.ID)) || e.From == "" || len(e.From) > 64 || len(e.Raw) > connector.LongestLetter {
				t.Errorf("%+v", e)
			}
		}
	})
}
