package youtube

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/youtube/youtubefake"
	"experthour/internal/testenv"
)

// listening has the chat heard on until the test ends, as the runner does.
type listening struct {
	*chatWorld
	ups atomic.Int64
	why chan error // of each ending
}

func (w *chatWorld) listen() *listening {
	w.T.Helper()
	w.live.rhythm = rhythm{silent: time.Minute}
	l := &listening{chatWorld: w, why: make(chan error, 100)}
	ctx, end := context.WithCancel(w.T.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			l.why <- w.live.Stream(ctx, func() { l.ups.Add(1) }, l.put)
		}
	}()
	w.T.Cleanup(func() { end(); <-done })
	return l
}

func (l *listening) put(ctx context.Context, events ...connector.Event) (int, error) {
	for _, e := range events {
		if err := l.live.Handle(ctx, e.Raw); err != nil {
			return 0, err
		}
	}
	return len(events), nil
}

// becomes waits for the questions that were asked.
func (l *listening) becomes(want ...string) {
	l.T.Helper()
	testenv.Until(l.T, "questions come", func() bool { return slices.Equal(l.Inbox.Texts(), want) })
}

// listens waits until so many streams have begun, and one goes on.
func (l *listening) listens(ups int64) {
	l.T.Helper()
	testenv.Until(l.T, "it is heard", func() bool { return l.ups.Load() == ups && l.fake.Listening() == 1 })
}

// TestLiveHeard: what is said comes at once, without another look, also after the connection broke in the middle of a
// message; nothing comes twice. With the broadcast the stream ends.
func TestLiveHeard(t *testing.T) {
	t.Parallel()
	l := newChat(t).listen()
	l.hear()
	l.listens(1)
	if next := l.hear(); next.Wait != streamedEvery {
		t.Errorf("beside a stream it waits %v", next.Wait)
	}
	looks := l.fake.Calls("GET /youtube/v3/liveChat/messages")
	second := l.fake.Say(janis, janisName, "Kad? #jautā")
	l.becomes("@iestade Kas ir?", "Kad? #jautā")
	l.fake.CutStreams()
	l.fake.Say(janis, janisName, "Kur? #jautā")
	l.becomes("@iestade Kas ir?", "Kad? #jautā", "Kur? #jautā")
	l.listens(2)
	l.fake.Unsay(second)
	testenv.Until(t, "a removal comes", func() bool { return len(l.Inbox.Removals()) == 1 })
	if n := l.fake.Calls("GET /youtube/v3/liveChat/messages"); n != looks {
		t.Errorf("it looked %d times", n-looks)
	}
	l.fake.Say(janis, janisName, "Pēdējais? #jautā")
	l.fake.EndLive()
	l.becomes("@iestade Kas ir?", "Kad? #jautā", "Kur? #jautā", "Pēdējais? #jautā")
	testenv.Until(t, "it ends", func() bool { return l.fake.Listening() == 0 && l.live.heard.Load() == nil })
	if next := l.hear(); next.Wait != offWait {
		t.Errorf("after the end it waits %v", next.Wait)
	}
}

// TestLiveHushed: when no hour is on, nothing is heard, until the next one.
func TestLiveHushed(t *testing.T) {
	t.Parallel()
	l := newChat(t).listen()
	l.hear()
	l.listens(1)
	_, err := l.live.Fetch(t.Context(), receive.Look{}, l.put)
	l.Must(err)
	testenv.Until(t, "it ends", func() bool { return l.fake.Listening() == 0 && l.live.heard.Load() == nil })
	l.hear()
	l.listens(2)
}

// TestLiveUnheard: where the chat cannot be heard it is looked at as often as ever, and people are told nothing.
func TestLiveUnheard(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		make func(*chatWorld)
		wait time.Duration
	}{
		"no such call": {func(w *chatWorld) { w.fake.Streamless(true) }, noStreamFor},
		"a page":       {func(w *chatWorld) { w.fake.Answer(youtubefake.StreamChat, 200, "<html>") }, noStreamFor},
		"another form": {func(w *chatWorld) { w.fake.Answer(youtubefake.StreamChat, 502, "<html>") }, 0},
		"old page":     {func(w *chatWorld) { w.fake.Stale(true) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newChat(t)
			w.hear()
			x.make(w)
			err := w.live.Stream(t.Context(), func() { t.Error("it is up") }, nil)
			if trouble, is := err.(*receive.Trouble); !is || trouble.ID != "" || trouble.Wait != x.wait {
				t.Errorf("%+v", err)
			}
			w.fake.Stale(false)
			if next := w.hear(); next.Wait != usualEvery*time.Second {
				t.Errorf("it waits %v", next.Wait)
			}
		})
	}
}

// TestLiveHeardFromNow: where the page of a look is none from which to hear on, it is heard with what is recent, once.
func TestLiveHeardFromNow(t *testing.T) {
	t.Parallel()
	w := newChat(t)
	w.hear()
	w.fake.Stale(true)
	_ = w.live.Stream(t.Context(), func() { t.Error("it is up") }, nil)
	w.fake.Stale(false)
	l := w.listen()
	l.live.hearOn(reach{mark{Chat: youtubefake.Chat, Page: "old"}, w.Began})
	l.listens(1)
	l.fake.Say(janis, janisName, "Kad? #jautā")
	l.becomes("@iestade Kas ir?", "Kad? #jautā")
}

// TestLiveSilent: a chat of which nothing is heard for long is heard anew.
func TestLiveSilent(t *testing.T) {
	t.Parallel()
	w := newChat(t)
	l := w.listen()
	w.live.silent = 30 * time.Millisecond
	l.hear()
	testenv.Until(t, "it is heard anew", func() bool { return l.ups.Load() > 2 })
	l.fake.Say(janis, janisName, "Kad? #jautā")
	l.becomes("@iestade Kas ir?", "Kad? #jautā")
}

// TestLiveHeardForLittle: hearing a chat costs the units of one look.
func TestLiveHeardForLittle(t *testing.T) {
	t.Parallel()
	l := newChat(t).listen()
	l.hear()
	l.listens(1)
	used, spent := l.fake.Used(), l.spends()
	for range 20 {
		l.fake.Say(janis, janisName, "Sveiki!")
	}
	l.fake.Say(janis, janisName, "Kad? #jautā")
	l.becomes("@iestade Kas ir?", "Kad? #jautā")
	if l.fake.Used() != used || l.spends() != spent {
		t.Errorf("it costs %d, and %d are counted", l.fake.Used()-used, l.spends()-spent)
	}
	if spent < 2*costLiveRead {
		t.Errorf("%d units are counted", spent)
	}
}

func (l *listening) spends() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.spent
}
