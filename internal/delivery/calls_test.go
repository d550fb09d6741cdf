package delivery_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/delivery"
)

// calls are the calls that cards want, set by hand.
type calls struct{ *sync.Map }

func wanting(n, call int) calls {
	c := calls{&sync.Map{}}
	c.Store(n, call)
	return c
}

func (c calls) draw(ctx context.Context, s delivery.Subject) (connector.Card, error) {
	card, err := draw(ctx, s)
	n, ok := c.Load(s.Question.Ref.Number)
	switch {
	case !ok || n == 0:
	case n == delivery.TakeCalls:
		card.CallsOver = true
	default:
		card.Call = &connector.Call{Number: n.(int), Text: fmt.Sprint("call ", n), Quote: s.Question.Text}
	}
	return card, err
}

// calling is an hour with two questions whose cards stand, at a desk that calls.
func calling(t *testing.T, limits connector.Limits, test func(*scene, *connectortest.DeskFake, calls)) {
	c, desk := wanting(0, 0), connectortest.NewDesk(office, limits)
	staffedWith(t, desk, c.draw, func(s *scene) {
		s.arrives("1")
		s.arrives("2")
		s.after(time.Minute)
		test(s, desk, c)
	})
}

// touch has a card redrawn.
func (s *scene) touch(n int) {
	s.t.Helper()
	at, err := s.store.At(s.t.Context(), "cards", s.officeLane(), n)
	s.must(err)
	s.must(s.store.Adopt(s.t.Context(), "cards", s.officeLane(), n, at[n]))
}

// called checks which calls stand there.
func (s *scene) called(desk *connectortest.DeskFake, want ...string) {
	s.t.Helper()
	var got []string
	for _, c := range desk.Called() {
		got = append(got, fmt.Sprintf("%d: %s", c.Card.Number, c.Card.Call.Text))
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("calls %q, want %q", got, want)
	}
}

func TestCallIsPostedOnce(t *testing.T) {
	calling(t, connector.Limits{}, func(s *scene, desk *connectortest.DeskFake, c calls) {
		c.Store(1, 1)
		s.touch(1)
		s.after(time.Second)
		s.called(desk, "1: call 1")
		card, _ := desk.Card(1)
		if at := desk.Called()[0].At; at != card.ID {
			s.t.Errorf("the call stands at %q, the card at %q", at, card.ID)
		}
		for range 3 {
			s.touch(1)
			s.after(time.Second)
		}
		s.called(desk, "1: call 1")
		c.Store(1, 2)
		s.touch(1)
		s.after(time.Second)
		s.called(desk, "1: call 1", "1: call 2")
	})
}

// TestCallOfANewCard is drawn with the card's first post.
func TestCallOfANewCard(t *testing.T) {
	calling(t, busyDesk, func(s *scene, desk *connectortest.DeskFake, c calls) {
		c.Store(3, 1)
		c.Store(4, 1)
		s.arrives("3")
		s.arrives("4")
		s.after(10 * time.Second)
		if n := len(desk.Called()); n != 2 {
			s.t.Errorf("%d calls", n)
		}
		withinBudgets(s.t, desk) // a call is a new message
	})
}

func TestCallOfUnknownFate(t *testing.T) {
	for name, fault := range map[string]connectortest.Fault{"arrived": connectortest.UnsureAfter(), "did not": connectortest.UnsureBefore()} {
		t.Run(name, func(t *testing.T) {
			calling(t, connector.Limits{}, func(s *scene, desk *connectortest.DeskFake, c calls) {
				desk.On(connectortest.OpCall, fault)
				desk.On(connectortest.OpFindCall, connectortest.Defer(10*time.Second))
				c.Store(1, 1)
				s.touch(1)
				s.after(time.Minute)
				s.called(desk, "1: call 1")
			})
		})
	}
}

// TestCallThatNobodyCanLookFor counts as posted: the card shows the same.
func TestCallThatNobodyCanLookFor(t *testing.T) {
	for name, fault := range map[string]connectortest.Fault{"arrived": connectortest.UnsureAfter(), "did not": connectortest.UnsureBefore()} {
		t.Run(name, func(t *testing.T) {
			c, desk := wanting(1, 1), connectortest.NewBatchDesk(office, connector.Limits{})
			desk.On(connectortest.OpCall, fault)
			staffedWith(t, desk, c.draw, func(s *scene) {
				s.arrives("1")
				s.after(time.Minute)
				s.tried(desk, connectortest.OpCall, 1)
				c.Store(1, 2)
				s.touch(1)
				s.after(time.Minute)
				s.tried(desk, connectortest.OpCall, 2) // the next one is posted
			})
		})
	}
}

// tried checks how many calls of an operation were made.
func (s *scene) tried(d deskOf, op connectortest.Op, want int) {
	s.t.Helper()
	if n := len(times(d, func(c connectortest.CardCall) bool { return c.Op == op })); n != want {
		s.t.Errorf("%s was called %d times, want %d", op, n, want)
	}
}

