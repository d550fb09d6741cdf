package telegramfake

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
)

// asked has n messages of one person waiting.
func asked(t *testing.T, o Options, n int) *Server {
	t.Helper()
	s := New(t, o)
	anna := s.User(1001, "Anna")
	anna.Start("")
	for range n - 1 {
		anna.Write("question")
	}
	return s
}

func ids(all []update) []int {
	var out []int
	for _, u := range all {
		out = append(out, u.id()-firstUpdate)
	}
	return out
}

// What the offset of a getUpdates does, and what is left after it.
func TestOffsets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		offset int
		gets   []int
		left   []int
	}{
		{"none", 0, []int{0, 1, 2, 3}, []int{0, 1, 2, 3}},
		{"of the first", firstUpdate, []int{0, 1, 2, 3}, []int{0, 1, 2, 3}},
		{"of the third confirms two", firstUpdate + 2, []int{2, 3}, []int{2, 3}},
		{"of the next confirms all", firstUpdate + 4, nil, nil},
		{"ten past the tail forgets all", firstUpdate + 14, nil, nil},
		{"eleven past the tail is ignored", firstUpdate + 15, []int{0, 1, 2, 3}, []int{0, 1, 2, 3}},
		{"far behind is ignored", firstUpdate - 2_000_001, []int{0, 1, 2, 3}, []int{0, 1, 2, 3}},
		{"negative keeps the newest", -1, []int{3}, []int{3}},
		{"more negative than there are", -9, []int{0, 1, 2, 3}, []int{0, 1, 2, 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := asked(t, quick(), 4)
			if got := ids(updates(t, s, "offset", c.offset)); !slices.Equal(got, c.gets) {
				t.Errorf("got %v, want %v", got, c.gets)
			}
			if got := ids(peek(t, s)); !slices.Equal(got, c.left) {
				t.Errorf("left %v, want %v", got, c.left)
			}
		})
	}
}

// Past the tail new updates get lost too, until the ids have caught up.
func TestOffsetAheadLosesWhatComes(t *testing.T) {
	t.Parallel()
	s := asked(t, quick(), 1)
	updates(t, s, "offset", firstUpdate+3)
	s.User(1001, "Anna").Write("lost")
	if got := updates(t, s, "offset", firstUpdate+3); len(got) != 0 {
		t.Errorf("got %v", kinds(got))
	}
	waiting := later(t, s, "getUpdates", "offset", firstUpdate+4, "timeout", 2000)
	s.Await(soon(t), "a poll", s.Polling)
	s.User(1001, "Anna").Write("lost too")
	if g := <-waiting; string(g.Result) != "[]" {
		t.Errorf("got %s", g.Result)
	}
	if got := s.Pending(); len(got) != 0 {
		t.Errorf("still pending: %v", got)
	}
}

func TestUnconfirmedComesAgainAndLimit(t *testing.T) {
	t.Parallel()
	clock := newClock()
	o := quick()
	o.Now = clock.now
	s := asked(t, o, 5)
	for range 3 {
		clock.add(time.Second)
		if got := ids(updates(t, s, "limit", 2)); !slices.Equal(got, []int{0, 1}) {
			t.Errorf("got %v", got)
		}
	}
	clock.add(499 * time.Millisecond)
	if got := ids(updates(t, s)); !slices.Equal(got, []int{0}) {
		t.Errorf("the same offset within half a second: %v", got)
	}
	if got := ids(updates(t, s, "offset", firstUpdate)); len(got) != 5 {
		t.Errorf("another offset within half a second: %v", got)
	}
	clock.add(500 * time.Millisecond)
	if got := ids(updates(t, s, "offset", firstUpdate)); len(got) != 5 {
		t.Errorf("the same offset after half a second: %v", got)
	}
}

func TestUpdatesExpire(t *testing.T) {
	t.Parallel()
	clock := newClock()
	o := quick()
	o.Now = clock.now
	s := asked(t, o, 2)
	anna := s.User(1001, "Anna")
	send(t, s, 1001, "card", "reply_markup", keyboard("Go"))
	clock.add(23 * time.Hour)
	anna.Write("late")
	anna.Chat().FromBot()[0].Click(anna, "Go")
	clock.add(time.Hour)
	if got := ids(peek(t, s)); !slices.Equal(got, []int{0, 1, 2}) {
		t.Errorf("after 24 hours, without the press: %v", got)
	}
	clock.add(time.Second)
	if got := ids(peek(t, s)); !slices.Equal(got, []int{2}) {
		t.Errorf("after more than 24 hours: %v", got)
	}
}

// 50 seconds are the longest wait, and the shortest for a caller who spins is three.
func TestLongPollLasts(t *testing.T) {
	t.Parallel()
	clock, w := newClock(), &waits{longest: time.Minute}
	s := New(t, Options{Now: clock.now, after: w.after})
	for _, timeout := range []int{9999, 0, 0} {
		if got := updates(t, s, "timeout", timeout, "offset", -7-timeout); len(got) != 0 {
			t.Errorf("got %v", got)
		}
	}
	w.were(t, 3*time.Second, 50*time.Second)
}

func TestLongPollWakes(t *testing.T) {
	t.Parallel()
	s := New(t, Options{})
	anna := s.User(1001, "Anna")
	answers := later(t, s, "getUpdates", "timeout", 50)
	s.Await(soon(t), "a poll", s.Polling)
	anna.Start("x")
	g := <-answers
	if got := decode[[]update](t, g.Result); len(got) != 1 {
		t.Errorf("got %s", g.Result)
	}
}

