package view

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata"

	"experthour/internal/connector"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/wording"
)

var (
	noon  = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	anna  = session.Actor{Name: "Anna", Role: session.Moderator}
	olga  = session.Actor{Name: "Olga", Role: session.Moderator}
	janis = session.Actor{Name: "Jānis", Role: session.ExpertRole}
	staff = session.Directory{{Name: "Anna", Role: session.Moderator}, {Name: "Olga", Role: session.Moderator},
		{Name: "Jānis", Role: session.ExpertRole}}
)

// kit is an open hour with its views, and a clock that only the test moves.
type kit struct {
	*testing.T
	svc   *session.Service
	store *redistest.Store
	clock atomic.Int64
	asked int
}

func (k *kit) now() time.Time { return noon.Add(time.Duration(k.clock.Load())) }

func newKit(t *testing.T) *kit {
	t.Helper()
	k := &kit{T: t}
	k.store = redistest.New(t, k.now)
	k.svc = &session.Service{Store: k.store, Staff: staff, Now: k.now, Planner: routing.Planner{PublicURL: "https://x.lv",
		Limits: func(session.ConnectorID) (connector.Limits, bool) { return connector.Limits{}, true }}}
	_, err := k.svc.Schedule(t.Context(), anna, session.Hour{Slug: "tax", Title: "Tax hour", Language: session.English, Zone: "Europe/Riga",
		Experts: []session.Expert{{Name: "Jānis"}}, Start: noon, End: noon.Add(2 * time.Hour), Desk: session.Desk{Connector: session.DeskPage},
		Reasons: []string{session.NotReached, "rude"}, Settle: 20 * time.Second})
	k.must(err)
	_, err = k.svc.DoSession(t.Context(), session.Program, "tax", session.StartSession{})
	k.must(err)
	return k
}

// desk is one of the desks of the hour, which share nothing but the store.
func (k *kit) desk(sign string) *Desk {
	return &Desk{Store: k.store, Preview: k.svc.Preview, Leases: k.store.Leases(), Words: wording.In(session.English),
		Reasons: func() []Reason { return nil }, PublicURL: "https://x.lv", Sign: sign, Now: k.now,
		Guide: routing.Guide{Planner: func() routing.Planner { return routing.Planner{} }}}
}

func (k *kit) reader(sign string, by session.Actor) Reader { return k.desk(sign).For(k.session(), by) }

func (k *kit) must(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

func (k *kit) session() session.Session {
	s, err := k.store.Session(k.Context(), "tax")
	k.must(err)
	return s
}

func (k *kit) ask(text string) int {
	k.Helper()
	k.asked++
	q, _, err := k.svc.Ask(k.Context(), session.Asked{Session: "tax", Key: fmt.Sprint(k.asked), Text: text,
		Origin: session.Origin{Connector: session.Page}})
	k.must(err)
	return q.Ref.Number
}

func (k *kit) q(n int) session.Question {
	k.Helper()
	qs, err := k.store.Questions(k.Context(), "tax", n)
	k.must(err)
	return qs[0]
}

func (k *kit) do(by session.Actor, cmd session.Command) {
	k.Helper()
	_, err := k.svc.Do(k.Context(), by, cmd)
	k.must(err)
}

func on(n int) session.On {
	return session.On{Question: session.QuestionRef{Session: "tax", Number: n}}
}
