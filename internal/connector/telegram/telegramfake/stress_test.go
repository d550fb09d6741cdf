package telegramfake

import (
	"context"
	"strconv"
	"sync"
	"testing"
)

// People, a poller and the bot at the same time: every update comes once to a poller
// who confirms, and the race detector has something to look at.
func TestAllAtOnce(t *testing.T) {
	t.Parallel()
	const people, questions = 8, 10
	s := New(t, Options{NoLimits: true})
	desk := s.Supergroup(-1, "Desk", Forum, BotAdmin())
	thread := desk.NewTopic(s.User(1, "Anna"), "Hour")
	ctx, stop := context.WithCancel(t.Context())
	var polls, acts sync.WaitGroup
	seen := map[int]int{}
	polls.Go(func() { follow(ctx, t, s, seen) })
	for i := range people {
		acts.Go(func() {
			who := s.User(int64(i+10), "Person")
			who.Start("")
			for n := range questions {
				who.Write(strconv.Itoa(n))
				desk.Say(who, "hello", InTopic(thread))
				m := send(t, s, -1, "card", "message_thread_id", thread, "reply_markup", keyboard("Go"))
				desk.Card(1)
				k := desk.Find(func(o *Message) bool { return o.ID() == m.ID }).Click(who, "Go")
				want(t, raw(t, s, "answerCallbackQuery", "callback_query_id", k.ID()), 200, "")
				k.Await(soon(t))
				_ = desk.String()
			}
		})
	}
	acts.Wait()
	s.Await(soon(t), "everything confirmed", none(s))
	stop()
	polls.Wait()
	if want := 1 + people*(1+3*questions); len(seen) != want {
		t.Errorf("%d updates, want %d", len(seen), want)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("update %d came %d times", id, n)
		}
	}
}

// follow polls and confirms until the context ends.
func follow(ctx context.Context, t *testing.T, s *Server, seen map[int]int) {
	for offset := 0; ctx.Err() == nil; {
		g, err := try(ctx, s, "getUpdates", "offset", offset, "timeout", 50)
		if err != nil {
			continue
		}
		for _, u := range decode[[]update](t, g.Result) {
			seen[u.id()]++
			offset = u.id() + 1
		}
	}
}
