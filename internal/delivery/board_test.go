package delivery_test

import (
	"fmt"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// TestPressOnTheBoardIsDrawnAtOnce: an hour so busy that its board always waits for the next of
// two drawings a minute, and all other shares are spent. Whoever presses on the board sees it
// within three seconds, and again when they press once more.
func TestPressOnTheBoardIsDrawnAtOnce(t *testing.T) {
	share := func(name string, most int) connector.Budget {
		return connector.Budget{Name: name, Rate: connector.Rate{Most: most, Per: time.Minute}}
	}
	limits := connector.Limits{PerPlace: connector.Rate{Most: 1, Per: time.Second}, BoardPressed: share("board", 4),
		Cards: map[connector.CardClass]connector.Budget{connector.CardPressed: share("pressed", 8), connector.CardBoard: share("board", 2),
			connector.CardNew: share("new", 8), connector.CardOther: share("new", 8)}}
	desk := connectortest.NewDesk(office, limits)
	staffed(t, desk, func(s *scene) {
		busy := func(from int) {
			for i := range 20 {
				s.do(anna, session.AcceptQuestion{On: s.arrives(fmt.Sprint(from + i))})
				s.after(2 * time.Second)
			}
		}
		for round := range 3 {
			busy(100 * round)
			for _, cmd := range []session.SessionCommand{session.PauseSession{}, session.ResumeSession{}} {
				pressed := time.Now()
				s.cardsHour(cmd)
				s.after(10 * time.Second)
				soon(s.t, string(cmd.Verb()), times(desk, boardDrawn), pressed, 3*time.Second)
			}
			s.after(30 * time.Second)
		}
		drawn := times(desk, boardDrawn)
		for i := limits.BoardPressed.Rate.Most; i < len(drawn); i++ {
			if span := drawn[i].Sub(drawn[i-4]); span < time.Minute {
				s.t.Errorf("five drawings of the board within %v", span)
			}
		}
	})
}
