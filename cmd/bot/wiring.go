package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"time"

	"experthour/internal/config"
	"experthour/internal/connector"
	"experthour/internal/connector/vault"
	"experthour/internal/delivery"
	"experthour/internal/desk/chat"
	"experthour/internal/reception"
	"experthour/internal/redisstore"
	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/web"
	"experthour/internal/web/site"
)

// core is everything but the web: the store, the domain on it, the connectors and
// the worker. Commands that only look use it without running anything.
type core struct {
	cfg      config.Config
	log      *slog.Logger
	store    *redisstore.Store
	service  *session.Service
	inbox    *routing.Inbox
	registry *connector.Registry
	worker   *delivery.Worker
	roll     *routing.Roll
	room     connector.Connector // the desk; nil when that is the desk page
	lane     session.Lane        // of its cards
	desk     deskInbox
	metrics  *web.Metrics
	hub      *site.Hub // nil until something is served
	secret   []byte
	close    func()
}

// newCore wires the rooms as the configuration says. base is the public address of
// this program, which links in posts begin with.
func newCore(ctx context.Context, cfg config.Config, base string, log *slog.Logger, open opener) (*core, error) {
	c := &core{cfg: cfg, log: log, secret: secretOf(cfg)}
	c.metrics = web.NewMetrics(c.readers)
	store, stop, err := openStore(ctx, cfg, log, open)
	if err != nil {
		return nil, err
	}
	c.store, c.close = store, stop
	c.roll = routing.NewRoll(cfg.Staff(kinds))
	c.inbox = &routing.Inbox{Store: store, Voter: c.voter, Now: time.Now}
	if c.registry, err = c.connectors(base); err != nil {
		stop()
		return nil, err
	}
	c.service = &session.Service{Store: store, Planner: c.planner(base), Staff: c.roll,
		Place: c.place, Locate: c.registry.Locate, Now: time.Now}
	c.inbox.Service = c.service
	c.worker = &delivery.Worker{Keeper: c.service, Reader: store, Outbox: store, Registry: c.registry, Now: time.Now, Log: log,
		Done: c.metrics.Delivery}
	c.openChat(base)
	c.service.Changed, c.service.Done = c.worker.Wake, c.metrics.Command
	return c, nil
}

// readers are those that live updates go to.
func (c *core) readers() int {
	if c.hub == nil {
		return 0
	}
	return c.hub.Readers()
}

// secretOf is the configured secret. Without one, which only the embedded store may
// do, links and tokens end with the process, as everything else does.
func secretOf(cfg config.Config) []byte {
	if s := cfg.HTTP.Secret.Reveal(); s != "" {
		return []byte(s)
	}
	return []byte(rand.Text() + rand.Text())
}

// key derives a key of its own for each purpose, so that nothing signed for one
// passes for another.
func (c *core) key(purpose string) []byte {
	m := hmac.New(sha256.New, c.secret)
	m.Write([]byte(purpose))
	return m.Sum(nil)
}

func (c *core) voter(id session.ConnectorID, u session.UserRef) session.Hash {
	m := hmac.New(sha256.New, c.key("voter"))
	fmt.Fprintf(m, "%d:%s%s", len(id), id, u)
	return session.Hash(fmt.Sprintf("%x", m.Sum(nil)))
}

func (c *core) planner(base string) routing.Planner {
	return routing.Planner{Limits: c.registry.Limits, PublicURL: base, Hashtags: c.cfg.Institution.Hashtags,
		Reasons: reasonsOf(c.cfg), Contact: c.cfg.Institution.Contact}
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

// env is what the connectors of a kind get from here.
func (c *core) env(k connector.Kind, desk bool, base string) connector.Env {
	e := connector.Env{Language: c.cfg.Institution.Locale, Zone: c.cfg.Institution.Zone, PublicURL: base, Now: time.Now, Log: c.log,
		Mailbox: c.store.Mailbox, Memory: c.store.Memory, Vault: c.vault, Leases: c.store.Leases(), Owner: rand.Text(),
		Hours: c.inbox.Hours, Inbox: c.inbox, Reception: c.reception(base), People: c.roll.People}
	if desk {
		e.Desk = &connector.DeskEnv{Inbox: &c.desk, Menu: chat.Menu(c.cfg.Institution.Locale), Turn: c.turn,
			Cards: func(ctx context.Context) ([]session.MessageID, error) { return c.cards(ctx, k.Desk) }}
	}
	return e
}

// vault is where a connector keeps a token that changes.
func (c *core) vault(id session.ConnectorID, of string) connector.Vault {
	return vault.Seal(c.store.Vault(id, of), c.secret, id)
}

// reception makes what a connector says to the public in private.
func (c *core) reception(base string) func(session.ConnectorID) connector.Reception {
	return func(id session.ConnectorID) connector.Reception {
		return reception.New(reception.Options{Inbox: c.inbox, Sessions: c.store, Memory: c.store.Memory(id), Institution: c.cfg.Institution.Name,
			PublicURL: base, Staff: c.roll, Language: c.cfg.Institution.Locale, Now: time.Now})
	}
}

// turn waits for the budget of a class of cards.
func (c *core) turn(ctx context.Context, conn connector.Connector, at session.PlaceID, class connector.CardClass) error {
	return delivery.Turn(ctx, c.store, conn.Limits(), session.Lane{Connector: conn.ID(), Place: at}, class)
}

// places are where a session may be held besides the page, in the order of the
// configuration.
func (c *core) places() []session.Target {
	var ts []session.Target
	for _, p := range c.cfg.Public {
		conn, _ := c.registry.Get(session.ConnectorID(p.ID))
		place := placeOf(conn)
		ts = append(ts, session.Target{Connector: session.ConnectorID(p.ID), Place: place, Every: p.EveryAnswer && place != ""})
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
