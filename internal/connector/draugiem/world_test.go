package draugiem

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/draugiem/draugiemfake"
	"experthour/internal/connector/receive"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

func TestMain(m *testing.M) {
	testenv.Main()
	m.Run()
}

const (
	page = "iestade"
	ilze = "491171"

	faqAnswerCall = "pages/faq answer"
	faqDeleteCall = "pages/faq delete"
	faqListCall   = "pages/faq list"
	newsAddCall   = "pages/news add"
	newsListCall  = "pages/news list"
)

// clock is moved by tests; it stands otherwise.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is a connector at a page with one question.
type world struct {
	*Draugiem
	t        testing.TB
	clock    *clock
	fake     *draugiemfake.Draugiem
	inbox    *inbox
	since    time.Time
	original string
	account  Account
	hours    connector.Hours // for a Run
	mu       sync.Mutex
	spent    []connector.Request
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{at: time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)}, inbox: &inbox{}}
	w.fake = draugiemfake.New(t, w.clock.now)
	w.since = w.clock.at
	w.account = Account{Experimental: true, URL: w.fake.URL, Page: setting.NewSecret(draugiemfake.PageKey),
		User: setting.NewSecret(draugiemfake.UserKey)}
	w.original = w.fake.Ask(ilze, "Ilze K.", "Kas ir?")
	w.Draugiem = w.replica()
	return w
}

// replica is another connector at the same page.
func (w *world) replica() *Draugiem {
	store := redistest.New(w.t, time.Now)
	env := connector.Env{Language: session.Latvian, Now: w.clock.now, Log: slog.New(slog.DiscardHandler), Inbox: w.inbox, Owner: "one",
		Leases:    connectortest.NewLeases(),
		Mailbox:   func(id session.ConnectorID) connector.Mailbox { return store.Mailbox(id) },
		Memory:    func(session.ConnectorID) connector.Memory { return connectortest.NewMemory() },
		Hours:     func(context.Context, session.ConnectorID) (connector.Hours, error) { return w.hours, nil },
		Originals: func(context.Context, session.ConnectorID) ([]session.Origin, error) { return nil, nil },
		Spend: func(_ context.Context, _ connector.Connector, _ session.PlaceID, r connector.Request) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.spent = append(w.spent, r)
			return nil
		}}
	return New(env, w.account, Settings{Page: page}, "draugiem")
}

func (w *world) origin(id string) session.Origin {
	return session.Origin{Connector: "draugiem", Place: page, Message: session.MessageID(question + id)}
}

func (w *world) answers(text string) connector.Post {
	return connector.Post{Kind: session.KindAnswer, Key: "k1", Place: page, Original: w.origin(w.original), Text: text,
		Language: session.Latvian, Approved: w.clock.now()}
}

// announces is a post of which a note is kept, as the core keeps it.
func (w *world) announces(text string) (p connector.Post, note *string) {
	note = new(string)
	p = connector.Post{Kind: session.KindAnnouncement, Key: "n1", Place: page, Text: text, Language: session.Latvian, Approved: w.clock.now()}
	p.KeepNote = func(_ context.Context, n string) error { *note = n; return nil }
	return p, note
}

// own are the texts of the page, as a reader finds them.
func (w *world) own() (seen []connectortest.Seen) {
	for _, q := range w.fake.Questions() {
		if q.Answer != "" {
			seen = append(seen, connectortest.Seen{ID: session.MessageID(answer + q.ID), Under: session.MessageID(question + q.ID), Text: q.Answer})
		}
	}
	for _, n := range w.fake.News() {
		seen = append(seen, connectortest.Seen{ID: session.MessageID(news + n.ID), Text: n.Text})
	}
	return seen
}

// stands wants just those texts.
func (w *world) stands(want ...string) {
	w.t.Helper()
	var got []string
	for _, s := range w.own() {
		got = append(got, s.Text)
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("a reader finds %q, want %q", got, want)
	}
}

func (w *world) harness() connectortest.Harness {
	return connectortest.Harness{Connector: w.Draugiem, Place: page, Original: w.origin(w.original), Posts: w.own, Unknown: answer + "999",
		Refuse: func() { w.fake.Close(true) }, Silence: func() { w.fake.Hang(faqAnswerCall) }}
}

// look fetches once and handles what came.
func (w *world) look(c *Draugiem, asked ...string) error {
	w.t.Helper()
	l := receive.Look{Hours: connector.Hours{Busy: true, Since: w.since}}
	for _, id := range asked {
		l.Asked = append(l.Asked, w.origin(id))
	}
	_, err := c.Fetch(w.t.Context(), l, func(ctx context.Context, events ...connector.Event) (int, error) {
		for _, e := range events {
			if err := c.Handle(ctx, e.Raw); err != nil {
				return 0, err
			}
		}
		return len(events), nil
	})
	return err
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// wants is how a send failed.
func (w *world) wants(what string, err error, outcome connector.Outcome) {
	w.t.Helper()
	if err == nil || connector.OutcomeOf(err).Outcome != outcome {
		w.t.Errorf("%s: %v", what, err)
	}
	for _, secret := range []string{draugiemfake.PageKey, draugiemfake.UserKey} {
		if err != nil && strings.Contains(err.Error(), secret) {
			w.t.Errorf("%s: it tells a secret", what)
		}
	}
}

// inbox notes what came, each question once.
type inbox struct {
	connector.PublicInbox
	mu       sync.Mutex
	asked    []connector.Asked
	reworded []string
}

func (i *inbox) Asked(_ context.Context, a connector.Asked) (session.QuestionRef, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !slices.ContainsFunc(i.asked, func(o connector.Asked) bool { return o.Key == a.Key }) {
		i.asked = append(i.asked, a)
	}
	return session.QuestionRef{Session: "h", Number: 1}, nil
}

func (i *inbox) Reworded(_ context.Context, _ session.Origin, text string, _ time.Time) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.reworded = append(i.reworded, text)
	return nil
}

func (i *inbox) texts() (texts []string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, a := range i.asked {
		texts = append(texts, a.Text)
	}
	return texts
}

const htmlPage = "<html><h1>Bad gateway</h1></html>"
