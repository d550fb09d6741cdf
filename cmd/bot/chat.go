package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"experthour/internal/config"
	"experthour/internal/connector"
	"experthour/internal/connector/slack"
	"experthour/internal/delivery"
	"experthour/internal/desk/chat"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// room is a desk in a chat: a connector that is handed its inbox once there is one.
type room interface {
	connector.Connector
	Use(connector.DeskInbox)
}

// chatKinds builds the connector of each kind of desk that is a chat. The desk page is
// none: it draws every question as it is.
var chatKinds = map[string]func(c *core) (room, session.Lane, error){
	"slack":    (*core).slack,
	"telegram": (*core).telegramRoom,
}

// slack is the connector of a desk in Slack.
func (c *core) slack() (room, session.Lane, error) {
	o := c.cfg.Slack
	lane := session.Lane{Connector: "slack", Place: session.PlaceID(o.Channel)}
	s, err := slack.New(slack.Options{ID: lane.Connector, BotToken: o.BotToken.Reveal(), AppToken: o.AppToken.Reveal(),
		SigningSecret: o.SigningSecret.Reveal(), Channel: lane.Place, APIURL: o.APIURL, Mode: slack.Mode(o.Mode),
		Mailbox: c.store.Mailbox(lane.Connector), Memory: c.store.Memory(lane.Connector), Words: slackWords(c.cfg.Institution.Locale),
		Threads: c.threads, Now: time.Now, Log: c.log})
	if err != nil {
		return nil, lane, err
	}
	return s, lane, nil
}

func slackWords(l session.Language) slack.Words {
	w := wording.In(l)
	return slack.Words{TryAgain: w.Text("adapter.try_again"), Perhaps: w.Text("adapter.perhaps"), Sure: w.Text("adapter.sure"), TooMuch: w.Text("adapter.too_much"),
		PressAgain: w.Text("adapter.press_again"), Notice: w.Text("adapter.notice"),
		Done: w.Text("adapter.done"), Loading: w.Text("adapter.loading"), More: w.Text("adapter.more"), Cancel: w.Text("adapter.cancel"),
		Close: w.Text("adapter.close"), Open: w.Text("adapter.open"), Choose: w.Text("adapter.choose"), Search: w.Text("adapter.search")}
}

// mostThreads is how many cards of each hour are looked through for replies that were
// missed, the newest first.
const mostThreads = 500

// threads are the cards of hours that somebody still works on.
func (c *core) threads(ctx context.Context) ([]session.MessageID, error) {
	all, err := c.store.Sessions(ctx)
	if err != nil {
		return nil, err
	}
	var at []session.MessageID
	for _, s := range all {
		lane := s.CardLane()
		if lane == nil || lane.Connector != c.lane.Connector || s.State == session.Archived || s.State == session.Cancelled {
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
	room := chat.New(chat.Options{Service: c.service, Store: c.store, Cards: c.store, Heralds: c.store, Staff: c.roll, Memory: c.store.Memory(c.lane.Connector), Leases: c.store.Leases(),
		Lane: c.lane, Language: c.cfg.Institution.Locale, Hour: c.hour(), Reasons: chatReasons(c.cfg), Places: c.chatPlaces(),
		PublicURL: base, Command: "/hour", Now: time.Now})
	c.room.Use(room)
	c.worker.Desk = &delivery.Desk{Cards: c.store, Reader: c.store, Registry: c.registry, Outbox: c.store, Draw: room.Draw, Log: c.log}
}

func chatReasons(cfg config.Config) []chat.Reason {
	texts := reasonsOf(cfg)
	var rs []chat.Reason
	for _, r := range cfg.Desk.DeclineReasons {
		rs = append(rs, chat.Reason{ID: r.ID, Texts: texts[r.ID]})
	}
	return rs
}

func (c *core) chatPlaces() []chat.Place {
	var ps []chat.Place
	for i, t := range places(c.cfg) {
		ps = append(ps, chat.Place{Name: c.cfg.Public[i].Name, Target: t})
	}
	return ps
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
		people, err := r.Roster(ctx, staffOf(c.cfg), groupsOf(c.cfg))
		wait := rollEvery
		if err != nil {
			c.log.Debug("the staff's accounts could not be read", "error", err)
			wait = again
		} else {
			c.roll.Learn(c.room.ID(), people)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return nil
}

// groupsOf are the groups of the desk's platform whose members have a role.
func groupsOf(cfg config.Config) map[string]session.Role {
	groups := map[string]session.Role{}
	for group, role := range map[string]session.Role{cfg.Slack.ObserverGroup: session.Observer, cfg.Slack.ExpertGroup: session.ExpertRole,
		cfg.Slack.ModeratorGroup: session.Moderator} {
		if group != "" {
			groups[group] = role
		}
	}
	return groups
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
		k, ok := connector.As[connector.Checker](conn)
		if !ok {
			continue
		}
		for _, f := range k.Check(ctx) {
			say("%s: %s", conn.ID(), finding(session.English, f))
			if f.Bad {
				bad++
			}
		}
	}
	return bad
}

var errPlatforms = fmt.Errorf("a platform cannot be used; see above")
