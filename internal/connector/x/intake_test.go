package x

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/connector/x/xfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// TestAsked: what mentions the account is a question, once, whoever looks and after a restart; what
// the bot wrote is none, and neither is what was there before.
func TestAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Clock.Pass(time.Hour)
	w.Began = w.Clock.Now()
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde @iestade."))
	w.Must(err)
	asked := w.fake.Write(janis, "Vai a < b & c, @IESTADE? https://a.lv/x")
	w.fake.Write(janis, "@iestadei Nav mums.")
	for range 2 {
		w.Must(w.look(w.X))
		w.Clock.Pass(busyWait)
	}
	w.Must(w.look(w.replica(Settings{})))
	w.cursor = nil
	w.Must(w.look(w.replica(Settings{})))
	w.asked("Vai a < b & c, ? https://a.lv/x")
	a := w.Inbox.Questions()[0]
	if a.Origin.Message != session.MessageID(asked) || a.Origin.Place != place || a.Name != "" || !a.At.Equal(w.Began) ||
		a.Origin.User != janis || a.Origin.URL != "https://x.com/i/web/status/"+asked || a.Session != "" {
		t.Errorf("asked %+v", a)
	}
}

// TestCheap: while nobody writes nothing is charged, and each question costs its post and its author once.
func TestCheap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.announce(w.fake.Write(xfake.Self, "Sākam!"))
	w.Must(w.look(w.X, w.original))
	const first = 10 + 1 + 10 // who the account is, the question, its author; read again it costs nothing that day
	if got := w.fake.Spent(); got != first {
		t.Errorf("it cost %d", got)
	}
	before := w.fake.Spent()
	for range 90 {
		w.Clock.Pass(busyWait)
		w.Must(w.look(w.X, w.original))
	}
	if got := w.fake.Spent(); got != before {
		t.Errorf("silence cost %d", got-before)
	}
	if n := w.fake.Calls(xfake.Search); n > 17 {
		t.Errorf("%d searches in a quarter of an hour", n)
	}
}

// TestUnder: a reply to an announcement is a question, also one that mentions nobody; a reply to
// something else is talk, unless its author wrote the account's name.
func TestUnder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	news := w.fake.Write(xfake.Self, "Sākam!")
	w.announce(news)
	w.fake.Under(news, janis, "Un kad?")
	sent, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	w.fake.Under(string(sent.Message), ilze, "Paldies!")
	w.fake.Under(string(sent.Message), ilze, "@iestade Un vai lietus?")
	w.Must(w.look(w.X))
	w.asked("Kas ir?", "Un kad?", "Un vai lietus?")
	if a := w.Inbox.Questions()[1]; a.Session != "h" {
		t.Errorf("asked %+v", a)
	}
}

// TestSearched: who takes the account's name out of a reply to an announcement is found by a search,
// and the hashtag too.
func TestSearched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	news := w.fake.Write(janis, "Sākam!") // whose replies call somebody else
	w.announce(news)
	w.fake.Under(news, ilze, "Un kad?")
	w.fake.Write(ilze, "Un cik? #Jautā")
	w.fake.Write(ilze, "Un kas? #jautājums")
	w.Must(w.look(w.replica(Settings{Hashtag: "jautā"})))
	w.asked("Kas ir?", "Un kad?", "Un cik?")
	w.cursor = nil
	w.Inbox.Clear()
	w.Inbox.Announce(session.MessageID(news))
	w.Must(w.look(w.replica(Settings{Triggers: []Trigger{TriggerMention}})))
	w.asked("Kas ir?")
}

// TestUnplaced: what may stand under an announcement that is being posted comes again.
func TestUnplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	news := w.fake.Write(xfake.Self, "Sākam!")
	w.Inbox.Unplace(true)
	w.fake.Under(news, janis, "Un kad?")
	if err := w.look(w.X); !errors.Is(err, connector.ErrUnplaced) {
		t.Errorf("it is %v", err)
	}
	w.Inbox.Unplace(false)
	w.announce(news)
	w.Must(w.look(w.X))
	w.asked("Kas ir?", "Un kad?")
}

// TestLate: what comes into the list late, and behind later ones, is found.
func TestLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Lag(40 * time.Second)
	w.Clock.Pass(30 * time.Second)
	w.Must(w.look(w.X))
	w.asked()
	w.Clock.Pass(11 * time.Second)
	w.Must(w.look(w.X))
	w.asked("Kas ir?")
	w.fake.Lag(0)
	w.fake.Late(w.fake.Write(janis, "@iestade Un kad?"), 50*time.Second)
	w.Clock.Pass(10 * time.Second)
	w.fake.Write(ilze, "@iestade Un cik?")
	w.Must(w.look(w.X))
	w.Clock.Pass(40 * time.Second)
	w.Must(w.look(w.X))
	w.asked("Kas ir?", "Un cik?", "Un kad?")
}

