package main

import (
	"context"
	"net/http"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/web"
	"experthour/internal/web/deskpage"
	"experthour/internal/web/site"
)

// handler is everything that the program serves: the public pages, the desk and
// both APIs. ctx ends the live updates.
func (c *core) handler(ctx context.Context, base string) (http.Handler, error) {
	st, err := site.New(site.Config{Institution: c.cfg.Institution.Name, Contact: c.cfg.Institution.Contact, PrivacyURL: c.cfg.Institution.PrivacyURL,
		Language: c.cfg.Institution.Locale, PublicURL: base, TrustedProxies: c.cfg.HTTP.TrustedProxies, Log: c.log,
		Now: time.Now, Observe: c.metrics.Request})
	if err != nil {
		return nil, err
	}
	c.hub = st.NewHub(ctx, c.store)
	public, err := web.New(web.Config{Site: st, Hub: c.hub, Service: c.service, Store: c.store, Secret: c.secret, Options: c.transcripts(base),
		AskPerMinute: c.cfg.Limits.AskPerMinute, VotePerMinute: c.cfg.Limits.VotePerMinute, Ready: c.ready, Metrics: c.metrics,
		Connectors: c.registry})
	if err != nil {
		return nil, err
	}
	staff, err := deskpage.New(deskpage.Options{Service: c.service, Store: c.store, Leases: c.store.Leases(), Staff: c.service.Staff, Site: st, Hub: c.hub,
		Tokens: deskpage.Tokens{Secret: c.secret, Now: time.Now}, Hour: c.hour(), Reasons: c.reasons(), Places: c.named(),
		Connectors: c.registry.All(), Troubles: c.troubles, Now: time.Now})
	if err != nil {
		return nil, err
	}
	return public.Handler(c.hooks, func(mux *http.ServeMux) {
		mux.Handle("/desk/", staff)
		mux.Handle("/api/v1/desk/", staff)
	}), nil
}

// transcripts is what the configuration adds to every public document.
func (c *core) transcripts(base string) transcript.Options {
	o := transcript.Options{PublicURL: base, Institution: c.cfg.Institution.Name, Contact: c.cfg.Institution.Contact,
		Reasons: reasonsOf(c.cfg), Places: map[session.ConnectorID]string{}}
	for _, p := range c.cfg.Public {
		o.Places[session.ConnectorID(p.ID)] = p.Name
	}
	return o
}

// deskOf is where new hours are run from.
func (c *core) deskOf() session.Desk {
	if c.room == nil {
		return session.Desk{Connector: session.DeskPage}
	}
	return session.Desk{Connector: c.lane.Connector, Place: c.lane.Place}
}

// hour is what every new hour has in common.
func (c *core) hour() session.Hour {
	h := session.Hour{Language: c.cfg.Institution.Locale, Zone: c.cfg.Institution.Zone.String(), Desk: c.deskOf(),
		QuestionLimit: c.cfg.Limits.QuestionLength, QuestionCount: c.cfg.Limits.QuestionsPerSession, Settle: c.cfg.Desk.Settle}
	for _, r := range c.cfg.Desk.DeclineReasons {
		h.Reasons = append(h.Reasons, r.ID)
	}
	return h
}

// reasons are those that a moderator chooses from when declining.
func (c *core) reasons() []deskpage.Reason {
	var rs []deskpage.Reason
	for _, r := range c.cfg.Desk.DeclineReasons {
		rs = append(rs, deskpage.Reason{ID: r.ID, Texts: map[session.Language]string{session.Latvian: r.Latvian, session.English: r.English}})
	}
	return rs
}

// named are the public places as the desk offers them.
func (c *core) named() []deskpage.Place {
	var ps []deskpage.Place
	for i, t := range c.places() {
		ps = append(ps, deskpage.Place{Target: t, Name: c.cfg.Public[i].Name})
	}
	return ps
}

// ready reports whether the store accepts writes.
func (c *core) ready(ctx context.Context) error {
	_, err := c.store.Check(ctx)
	return err
}

// capabilities lists what each connector can do, for "bot check".
func (c *core) capabilities() map[session.ConnectorID][]connector.Capability {
	all := map[session.ConnectorID][]connector.Capability{}
	for _, conn := range c.registry.All() {
		all[conn.ID()] = connector.Capabilities(conn)
	}
	return all
}
