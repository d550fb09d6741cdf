package delivery_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/delivery"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/routing"
	"experthour/internal/session"
)

var (
	anna   = session.Actor{Name: "Anna", Role: session.Moderator}
	edgars = session.Actor{Name: "Edgars", Role: session.ExpertRole}
	asker  = session.Actor{Role: session.Asker}
)

const (
	there session.ConnectorID = "there"
	place session.PlaceID     = "square"
)

// platform is a fake public platform, of whichever kind.
type platform interface {
	connector.Connector
	On(op connectortest.Op, fs ...connectortest.Fault)
	Posts() []connectortest.Post
	Made() int
	Calls() []connectortest.Call
	Original(place session.PlaceID, key string) session.Origin
}

// scene is an open hour with one platform, inside a synctest bubble: its time is
// fake, and Wait means that everybody waits.
type scene struct {
	t       *testing.T
	there   platform
	store   *redistest.Store
	service *session.Service
	workers []*delivery.Worker
	mu      sync.Mutex  // for workers, of which the service wakes all
	deaf    atomic.Bool // wake-ups are lost
	stops   []context.CancelFunc
	running sync.WaitGroup
	log     bytes.Buffer // of all workers, through logger
	logger  *slog.Logger
	outbox  delivery.Outbox // of all workers; nil is the store
	// startDesk starts one more worker that draws cards, where there are some.
	startDesk func()
}

// play runs a test in a bubble with one worker and a platform of the given kind.
func play[P platform](t *testing.T, fresh func(session.ConnectorID, connector.Limits) P, test func(*scene)) {
	stage(t, fresh, func(s *scene) {
		s.schedule(0, 2*time.Hour)
		s.session(session.StartSession{})
	}, test)
}

// stage is play for an hour that is not open at once.
func stage[P platform](t *testing.T, fresh func(session.ConnectorID, connector.Limits) P, begin, test func(*scene)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limits := connector.Limits{Longest: connector.AtMost(500, session.Characters), Notices: true}
		s := &scene{t: t, there: fresh(there, limits), store: redistest.New(t, time.Now)}
		s.logger = slog.New(slog.NewTextHandler(&s.log, nil))
		registry, err := connector.NewRegistry(connector.Page{}, s.there)
		if err != nil {
			t.Fatal(err)
		}
		s.service = &session.Service{Store: s.store, Now: time.Now,
			Planner: routing.Planner{Limits: registry.Limits, PublicURL: "https://example.org"},
			Staff:   session.Directory{{Name: "Anna", Role: session.Moderator}, {Name: "Edgars", Role: session.ExpertRole, Office: "Tax office"}},
			Hides:   registry.Hides, Changed: s.wake}
		if s.there.Limits().Letters {
			s.service.Planner = routing.Planner{Limits: registry.Limits, PublicURL: "https://example.org", Letters: there}
		}
		begin(s)
		s.start(registry, s.service)
		defer s.stop()
		test(s)
	})
}

// schedule plans an hour that begins after a while.
func (s *scene) schedule(in, lasts time.Duration) {
	start := time.Now().Add(in)
	h := session.Hour{Slug: "tax", Title: "Tax", Zone: "Europe/Riga", Language: session.English, Start: start, End: start.Add(lasts),
		Experts: []session.Expert{{Name: "Edgars"}}, Targets: []session.Target{{Connector: there, Place: place,
			Every: true, Pin: true}}, Reasons: []string{"off_topic"}}
	if _, err := s.service.Schedule(s.t.Context(), anna, h); err != nil {
		s.t.Fatal(err)
	}
}

// start adds a replica that records through recorder.
func (s *scene) start(r *connector.Registry, recorder delivery.Recorder) *delivery.Worker {
	w := &delivery.Worker{Recorder: recorder, Reader: s.store, Outbox: s.store, Registry: r, Now: time.Now, Log: s.logger,
		Leave: func(r session.QuestionRef) string { return "https://example.org/leave/" + r.String() },
		Poster: func(_ context.Context, _ session.ID, n session.News) (connector.Poster, error) {
			return connector.Poster{Alt: string(n.Topic())}, nil
		}}
	if s.outbox != nil {
		w.Outbox = s.outbox
	}
	s.run(w)
	return w
}

