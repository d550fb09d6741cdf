package telegram

import (
	"strings"
	"testing"
)

// TestRestOfALongQuestion: what Telegram's app cuts off has no trigger; it belongs to what
// the same person asked right before, and to nothing that somebody else did.
func TestRestOfALongQuestion(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	q.start()
	long := strings.TrimSpace(strings.Repeat("long ", 750))
	q.talk.Say(q.anna, "@desk_bot Short?")
	q.talk.Say(q.anna, "talk behind a short one")
	q.talk.Say(q.carl, "@desk_bot "+long)
	q.talk.Say(q.anna, "talk of somebody else")
	q.talk.Say(q.carl, "still "+long)
	q.talk.Say(q.carl, "and the end?")
	q.talk.Say(q.carl, "talk afterwards")
	q.settled()
	var all []string
	q.public.count(func() int {
		for _, a := range q.public.asked {
			text := a.Text[:6]
			if a.Cut {
				text += " cut off"
			}
			all = append(all, string(a.Origin.User)+" "+text)
		}
		return 0
	})
	if got := strings.Join(all, ", "); strings.Count(got, "13 ") != 3 || !strings.Contains(got, "11 Short?") || len(all) != 4 ||
		!strings.Contains(got, "13 long l, ") || !strings.Contains(got, "13 still  cut off") || !strings.Contains(got, "13 and th cut off") {
		t.Errorf("asked %s", got)
	}
}
