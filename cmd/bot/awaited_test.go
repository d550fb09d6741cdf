package main

import (
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/slack"
	"experthour/internal/connector/telegram"
	"experthour/internal/delivery"
	"experthour/internal/desk/chat"
	"experthour/internal/desk/view"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// drawnDesk is a desk that notes what it was told to draw.
type drawnDesk interface {
	connector.Connector
	Calls() []connectortest.CardCall
}

// paced is an hour whose cards are drawn at the pace of a platform, in a bubble.
type paced struct {
	*testing.T
	desk drawnDesk
	svc  *session.Service
	keys int
}

var pacedStaff = session.Directory{{Name: "Anna", Role: session.Moderator}, {Name: "Edgars", Role: session.ExpertRole}}

func atPaceOf(t *testing.T, desk drawnDesk, test func(*paced)) {
	synctest.Test(t, func(t *testing.T) {
		store, roll := redistest.New(t, time.Now), routing.NewRoll(pacedStaff)
		registry, err := connector.NewRegistry(connector.Page{}, desk)
		if err != nil {
			t.Fatal(err)
		}
		lane := session.Lane{Connector: desk.ID(), Place: "desk"}
		w := &delivery.Worker{Reader: store, Outbox: store, Cards: store, Registry: registry, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
		svc := &session.Service{Store: store, Staff: roll, Now: time.Now, Undo: 3 * time.Minute, Changed: w.Wake,
			Planner: routing.Planner{PublicURL: "https://x.lv", Limits: registry.Limits,
				Reasons: map[string]map[session.Language]string{"off_topic": {session.English: "Not about the topic."}}}}
		views := &view.Desk{Store: store, Preview: svc.Preview, Alike: svc.Alike, Leases: store.Leases(), Words: wording.In(session.English),
			Reasons: func() []view.Reason { return nil }, PublicURL: "https://x.lv", Sign: "#", Now: time.Now}
		w.Recorder = svc
		w.Draw = chat.New(chat.Options{Service: svc, Store: store, Cards: store, Staff: roll, Views: views, Lane: lane, Now: time.Now}).Draw
		p := &paced{T: t, desk: desk, svc: svc}
		_, err = svc.Schedule(t.Context(), session.Actor{Name: "Anna", Role: session.Moderator}, session.Hour{Slug: "tax", Title: "Tax",
			Zone: "Europe/Riga", Language: session.English, Start: time.Now(), End: time.Now().Add(time.Hour), Reasons: []string{"off_topic"},
			Experts: []session.Expert{{Name: "Edgars"}}, Desk: session.Desk{Connector: desk.ID(), Place: lane.Place}})
		p.must(err)
		done := make(chan struct{})
		ctx := t.Context()
		go func() { defer close(done); _ = w.Run(ctx) }()
		p.passes(3 * time.Minute)
		test(p)
	})
}

func (p *paced) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *paced) passes(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (p *paced) ask(text string) int {
	p.Helper()
	p.keys++
	q, _, err := p.svc.Ask(p.Context(), session.Asked{Session: "tax", Key: fmt.Sprint(p.keys), Text: text,
		Origin: session.Origin{Connector: session.Page}})
	p.must(err)
	return q.Ref.Number
}

func (p *paced) do(cmd session.Command) {
	p.Helper()
	_, err := p.svc.Do(p.Context(), session.Actor{Name: "Anna", Role: session.Moderator}, cmd)
	p.must(err)
}

func of(n int) session.On {
	return session.On{Question: session.QuestionRef{Session: "tax", Number: n}}
}

func declined(n int) session.DeclineQuestion {
	return session.DeclineQuestion{On: of(n), Reason: "off_topic"}
}

// drawn are the cards that were drawn after the first so many calls, in their order, each once, the board left out.
func (p *paced) drawn(after int) (all []int) {
	for _, c := range p.desk.Calls()[after:] {
		for _, card := range append([]connector.Card{c.Card}, c.Cards...) {
			if card.Number > 0 && !slices.Contains(all, card.Number) {
				all = append(all, card.Number)
			}
		}
	}
	return all
}

// paces are the desks with the pace that their platforms let them have.
func paces(t *testing.T) map[string]drawnDesk {
	t.Helper()
	s, err := slack.New(slack.Options{ID: "slack", Channel: "desk", Mode: slack.Socket, Inbox: &chat.Chat{},
		Mailbox: redistest.New(t, time.Now).Mailbox("slack"), Memory: connectortest.NewMemory()})
	if err != nil {
		t.Fatal(err)
	}
	g, err := telegram.New(telegram.Options{ID: "telegram", Token: "1:a", Mode: telegram.Polling, DeskChat: "-1", Inbox: &chat.Chat{},
		Mailbox: redistest.New(t, time.Now).Mailbox("telegram"), Memory: connectortest.NewMemory()})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]drawnDesk{"slack": connectortest.NewDesk("slack", s.Limits()),
		"telegram": connectortest.NewBatchDesk("telegram", g.Limits())}
}

// flood is how many read alike.
const flood = 26

// burst is how many cards a platform may take before the clock has concluded all.
const burst = 9

// TestWhatSomebodyWaitsForIsDrawnFirst: at the pace of each platform no card of what is decided goes before one that
// somebody waits for, neither when they are posted nor when they are drawn again.
func TestWhatSomebodyWaitsForIsDrawnFirst(t *testing.T) {
	t.Parallel()
	for name, desk := range paces(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			atPaceOf(t, desk, func(p *paced) {
				before := len(p.desk.Calls())
				for range flood {
					p.ask("Buy my thing!")
				}
				p.passes(2 * time.Second)
				posted := len(p.drawn(before))
				p.do(session.DeclineAlike{DeclineQuestion: declined(flood), Same: session.SameText, Shown: time.Now()})
				var waits []int
				for i := range 5 {
					waits = append(waits, p.ask(fmt.Sprintf("Who pays for number %d?", i)))
				}
				p.passes(10 * time.Minute)
				all := p.drawn(before)
				if len(all) != flood+5 {
					p.Fatalf("drawn %d cards: %v", len(all), all)
				}
				// The last of the flood is what was pressed; one drawing may have been under way.
				late := slices.DeleteFunc(slices.Clone(all[posted:]), func(n int) bool { return n == flood })
				if i := slices.Index(late, waits[0]); i > 1 || !slices.Equal(late[i:i+5], waits) {
					p.Errorf("after %d cards, of a flood that was declined: %v", posted, late)
				}

				// All stand there. The clock concludes what was decided by presses, the one that is waited for last.
				var decided []int
				for i := range 14 {
					decided = append(decided, p.ask(fmt.Sprintf("Is that all, %d?", i)))
				}
				open := p.ask("And the last one?")
				p.passes(4 * time.Minute)
				for _, n := range decided {
					p.do(declined(n))
				}
				p.do(session.AcceptQuestion{On: of(open), Wording: 1})
				p.passes(170 * time.Second)
				before = len(p.desk.Calls())
				p.passes(5 * time.Minute)
				if all := p.drawn(before); len(all) != 15 || slices.Index(all, open) > burst {
					p.Errorf("drawn again: %v", all)
				}
			})
		})
	}
}
