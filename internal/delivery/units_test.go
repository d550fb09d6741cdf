package delivery_test

import (
	"testing"
	"time"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// TestUnitsOfADay: a platform sells so many units until its midnight, and a post costs more
// than a look. What does not fit waits for the next day, and until when is told.
func TestUnitsOfADay(t *testing.T) {
	midnight := time.FixedZone("half past eleven", -30*60) // in which bubbles begin
	metered := func(id session.ConnectorID, l connector.Limits) *ct.Readable {
		l.Budgets = []connector.Budget{
			{Name: "units", Rate: connector.Rate{Most: 130, Day: midnight}, Costs: map[connector.Request]int{connector.RequestPost: 50,
				connector.RequestEdit: 50, connector.RequestRetract: 50, connector.RequestRead: 30}},
			{Name: "retractions", Rate: connector.Rate{Most: 1, Per: time.Hour}, Costs: map[connector.Request]int{connector.RequestPost: 0,
				connector.RequestFind: 0, connector.RequestRead: 0}},
		}
		return ct.NewReadable(id, l)
	}
	play(t, metered, func(s *scene) {
		s.there.On(ct.OpReply, ct.UnsureAfter()) // which costs a look
		for _, key := range []string{"1", "2", "3"} {
			s.approve(s.ask(key))
		}
		s.after(20 * time.Minute)
		s.want(2, 2)
		until, told := s.workers[0].Empty()[there]
		if want := time.Date(2000, 1, 1, 0, 30, 0, 0, time.UTC); !told || until.Sub(want).Abs() > time.Second {
			s.t.Errorf("it may go on at %v, %t; want %v", until, told, want)
		}
		lane, began := session.Lane{Connector: there, Place: "square"}, time.Now()
		if err := s.workers[0].Spend(s.t.Context(), s.there.Limits(), lane, connector.RequestRead); err != nil { // 29 units are left
			s.t.Error(err)
		}
		if took := time.Since(began); took < 9*time.Minute || took > 11*time.Minute {
			s.t.Errorf("reading waited for %v", took)
		}
		s.after(time.Minute)
		s.want(3, 3)
		if left, err := s.workers[0].Left(s.t.Context(), s.there.Limits(), there); err != nil || len(left) != 1 || left["units"] != 50 {
			s.t.Errorf("%v are left, %v", left, err)
		}
		if e := s.workers[0].Empty(); len(e) > 0 {
			s.t.Errorf("all went out, and nothing may until %v", e)
		}
	})
}