// TestManyPages: what was written while nobody looked is found, however much it is, the oldest first.
func TestManyPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := []string{"Kas ir?"}
	for range 230 {
		w.fake.Write(janis, "@iestade Kas?")
		want = append(want, "Kas?")
	}
	w.Must(w.look(w.X))
	w.asked(want...)
}

// TestRun: what stands there goes through the mailbox and is asked, by a replica that starts then.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Write(janis, "@iestade Un kad?")
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
	if err != nil || next.Wait != idleWait || w.fake.Spent() != 0 {
		t.Errorf("%+v, %v", next, err)
	}
}

// TestChanged: likes and edits are told when they change, also an edit that was made before anybody looked;
// a post that is gone is told, and so is what X says in its former words.
func TestChanged(t *testing.T) {
	t.Parallel()
	for _, old := range []bool{false, true} {
		w := newWorld(t)
		w.fake.OldNames(old)
		again := func() {
			t.Helper()
			w.Must(w.look(w.X, w.original))
			w.Clock.Pass(againWait)
		}
		again()
		again()
		w.fake.Like(w.original, 3)
		again()
		w.fake.Like(w.original, 0)
		again()
		if !slices.Equal(w.Inbox.Likes(), []int{0, 3, 0}) {
			t.Errorf("likes %v", w.Inbox.Likes())
		}
		edited := w.fake.Edit(w.original, "@iestade Kas tas ir?")
		again()
		if want := "Kas tas ir?"; edited == w.original || !slices.Contains(w.Inbox.Wordings(), want) {
			t.Errorf("reworded %q", w.Inbox.Wordings())
		}
		w.asked("Kas ir?") // its new id is no new question
		w.fake.Remove(w.original)
		again()
		if !slices.Equal(w.Inbox.Removals(), []session.MessageID{session.MessageID(w.original)}) {
			t.Errorf("removed %q", w.Inbox.Removals())
		}
	}
}

// TestNotRemoved: an answer that lacks a post, or is none, removes nothing.
func TestNotRemoved(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"data":[]}`, `{"meta":{"result_count":0}}`, `[]`, worldtest.HTMLPage,
		`{"errors":[{"value":"1","type":"https://api.x.com/2/problems/resource-not-found"}]}`,
		`{"errors":[{"value":"ID","type":"https://api.x.com/2/problems/not-authorized-for-resource"}]}`} {
		w := newWorld(t)
		w.fake.Answer(xfake.Lookup, 200, strings.ReplaceAll(body, "ID", w.original))
		_ = w.look(w.X, w.original) // which is an error for some
		if len(w.Inbox.Removals()) != 0 {
			t.Errorf("%s: removed %q", body, w.Inbox.Removals())
		}
	}
}

// TestStrangeLists: what cannot be read is buried, and the rest is heard.
func TestStrangeLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Answer(xfake.Mentions, 200, `{"data":[{"id":"3","author_id":"4","text":"@iestade Kas?","display_text_range":[-1,"x"]},7,
		{"id":"../x"},{"id":"5","author_id":"6","text":"@iestade Kas?","display_text_range":[99,1],"edit_history_post_ids":[],
		"created_at":"2026-11-30T10:00:00Z"}]}`)
	var events []connector.Event
	_, err := w.Fetch(t.Context(), receive.Look{Hours: connector.Hours{Busy: true, Since: w.Began}}, worldtest.Collect(&events))
	if err != nil || len(events) != 4 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for i, want := range []error{nil, receive.ErrUndecodable, receive.ErrUndecodable, receive.ErrUndecodable} {
		if err := w.Handle(t.Context(), events[i].Raw); !errors.Is(err, want) {
			t.Errorf("%d: %v", i, err)
		}
	}
	w.asked("Kas?")
}

// TestTroubles: what somebody has to mend is told as such, nothing is refused for good, and all goes on afterwards.
func TestTroubles(t *testing.T) {
	t.Parallel()
	for id, c := range map[string]struct{ begin, end func(*xfake.X) }{
		"x.login_refused": {(*xfake.X).Revoke, (*xfake.X).Restore},
		"x.no_credit":     {func(f *xfake.X) { f.Credit(0) }, func(f *xfake.X) { f.Credit(1000) }},
	} {
		w := newWorld(t)
		c.begin(w.fake)
		trouble, ok := errors.AsType[*receive.Trouble](w.look(w.X))
		if !ok || trouble.ID != id || trouble.Wait == 0 {
			t.Errorf("%s: people are told %+v", id, trouble)
		}
		_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		w.Wants(id, err, connector.Deferred)
		if e := connector.OutcomeOf(err); e.Wait == 0 {
			t.Errorf("%s: it comes again at once", id)
		}
		c.end(w.fake)
		_, err = w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		w.Must(err)
		w.Must(w.look(w.X))
		w.asked("Kas ir?")
		w.Reads("Atbilde.")
	}
}
