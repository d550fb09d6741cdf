package main

import (
	"context"
	"net/http"
	"time"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/web"
	"experthour/internal/web/deskpage"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

// handler is everything that the program serves: the public pages, the desk and
// both APIs. ctx ends the live updates.
func (c *core) handler(ctx context.Context, base string) (http.Handler, error) {
	st, err := site.New(site.Config{Institution: c.cfg.Institution.Name, Contact: c.cfg.Institution.Contact,
		PrivacyURL: c.cfg.Institution.PrivacyURL, Language: c.cfg.Institution.Locale, PublicURL: base,
		TrustedProxies: c.cfg.HTTP.TrustedProxies, Log: c.log, Now: time.Now, Observe: c.metrics.Request})
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
	staff, err := deskpage.Handler(deskpage.Options{Service: c.service, Store: c.store, Staff: c.service.Staff, Site: st, Hub: c.hub,
		Tokens: deskpage.Tokens{Secret: c.secret, Now: time.Now}, Views: c.views(base, "Q"), Hour: c.hour(),
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

// views are what staff see, on every desk; sign stands before the number of a question.
func (c *core) views(base, sign string) *view.Desk {
	d := &view.Desk{Store: c.store, Preview: c.service.Preview, Leases: c.store.Leases(), Words: wording.In(c.cfg.Institution.Locale),
		PublicURL: base, Sign: sign, Now: time.Now}
	texts := reasonsOf(c.cfg)
	for _, r := range c.cfg.Desk.DeclineReasons {
		d.Reasons = append(d.Reasons, view.Reason{ID: r.ID, Texts: texts[r.ID]})
	}
	for i, t := range c.places() {
		d.Places = append(d.Places, view.Place{Target: t, Name: c.cfg.Public[i].Name})
	}
	return d
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
