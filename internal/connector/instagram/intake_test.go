package instagram

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
	"experthour/internal/connector/instagram/instagramfake"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// TestAsked: other people's comments right under the post are questions, each once; what the bot
// wrote, what is hidden and what people say to each other is none.
func TestAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Clock.Pass(-time.Hour)
	w.fake.Write(janis, "", "Skaista bilde!")
	w.Clock.Pass(time.Hour)
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	w.fake.Write(instagramfake.SelfName, "", "Jautājiet!")
	w.fake.Write(janis, w.original, "Es arī nezinu.")
	w.fake.Change(w.fake.Write(janis, "", "Pērciet!"), func(c *instagramfake.Comment) { c.Hidden = true })
	w.Clock.Pass(time.Second)
	w.fake.Write(janis, "", "Un  kad\n beigsies? #jautā")
	for range 2 {
		w.Must(w.look(w.Instagram))
	}
	w.Must(w.look(w.again("two"))) // after a restart
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Un kad\nbeigsies? #jautā", "Kas ir?"}) {
		t.Fatalf("asked %q", got)
	}
	a := w.Inbox.Asks[1]
	if a.Origin.Message != session.MessageID(w.original) || a.Origin.Place != instagramfake.Media || a.Origin.User != ilze || a.Name != "" ||
		!a.At.Equal(w.Since) || a.Language != session.Latvian {
		t.Errorf("asked %+v", a)
	}
	w.Inbox.Asks = nil
	w.Must(w.look(w.replica("three", Settings{Media: instagramfake.Media, Hashtag: "jautā", Triggers: []Trigger{TriggerHashtag}})))
	if got := w.Inbox.Texts(); len(got) != 1 || !strings.Contains(got[0], "#jautā") {
		t.Errorf("by the hashtag: %q", got)
	}
}

// TestManyAndLate: what was written while nobody looked is found however much it is, and so is
// what the list shows later, behind newer ones.
func TestManyAndLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 120 {
		w.fake.Write(janis, "", fmt.Sprint("Jautājums ", i))
		w.Clock.Pass(time.Second)
	}
	w.Must(w.look(w.Instagram))
	if n := len(w.Inbox.Texts()); n != 121 {
		t.Errorf("%d are asked", n)
	}
	w.fake.Lag(3 * time.Minute)
	w.Clock.Pass(time.Minute)
	w.fake.Write(janis, "", "Vēlais")
	w.Clock.Pass(2 * time.Minute)
	w.Must(w.look(w.Instagram))
	w.fake.Lag(0)
	w.fake.Write(janis, "", "Jaunais")
	w.Clock.Pass(2 * time.Minute)
	before := w.fake.Calls("comments")
	w.Must(w.look(w.Instagram))
	if got := w.Inbox.Texts(); len(got) != 123 || !slices.Contains(got, "Vēlais") {
		t.Errorf("%d are asked", len(got))
	}
	whole := w.fake.Calls("comments") - before
	w.Clock.Pass(10 * time.Second)
	w.Must(w.look(w.Instagram))
	if n := w.fake.Calls("comments") - before; whole != 4 || n != 5 {
		t.Errorf("a reading to the end took %d calls, a look for what is new %d", whole, n-whole)
	}
}

// TestLiked: how many like a question is handed on, also when it is fewer.
func TestLiked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, n := range []int{2, 1} {
		w.fake.Change(w.original, func(c *instagramfake.Comment) { c.Likes = n })
		w.Clock.Pass(time.Minute)
		w.Must(w.look(w.Instagram, w.original))
	}
	if !slices.Equal(w.Inbox.Likes, []int{2, 1}) {
		t.Errorf("liked %v", w.Inbox.Likes)
	}
}

// TestGone: a deleted question is withdrawn when it has been missing and Instagram says that it is
// not there; one that the list lacks for a while, or whose post is away, is not. So is a hidden one.
func TestGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Instagram, w.original))
	pass := func(d time.Duration, want int) {
		t.Helper()
		w.Clock.Pass(d)
		w.Must(w.look(w.Instagram, w.original))
		if len(w.Inbox.Gone) != want {
			t.Fatalf("removed %q, want %d", w.Inbox.Gone, want)
		}
	}
	w.fake.Lag(day) // the list shows nothing
	for range 5 {
		pass(time.Minute, 0)
	}
	w.fake.Lag(0)
	w.fake.Vanish(true)
	for range 5 {
		w.Clock.Pass(time.Minute)
		if trouble, ok := errors.AsType[*receive.Trouble](w.look(w.Instagram, w.original)); !ok || trouble.ID != "instagram.media_gone" {
			t.Fatalf("it says %v", trouble)
		}
	}
	w.fake.Vanish(false)
	pass(time.Minute, 0)
	w.fake.Remove(w.original)
	pass(time.Minute, 0)
	pass(time.Second, 0)
	pass(time.Minute, 1)
	hidden := w.fake.Write(ilze, "", "Slēpts?")
	w.Must(w.look(w.Instagram, hidden))
	w.fake.Change(hidden, func(c *instagramfake.Comment) { c.Hidden = true })
	w.Clock.Pass(time.Minute)
	w.Must(w.look(w.Instagram, hidden))
	if len(w.Inbox.Gone) != 2 {
		t.Errorf("removed %q", w.Inbox.Gone)
	}
}

// TestTroubles: what somebody has to mend is said in words of its own.
func TestTroubles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Instagram))
	says := func(want string) {
		t.Helper()
		err := w.look(w.Instagram)
		if trouble, ok := errors.AsType[*receive.Trouble](err); !ok || trouble.ID != want || trouble.Wait == 0 {
			t.Errorf("it says %v, want %s", err, want)
		}
	}
	w.fake.Forbid("instagram_business_manage_comments")
	says("instagram.not_allowed")
	w.fake.Revoke()
	says("instagram.login_refused")
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
	w.fake.Write(janis, "", "Un kad?")
	w.Hours = connector.Hours{Busy: true, Since: w.Since}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	testenv.Until(t, "both are asked", func() bool { return len(w.Inbox.Texts()) == 2 })
	stop()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// FuzzComments: whatever stands in a list, what is taken has a name of the right form, a sender,
// and fits a letter.
func FuzzComments(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"17900000000000001","timestamp":"2026-01-01T18:20:00+0000","from":{"username":"a"},"like_count":3}]}`))
	f.Add([]byte(`{"data":[{"id":17900000000000001,"text":"x"},{"id":"x"},null,3],"paging":{"cursors":{"after":"a"}}}`))
	reading := graph.Reading[comment]{Names: func(c comment) (string, time.Time) { return string(c.ID), c.At.Time }}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var p graph.Page
		if json.Unmarshal(raw, &p) != nil {
			return
		}
		for _, raw := range p.Data {
			c, id := reading.Take(raw)
			if id == "" {
				continue
			}
			e := letter{Do: doAsk, ID: string(c.ID), User: c.author(), Text: plain(c.Text)}.event("c" + string(c.ID))
			if !graph.IDForm.MatchString(string(c.ID)) || e.From == "" || len(e.From) > 64 || len(e.Raw) > connector.LongestLetter {
				t.Errorf("%+v", e)
			}
		}
	})
}
