package redisstore_test

import (
	"slices"
	"testing"

	"github.com/redis/go-redis/v9"

	"experthour/internal/redisstore"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

// hand is somebody with access to the server who edits a record by hand.
type hand struct {
	t   *testing.T
	c   redis.UniversalClient
	key func(string) string
}

// rewrite writes the log anew, with changed entries.
func (h hand) rewrite(change func([]redis.XMessage) []redis.XMessage) {
	h.t.Helper()
	old, err := h.c.XRange(h.t.Context(), h.key("log"), "-", "+").Result()
	check(h.t, err)
	ids := make([]string, len(old))
	for i, m := range old {
		ids[i] = m.ID
	}
	check(h.t, h.c.Del(h.t.Context(), h.key("log")).Err())
	for i, m := range change(old) {
		check(h.t, h.c.XAdd(h.t.Context(), &redis.XAddArgs{Stream: h.key("log"), ID: ids[i], Values: m.Values}).Err())
	}
}

func (h hand) set(key, field, value string) {
	h.t.Helper()
	check(h.t, h.c.HSet(h.t.Context(), h.key(key), field, value).Err())
}

// forgeries are what Verify must find. The log holds: 0 the session's schedule, then
// 1 and 2 the questions' first entries, 3 and 4 those of question 1 again.
var forgeries = map[string]struct {
	forge func(hand)
	want  []session.Finding
}{
	"nothing": {func(h hand) { h.rewrite(func(es []redis.XMessage) []redis.XMessage { return es }) }, nil},
	"changed": {func(h hand) {
		h.rewrite(func(es []redis.XMessage) []redis.XMessage { es[3].Values["role"] = "asker"; return es })
	}, []session.Finding{{Number: 1, Version: 3, What: session.ChainBroken}}},
	"time of the first": {func(h hand) {
		h.rewrite(func(es []redis.XMessage) []redis.XMessage { es[1].Values["t"] = "1"; return es })
	}, []session.Finding{{Number: 1, Version: 2, What: session.ChainBroken}}},
	"removed": {func(h hand) {
		h.rewrite(func(es []redis.XMessage) []redis.XMessage { return slices.Delete(es, 3, 4) })
	}, []session.Finding{{Number: 1, Version: 3, What: session.ChainBroken}}},
	"swapped": {func(h hand) {
		h.rewrite(func(es []redis.XMessage) []redis.XMessage { es[3], es[4] = es[4], es[3]; return es })
	}, []session.Finding{{Number: 1, Version: 2, What: session.ChainBroken}, {Number: 1, Version: 3, What: session.ChainBroken},
		{Number: 1, Version: 3, What: session.HeadDiffers}}},
	"tail cut": {func(h hand) {
		h.rewrite(func(es []redis.XMessage) []redis.XMessage { return es[:4] })
	}, []session.Finding{{Number: 1, Version: 3, What: session.HeadDiffers}}},
	"question cut": {func(h hand) {
		h.rewrite(func(es []redis.XMessage) []redis.XMessage { return slices.Delete(es, 2, 3) })
	}, []session.Finding{{Number: 2, Version: 1, What: session.HeadDiffers}}},
	"document's version": {func(h hand) { h.set("q", "2.v", "2") },
		[]session.Finding{{Number: 2, Version: 2, What: session.HeadDiffers}}},
	"payload": {func(h hand) { h.set("p", "1:2", `SALT {"by":"Bela","command":null}`) },
		[]session.Finding{{Number: 1, Version: 2, What: session.PayloadDiffers}}},
	"payload gone": {func(h hand) { check(h.t, h.c.HDel(h.t.Context(), h.key("p"), "2:1").Err()) },
		[]session.Finding{{Number: 2, Version: 1, What: session.PayloadMissing}}},
}

func TestTampered(t *testing.T) {
	t.Parallel()
	srv, err := shared()
	needed(t, err)
	for name, f := range forgeries {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, p := dial(t, srv.address()), prefix(t)
			s := sessiontest.NewScene(t, redisstore.New(c, redisstore.Options{Prefix: p}))
			a := s.Ask("a")
			s.Ask("b")
			s.To(s.To(a, session.Queued), session.Claimed)
			s.Verify()
			f.forge(hand{t, c, func(part string) string { return p + ":{hour}:" + part }})
			r, err := s.Store.Record(t.Context(), "hour")
			check(t, err)
			if got := session.Verify(r); !slices.Equal(got, f.want) {
				t.Errorf("found %v, want %v", got, f.want)
			}
		})
	}
}
