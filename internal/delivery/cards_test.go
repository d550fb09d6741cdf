package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

const office session.ConnectorID = "office"

// draw is the test's card: the state of the question.
func draw(_ context.Context, s delivery.Subject) (connector.Card, error) {
	if q := s.Question; q.Ref.Number > 0 {
		return connector.Card{Title: fmt.Sprintf("%s by %q", q.State, q.Holder)}, nil
	}
	return connector.Card{Title: string(s.Session.State)}, nil
}

// deskOf is a fake desk, of whichever kind.
type deskOf interface {
	connector.Connector
	On(op connectortest.Op, fs ...connectortest.Fault)
	Card(number int) (connectortest.Card, bool)
	Cards() []connectortest.Card
	Made() int
	Calls() []connectortest.CardCall
	Remove(at session.MessageID)
}

// staffed is a scene whose hour has a desk with cards.
func staffed(t *testing.T, desk deskOf, test func(*scene)) {
	staffedWith(t, desk, draw, test)
}

// staffedWith is staffed with another way to draw.
func staffedWith(t *testing.T, desk deskOf, draw delivery.Draw, test func(*scene)) {
	stage(t, connectortest.NewPlatform, nothing, func(s *scene) {
		s.stop() // the worker that stage made draws no cards
		registry, err := connector.NewRegistry(connector.Page{}, s.there, desk)
		if err != nil {
			s.t.Fatal(err)
		}
		h := session.Hour{Slug: "cards", Title: "Cards", Zone: "Europe/Riga", Start: time.Now().Add(time.Minute), End: time.Now().Add(time.Hour),
			Experts: []session.Expert{{Name: "Edgars"}}, Desk: session.Desk{Connector: office, Place: "channel"}, Reasons: []string{"off_topic"}}
		if _, err := s.service.Schedule(s.t.Context(), anna, h); err != nil {
			s.t.Fatal(err)
		}
		s.startDesk = func() {
			w := &delivery.Worker{Recorder: s.service, Reader: s.store, Outbox: s.store, Registry: registry, Now: time.Now,
				Log: slog.New(slog.DiscardHandler), Cards: s.store, Draw: draw}
			s.run(w)
		}
		s.startDesk()
		s.after(2 * time.Minute)
		test(s)
	})
}

// arrives asks a question in the hour with cards.
func (s *scene) arrives(key string) session.On {
	s.t.Helper()
	q, _, err := s.service.Ask(s.t.Context(), session.Asked{Session: "cards", Key: key, Text: "May I?",
		Origin: session.Origin{Connector: session.Page}})
	if err != nil {
		s.t.Fatal(err)
	}
	return session.On{Question: q.Ref}
}

func title(t *testing.T, d deskOf, number int, want string) {
	t.Helper()
	if c, ok := d.Card(number); !ok || c.Title != want {
		t.Errorf("card %d reads %q, want %q", number, c.Title, want)
	}
}

func TestCardsShowTheStateOfNow(t *testing.T) {
	desk := connectortest.NewDesk(office, connector.Limits{})
	staffed(t, desk, func(s *scene) {
		title(s.t, desk, 0, "open")
		on := s.arrives("1")
		s.after(time.Second)
		title(s.t, desk, 1, `received by ""`)
		s.do(anna, session.AcceptQuestion{On: on})
		s.do(edgars, session.ClaimQuestion{On: on})
		s.after(time.Second)
		title(s.t, desk, 1, `claimed by "Edgars"`)
		if got := desk.Made(); got != 2 {
			s.t.Errorf("%d cards were posted, want the board and one", got)
		}
	})
}

// TestBurstCostsOneRedraw changes a card many times while the desk is slow.
func TestBurstCostsOneRedraw(t *testing.T) {
	desk := connectortest.NewDesk(office, connector.Limits{PerPlace: connector.Rate{Most: 1, Per: time.Second}})
	staffed(t, desk, func(s *scene) {
		on := s.arrives("1")
		s.after(time.Minute)
		before := len(desk.Calls())
		s.do(anna, session.AcceptQuestion{On: on})
		for range 20 {
			s.do(edgars, session.ClaimQuestion{On: on})
			s.do(edgars, session.ReleaseQuestion{On: on})
		}
		s.after(time.Minute)
		title(s.t, desk, 1, `queued by ""`)
		if calls := len(desk.Calls()) - before; calls > 6 {
			s.t.Errorf("41 changes cost %d drawings", calls)
		}
	})
}

