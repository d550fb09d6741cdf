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
	"experthour/internal/connector/page"
	"experthour/internal/connector/sandbox"
	"experthour/internal/connector/telegram"
	"experthour/internal/delivery"
	"experthour/internal/redisstore"
	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/web"
	"experthour/internal/web/pretend"
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
	room     room // nil when the desk is the desk page
	lane     session.Lane
	telegram *telegram.Telegram // nil when nothing uses it
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
	c.roll = routing.NewRoll(staffOf(cfg))
	c.inbox = &routing.Inbox{Store: store, Voter: c.voter, Now: time.Now}
	if c.registry, err = c.connectors(base); err != nil {
		stop()
		return nil, err
	}
	c.service = &session.Service{Store: store, Planner: c.planner(base), Staff: c.roll, Place: c.place, Now: time.Now}
	c.inbox.Service = c.service
	c.worker = &delivery.Worker{Keeper: c.service, Reader: store, Outbox: store, Registry: c.registry, Now: time.Now, Log: log,
		Done: c.metrics.Delivery}
	c.worker.Crier = c.crier(base)
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

// crier tells the public about the hours themselves.
func (c *core) crier(base string) *delivery.Crier {
	planner := c.planner(base)
	return &delivery.Crier{Heralds: c.store, Registry: c.registry, Outbox: c.store, Fence: rand.Text, Now: time.Now, Log: c.log,
		Planned: func(s session.Session) []connector.Announcement { return planner.Announcements(s, time.Now()) }}
}

// connectors builds the configured public platforms, of which the page is always one,
// and the desk if it is a chat.
func (c *core) connectors(base string) (*connector.Registry, error) {
	cs := []connector.Connector{page.Page{}}
	var err error
	if c.telegram, err = c.newTelegram(base); err != nil {
		return nil, err
	}
	for _, p := range c.cfg.Public {
		build, ok := publicKinds[p.Kind]
		if !ok {
			return nil, fmt.Errorf("public %q: this version has no connector for %q", p.ID, p.Kind)
		}
		conn, err := build(c, p, base)
		if err != nil {
			return nil, err
		}
		cs = append(cs, conn)
	}
	if build, ok := chatKinds[c.cfg.Desk.Kind]; ok {
		r, lane, err := build(c)
		if err != nil {
			return nil, err
		}
		c.room, c.lane = r, lane
		cs = append(cs, r)
	}
	return connector.NewRegistry(cs...)
}

// publicKinds builds each kind of public connector: a new one is one line here and
// one in internal/config.
var publicKinds = map[string]func(c *core, p config.Public, base string) (connector.Connector, error){
	"telegram": telegramPublic,
	"sandbox": func(c *core, p config.Public, base string) (connector.Connector, error) {
		return sandbox.New(sandbox.Options{ID: session.ConnectorID(p.ID), Place: sandboxPlace, Inbox: c.inbox, Now: time.Now,
			Language: c.cfg.Institution.Locale, URL: base + pretend.Path(session.ConnectorID(p.ID))}), nil
	},
}

// sandboxPlace is the one place of a pretend platform.
const sandboxPlace session.PlaceID = "square"

// places are where a session may be held besides the page.
func places(cfg config.Config) []session.Target {
	var ts []session.Target
	for _, p := range cfg.Public {
		place := sandboxPlace
		if p.Kind == "telegram" {
			place = session.PlaceID(p.Chat)
		}
		ts = append(ts, session.Target{Connector: session.ConnectorID(p.ID), Place: place, Every: p.EveryAnswer && place != ""})
	}
	return ts
}

func staffOf(cfg config.Config) session.Directory {
	var d session.Directory
	for _, p := range cfg.People {
		accounts := map[session.ConnectorID]session.UserRef{}
		for id, account := range map[session.ConnectorID]string{"slack": p.Slack, telegramDesk: string(p.Telegram)} {
			if account != "" {
				accounts[id] = session.UserRef(account)
			}
		}
		for _, place := range cfg.Public { // where staff write as well, and ask nothing
			if place.Kind == "telegram" && p.Telegram != "" {
				accounts[session.ConnectorID(place.ID)] = session.UserRef(p.Telegram)
			}
		}
		d = append(d, session.Person{Name: session.PersonName(p.Name), Role: session.Role(p.Role), Office: p.Office, Email: p.Email, Accounts: accounts})
	}
	return d
}

func reasonsOf(cfg config.Config) map[string]map[session.Language]string {
	rs := map[string]map[session.Language]string{}
	for _, r := range cfg.Desk.DeclineReasons {
		rs[r.ID] = map[session.Language]string{session.Latvian: r.Latvian, session.English: r.English}
	}
	return rs
}
