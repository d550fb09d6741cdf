package main

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"experthour/internal/config"
	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/keyring"
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
		Accounts: c.accounts(), TrustedProxies: c.cfg.HTTP.TrustedProxies, Log: c.log, Now: time.Now, Observe: c.metrics.Request})
	if err != nil {
		return nil, err
	}
	c.hub = st.NewHub(ctx, c.store)
	public, err := web.New(web.Config{Site: st, Hub: c.hub, Service: c.service, Store: c.store, Options: c.transcripts(base),
		Keys: c.keys.For(keyring.Public), Networks: c.keys.For(keyring.Networks),
		Receipts: web.Receipts{Keys: c.keys.For(keyring.Receipts), Former: c.keys},
		Letters:  c.letters(),
		Limits:   limitsOf(c.cfg.Limits), Pictures: c.cfg.Limits.PicturesPerQuestion, Ready: c.ready, Metrics: c.metrics,
		Connectors: c.registry})
	if err != nil {
		return nil, err
	}
	c.tellHub(public.News)
	c.worker.Document = func(ctx context.Context, id session.ID) (connector.Document, error) {
		d, err := public.Document(ctx, id)
		return c.posted(d), err
	}
	c.worker.Poster = public.Poster
	staff, err := deskpage.Handler(deskpage.Options{Service: c.service, Store: c.store, Staff: c.service.Staff, Site: st, Hub: c.hub,
		Tokens: deskpage.NewTokens(c.keys, time.Now), Logins: c.store.Logins(), Leases: c.store.Leases(),
		Views: c.views(base, "Q"), Hour: c.hour,
		Connectors: c.registry.All(), Troubles: c.troubles, Now: time.Now})
	if err != nil {
		return nil, err
	}
	return c.gate(st, public.Handler(c.hooks, func(mux *http.ServeMux) {
		mux.Handle("/desk/", staff)
		mux.Handle("/api/v1/desk/", staff)
	})), nil
}

// accounts are the institution's own, for readers who want to know which ones are.
func (c *core) accounts() (all []site.Account) {
	for _, p := range c.cfg.Public {
		if p.Profile != "" {
			all = append(all, site.Account{Name: p.Name, URL: p.Profile})
		}
	}
	return all
}

// gate lets nobody at the store before it was looked at. Whoever restarts the process, or
// sends people to it, asks by the two addresses that always answer.
func (c *core) gate(st *site.Site, next http.Handler) http.Handler {
	closed := st.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		st.Refuse(w, r, session.Fail(session.Unavailable, "unavailable"))
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.early.Load() && r.URL.Path != "/healthz" && r.URL.Path != "/readyz" {
			closed.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// limitsOf are the limits of strangers; without one by the minute there is none by the hour.
func limitsOf(l config.Limits) web.Limits {
	return web.Limits{Ask: web.Pace{PerMinute: l.AskPerMinute, PerHour: cmp.Or(l.AskPerHour, 10*l.AskPerMinute)},
		Vote:    web.Pace{PerMinute: l.VotePerMinute, PerHour: cmp.Or(l.VotePerHour, 10*l.VotePerMinute)},
		Ballots: web.Pace{PerDay: l.VotesPerQuestion}, Search: web.Pace{PerMinute: l.VotePerMinute}}
}

// transcripts is what the configuration adds to every public document.
func (c *core) transcripts(base string) transcript.Options {
	o := transcript.Options{PublicURL: base, Institution: c.cfg.Institution.Name, Contact: c.cfg.Institution.Contact,
		Licence: c.cfg.Feeds.Licence, Hub: c.cfg.Feeds.Hub, Authority: c.cfg.Feeds.Domain,
		Reason: func(id string, l session.Language) string { return reasonsOf(c.live())[id][l] }, Places: map[session.ConnectorID]string{}}
	for _, p := range c.cfg.Public {
		o.Places[session.ConnectorID(p.ID)] = p.Name
	}
	return o
}

// posted is a transcript as a post of a place.
func (c *core) posted(d transcript.Document) connector.Document {
	out := connector.Document{Name: string(d.Slug), Title: d.Title, HTML: d.Body(), Pictures: map[string]connector.Illustration{}}
	for _, q := range d.Questions {
		if q.Answer == nil {
			continue
		}
		ref := session.QuestionRef{Session: d.Slug, Number: q.Number}
		for _, p := range q.Answer.Pictures {
			out.Pictures[p.URL] = connector.Illustration{
				Picture: session.Picture{Hash: p.Hash, Type: p.Type, Alt: p.Alt, Author: p.Author},
				Open: func(ctx context.Context, p session.Picture) ([]byte, error) {
					_, b, err := c.store.Picture(ctx, ref, p.Hash)
					return b, err
				}}
		}
	}
	return out
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
	for _, r := range c.live().Desk.DeclineReasons {
		h.Reasons = append(h.Reasons, r.ID)
	}
	return h
}

// reasons are those for declining, with their sentences.
func (c *core) reasons() []view.Reason {
	var rs []view.Reason
	cfg := c.live()
	texts := reasonsOf(cfg)
	for _, r := range cfg.Desk.DeclineReasons {
		rs = append(rs, view.Reason{ID: r.ID, Texts: texts[r.ID]})
	}
	return rs
}

// views are what staff see, on every desk; sign stands before the number of a question.
func (c *core) views(base, sign string) *view.Desk {
	d := &view.Desk{Store: c.store, Preview: c.service.Preview, Alike: c.service.Alike, Guide: c.guide(), Hides: c.registry.Hides,
		Leases: c.store.Leases(), Words: wording.In(c.cfg.Institution.Locale), Reasons: c.reasons, PublicURL: base, Sign: sign, Now: time.Now}
	for i, t := range c.places() {
		d.Places = append(d.Places, view.Place{Target: t, Name: c.cfg.Public[i].Name, Groups: c.cfg.Public[i].Groups})
	}
	return d
}

// ready reports whether the store accepts writes.
func (c *core) ready(ctx context.Context) error {
	if c.early.Load() {
		return errEarly
	}
	_, err := c.store.Check(ctx)
	return err
}

var errEarly = errors.New("the store was not looked at yet")
