package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

// group has the budgets of a group of a messenger: some for a minute, one for a second.
var group = connector.Limits{PerPlace: connector.Rate{Most: 1, Per: time.Second}, Overall: connector.Rate{Most: 30, Per: time.Second},
	Cards: map[connector.CardClass]connector.Budget{
		connector.CardPressed: {Name: "pressed", Rate: connector.Rate{Most: 8, Per: time.Minute}},
		connector.CardBoard:   {Name: "board", Rate: connector.Rate{Most: 2, Per: time.Minute}},
		connector.CardNew:     {Name: "new", Rate: connector.Rate{Most: 10, Per: time.Minute}},
		connector.CardOther:   {Name: "new", Rate: connector.Rate{Most: 10, Per: time.Minute}},
	}}

// crowd is a desk whose cards share messages, with that many questions at once.
func crowd(t *testing.T, count int, test func(*scene, *connectortest.BatchDesk)) {
	desk := connectortest.NewBatchDesk(office, group)
	staffed(t, desk, func(s *scene) {
		s.arrive(1, count)
		test(s, desk)
	})
}

// arrive asks questions of these numbers.
func (s *scene) arrive(from, to int) {
	s.t.Helper()
	for n := from; n <= to; n++ {
		s.arrives(fmt.Sprint(n))
	}
}

// number is a question of the hour with cards.
func number(n int) session.On {
	return session.On{Question: session.QuestionRef{Session: "cards", Number: n}}
}

// shown is when each card was seen first, and their order.
func shown(d deskOf) (at map[int]time.Time, order []int) {
	at = map[int]time.Time{}
	for _, c := range d.Calls() {
		all := c.Cards
		if c.Op == connectortest.OpPost {
			all = []connector.Card{c.Card}
		}
		for _, card := range all {
			if _, before := at[card.Number]; !before && card.Number > 0 && c.Err == nil {
				at[card.Number] = c.Began
				order = append(order, card.Number)
			}
		}
	}
	return at, order
}

// together lists the questions of each shared message.
func together(d *connectortest.BatchDesk) (all [][]int) {
	for _, b := range d.Batches() {
		var numbers []int
		for _, c := range b.Cards {
			numbers = append(numbers, c.Number)
		}
		all = append(all, numbers)
	}
	return all
}

func (s *scene) shares(d *connectortest.BatchDesk, want ...[]int) {
	s.t.Helper()
	if got := together(d); !slices.EqualFunc(got, want, slices.Equal) {
		s.t.Errorf("shared messages show %v, want %v", got, want)
	}
}

// sent is what takes a token of the budget for new messages.
func sent(c connectortest.CardCall) bool {
	return newCard(c) || c.Op == connectortest.OpBatch
}

func anything(connectortest.CardCall) bool { return true }

// withinGroup checks that no span has more calls than a group takes.
func withinGroup(t *testing.T, d deskOf) {
	t.Helper()
	for name, c := range map[string]struct {
		most int
		per  time.Duration
		pick func(connectortest.CardCall) bool
	}{
		"new": {10, time.Minute, sent}, "board": {2, time.Minute, boardDrawn}, "pressed": {8, time.Minute, edited},
		"all": {20, time.Minute, anything}, "each": {1, time.Second, anything},
	} {
		ts := times(d, c.pick)
		for i := c.most; i < len(ts); i++ {
			if span := ts[i].Sub(ts[i-c.most]); span < c.per {
				t.Errorf("%s: %d calls within %v", name, c.most+1, span)
			}
		}
	}
}

// TestManyQuestionsShareMessages is the hour in the newspaper in a group: 200 questions
// in a minute, and ten messages.
func TestManyQuestionsShareMessages(t *testing.T) {
	one, two := func(*scene) {}, func(s *scene) { s.startDesk() }
	t.Run("one replica", func(t *testing.T) { manyTogether(t, one, 2*time.Minute+5*time.Second) })
	t.Run("two replicas", func(t *testing.T) { manyTogether(t, two, 2*time.Minute+5*time.Second) })
	// 3 has a card, the others stand on shared messages: each costs one that ten could have
	t.Run("some are pressed", func(t *testing.T) { manyTogether(t, two, 3*time.Minute+5*time.Second, 3, 12, 14, 27) })
}

func manyTogether(t *testing.T, begin func(*scene), within time.Duration, pressed ...int) {
	desk := connectortest.NewBatchDesk(office, group)
	staffed(t, desk, func(s *scene) {
		begin(s)
		asked := map[int]time.Time{}
		for n := 1; n <= 200; n++ {
			s.arrives(fmt.Sprint(n))
			asked[n] = time.Now()
			s.after(300 * time.Millisecond)
		}
		s.after(15 * time.Second)
		for _, n := range pressed {
			s.do(anna, session.AcceptQuestion{On: number(n)})
		}
		s.after(5 * time.Minute)
		withinGroup(s.t, desk)
		at, order := shown(desk)
		if len(order) != 200 || !slices.IsSorted(order) {
			s.t.Errorf("the order is %v", order)
		}
		for n, t := range asked {
			if d := at[n].Sub(t); d > within {
				s.t.Errorf("question %d was seen %v after it was asked", n, d)
			}
		}
		for _, n := range pressed {
			title(s.t, desk, n, `queued by ""`)
		}
		for _, numbers := range together(desk) {
			if slices.ContainsFunc(numbers, func(n int) bool { return slices.Contains(pressed, n) }) {
				s.t.Errorf("a pressed card is left on %v", numbers)
			}
		}
		if got, most := desk.Made()+len(desk.Batches()), 39+len(pressed); got > most {
			s.t.Errorf("%d messages were posted, want %d at most", got, most)
		}
		s.lost()
	})
}

