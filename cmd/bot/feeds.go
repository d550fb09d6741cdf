package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"time"

	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/websub"
)

// hubFor bounds one call to the hub: a round of them is shorter than the lease for it.
const hubFor = 5 * time.Second

// tellHub prepares to tell the hub of the feeds, if one is configured, what changes in them.
func (c *core) tellHub(news func(context.Context, []session.ID) ([]transcript.Feed, error)) {
	hub := c.cfg.Feeds.Hub
	if hub == "" {
		return
	}
	client := httpapi.New(httpapi.Options{Timeout: hubFor, Most: 64 << 10})
	c.news = websub.New(websub.Options{Vault: c.store.Vault("websub", hub), Leases: c.store.Leases(), Owner: rand.Text(), Now: time.Now,
		Log: c.log,
		Feeds: func(ctx context.Context, hours []session.ID) ([]websub.Feed, error) {
			all, err := news(ctx, hours)
			var feeds []websub.Feed
			for _, f := range all {
				feeds = append(feeds, websub.Feed{Name: f.ID, Digest: f.Digest(), Addresses: f.Addresses()})
			}
			return feeds, err
		},
		Ping: func(ctx context.Context, address string) error {
			_, err := client.Do(ctx, httpapi.Request{Method: http.MethodPost, To: hub,
				Body: httpapi.Form(url.Values{"hub.mode": {"publish"}, "hub.url": {address}})})
			return err
		}})
}