// TestCallThatIsNeverFound counts as posted after ten looks that failed.
func TestCallThatIsNeverFound(t *testing.T) {
	calling(t, connector.Limits{}, func(s *scene, desk *connectortest.DeskFake, c calls) {
		desk.On(connectortest.OpCall, connectortest.UnsureBefore())
		for range 20 {
			desk.On(connectortest.OpFindCall, connectortest.Defer(time.Second))
		}
		c.Store(1, 1)
		s.touch(1)
		s.after(time.Minute)
		c.Store(2, 1)
		s.touch(2)
		s.after(10 * time.Minute)
		s.called(desk, "2: call 1")
		s.tried(desk, connectortest.OpFindCall, 10)
		s.tried(desk, connectortest.OpCall, 2)
		c.Store(1, 2)
		s.touch(1)
		s.after(time.Minute)
		s.called(desk, "2: call 1", "1: call 2")
	})
}

// TestCallOfADeadProcessWithoutFinder was being posted when the process died.
func TestCallOfADeadProcessWithoutFinder(t *testing.T) {
	c, desk := wanting(0, 0), connectortest.NewBatchDesk(office, connector.Limits{})
	staffedWith(t, desk, c.draw, func(s *scene) {
		s.arrives("1")
		s.after(time.Minute)
		s.stop()
		s.pressedByHand(1, 1)
		c.Store(1, 1)
		s.takeCall()
		s.startDesk()
		s.after(time.Minute)
		s.tried(desk, connectortest.OpCall, 0)
	})
}

func TestCallThatIsRefused(t *testing.T) {
	calling(t, connector.Limits{}, func(s *scene, desk *connectortest.DeskFake, c calls) {
		desk.On(connectortest.OpCall, connectortest.Refuse("nobody to call"))
		c.Store(1, 1)
		c.Store(2, 1)
		s.touch(1)
		s.touch(2)
		s.after(time.Minute)
		if n := len(desk.Called()); n != 1 {
			s.t.Errorf("%d calls, want the one that was not refused", n)
		}
		made := len(times(desk, func(c connectortest.CardCall) bool { return c.Op == connectortest.OpCall }))
		if made != 2 {
			s.t.Errorf("%d calls were tried", made)
		}
	})
}

// TestCallIsDeferred, and a newer one is wanted when the platform may be asked again.
func TestCallIsDeferred(t *testing.T) {
	calling(t, busyDesk, func(s *scene, desk *connectortest.DeskFake, c calls) {
		desk.On(connectortest.OpCall, connectortest.Defer(30*time.Second))
		c.Store(1, 1)
		s.touch(1)
		s.after(20 * time.Second)
		s.called(desk)
		c.Store(1, 3)
		s.touch(1)
		s.arrives("3")
		s.after(5 * time.Second)
		if _, ok := desk.Card(3); ok {
			s.t.Error("a card was posted by the budget of the call, which is held back")
		}
		s.after(time.Minute)
		s.called(desk, "1: call 3")
		title(s.t, desk, 3, `received by ""`)
	})
}

// TestCallThatIsNotWantedAnyMore is not posted.
func TestCallThatIsNotWantedAnyMore(t *testing.T) {
	calling(t, connector.Limits{}, func(s *scene, desk *connectortest.DeskFake, c calls) {
		desk.On(connectortest.OpCall, connectortest.Defer(30*time.Second))
		c.Store(1, 1)
		s.touch(1)
		s.after(20 * time.Second)
		c.Delete(1)
		s.after(time.Minute)
		s.called(desk)
	})
}

func TestCallAtADeskThatCannotCall(t *testing.T) {
	c, desk := wanting(1, 1), connectortest.NewBlindDesk(office, connector.Limits{})
	staffedWith(t, desk, c.draw, func(s *scene) {
		s.arrives("1")
		s.after(time.Minute)
		title(s.t, desk, 1, `received by ""`)
		if n := s.look(delivery.Take{}).Dirty[connector.CardClasses]; n != 0 {
			s.t.Errorf("%d calls wait", n)
		}
	})
}

// TestCallAndACardThatIsGone: the card is posted anew, and its call not repeated; a
// call that was not posted yet is posted near the new card.
func TestCallAndACardThatIsGone(t *testing.T) {
	calling(t, connector.Limits{}, func(s *scene, desk *connectortest.DeskFake, c calls) {
		gone := func() {
			s.t.Helper()
			card, _ := desk.Card(1)
			desk.Remove(card.ID)
			s.touch(1)
			s.after(time.Minute)
			if again, ok := desk.Card(1); !ok || again.ID == card.ID {
				s.t.Errorf("the card is %+v", again)
			}
		}
		c.Store(1, 1)
		s.touch(1)
		s.after(time.Second)
		gone()
		s.called(desk, "1: call 1")

		hold := connectortest.Hold()
		desk.On(connectortest.OpCall, hold)
		c.Store(1, 2)
		s.touch(1)
		<-hold.Entered()
		card, _ := desk.Card(1)
		desk.Remove(card.ID) // before the call gets there
		hold.Release()
		s.after(time.Minute)
		s.called(desk, "1: call 1", "1: call 2")
		if again, _ := desk.Card(1); desk.Called()[1].At != again.ID {
			s.t.Errorf("the call stands at %q, the card at %q", desk.Called()[1].At, again.ID)
		}
	})
}