// TestFewQuestionsShareNothing: ten that wait are posted one by one.
func TestFewQuestionsShareNothing(t *testing.T) {
	crowd(t, 10, func(s *scene, desk *connectortest.BatchDesk) {
		s.after(time.Minute)
		s.arrive(11, 20)
		s.after(2 * time.Minute)
		s.shares(desk)
		if got := desk.Made(); got != 21 {
			s.t.Errorf("%d cards were posted, want the board and twenty", got)
		}
	})
}

// TestBatchIsRefused: its cards go to the end of the line and are tried one by one, for
// one of them may be what the platform does not want.
func TestBatchIsRefused(t *testing.T) {
	desk := connectortest.NewBatchDesk(office, group)
	desk.On(connectortest.OpBatch, connectortest.Refuse("no"))
	staffed(t, desk, func(s *scene) {
		s.arrive(1, 12)
		s.after(3 * time.Minute)
		s.shares(desk, []int{11, 12}) // which nobody refused
		if _, order := shown(desk); !slices.Equal(order, []int{11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) {
			s.t.Errorf("posted in the order %v", order)
		}
		s.lost()
	})
}

// TestBatchIsDeferred and comes again, with all of it.
func TestBatchIsDeferred(t *testing.T) {
	desk := connectortest.NewBatchDesk(office, group)
	desk.On(connectortest.OpBatch, connectortest.Defer(30*time.Second))
	staffed(t, desk, func(s *scene) {
		s.arrive(1, 13)
		s.after(29 * time.Second)
		s.shares(desk)
		s.after(6 * time.Second)
		s.shares(desk, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
	})
}

// TestBatchOfUnknownFate waits for a person, card by card.
func TestBatchOfUnknownFate(t *testing.T) {
	for name, fault := range map[string]connectortest.Fault{"is there": connectortest.UnsureAfter(),
		"is not there": connectortest.UnsureBefore()} {
		t.Run(name, func(t *testing.T) {
			desk := connectortest.NewBatchDesk(office, group)
			desk.On(connectortest.OpBatch, fault)
			staffed(t, desk, func(s *scene) {
				s.arrive(1, 13)
				s.after(5 * time.Minute)
				s.lost(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
				if got := desk.Made(); got != 4 {
					s.t.Errorf("%d cards were posted, want the board and three", got)
				}
				if len(desk.Batches()) > 0 { // somebody presses one of it
					s.must(s.store.Adopt(s.t.Context(), "cards", s.officeLane(), 4, "batch-1#4"))
				} else {
					s.must(s.store.Repost(s.t.Context(), "cards", s.officeLane(), 4))
				}
				s.after(time.Minute)
				s.lost(1, 2, 3, 5, 6, 7, 8, 9, 10)
				title(s.t, desk, 4, `received by ""`)
			})
		})
	}
}

// TestBatchOfADeadProcess: the process died that posted it. That nobody can look costs
// no message, so the others do not wait.
func TestBatchOfADeadProcess(t *testing.T) {
	desk := connectortest.NewBatchDesk(office, group)
	staffed(t, desk, func(s *scene) {
		s.stop()
		s.arrive(1, 20)
		if c := s.take(connector.CardNew); len(c.Cards) != connector.MostBatch {
			s.t.Fatalf("leased %+v", c)
		}
		s.startDesk()
		s.after(40 * time.Second)
		s.lost(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
		if _, order := shown(desk); !slices.Equal(order, []int{11, 12, 13, 14, 15, 16, 17, 18, 19, 20}) {
			s.t.Errorf("posted in the order %v", order)
		}
	})
}

// TestBatchLeavesOut what nobody can draw.
func TestBatchLeavesOut(t *testing.T) {
	var broken atomic.Bool
	broken.Store(true)
	drawn := func(ctx context.Context, s delivery.Subject) (connector.Card, error) {
		if s.Question.Ref.Number == 4 && broken.Load() {
			return connector.Card{}, errors.New("no picture")
		}
		return draw(ctx, s)
	}
	desk := connectortest.NewBatchDesk(office, group)
	staffedWith(t, desk, drawn, func(s *scene) {
		s.arrive(1, 11)
		s.after(30 * time.Second)
		s.shares(desk, []int{1, 2, 3, 5, 6, 7, 8, 9, 10})
		title(s.t, desk, 11, `received by ""`)
		if _, ok := desk.Card(4); ok {
			s.t.Error("a card stands there that cannot be drawn")
		}
		broken.Store(false)
		s.after(3 * time.Minute)
		title(s.t, desk, 4, `received by ""`)
	})
}

// TestCallOfACardOfABatch: the card gets a message of its own, and the call is under it.
func TestCallOfACardOfABatch(t *testing.T) {
	c, desk := wanting(5, 1), connectortest.NewBatchDesk(office, group)
	staffedWith(t, desk, c.draw, func(s *scene) {
		s.arrive(1, 11)
		s.after(2 * time.Minute)
		s.shares(desk, []int{1, 2, 3, 4, 6, 7, 8, 9, 10})
		card, _ := desk.Card(5)
		if called := desk.Called(); len(called) != 1 || called[0].At != card.ID || called[0].Card.Number != 5 {
			s.t.Errorf("called %+v", called)
		}
	})
}
