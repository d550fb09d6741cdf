package delivery_test

import (
	"fmt"
	"slices"

	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

// busyDesk has the budgets of a chat that does not like to be written to.
var busyDesk = connector.Limits{Cards: map[connector.CardClass]connector.Budget{
	connector.CardNew:     {Name: "new", Rate: connector.Rate{Most: 1, Per: time.Second}},
	connector.CardBoard:   {Name: "board", Rate: connector.Rate{Most: 1, Per: 4 * time.Second}},
	connector.CardPressed: {Name: "edit", Rate: connector.Rate{Most: 4, Per: 7 * time.Second}},
	connector.CardOther:   {Name: "edit", Rate: connector.Rate{Most: 4, Per: 7 * time.Second}},
}}

// times lists when the calls began that pick wants.
func times(d deskOf, pick func(connectortest.CardCall) bool) []time.Time {
	var ts []time.Time
	for _, c := range d.Calls() {
		if pick(c) {
			ts = append(ts, c.Began)
		}
	}
	slices.SortFunc(ts, time.Time.Compare)
	return ts
}

func newCard(c connectortest.CardCall) bool {
	return c.Op == connectortest.OpPost && c.Card.Number > 0 || c.Op == connectortest.OpCall
}

func boardDrawn(c connectortest.CardCall) bool {
	return c.Card.Number == 0 && (c.Op == connectortest.OpPost || c.Op == connectortest.OpUpdate)
}

func edited(c connectortest.CardCall) bool {
	return c.Op == connectortest.OpUpdate && c.Card.Number > 0
}

// withinBudgets checks that no span of any budget has more calls than it may.
func withinBudgets(t *testing.T, d deskOf) {
	t.Helper()
	for class, pick := range map[connector.CardClass]func(connectortest.CardCall) bool{
		connector.CardNew: newCard, connector.CardBoard: boardDrawn, connector.CardPressed: edited,
	} {
		b, ts := d.Limits().Cards[class], times(d, pick)
		for i := b.Rate.Most; i < len(ts); i++ {
			if span := ts[i].Sub(ts[i-b.Rate.Most]); span < b.Rate.Per {
				t.Errorf("budget %s: %d calls within %v", b.Name, b.Rate.Most+1, span)
			}
		}
	}
}

// soon checks that a call was made within d after a moment.
func soon(t *testing.T, what string, ts []time.Time, after time.Time, d time.Duration) {
	t.Helper()
	i := slices.IndexFunc(ts, func(at time.Time) bool { return !at.Before(after) })
	if i < 0 || ts[i].Sub(after) > d {
		t.Errorf("%s: out of date since %v, drawn at %v", what, after, ts[max(i, 0):min(i+1, len(ts))])
	}
}

// TestManyQuestionsAtOnce is the hour in the newspaper: 200 questions in a minute.
func TestManyQuestionsAtOnce(t *testing.T) {
	t.Run("one replica", func(t *testing.T) { manyQuestions(t, func(*scene) {}) })
	t.Run("two replicas", func(t *testing.T) { manyQuestions(t, func(s *scene) { s.startDesk() }) })
}

func manyQuestions(t *testing.T, begin func(*scene)) {
	desk := connectortest.NewDesk(office, busyDesk)
	staffed(t, desk, func(s *scene) {
		begin(s)
		var changed []time.Time
		pressed := map[int]time.Time{}
		for i := range 200 {
			on := s.arrives(fmt.Sprint(i))
			changed = append(changed, time.Now())
			if n := map[int]int{60: 1, 100: 3, 101: 4, 102: 5, 150: 12}[i]; n > 0 {
				on.Question.Number = n
				s.do(anna, session.AcceptQuestion{On: on})
				pressed[n] = time.Now()
			}
			s.after(300 * time.Millisecond)
		}
		s.after(4 * time.Minute)
		withinBudgets(s.t, desk)
		s.inOrder(desk, 200)
		drawn := times(desk, boardDrawn)
		for _, at := range changed {
			soon(s.t, "board", drawn, at, 5*time.Second)
		}
		for n, at := range pressed {
			redrawn := times(desk, func(c connectortest.CardCall) bool { return edited(c) && c.Card.Number == n })
			soon(s.t, fmt.Sprint("card ", n), redrawn, at, time.Second)
			title(s.t, desk, n, `queued by ""`)
		}
	})
}

// inOrder checks that cards were posted in the order of arrival, one a second.
func (s *scene) inOrder(desk deskOf, count int) {
	s.t.Helper()
	var last connectortest.CardCall
	for _, c := range desk.Calls() {
		if !newCard(c) {
			continue
		}
		if c.Card.Number != last.Card.Number+1 {
			s.t.Errorf("card %d was posted after %d", c.Card.Number, last.Card.Number)
		}
		if d := c.Began.Sub(last.Began); c.Card.Number > 1 && d != time.Second {
			s.t.Errorf("card %d was posted %v after the one before it", c.Card.Number, d)
		}
		last = c
	}
	if last.Card.Number != count {
		s.t.Errorf("the last card is %d", last.Card.Number)
	}
}

// TestPressedGoesFirst lets a vote and a press wait for the same budget.
func TestPressedGoesFirst(t *testing.T) {
	limits := connector.Limits{Cards: map[connector.CardClass]connector.Budget{}}
	for _, class := range []connector.CardClass{connector.CardPressed, connector.CardOther} {
		limits.Cards[class] = connector.Budget{Name: "edit", Rate: connector.Rate{Most: 1, Per: 10 * time.Second}}
	}
	desk := connectortest.NewDesk(office, limits)
	staffed(t, desk, func(s *scene) {
		var on [5]session.On
		for n := 1; n < len(on); n++ {
			on[n] = s.arrives(fmt.Sprint(n))
			s.do(anna, session.AcceptQuestion{On: on[n]})
		}
		s.after(2 * time.Minute)
		before := len(desk.Calls())
		for n := 1; n < 4; n++ {
			s.vote(n)
		}
		s.after(time.Second) // one takes the token, the others wait
		s.do(edgars, session.ClaimQuestion{On: on[4]})
		s.after(time.Second)
		s.do(edgars, session.ClaimQuestion{On: on[1]})
		s.after(time.Minute)
		var order []int
		for _, c := range desk.Calls()[before:] {
			if edited(c) {
				order = append(order, c.Card.Number)
			}
		}
		if !slices.Equal(order, []int{1, 4, 1, 2, 3}) {
			s.t.Errorf("drawn in the order %v", order)
		}
	})
}

func (s *scene) vote(n int) {
	s.t.Helper()
	_, err := s.store.Vote(s.t.Context(), session.Vote{Question: session.QuestionRef{Session: "cards", Number: n}, By: "voter", Up: true})
	s.must(err)
}

// TestOldDrawingLandsLast has two runners draw the same card: the old drawing is held
// up on its way and lands after the new one.
func TestOldDrawingLandsLast(t *testing.T) {
	desk := connectortest.NewDesk(office, connector.Limits{})
	staffed(t, desk, func(s *scene) {
		on := s.arrives("1")
		s.do(anna, session.AcceptQuestion{On: on})
		s.after(time.Minute)
		hold := connectortest.Hold()
		desk.On(connectortest.OpUpdate, hold)
		s.vote(1)
		<-hold.Entered()
		s.do(edgars, session.ClaimQuestion{On: on})
		s.after(time.Second)
		title(s.t, desk, 1, `claimed by "Edgars"`)
		before := len(desk.Calls())
		hold.Release()
		s.after(time.Second)
		if c := desk.Calls()[before]; c.Card.Title != `queued by ""` {
			s.t.Fatalf("the old drawing landed as %q", c.Card.Title)
		}
		title(s.t, desk, 1, `claimed by "Edgars"`)
	})
}

// TestHeldBack: a platform that asks for a pause gets it from everything that uses the
// same budgets, and from nothing else.
func TestHeldBack(t *testing.T) {
	desk := connectortest.NewDesk(office, busyDesk)
	staffed(t, desk, func(s *scene) {
		one, two := s.arrives("1"), s.arrives("2")
		s.do(anna, session.AcceptQuestion{On: one})
		s.after(time.Minute)
		desk.On(connectortest.OpUpdate, connectortest.Defer(30*time.Second))
		s.vote(1)
		s.after(time.Second)
		s.cardsHour(session.PauseSession{})
		s.do(anna, session.AcceptQuestion{On: two})
		s.arrives("3")
		s.after(20 * time.Second)
		title(s.t, desk, 2, `received by ""`)
		title(s.t, desk, 3, `received by ""`)
		s.after(20 * time.Second)
		title(s.t, desk, 2, `queued by ""`)
	})
}

func (s *scene) cardsHour(cmd session.SessionCommand) {
	s.t.Helper()
	_, err := s.service.DoSession(s.t.Context(), anna, "cards", cmd)
	s.must(err)
}

// TestHeldBackDeliveries: the same for answers.
func TestHeldBackDeliveries(t *testing.T) {
	limited := func(id session.ConnectorID, l connector.Limits) *connectortest.Platform {
		l.Overall = connector.Rate{Most: 5, Per: time.Second}
		l.PerPlace = connector.Rate{Most: 2, Per: time.Second}
		return connectortest.NewPlatform(id, l)
	}
	play(t, limited, func(s *scene) {
		n := s.ask("1")
		s.there.On(connectortest.OpReply, connectortest.Defer(30*time.Second))
		s.approve(n)
		s.after(time.Second)
		for _, budget := range []string{"there", "there/square"} {
			wait, err := s.store.Token(s.t.Context(), there, delivery.Spend{Budget: budget, Cost: 1, Most: 100, Per: time.Second})
			if err != nil || wait < 28*time.Second || wait > 30*time.Second {
				s.t.Errorf("budget %s says %v, %v", budget, wait, err)
			}
		}
		s.after(30 * time.Second)
		s.want(1, 1)
	})
}

// TestIdleDeskIsCheap: nothing is out of date, and a poll costs a look, one for the clock
// and no token, for each session.
func TestIdleDeskIsCheap(t *testing.T) {
	desk := connectortest.NewDesk(office, busyDesk)
	staffed(t, desk, func(s *scene) {
		s.after(time.Minute)
		counted := &trips{}
		s.store.Client.AddHook(counted)
		s.after(20 * time.Second)
		if got := counted.count(); got > 2*21 {
			s.t.Errorf("20 polls asked %d times", got)
		}
		edit := delivery.Spend{Budget: "office/channel#edit", Cost: 1, Most: 4, Per: 7 * time.Second}
		for range 4 {
			if wait, err := s.store.Token(s.t.Context(), office, edit); wait > 0 || err != nil {
				s.t.Errorf("a token was used: %v, %v", wait, err)
			}
		}
		if wait, _ := s.store.Token(s.t.Context(), office, edit); wait <= 0 {
			s.t.Error("the budget has another name")
		}
	})
}
