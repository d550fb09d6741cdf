package delivery_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/delivery"
	"experthour/internal/desk/chat"
	"experthour/internal/desk/view"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// trip is how long every round trip to the store takes, so that the time of a bubble
// counts those in series.
const trip = time.Millisecond

// trips counts the round trips of a client.
type trips struct {
	mu  sync.Mutex
	all []string
}

func (c *trips) add(cmds ...redis.Cmder) {
	var keys []string
	for _, cmd := range cmds {
		for _, a := range cmd.Args() {
			if k, ok := a.(string); ok && strings.HasPrefix(k, "eh:") {
				keys = append(keys, k)
			}
		}
	}
	c.mu.Lock()
	c.all = append(c.all, strings.Join(keys, " "))
	c.mu.Unlock()
	time.Sleep(trip) // the bubble's clock, not ours
}

func (c *trips) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.all)
}

// DialHook is redis.Hook's.
func (c *trips) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook is redis.Hook's.
func (c *trips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		c.add(cmd)
		return next(ctx, cmd)
	}
}

// ProcessPipelineHook is redis.Hook's.
func (c *trips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		c.add(cmds...)
		return next(ctx, cmds)
	}
}

// TestRoundTrips counts what it costs until a question has its card and the board knows:
// add, look and token before the card is posted, and a few beside and after them. The
// desk is the one that staff see in a chat, woken by its own process.
func TestRoundTrips(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store, desk := redistest.New(t, time.Now), connectortest.NewDesk(office, busyDesk)
		service := chatHour(t, store, desk)
		ask := func(key string) {
			t.Helper()
			a := session.Asked{Session: "tax", Key: key, Text: "May I?", Origin: session.Origin{Connector: session.Page}}
			if _, _, err := service.Ask(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
		ask("1") // scripts are known to the server now
		time.Sleep(10*time.Second + poll/2)
		counted := &trips{}
		store.Client.AddHook(counted)
		began := time.Now()
		ask("2")
		time.Sleep(poll / 4)
		posted, drawn := times(desk, newCard), times(desk, boardDrawn)
		series := int(posted[len(posted)-1].Sub(began) / trip)
		if series != 3 || counted.count() > 8 || drawn[len(drawn)-1].Before(began) {
			t.Errorf("%d in series, %d in all; want 3 and 8", series, counted.count())
			for _, keys := range counted.all {
				t.Log(keys)
			}
		}
	})
}

// poll is the worker's.
const poll = time.Second

// chatHour opens an hour whose desk is in a chat, with a worker that ends with the test.
func chatHour(t *testing.T, store *redistest.Store, desk connector.Connector) *session.Service {
	t.Helper()
	registry, err := connector.NewRegistry(connector.Page{}, desk)
	if err != nil {
		t.Fatal(err)
	}
	staff := session.Directory{{Name: "Anna", Role: session.Moderator}, {Name: "Edgars", Role: session.ExpertRole}}
	s := &session.Service{Store: store, Now: time.Now, Staff: staff,
		Planner: routing.Planner{Limits: registry.Limits, PublicURL: "https://example.org"}}
	lane := session.Lane{Connector: office, Place: "channel"}
	views := &view.Desk{Store: store, Preview: s.Preview, Alike: s.Alike, Leases: store.Leases(), Words: wording.In(session.English),
		PublicURL: "https://example.org", Now: time.Now}
	room := chat.New(chat.Options{Service: s, Store: store, Cards: store, Staff: routing.NewRoll(staff), Memory: store.Memory(office),
		Views: views, Lane: lane, Now: time.Now})
	log := slog.New(slog.DiscardHandler)
	w := &delivery.Worker{Recorder: s, Reader: store, Outbox: store, Registry: registry, Now: time.Now, Log: log,
		Cards: store, Draw: room.Draw}
	s.Changed = w.Wake
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { w.Run(ctx) })
	t.Cleanup(func() {
		stop()
		running.Wait()
	})
	h := session.Hour{Slug: "tax", Title: "Tax", Zone: "Europe/Riga", Language: session.English,
		Start: time.Now(), End: time.Now().Add(time.Hour),
		Experts: []session.Expert{{Name: "Edgars"}}, Desk: session.Desk(lane), Reasons: []string{"off_topic"}}
	if _, err := s.Schedule(t.Context(), anna, h); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DoSession(t.Context(), anna, "tax", session.StartSession{}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(poll)
	return s
}