func TestCardThatSomebodyRemovedIsPostedAgain(t *testing.T) {
	desk := connectortest.NewDesk(office, connector.Limits{})
	staffed(t, desk, func(s *scene) {
		on := s.arrives("1")
		s.after(time.Second)
		c, _ := desk.Card(1)
		desk.Remove(c.ID)
		s.do(anna, session.AcceptQuestion{On: on})
		s.after(time.Second)
		title(s.t, desk, 1, `queued by ""`)
	})
}

// TestCardOfUnknownFate is looked for before it is posted again, where one can look.
func TestCardOfUnknownFate(t *testing.T) {
	desk := connectortest.NewDesk(office, connector.Limits{})
	staffed(t, desk, func(s *scene) {
		desk.On(connectortest.OpPost, connectortest.UnsureAfter())
		s.arrives("1")
		s.after(time.Minute)
		title(s.t, desk, 1, `received by ""`)
		if got := desk.Made(); got != 2 {
			s.t.Errorf("%d cards were posted, want the board and one", got)
		}
	})
}

// TestCardThatCannotBeLookedFor waits for a person and holds up nobody.
func TestCardThatCannotBeLookedFor(t *testing.T) {
	for name, fault := range map[string]connectortest.Fault{"is there": connectortest.UnsureAfter(),
		"is not there": connectortest.UnsureBefore()} {
		t.Run(name, func(t *testing.T) {
			desk := connectortest.NewBlindDesk(office, connector.Limits{})
			staffed(t, desk, func(s *scene) {
				desk.On(connectortest.OpPost, fault)
				on := s.arrives("1")
				s.after(time.Minute)
				s.arrives("2")
				s.do(anna, session.AcceptQuestion{On: on})
				s.after(10 * time.Minute)
				s.lost(1)
				title(s.t, desk, 2, `received by ""`)
				orphan, there := desk.Card(1)
				if there {
					s.must(s.store.Adopt(s.t.Context(), "cards", s.officeLane(), 1, orphan.ID))
				} else {
					s.must(s.store.Repost(s.t.Context(), "cards", s.officeLane(), 1))
				}
				s.after(time.Second)
				s.lost()
				title(s.t, desk, 1, `queued by ""`)
				if got := len(desk.Cards()); got != 3 {
					s.t.Errorf("%d cards stand there, want the board and two", got)
				}
			})
		})
	}
}

// TestCardOfADeadProcess is one that cannot be looked up and was being posted when the
// process died.
func TestCardOfADeadProcess(t *testing.T) {
	desk := connectortest.NewBlindDesk(office, connector.Limits{})
	staffed(t, desk, func(s *scene) {
		s.stop()
		s.arrives("1")
		s.take(connector.CardNew)
		s.startDesk()
		s.after(time.Minute)
		s.lost(1)
		if got := desk.Made(); got != 1 {
			s.t.Errorf("%d cards were posted, want the board", got)
		}
	})
}

func (s *scene) officeLane() session.Lane { return session.Lane{Connector: office, Place: "channel"} }

func (s *scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) lost(want ...int) {
	s.t.Helper()
	if got := s.look(delivery.Take{Board: true}).Board.Lost; !slices.Equal(got, want) {
		s.t.Errorf("lost are %v; want %v", got, want)
	}
}

// look looks at the desk, past the workers.
func (s *scene) look(t delivery.Take) delivery.Work {
	s.t.Helper()
	lane := s.officeLane()
	t.Lane = &lane
	w, err := s.store.Look(s.t.Context(), "cards", t)
	s.must(err)
	return w
}

// take takes the next card of a class for a second, as a process does that dies then.
func (s *scene) take(class connector.CardClass) delivery.CardLease {
	s.t.Helper()
	t := delivery.Take{TTL: time.Second, Batch: connector.MostBatch}
	t.Cards[class] = true
	w := s.look(t)
	if len(w.Cards) != 1 {
		s.t.Fatalf("no card of class %d is out of date", class)
	}
	return w.Cards[0]
}