func (s *scene) run(w *delivery.Worker) {
	ctx, cancel := context.WithCancel(s.t.Context())
	s.mu.Lock()
	s.workers, s.stops = append(s.workers, w), append(s.stops, cancel)
	s.mu.Unlock()
	s.running.Go(func() { w.Run(ctx) })
}

// wake tells all replicas that a session changed, as the program does.
func (s *scene) wake(id session.ID) {
	if s.deaf.Load() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.workers {
		w.Wake(id)
	}
}

func (s *scene) stop() {
	for _, stop := range s.stops {
		stop()
	}
	s.running.Wait()
}

func (s *scene) session(cmd session.SessionCommand) {
	s.t.Helper()
	if _, err := s.service.DoSession(s.t.Context(), anna, "tax", cmd); err != nil {
		s.t.Fatalf("%s: %v", cmd.Verb(), err)
	}
}

func (s *scene) do(by session.Actor, cmd session.Command) {
	s.t.Helper()
	if _, err := s.service.Do(s.t.Context(), by, cmd); err != nil {
		s.t.Fatalf("%s: %v", cmd.Verb(), err)
	}
}

func (s *scene) on(n int) session.On {
	return session.On{Question: session.QuestionRef{Session: "tax", Number: n}}
}

// ask asks a question at the platform and takes it to review.
func (s *scene) ask(key string) int {
	s.t.Helper()
	q, _, err := s.service.Ask(s.t.Context(), session.Asked{Session: "tax", Key: key, Text: "May I start before the decision?",
		Origin: s.there.Original(place, key)})
	if err != nil {
		s.t.Fatal(err)
	}
	n := q.Ref.Number
	s.do(anna, session.AcceptQuestion{On: s.on(n)})
	s.do(edgars, session.SubmitAnswer{On: s.on(n), Text: "No, wait for it."})
	return n
}

// approve approves what is in review.
func (s *scene) approve(n int) {
	s.t.Helper()
	ses, err := s.store.Session(s.t.Context(), "tax")
	if err != nil {
		s.t.Fatal(err)
	}
	q := s.q(n)
	_, digest := s.service.Preview(ses, q)
	s.do(anna, session.ApproveAnswer{On: s.on(n), Revision: q.Latest().Number, Digest: digest})
}

func (s *scene) q(n int) session.Question {
	s.t.Helper()
	qs, err := s.store.Questions(s.t.Context(), "tax", n)
	if err != nil {
		s.t.Fatal(err)
	}
	return qs[0]
}

// copy is the platform's copy of question n.
func (s *scene) copy(n int) session.Copy {
	s.t.Helper()
	for _, c := range s.q(n).Copies {
		if c.Connector == there && c.Kind == session.KindAnswer {
			return c
		}
	}
	s.t.Fatalf("question %d has no copy there", n)
	return session.Copy{}
}

func (s *scene) decide(n int, v session.Verb) {
	s.t.Helper()
	c := s.copy(n)
	s.do(anna, session.ResolveCopy{On: s.on(n), Decision: v, Copy: c.Key(), Attempt: c.Attempt})
}

// after lets time pass.
func (s *scene) after(d time.Duration) {
	time.Sleep(d) // the bubble's clock, not ours
	synctest.Wait()
}

// want checks what stands on the platform and how often something was posted.
func (s *scene) want(posts, made int) {
	s.t.Helper()
	if got := len(s.there.Posts()); got != posts {
		s.t.Errorf("%d posts stand there, want %d", got, posts)
	}
	if got := s.there.Made(); got != made {
		s.t.Errorf("%d posts were made, want %d", got, made)
	}
}

func (s *scene) problem(n int, want session.Problem) {
	s.t.Helper()
	if got := s.copy(n).Problem; got != want {
		s.t.Errorf("the copy's problem is %q, want %q", got, want)
	}
}

// killed is a recorder whose process dies between a send and its record: nothing of
// the outcome is stored.
type killed struct{ *session.Service }

var errKilled = errors.New("killed")

func (k killed) Record(context.Context, session.Command, session.Finish) (session.Result, error) {
	return session.Result{}, errKilled
}