// TestCallOfADeadProcess was being posted when the process died, before or after.
func TestCallOfADeadProcess(t *testing.T) {
	for _, arrived := range []bool{true, false} {
		t.Run(fmt.Sprint(arrived), func(t *testing.T) {
			calling(t, connector.Limits{}, func(s *scene, desk *connectortest.DeskFake, c calls) {
				s.stop()
				s.pressedByHand(1, 1)
				c.Store(1, 1)
				s.takeCall()
				if arrived {
					card, _ := desk.Card(1)
					card.Call = &connector.Call{Number: 1, Text: "call 1"}
					_, err := desk.PostCall(s.t.Context(), card.ID, card.Card)
					s.must(err)
				}
				s.startDesk()
				s.after(time.Minute)
				s.called(desk, "1: call 1")
			})
		})
	}
}

// pressedByHand draws a card in place of the worker, with a call.
func (s *scene) pressedByHand(n, call int) {
	s.t.Helper()
	s.touch(n)
	_, err := s.store.Drawn(s.t.Context(), "cards", s.take(connector.CardOther), map[int]delivery.Drawing{n: {Call: call}})
	s.must(err)
}

// takeCall takes the next call for a second, as a process does that dies then.
func (s *scene) takeCall() {
	s.t.Helper()
	if w := s.look(delivery.Take{TTL: time.Second, Calls: true}); w.Call == nil {
		s.t.Fatal("no call waits")
	}
}

// TestCallThatNeverStandsUnderItsCard is given up: the platform says that the card is
// gone, and it is there.
func TestCallThatNeverStandsUnderItsCard(t *testing.T) {
	calling(t, connector.Limits{}, func(s *scene, desk *connectortest.DeskFake, c calls) {
		desk.On(connectortest.OpCall, slices.Repeat([]connectortest.Fault{connectortest.Gone()}, 1000)...)
		c.Store(1, 1)
		s.touch(1)
		s.after(5 * time.Minute)
		s.tried(desk, connectortest.OpCall, 1)
		s.tried(desk, connectortest.OpPost, 3) // the board and two cards, none of them anew
		c.Store(1, 2)
		s.touch(1)
		s.after(5 * time.Minute)
		s.tried(desk, connectortest.OpCall, 2) // the next one is tried, once
	})
}

// TestCallNearACardThatCannotBeSeen waits until it can be told whether it is there.
func TestCallNearACardThatCannotBeSeen(t *testing.T) {
	calling(t, connector.Limits{}, func(s *scene, desk *connectortest.DeskFake, c calls) {
		c.Store(1, 1)
		s.touch(1)
		s.after(10 * time.Millisecond)
		desk.On(connectortest.OpCall, connectortest.Gone())
		desk.On(connectortest.OpUpdate, connectortest.Fault{}, connectortest.Defer(time.Minute))
		c.Store(1, 2)
		s.touch(1)
		s.after(10 * time.Minute)
		if all := desk.Called(); len(all) == 0 || all[len(all)-1].Card.Call.Number != 2 {
			s.t.Errorf("calls %+v", all)
		}
	})
}

// TestCallsOfAWithdrawnQuestion: they are taken back one by one, whatever the platform says
// meanwhile, and those of other questions stay.
func TestCallsOfAWithdrawnQuestion(t *testing.T) {
	calling(t, connector.Limits{}, func(s *scene, desk *connectortest.DeskFake, c calls) {
		for n := range 2 {
			c.Store(1, n+1)
			c.Store(2, n+1)
			s.touch(1)
			s.touch(2)
			s.after(time.Second)
		}
		c.Store(1, delivery.TakeCalls)
		desk.On(connectortest.OpTakeCall, connectortest.Defer(time.Second), connectortest.UnsureAfter())
		s.touch(1)
		s.after(time.Minute)
		s.called(desk, "2: call 1", "2: call 2")
		s.tried(desk, connectortest.OpTakeCall, 4)
	})
}

// TestCallOfUnknownFateIsTakenBack: it is looked for first.
func TestCallOfUnknownFateIsTakenBack(t *testing.T) {
	calling(t, connector.Limits{}, func(s *scene, desk *connectortest.DeskFake, c calls) {
		desk.On(connectortest.OpCall, connectortest.UnsureAfter())
		c.Store(1, 1)
		s.touch(1)
		s.after(time.Second)
		s.called(desk, "1: call 1")
		c.Store(1, delivery.TakeCalls)
		s.touch(1)
		s.after(time.Minute)
		s.called(desk)
	})
}
