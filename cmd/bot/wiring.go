package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"experthour/internal/config"
	"experthour/internal/connector"
	"experthour/internal/connector/learn"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/vault"
	"experthour/internal/delivery"
	"experthour/internal/desk/chat"
	"experthour/internal/keyring"
	"experthour/internal/picture"
	"experthour/internal/reception"
	"experthour/internal/redisstore"
	"experthour/internal/routing"
	"experthour/internal/screening"
	"experthour/internal/session"
	"experthour/internal/web"
	"experthour/internal/web/site"
	"experthour/internal/websub"
)

// core is everything but the web: the store, the domain on it, the connectors and
// the worker. Commands that only look use it without running anything.
type core struct {
	cfg      config.Config // of the start; see live
	log      *slog.Logger
	store    *redisstore.Store
	service  *session.Service
	inbox    *routing.Inbox
	registry *connector.Registry
	pictures *receive.Pictures // that came with questions; nil where none are taken
	learning learn.Keeper
	worker   *delivery.Worker
	roll     *routing.Roll
	// rollChanged says that platforms are to be asked about other people.
	rollChanged chan struct{}
	plan        livePlanner
	inForce     atomic.Pointer[config.Config]
	room        connector.Connector // the desk; nil when that is the desk page
	lane        session.Lane        // of its cards
	desk        deskInbox
	metrics     *web.Metrics
	hub         *site.Hub      // nil until something is served
	news        *websub.Keeper // nil without a hub for feeds
	keys        keyring.Ring
	early       atomic.Bool // the store was not looked at yet, and must not be used
	said        string      // what was last said about it
	close       func()
}

// newCore wires the rooms as the configuration says. base is the public address of
// this program, which links in posts begin with.
func newCore(ctx context.Context, cfg config.Config, base string, log *slog.Logger, open opener) (*core, error) {
	c := &core{cfg: cfg, log: log, keys: keysOf(cfg), rollChanged: make(chan struct{}, 1)}
	c.inForce.Store(&cfg)
	c.metrics = web.NewMetrics(c.readers)
	store, stop, err := openStore(ctx, cfg, log, open)
	if err != nil {
		return nil, err
	}
	c.store, c.close = store, stop
	c.roll = routing.NewRoll(cfg.Staff(kinds))
	c.inbox = &routing.Inbox{Store: store, Voter: c.voter, Now: time.Now}
	if most := cfg.Limits.PicturesPerQuestion; most > 0 {
		c.inbox.Pictures = routing.Enclosing{Most: most, Clean: picture.CleanAsked}
		c.pictures = &receive.Pictures{Mailbox: store.Mailbox(receive.PicturesBox), Filer: c.filer, Keep: c.inbox.Enclosed,
			Now: time.Now, Log: log}
	}
	if c.registry, err = c.connectors(base); err != nil {
		stop()
		return nil, err
	}
	c.learning = learn.Keeper{Registry: c.registry, Memory: store.Memory, Leases: store.Leases(), Owner: rand.Text(), Now: time.Now, Log: log}
	c.learning.Recall(ctx)
	c.plan.set(c.planner(cfg, base))
	c.service = &session.Service{Store: store, Undo: cfg.Desk.Undo, CallNext: cfg.Desk.CallNext, NudgeAfter: cfg.Desk.Nudge,
		Planner: &c.plan, Staff: c.roll,
		Places: c.places(), Keys: c.keys.For(keyring.Record), Place: c.place, Locate: c.registry.Locate, Now: time.Now,
		Pictures: store, Hides: c.registry.Hides, Enclosed: store.Enclosed(), Typed: store, Retention: cfg.Retention.Spans(),
		Poses: c.poses}
	if g := c.guide(); g.Asks() {
		c.service.Broken = g.Blocking
	}
	c.inbox.Service, c.inbox.Pictures.Keep = c.service, c.service.Enclose
	c.worker = &delivery.Worker{Recorder: c.service, Reader: store, Outbox: store, Registry: c.registry, Now: time.Now, Log: log,
		Pictures: store, Done: c.metrics.Delivery}
	if l := c.letters(); len(l.Keys) > 0 {
		c.worker.Leave = func(ref session.QuestionRef) string { return base + l.Leave(ref) }
	}
	c.openChat(base)
	c.service.Changed, c.service.Done = c.wake, c.metrics.Command
	return c, nil
}

