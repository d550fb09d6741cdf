package delivery_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

const started = "open|there|square"

// crier announces one thing at the platform of a scene, for whoever asks.
func (s *scene) crier(r *connector.Registry) *delivery.Crier {
	return &delivery.Crier{Heralds: s.store, Registry: r, Outbox: s.store, Now: time.Now, Log: slog.New(slog.DiscardHandler), Fence: rand.Text,
		Planned: func(session.Session) []connector.Announcement {
			return []connector.Announcement{{Key: started, Target: session.Target{Connector: there, Place: place}, Post: connector.Post{Place: place, Text: "We have started."}}}
		}}
}

// announcers starts n replicas that announce.
func (s *scene) announcers(n int) {
	r, err := connector.NewRegistry(s.there)
	if err != nil {
		s.t.Fatal(err)
	}
	for range n {
		w := &delivery.Worker{Keeper: s.service, Reader: s.store, Outbox: s.store, Registry: r, Now: time.Now,
			Log: slog.New(slog.DiscardHandler), Crier: s.crier(r)}
		ctx, cancel := context.WithCancel(s.t.Context())
		s.stops = append(s.stops, cancel)
		s.running.Go(func() { _ = w.Run(ctx) })
	}
}

// TestAnnouncements: two replicas announce a thing once; what was deferred goes out
// later, and what nobody knows, or the platform refused, waits for a person.
func TestAnnouncements(t *testing.T) {
	for name, c := range map[string]struct {
		fault ct.Fault
		posts int
		want  delivery.HeraldState
	}{
		"works":             {ct.Fault{}, 1, delivery.HeraldOut},
		"deferred":          {ct.Defer(time.Second), 1, delivery.HeraldOut},
		"unsure, there":     {ct.UnsureAfter(), 1, delivery.HeraldUnsure},
		"unsure, not there": {ct.UnsureBefore(), 0, delivery.HeraldUnsure},
		"refused":           {ct.Refuse("no"), 0, delivery.HeraldRefused},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, ct.NewHerald, func(s *scene) {
				s.there.On(ct.OpAnnounce, c.fault)
				s.announcers(2)
				time.Sleep(3 * time.Minute)
				synctest.Wait()
				h, err := s.store.Heralds(s.t.Context(), "tax")
				if err != nil || len(s.there.Posts()) != c.posts || h[started].State != c.want {
					s.t.Errorf("%d posts, %+v, %v", len(s.there.Posts()), h, err)
				}
			})
		})
	}
}

// TestAnnouncementAgain: when a person decides that it should be tried again, the same
// process tries it, once.
func TestAnnouncementAgain(t *testing.T) {
	for name, fault := range map[string]ct.Fault{"unsure": ct.UnsureBefore(), "refused": ct.Refuse("no")} {
		t.Run(name, func(t *testing.T) {
			play(t, ct.NewHerald, func(s *scene) {
				s.there.On(ct.OpAnnounce, fault)
				s.announcers(2)
				time.Sleep(3 * time.Minute)
				if err := s.store.Heralded(s.t.Context(), "tax", started, "", delivery.Herald{}); err != nil {
					s.t.Fatal(err)
				}
				time.Sleep(3 * time.Minute)
				synctest.Wait()
				h, err := s.store.Heralds(s.t.Context(), "tax")
				if err != nil || len(s.there.Posts()) != 1 || h[started].State != delivery.HeraldOut {
					s.t.Errorf("%d posts, %+v, %v", len(s.there.Posts()), h, err)
				}
			})
		})
	}
}
