package delivery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// TestPicturesGoAlong: as many as the place takes, in the order in which they were approved.
func TestPicturesGoAlong(t *testing.T) {
	taking := func(id session.ConnectorID, l connector.Limits) *connectortest.Platform {
		l.Pictures = 1
		return connectortest.NewPlatform(id, l)
	}
	play(t, taking, func(s *scene) {
		n := s.ask("1")
		p := session.Picture{Hash: session.Hash(strings.Repeat("a", 64)), Type: "image/png", Size: 9, Alt: "A map.", Author: "Ilze"}
		q := p
		q.Alt = "Another map."
		s.do(edgars, session.SubmitAnswer{On: s.on(n), Text: "See the maps.", Pictures: &[]session.Picture{p, q}})
		s.approve(n)
		s.after(time.Second)
		s.want(1, 1)
		if got := s.there.Posts()[0].Pictures; !slices.Equal(got, []session.Picture{p}) {
			s.t.Errorf("there are %+v", got)
		}
	})
}
