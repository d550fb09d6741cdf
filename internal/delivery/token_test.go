package delivery_test

import (
	"fmt"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// TestNoTokenForNothing: a replica that looks into a lane where another one is sending
// uses up no token that is needed a moment later.
func TestNoTokenForNothing(t *testing.T) {
	limited := func(id session.ConnectorID, l connector.Limits) *connectortest.Platform {
		l.PerPlace = connector.Rate{Most: 3, Per: time.Minute}
		return connectortest.NewPlatform(id, l)
	}
	play(t, limited, func(s *scene) {
		registry, err := connector.NewRegistry(connector.Page{}, s.there)
		if err != nil {
			t.Fatal(err)
		}
		second := s.start(registry, s.service)
		hold := connectortest.Hold()
		s.there.On(connectortest.OpReply, hold)
		for i := range 4 {
			s.approve(s.ask(fmt.Sprint(i)))
		}
		for range 5 {
			s.workers[0].Wake("tax")
			second.Wake("tax")
			s.after(time.Second)
		}
		hold.Release()
		s.after(time.Second)
		s.want(3, 3)
		s.after(time.Minute)
		s.want(4, 4)
	})
}