// later calls a method in the background.
func later(t *testing.T, s *Server, method string, pairs ...any) <-chan got {
	t.Helper()
	out := make(chan got, 1)
	go func() {
		g, err := try(context.WithoutCancel(t.Context()), s, method, pairs...)
		if err != nil {
			g.Description = err.Error()
		}
		out <- g
	}()
	return out
}

func TestConflicts(t *testing.T) {
	t.Parallel()
	clock := newClock()
	w := &waits{longest: 3 * time.Second}
	s := New(t, Options{Now: clock.now, LocalWebhooks: true, after: w.after})
	const other = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	first := poll(t, s, 1)
	second := poll(t, s, 2)
	want(t, <-first, 409, other)
	w.were(t, 50*time.Second, 50*time.Second) // the first conflict is not held
	third := poll(t, s, 3)
	want(t, <-second, 409, other)
	w.were(t, 3*time.Second, 50*time.Second, 50*time.Second, 50*time.Second) // the second is
	clock.add(3 * time.Second)
	want(t, raw(t, s, "setWebhook", "url", "http://127.0.0.1:1/"), 200, "")
	want(t, <-third, 409, "Conflict: terminated by setWebhook request")
	clock.add(3 * time.Second)
	want(t, raw(t, s, "getUpdates"), 409, "Conflict: can't use getUpdates method while webhook is active; "+
		"use deleteWebhook to delete the webhook first")
	if n := s.Conflicts(); n != 4 {
		t.Errorf("%d conflicts were counted", n)
	}
}

// poll starts a long poll and returns once it is the n-th that waits.
func poll(t *testing.T, s *Server, n int) <-chan got {
	t.Helper()
	out := later(t, s, "getUpdates", "timeout", 50)
	s.Await(soon(t), "a poll", func() bool { return len(s.Calls("getUpdates")) == n && s.Polling() })
	return out
}

// Two pollers who do not wait both get everything, and each confirms for both.
func TestTwoPollersGetDuplicates(t *testing.T) {
	t.Parallel()
	s := asked(t, quick(), 3)
	a, b := updates(t, s, "offset", 0), updates(t, s, "offset", firstUpdate)
	if len(a) != 3 || len(b) != 3 {
		t.Errorf("got %v and %v", ids(a), ids(b))
	}
	updates(t, s, "offset", firstUpdate+3)
	if got := s.Pending(); len(got) != 0 {
		t.Errorf("pending: %v", got)
	}
}

func TestAllowedUpdates(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	anna, bob := s.User(1001, "Anna"), s.User(1002, "Bob")
	desk := s.Supergroup(-1, "Desk", BotAdmin())
	happen := func() {
		m := desk.Say(anna, "hello")
		bob.React(m, "👍")
		desk.Promote(anna, bob)
	}
	seen := func(allowed string) []string {
		var pairs []any
		if allowed != "" {
			pairs = []any{"allowed_updates", allowed}
		}
		updates(t, s, append(pairs, "offset", s.queue.next)...)
		happen()
		got := kinds(peek(t, s))
		slices.Sort(got)
		return got
	}
	for _, c := range []struct{ allowed, want string }{
		{"", "message"},
		{`["message_reaction","chat_member"]`, "chat_member message_reaction"},
		{"", "chat_member message_reaction"}, // sticky
		{`not JSON`, "chat_member message_reaction"},
		{`["MESSAGE","nonsense"]`, "message"},
		{`["message_reaction"]`, "message_reaction"},
		{`[]`, "message"},
		{`["message_reaction"]`, "message_reaction"},
		{`["nonsense"]`, "message"},
	} {
		if got := strings.Join(seen(c.allowed), " "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.allowed, got, c.want)
		}
	}
}

func TestInjected(t *testing.T) {
	t.Parallel()
	s := asked(t, quick(), 1)
	bad, odd := s.InjectUndecodable(), s.InjectUnknown()
	s.User(1001, "Anna").Write("after")
	all := peek(t, s)
	if got := kinds(all); !slices.Equal(got, []string{"message", "message", "moon_phase_changed", "message"}) {
		t.Fatalf("got %v", got)
	}
	if string(all[1]["message"]) != `"not an object"` || all[1].id() != bad || all[2].id() != odd {
		t.Errorf("got %v", all)
	}
	if !slices.IsSorted(ids(all)) {
		t.Errorf("ids %v", ids(all))
	}
	s.RestartUpdateIDs(5)
	s.User(1001, "Anna").Write("a week later")
	if got := s.Pending(); !slices.Equal(got, []int{5}) {
		t.Errorf("pending %v", got)
	}
}

// A poller that goes away leaves its updates behind.
func TestGoneClientConfirmsNothing(t *testing.T) {
	t.Parallel()
	s := New(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _, _ = try(ctx, s, "getUpdates", "timeout", 50) }()
	s.Await(soon(t), "a poll", s.Polling)
	cancel()
	<-done
	s.Await(soon(t), "no poll", func() bool { return !s.Polling() })
	s.User(1001, "Anna").Start("")
	if got := len(s.Pending()); got != 1 {
		t.Errorf("%d pending", got)
	}
}
