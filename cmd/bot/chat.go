package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/desk/chat"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// mostThreads is how many cards of each hour are looked through for replies that were
// missed, the newest first.
const mostThreads = 500

// cards are those of hours that somebody still works on at a desk.
func (c *core) cards(ctx context.Context, desk session.ConnectorID) ([]session.MessageID, error) {
	all, err := c.store.Sessions(ctx)
	if err != nil {
		return nil, err
	}
	var at []session.MessageID
	for _, s := range all {
		lane := s.CardLane()
		if lane == nil || lane.Connector != desk || s.State == session.Archived || s.State == session.Cancelled {
			continue
		}
		cards, err := c.cardsOf(ctx, s, *lane)
		if err != nil {
			return nil, err
		}
		at = append(at, cards...)
	}
	return at, nil
}

func (c *core) cardsOf(ctx context.Context, s session.Session, lane session.Lane) ([]session.MessageID, error) {
	counts, err := c.store.Counts(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	var numbers []int
	for n := counts.Last; n > max(0, counts.Last-mostThreads); n-- {
		numbers = append(numbers, n)
	}
	cards, err := c.store.At(ctx, s.ID, lane, numbers...)
	var at []session.MessageID
	for _, n := range numbers {
		if m := cards[n]; m != "" {
			at = append(at, m)
		}
	}
	return at, err
}

// openChat gives the desk in a chat its inbox and the worker its cards. Without such a
// desk it does nothing.
func (c *core) openChat(base string) {
	if c.room == nil {
		return
	}
	files, _ := connector.As[connector.Filer](c.room)
	shows, _ := connector.As[connector.Shower](c.room)
	room := chat.New(chat.Options{Service: c.service, Store: c.store, Cards: c.store, Staff: c.roll, Memory: c.store.Memory(c.lane.Connector),
		Pictures: c.store, Files: files, Shows: shows, Views: c.views(base, "#"), Lane: c.lane, Hour: c.hour, Command: "/hour", Now: time.Now})
	c.desk.DeskInbox = room
	c.worker.Cards, c.worker.Draw = c.store, room.Draw
}

// rollEvery is how often platforms are asked who the staff are: a change of a group
// takes effect within it.
const rollEvery = 2 * time.Minute

// keepRoll learns from the desk's platform who the staff are, at once and then again
// and again. What it cannot learn stays as it was.
func (c *core) keepRoll(ctx context.Context) error {
	r, ok := connector.As[connector.Roster](c.room)
	if c.room == nil || !ok {
		return nil
	}
	for ctx.Err() == nil {
		staff, turn := c.roll.Configured()
		people, err := r.Roster(ctx, staff)
		wait := rollEvery
		if err != nil {
			c.log.Debug("the staff's accounts could not be read", "error", err)
			wait = again
		} else {
			c.roll.Learn(turn, c.room.ID(), people)
		}
		select {
		case <-ctx.Done():
		case <-c.rollChanged:
		case <-time.After(wait):
		}
	}
	return nil
}

// hooks are the addresses at which platforms call the program.
func (c *core) hooks(mux *http.ServeMux) {
	for _, conn := range c.registry.All() {
		h, ok := connector.As[connector.Hooked](conn)
		if !ok {
			continue
		}
		for path, handler := range h.Hooks() {
			mux.Handle("POST "+path, handler)
			mux.Handle("GET "+path, handler)
		}
	}
}

// troubles says in words what keeps connectors from working now.
func (c *core) troubles(ctx context.Context, l session.Language) []string {
	all := c.dead(ctx, l)
	for _, conn := range c.registry.All() {
		if t, ok := connector.As[connector.Troubled](conn); ok {
			for _, f := range t.Trouble() {
				all = append(all, finding(l, f))
			}
		}
	}
	return append(all, c.spent(l)...)
}

// spent says which connectors have used up a budget, and until when.
func (c *core) spent(l session.Language) (all []string) {
	empty := c.worker.Empty()
	for _, id := range slices.Sorted(maps.Keys(empty)) {
		until := wording.In(l).DateTime(empty[id].In(c.cfg.Institution.Zone))
		all = append(all, finding(l, connector.Finding{ID: "budget.empty", Args: []any{"connector", string(id), "until", until}}))
	}
	return all
}

// dead says how many events of the desk could not be handled and were put aside.
func (c *core) dead(ctx context.Context, l session.Language) []string {
	if c.room == nil {
		return nil
	}
	n, err := c.store.Mailbox(c.lane.Connector).Dead(ctx)
	if err != nil || n == 0 {
		return nil // a store that is away says so itself
	}
	return []string{wording.In(l).Count("check.dead", n)}
}

func finding(l session.Language, f connector.Finding) string {
	return wording.In(l).Text("check."+f.ID, f.Args...)
}

// checkConnectors tries every platform and prints what it found; bad is how much of it
// keeps the bot from working.
func (c *core) checkConnectors(ctx context.Context, say func(format string, args ...any)) (bad int) {
	for _, conn := range c.registry.All() {
		bad += checkConnector(ctx, conn, say)
	}
	return bad
}

func checkConnector(ctx context.Context, conn connector.Connector, say func(format string, args ...any)) (bad int) {
	k, ok := connector.As[connector.Checker](conn)
	if !ok {
		return 0
	}
	for _, f := range k.Check(ctx) {
		say("%s: %s", conn.ID(), finding(session.English, f))
		if f.Bad {
			bad++
		}
	}
	return bad
}

var errPlatforms = fmt.Errorf("a platform cannot be used; see above")

// placeFor is how long making a place for a new hour may take.
const placeFor = 10 * time.Second

// place makes a place of its own for a new hour where the desk can; otherwise all
// hours share one.
func (c *core) place(ctx context.Context, s session.Session) session.PlaceID {
	m, ok := connector.As[connector.PlaceMaker](c.room)
	if !ok || s.Desk.Connector != c.lane.Connector {
		return s.Desk.Place
	}
	ctx, cancel := context.WithTimeout(ctx, placeFor)
	defer cancel()
	p, err := m.MakePlace(ctx, s)
	if err != nil {
		c.log.Warn("the hour has no place of its own at the desk", "session", s.ID, "error", err)
		return s.Desk.Place
	}
	return p
}
