package delivery_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// deleting is a platform where a correction is a take-back and a new post.
type deleting struct {
	*ct.Plain
	whole *ct.Platform
}

func (d deleting) Retract(ctx context.Context, at session.MessageID, p connector.Post) error {
	return d.whole.Retract(ctx, at, p)
}

const (
	linkPrice  = 200
	plainPrice = 10
)

func price(text string, _ int, _ bool) (price, plain int) {
	if strings.Contains(text, "https://") {
		return linkPrice, plainPrice
	}
	return plainPrice, plainPrice
}

// dear is a platform where an hour may cost half a dollar, and a day ten.
func dear(id session.ConnectorID, l connector.Limits) deleting {
	l.Notices, l.Price, l.Ceiling = false, price, 500
	l.Budgets = []connector.Budget{{Name: "money", Priced: true, Rate: connector.Rate{Most: 10_000, Day: time.UTC},
		Costs: map[connector.Request]int{connector.RequestPost: linkPrice, connector.RequestRetract: 5}}}
	whole := ct.NewPlatform(id, l)
	return deleting{whole.Plain, whole}
}

// unpaid wants just that to wait for money.
func (s *scene) unpaid(want session.Unpaid) {
	s.t.Helper()
	if got := s.hour().Spending(there).Unpaid; got != want {
		s.t.Errorf("%+v waits, want %+v", got, want)
	}
}

// spent wants so much to be counted of the day.
func (s *scene) spent(want int) {
	s.t.Helper()
	left, err := s.workers[0].Left(s.t.Context(), s.there.Limits(), there)
	if err != nil || 10_000-left["money"] != want {
		s.t.Errorf("%d are spent, %v; want %d", 10_000-left["money"], err, want)
	}
}

// TestCeilingOfAnHour: what does not fit waits, and the hour says so; what is lifted lets it go, once. What waits
// is told anew when it is something else, and not at all when nothing waits.
func TestCeilingOfAnHour(t *testing.T) {
	play(t, dear, func(s *scene) {
		for _, key := range []string{"1", "2", "3", "4"} {
			s.approve(s.ask(key))
		}
		s.after(time.Minute)
		s.want(2, 2)
		s.spent(2 * linkPrice)
		s.unpaid(session.Unpaid{Question: 3, Price: linkPrice, Spent: 2 * linkPrice, Ceiling: 500})
		version := s.hour().Version
		s.after(time.Minute)
		if got := s.hour().Version; got != version {
			s.t.Errorf("the hour is told %d times more", got-version)
		}
		s.do(anna, session.RetractAnswer{On: s.on(3), Remark: "Wrong."})
		s.after(5 * time.Second)
		s.unpaid(session.Unpaid{Question: 4, Price: linkPrice, Spent: 2 * linkPrice, Ceiling: 500})
		s.session(session.LiftCeiling{Dollars: 1})
		s.after(5 * time.Second)
		s.want(3, 3)
		s.unpaid(session.Unpaid{})
		for _, key := range []string{"5", "6", "7", "8", "9"} {
			s.approve(s.ask(key))
		}
		s.after(5 * time.Second)
		s.want(7, 7)
		s.unpaid(session.Unpaid{Question: 9, Price: linkPrice, Spent: 7 * linkPrice, Ceiling: 1500})
		s.do(anna, session.RetractAnswer{On: s.on(9), Remark: "Wrong."})
		s.after(5 * time.Second)
		s.unpaid(session.Unpaid{})
	})
}

// TestCeilingLetsTakeBacksOut: and a correction stands as it was until there is money for the new post.
func TestCeilingLetsTakeBacksOut(t *testing.T) {
	play(t, dear, func(s *scene) {
		for _, key := range []string{"1", "2"} {
			s.approve(s.ask(key))
		}
		s.after(time.Second)
		s.do(edgars, session.CorrectAnswer{On: s.on(1), Text: "Yes, do."})
		s.approve(1)
		s.after(5 * time.Second)
		s.want(2, 2)
		s.unpaid(session.Unpaid{Question: 1, Price: linkPrice, Spent: 2 * linkPrice, Ceiling: 500})
		s.do(anna, session.RetractAnswer{On: s.on(2), Remark: "Wrong."})
		s.after(5 * time.Second)
		s.want(1, 2)
		s.session(session.LiftCeiling{Connector: there, Dollars: 1})
		s.after(5 * time.Second)
		s.want(1, 3)
		if text := s.there.Posts()[0].Text; !strings.Contains(text, "Yes, do.") {
			s.t.Errorf("there stands %q", text)
		}
	})
}

// TestWhatWasNotPostedCostsNothing: neither what is refused nor what a platform wants later.
func TestWhatWasNotPostedCostsNothing(t *testing.T) {
	play(t, dear, func(s *scene) {
		s.there.On(ct.OpReply, ct.Defer(time.Minute), ct.Defer(time.Minute), ct.Defer(time.Minute), ct.Refuse("No."))
		s.approve(s.ask("1"))
		s.after(time.Hour)
		s.problem(1, session.RefusedIt)
		s.spent(0)
		s.approve(s.ask("2"))
		s.after(time.Second)
		s.want(1, 1)
		s.spent(linkPrice)
		s.unpaid(session.Unpaid{})
	})
}