// poses reports whether a name could be taken for somebody who works here.
func (c *core) poses(name string) bool {
	o := screening.Officials{Institution: c.cfg.Institution.Name}
	for _, p := range c.roll.People() {
		o.People = append(o.People, string(p.Name))
	}
	return o.Pose(name)
}

// wake says that an hour has changed, to whoever has work or readers there.
func (c *core) wake(id session.ID) {
	c.worker.Wake(id)
	if c.hub != nil {
		c.hub.Wake(id)
	}
	if c.news != nil {
		c.news.Wake(id)
	}
}

// readers are those that live updates go to.
func (c *core) readers() int {
	if c.hub == nil {
		return 0
	}
	return c.hub.Readers()
}

// keysOf are made of the configured secrets. Without one, which only the embedded store
// may do, links and tokens end with the process, as everything else does.
func keysOf(cfg config.Config) keyring.Ring {
	if all := cfg.HTTP.Signing(); len(all) > 0 {
		return all
	}
	return keyring.Ring{rand.Text() + rand.Text()}
}

func (c *core) voter(id session.ConnectorID, u session.UserRef) session.Hash {
	return session.Hash(hex.EncodeToString(c.keys.For(keyring.Voters).Sign(string(id), string(u))))
}

func (c *core) planner(cfg config.Config, base string) routing.Planner {
	return routing.Planner{Limits: c.registry.Limits, PublicURL: base, Hashtags: cfg.Institution.Hashtags,
		Reasons: reasonsOf(cfg), Contact: cfg.Institution.Contact,
		Letters: c.writer()}
}

// guide checks answers by the guidelines of the configuration.
func (c *core) guide() routing.Guide {
	g := routing.Guide{Planner: func() routing.Planner { return *c.plan.now.Load() }, Rules: map[screening.Guideline]screening.Rule{}}
	for name, rule := range c.cfg.Guidelines.Rules() {
		g.Rules[screening.Guideline(name)] = screening.Rule(rule)
	}
	return g
}

// writer is the connector that writes to the addresses which askers left; empty if none does.
func (c *core) writer() session.ConnectorID {
	for _, conn := range c.registry.All() {
		if conn.Limits().Letters {
			return conn.ID()
		}
	}
	return ""
}

// letters make the links that end letters, where somebody writes any.
func (c *core) letters() web.Letters {
	if c.writer() == "" {
		return web.Letters{}
	}
	return web.Letters{Keys: c.keys.For(keyring.Letters)}
}

// deskInbox is what staff do in a chat, known once the domain stands: it needs the
// connectors' limits. Nothing calls it before that.
type deskInbox struct{ connector.DeskInbox }

// connectors builds what the configuration names of each kind, and the page, which is
// always there.
func (c *core) connectors(base string) (*connector.Registry, error) {
	cs := []connector.Connector{connector.Page{}}
	for _, k := range kinds {
		places := c.cfg.Places(k.Name)
		desk := c.cfg.Desk.Kind == k.Name
		if !desk && len(places) == 0 {
			continue
		}
		made, err := k.New(c.env(k, desk, base), c.cfg.Accounts[k.Name], places)
		if err != nil {
			return nil, err
		}
		cs = append(cs, made...)
	}
	r, err := connector.NewRegistry(cs...)
	if err != nil {
		return nil, err
	}
	if k, ok := kinds.Named(c.cfg.Desk.Kind); ok {
		c.room, _ = r.Get(k.Desk)
		c.lane = session.Lane{Connector: k.Desk, Place: placeOf(c.room)}
	}
	return r, nil
}

// near is connector.Env.Near of this program. It is empty: the linker alone can set it, and does so
// for tests, whose platforms are on this machine.
var near string

// env is what the connectors of a kind get from here.
func (c *core) env(k connector.Kind, desk bool, base string) connector.Env {
	e := connector.Env{Language: c.cfg.Institution.Locale, Zone: c.cfg.Institution.Zone, PublicURL: base, Now: time.Now, Log: c.log,
		Mailbox: c.store.Mailbox, Memory: c.store.Memory, Vault: c.vault,
		Signer: c.keys.For(keyring.Senders), Admit: c.admit, Leases: c.store.Leases(), Spend: c.spend, Left: c.unspent, Owner: rand.Text(),
		Hours: c.inbox.Hours, Originals: c.inbox.Originals, Inbox: c.inbox, Reception: c.reception(base), People: c.roll.People}
	e.Near = near != ""
	if c.pictures != nil {
		e.Enclose = c.pictures.Put
	}
	if desk {
		e.Desk = &connector.DeskEnv{Inbox: &c.desk, Menu: chat.Menu(c.cfg.Institution.Locale), Turn: c.turn,
			Cards: func(ctx context.Context) ([]session.MessageID, error) { return c.cards(ctx, k.Desk) }}
	}
	return e
}

