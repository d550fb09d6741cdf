package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/keyring"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/web/site"
)

var (
	anna   = session.Actor{Name: "Anna", Role: session.Moderator}
	ilze   = session.Actor{Name: "Ilze Kalniņa", Role: session.ExpertRole}
	noon   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	hourID = session.ID("heating")
)

// world is the public side of one hour on a store of its own.
type world struct {
	t       testing.TB
	store   *redistest.Store
	service *session.Service
	server  *Server
	handler http.Handler
	address string // of the client

	mu  sync.Mutex
	now time.Time
}

// pagePlanner renders the page's copy only.
type pagePlanner struct{}

func (pagePlanner) Copies(_ session.Session, q session.Question, rev session.Revision) []session.Rendered {
	return []session.Rendered{{Slot: session.Slot{Kind: session.KindAnswer, Connector: session.Page, Original: q.Ref.Number},
		Language: q.Language, Text: rev.Text}}
}

func (pagePlanner) Notices(session.Session, session.Question) []session.Rendered { return nil }

func (pagePlanner) Announcements(session.Session, time.Time) []session.Rendered { return nil }

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) after(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// newWorld schedules an hour that begins at noon; it is 11:30.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, now: noon.Add(-30 * time.Minute), address: "192.0.2.1:1234"}
	w.store = redistest.New(t, w.clock)
	staff := session.Directory{{Name: "Anna", Role: session.Moderator},
		{Name: "Ilze Kalniņa", Role: session.ExpertRole, Office: "Head of Home Energy"}}
	w.service = &session.Service{Store: w.store, Planner: pagePlanner{}, Staff: staff, Now: w.clock}
	w.server = w.serve()
	w.handler = w.server.Handler()
	w.service.Changed = w.server.Hub.Wake
	_, err := w.service.Schedule(t.Context(), anna, session.Hour{Slug: hourID, Title: "Home insulation", Topic: "Who can apply.",
		Language: session.English, Zone: "Europe/Riga", Experts: []session.Expert{{Name: "Ilze Kalniņa"}},
		AskFrom: noon.Add(-time.Hour), Start: noon, End: noon.Add(2 * time.Hour), Reasons: []string{"off_topic", session.NotReached}})
	w.must(err)
	return w
}

func (w *world) serve() *Server {
	w.t.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	st, err := site.New(site.Config{Institution: "Housing Agency", Language: session.English, PublicURL: "http://hour.example",
		Accounts: []site.Account{{Name: "Mastodon", URL: "https://social.example/@housing"}}, Log: log, Now: w.clock})
	w.must(err)
	hub := st.NewHub(context.WithValue(w.t.Context(), byItself{}, true), w.store)
	hub.Hold = 0 // what a test has done is to be seen at once
	s, err := New(Config{Site: st, Hub: hub, Service: w.service, Store: w.store,
		Keys: keyring.Ring{theSecret}.For(keyring.Public), Networks: keyring.Ring{theSecret}.For(keyring.Networks),
		Metrics: NewMetrics(nil), Receipts: receiptsOf(theSecret),
		Letters: Letters{Keys: keyring.Ring{theSecret}.For(keyring.Letters)},
		Options: transcript.Options{PublicURL: "http://hour.example", Institution: "Housing Agency",
			Reason: func(id string, _ session.Language) string {
				return map[string]string{"off_topic": "Not about the topic."}[id]
			}}})
	w.must(err)
	return s
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// open starts the hour.
func (w *world) open() *world {
	w.t.Helper()
	w.after(30 * time.Minute)
	w.session(session.StartSession{})
	return w
}

func (w *world) session(cmd session.SessionCommand) {
	w.t.Helper()
	_, err := w.service.DoSession(w.t.Context(), anna, hourID, cmd)
	w.must(err)
}

// ask hands a question in as another platform does.
func (w *world) ask(a session.Asked) int {
	w.t.Helper()
	a.Session = hourID
	if a.Key == "" {
		a.Key = strconv.Itoa(len(a.Text)) + session.Shorten(a.Text, 40)
	}
	if a.Origin.Connector == "" {
		a.Origin.Connector = session.Page
	}
	if a.Proof == (session.Proof{}) {
		a.Proof = w.server.Receipts.Prove()
	}
	q, _, err := w.service.Ask(w.t.Context(), a)
	w.must(err)
	return q.Ref.Number
}

func (w *world) do(by session.Actor, cmd session.Command) session.Question {
	w.t.Helper()
	r, err := w.service.Do(w.t.Context(), by, cmd)
	w.must(err)
	return r.Question
}

func on(n int) session.On {
	return session.On{Question: session.QuestionRef{Session: hourID, Number: n}}
}

func (w *world) accept(n int) {
	w.t.Helper()
	w.do(anna, session.AcceptQuestion{On: on(n), Wording: 1})
}

func (w *world) submit(n int, text string) {
	w.t.Helper()
	w.do(ilze, session.SubmitAnswer{On: on(n), Text: text})
}

// approve approves the newest revision.
func (w *world) approve(n int) session.Question {
	w.t.Helper()
	qs, err := w.store.Questions(w.t.Context(), hourID, n)
	w.must(err)
	ses, err := w.store.Session(w.t.Context(), hourID)
	w.must(err)
	_, digest := w.service.Preview(ses, qs[0])
	return w.do(anna, session.ApproveAnswer{On: on(n), Revision: qs[0].Latest().Number, Digest: digest})
}

// publish approves the newest revision and does what the worker does for the page.
func (w *world) publish(n int) {
	w.t.Helper()
	for _, c := range w.approve(n).Copies {
		if c.Due() {
			w.do(session.Program, session.RecordSent{On: on(n), Copy: c.Key(), Brought: c.Wanted, Message: "m"})
		}
	}
}

// answered takes a question from asking to a public answer.
func (w *world) answered(text, answer string) int {
	w.t.Helper()
	n := w.ask(session.Asked{Text: text})
	w.accept(n)
	w.submit(n, answer)
	w.publish(n)
	return n
}

func (w *world) request(r *http.Request) *httptest.ResponseRecorder {
	r.RemoteAddr = w.address
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return rec
}

func (w *world) get(path string) *httptest.ResponseRecorder {
	return w.request(httptest.NewRequest(http.MethodGet, path, nil))
}

// page gets a page that must be there.
func (w *world) page(path string) string {
	w.t.Helper()
	rec := w.get(path)
	if rec.Code != http.StatusOK {
		w.t.Fatalf("GET %s: %d\n%s", path, rec.Code, rec.Body)
	}
	return rec.Body.String()
}

func (w *world) post(path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.request(r)
}

func (w *world) api(path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return w.request(r)
}

// received is how many questions the store has taken.
func (w *world) received() int {
	w.t.Helper()
	c, err := w.store.Counts(context.WithoutCancel(w.t.Context()), hourID)
	w.must(err)
	return c.Last
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is missing in:\n%s", p, text)
		}
	}
}

func lacks(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("%q must not be in:\n%s", p, text)
		}
	}
}
