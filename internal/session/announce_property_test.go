package session

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// crier is an hour that is announced at the blind place, and the platform as it really is.
type crier struct {
	*rapid.T
	s      Session
	truth  map[string]int // what stands at a copy: its counter
	flight map[string]int // what is being sent there
	late   map[string]bool
}

// bulletinOf is a planner: what may stand about s, with the times in the texts.
func bulletinOf(s Session) []Rendered {
	last := s.State == Open && s.reminded(RemindEnd)
	when := func(ok bool, text string) string {
		if !ok {
			return ""
		}
		return text
	}
	start, end := s.Start.Format(time.RFC3339), s.End.Format(time.RFC3339)
	rs := []Rendered{told(NewsScheduled, when(s.State == Scheduled, start+end)), told(NewsOpen, when(s.State == Open && !last, end)),
		told(NewsAt(NewsEnding, s.End), when(last, end)), told(NewsClosed, when(s.State == Closed, "over")), told(NewsCancelled,
			when(s.State == Cancelled, "off"))}
	moved := told(NewsAt(NewsMoved, s.Start), when(s.State == Scheduled, start))
	first, _ := s.Copies.Get(told(NewsScheduled, "").Key())
	if c, _ := s.Copies.Get(moved.Key()); s.Moved != 0 && (first.Out != 0 && first.Out < s.Moved || c.Wanted != 0) {
		rs = append(rs, moved)
	}
	return rs
}

// do gives a command, as the service does; one that is refused changes nothing.
func (c *crier) do(by Actor, cmd SessionCommand) {
	svc := &Service{Planner: listing{}}
	after, already, err := svc.decideSession(cmd, Context{By: by, At: noon}, c.s)
	if err == nil && !already {
		c.s = after
	}
}

type listing struct{ Planner }

func (listing) Announcements(s Session, _ time.Time) []Rendered { return bulletinOf(s) }

func (c *crier) told(cmd copyCommand) { c.do(Program, onSession{cmd}) }

// lease begins to send a copy that may leave now.
func (c *crier) lease() {
	for _, p := range c.s.Copies {
		if _, flying := c.flight[p.Key()]; flying || !p.Due() || !c.s.Leaves(p.class()) {
			continue
		}
		news := slices.ContainsFunc(bulletinOf(c.s), func(r Rendered) bool { return r.Slot == p.Slot && r.Text == p.Text })
		if p.Wanted != 0 && p.Out == 0 && !news && !c.late[p.Key()] {
			c.Fatalf("%s is told late: %+v", p.News, p)
		}
		c.flight[p.Key()] = p.Wanted
		return
	}
}

// land ends what is under way.
func (c *crier) land(how string) {
	for key, brought := range c.flight {
		delete(c.flight, key)
		p, _ := c.s.Copies.Get(key)
		if how == "sent" || how == "arrived" {
			if p.Out == 0 && brought != 0 && c.truth[key] != 0 {
				c.Fatalf("%s is told twice", p.News)
			}
			c.truth[key] = brought
		}
		switch {
		case how == "sent":
			c.told(RecordSent{Copy: key, Brought: brought, Message: "m"})
		case how == "refused":
			c.told(RecordParked{Copy: key, Trying: brought, Problem: RefusedIt})
		case p.Out == 0 && brought != 0: // a new post of which nobody knows
			c.told(RecordParked{Copy: key, Trying: brought, Problem: Unsure})
		}
		return
	}
}

// settle is a person who looks.
func (c *crier) settle(drop bool) {
	for _, p := range c.s.Copies.Parked() {
		v := Retry
		switch {
		case p.Problem == Unsure && c.truth[p.Key()] == p.Trying:
			v = IsOut
		case p.Problem == Unsure:
			v = SendAgain
		case drop:
			v = Drop
		}
		c.late[p.Key()] = v == SendAgain || v == Retry // a person may tell late what they like
		c.do(anna, onSession{ResolveCopy{Decision: v, Copy: p.Key(), Attempt: p.Attempt}})
	}
}

// calm lets go what waits, and checks that what stands is what is wanted and true.
func (c *crier) calm() {
	c.do(anna, ResumeSession{})
	for range 100 {
		c.settle(false)
		c.lease()
		c.land("sent")
	}
	list := bulletinOf(c.s)
	for _, p := range c.s.Copies {
		r := slices.IndexFunc(list, func(r Rendered) bool { return r.Slot == p.Slot })
		switch {
		case p.Due() || p.Parked() || len(c.flight) > 0:
			c.Fatalf("%s never settles: %+v", p.News, p)
		case c.truth[p.Key()] != p.Out && p.Problem != Dropped: // an edit may have arrived before it was refused
			c.Fatalf("%s: %d stands there, known is %d", p.News, c.truth[p.Key()], p.Out)
		case r < 0 && p.Out != 0 && p.Problem != Dropped: // unless a person left it there
			c.Fatalf("%s is untrue and stands there", p.News)
		case r >= 0 && list[r].Text != "" && p.Problem == NoProblem && p.Text != list[r].Text:
			c.Fatalf("%s reads %q, want %q", p.News, p.Text, list[r].Text)
		}
	}
}

// TestAnnouncementsProperty runs hours in every order, with everything that can become of a
// post: nothing is told twice, nothing late, and in the end what stands is true.
func TestAnnouncementsProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := &crier{T: t, s: newWorld().ses, truth: map[string]int{}, flight: map[string]int{}, late: map[string]bool{}}
		c.s.Title, c.s.Zone = "Hour", "Europe/Riga"
		c.s.tell(news(nil, bulletinOf(c.s)), noon)
		hours := func(label string) time.Time {
			return noon.Add(time.Duration(rapid.IntRange(1, 3).Draw(t, label)) * time.Hour)
		}
		actions := map[string]func(*rapid.T){
			"reschedule": func(*rapid.T) {
				start := hours("start")
				c.do(anna, RescheduleSession{Start: start, End: start.Add(time.Hour)})
			},
			"extend": func(*rapid.T) { c.do(anna, ExtendSession{End: hours("end").Add(time.Minute)}) },
			"remind": func(*rapid.T) { c.do(Program, Remind{RemindEnd}) },
			"settle": func(*rapid.T) { c.settle(false) },
			"drop":   func(*rapid.T) { c.settle(true) },
		}
		for _, cmd := range []SessionCommand{StartSession{}, StopSession{}, PauseSession{}, ResumeSession{}, CloseSession{},
			CancelSession{}, ReopenSession{}} {
			actions[string(cmd.Verb())] = func(*rapid.T) { c.do(anna, cmd) }
		}
		for i := range 3 { // the worker is quicker than people
			actions[fmt.Sprint("lease", i)] = func(*rapid.T) { c.lease() }
			actions[fmt.Sprint("sent", i)] = func(*rapid.T) { c.land("sent") }
		}
		for _, how := range []string{"refused", "arrived", "lost"} {
			actions[how] = func(*rapid.T) { c.land(how) }
		}
		t.Repeat(actions)
		c.calm()
	})
}
