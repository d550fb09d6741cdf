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

// TestPicturesAreTakenOff: where an edit cannot do that, the post goes and a new one comes, once, also
// when the answer stood in a receipt.
func TestPicturesAreTakenOff(t *testing.T) {
	for name, slots := range map[string]bool{"a post of its own": false, "a receipt": true} {
		staying := func(id session.ConnectorID, l connector.Limits) *connectortest.Platform {
			l.Pictures, l.PicturesStay, l.Slots = 1, true, slots
			return connectortest.NewPlatform(id, l)
		}
		t.Run(name, func(t *testing.T) {
			play(t, staying, func(s *scene) {
				p := session.Picture{Hash: session.Hash(strings.Repeat("a", 64)), Type: "image/png", Size: 9, Alt: "A map.", Author: "Ilze"}
				n := s.ask("1")
				s.after(time.Second)
				s.do(edgars, session.SubmitAnswer{On: s.on(n), Text: "See the map.", Pictures: &[]session.Picture{p}})
				s.approve(n)
				s.after(time.Second)
				first := s.copy(n)
				correct := func(text string, ps ...session.Picture) {
					s.do(edgars, session.CorrectAnswer{On: s.on(n), Text: text, Pictures: &ps})
					s.approve(n)
				}
				s.there.On(connectortest.OpRetract, connectortest.UnsureAfter())
				correct("See the page.")
				s.after(time.Minute)
				s.answered(n)
				if got := s.there.Posts()[0]; len(got.Pictures) != 0 || !strings.Contains(got.Text, "See the page.") || got.ID == first.Message {
					s.t.Errorf("there stands %+v", got)
				}
				made := s.there.Made()
				correct("See this.", p)
				s.after(time.Minute)
				if got := s.there.Posts(); len(got) != 1 || len(got[0].Pictures) != 1 || s.copy(n).Shows != 1 || s.there.Made() != made {
					s.t.Errorf("there stands %+v", got)
				}
			})
		})
	}
}