// filer is the connector at which a picture is that came with a question.
func (c *core) filer(id session.ConnectorID) (connector.Filer, bool) {
	conn, ok := c.registry.Get(id)
	if !ok {
		return nil, false
	}
	return connector.As[connector.Filer](conn)
}

// fetches reports whether pictures of questions are taken, and can be at any connector.
func (c *core) fetches() bool {
	files := func(conn connector.Connector) bool { _, ok := connector.As[connector.Filer](conn); return ok }
	return c.pictures != nil && slices.ContainsFunc(c.registry.All(), files)
}

// vault is where a connector keeps a token that changes.
func (c *core) vault(id session.ConnectorID, of string) connector.Vault {
	return vault.Seal(c.store.Vault(id, of), c.keys.For(keyring.Vault), id)
}

// reception makes what a connector says to the public in private.
func (c *core) reception(base string) func(session.ConnectorID) connector.Reception {
	return func(id session.ConnectorID) connector.Reception {
		return reception.New(reception.Options{Inbox: c.inbox, Sessions: c.store, Memory: c.store.Memory(id), Institution: c.cfg.Institution.Name,
			PublicURL: base, Staff: c.roll, Language: c.cfg.Institution.Locale, Now: time.Now})
	}
}

// admit counts what a stranger asks whom no address of the network tells from others.
func (c *core) admit(ctx context.Context, id session.ConnectorID, by session.UserRef) error {
	pace, name := limitsOf(c.cfg.Limits).Ask, "asks:"+string(id)+":"+string(by)
	var qs []session.Quota
	for per, most := range map[time.Duration]int{time.Minute: pace.PerMinute, time.Hour: pace.PerHour} {
		if most > 0 {
			qs = append(qs, session.Quota{Name: name + ":" + per.String(), Most: most, Per: per})
		}
	}
	if len(qs) == 0 {
		return nil
	}
	wait, err := c.store.Spend(ctx, name, qs...)
	if err == nil && wait > 0 {
		err = session.Fail(session.TooMany, "ask_too_often", "wait", wait.Round(time.Second))
	}
	return err
}

// spend waits for what a request costs that a connector makes of itself.
func (c *core) spend(ctx context.Context, conn connector.Connector, at session.PlaceID, r connector.Request) error {
	return c.worker.Spend(ctx, conn.Limits(), session.Lane{Connector: conn.ID(), Place: at}, r)
}

// unspent says what a connector's budgets of a day have left.
func (c *core) unspent(ctx context.Context, conn connector.Connector) (map[string]int, error) {
	return c.worker.Left(ctx, conn.Limits(), conn.ID())
}

// turn waits for the budget of a class of cards.
func (c *core) turn(ctx context.Context, conn connector.Connector, at session.PlaceID, class connector.CardClass) error {
	return c.worker.Turn(ctx, conn.Limits(), session.Lane{Connector: conn.ID(), Place: at}, class)
}

// places are where a session may be held besides the page, in the order of the
// configuration.
func (c *core) places() []session.Target {
	var ts []session.Target
	for _, p := range c.cfg.Public {
		conn, _ := c.registry.Get(session.ConnectorID(p.ID))
		place := placeOf(conn)
		every := p.EveryAnswer && place != "" && !conn.Limits().Posters // an answer has no picture of its own
		ts = append(ts, session.Target{Connector: session.ConnectorID(p.ID), Place: place, Every: every,
			TellDeclined: p.TellDeclined, Pin: p.Pin})
	}
	return ts
}

func placeOf(c connector.Connector) session.PlaceID {
	if p, ok := connector.As[connector.Placed](c); ok {
		return p.Place()
	}
	return ""
}

func reasonsOf(cfg config.Config) map[string]map[session.Language]string {
	rs := map[string]map[session.Language]string{}
	for _, r := range cfg.Desk.DeclineReasons {
		rs[r.ID] = map[session.Language]string{session.Latvian: r.Latvian, session.English: r.English}
	}
	return rs
}
