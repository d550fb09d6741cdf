package x

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/x/xfake"
	"experthour/internal/connector/x/xtest"
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
	ilze  = "2244994945"
	janis = "1912345678901234599"
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

// world is a connector of an account whom one question mentions.
type world struct {
	*X
	t        testing.TB
	clock    *clock
	fake     *xfake.X
	inbox    *inbox
	since    time.Time
	original string
	account  Account
	hours    connector.Hours
	cursor   []byte
	mu       sync.Mutex
	spent    []connector.Request
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{at: time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)}, inbox: &inbox{}}
	w.fake = xfake.Make(w.clock.now)
	w.fake.Serve(t, xtest.Judge(t, w.fake))
	w.since = w.clock.at
	w.account = Account{URL: w.fake.URL, Key: xfake.Key, Secret: setting.NewSecret(xfake.Secret), USDADay: usualDay, USDAnHour: usualHour,
		Token: setting.NewSecret(xfake.Token), TokenSecret: setting.NewSecret(xfake.TokenSecret)}
	w.original = w.fake.Write(ilze, "@Iestade Kas ir?")
	w.X = w.replica(Settings{})
	return w
}

// replica is another connector of the same account.
func (w *world) replica(s Settings) *X {
	store := redistest.New(w.t, time.Now)
	env := connector.Env{Language: session.English, Now: w.clock.now, Log: slog.New(slog.DiscardHandler), Inbox: w.inbox, Owner: "one",
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
	return New(env, w.account, s, "x")
}

func (w *world) origin(id string) session.Origin {
	return session.Origin{Connector: "x", Place: place, Message: session.MessageID(id), User: ilze}
}

func (w *world) answer(key, text string) connector.Post {
	return connector.Post{Kind: session.KindAnswer, Key: key, Place: place, Original: w.origin(w.original), Text: text,
		Language: session.Latvian, Approved: w.clock.now()}
}

// own is what the account posted, as a reader finds it.
func (w *world) own() (seen []connectortest.Seen) {
	for _, p := range w.fake.Posts() {
		if p.Author == xfake.Self {
			seen = append(seen, connectortest.Seen{ID: session.MessageID(p.ID), Under: session.MessageID(p.ReplyTo), Text: p.Text})
		}
	}
	return seen
}

// stands wants just those of the account's posts.
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
	gate := connectortest.OpenWire(w.t, w.fake.URL)
	w.account.URL = gate.URL
	w.X = w.replica(Settings{})
	return connectortest.Harness{Gate: gate, Connector: w.X, Place: place, Original: w.origin(w.original), Posts: w.own,
		Unknown: "1999999999999999999",
		Refuse:  func() { w.fake.Remove(w.original) }, Silence: func() { w.fake.Hang(xfake.Create) }}
}

// look fetches once and handles what came.
func (w *world) look(c *X, asked ...string) error {
	w.t.Helper()
	l := receive.Look{Cursor: w.cursor, Hours: connector.Hours{Busy: true, Since: w.since}}
	for _, id := range w.inbox.under() {
		l.Under = append(l.Under, w.origin(id))
	}
	for _, id := range asked {
		l.Asked = append(l.Asked, w.origin(id))
	}
	next, err := c.Fetch(w.t.Context(), l, func(ctx context.Context, events ...connector.Event) (int, error) {
		for _, e := range events {
			if err := c.Handle(ctx, e.Raw); err != nil {
				return 0, err
			}
		}
		return len(events), nil
	})
	if err == nil {
		w.cursor = next.Cursor
	}
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
	for _, secret := range []string{xfake.Secret, xfake.Token, xfake.TokenSecret} {
		if err != nil && strings.Contains(err.Error(), secret) {
			w.t.Errorf("%s: it tells a secret", what)
		}
	}
}

// asked wants just those questions.
func (w *world) asked(want ...string) {
	w.t.Helper()
	if got := w.inbox.texts(); !slices.Equal(got, want) {
		w.t.Errorf("asked %q, want %q", got, want)
	}
}

// inbox notes what came, each question once.
type inbox struct {
	connector.PublicInbox
	mu       sync.Mutex
	announce []string
	unplaced bool
	got      []connector.Asked
	reworded []string
	removed  []session.MessageID
	likes    []int
}

func (i *inbox) under() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.announce)
}

func (i *inbox) Asked(_ context.Context, a connector.Asked) (session.QuestionRef, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !slices.ContainsFunc(i.got, func(o connector.Asked) bool { return o.Key == a.Key }) {
		i.got = append(i.got, a)
	}
	return session.QuestionRef{Session: "h", Number: 1}, nil
}

func (i *inbox) Announced(_ context.Context, at session.Origin, _ time.Time) (session.ID, bool, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.unplaced {
		return "", false, connector.ErrUnplaced
	}
	return "h", slices.Contains(i.announce, string(at.Message)), nil
}

func (i *inbox) Reworded(_ context.Context, at session.Origin, text string, _ time.Time) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.reworded = append(i.reworded, string(at.Message)+" "+text)
	return nil
}

func (i *inbox) Removed(_ context.Context, at session.Origin) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.removed = append(i.removed, at.Message)
	return nil
}

func (i *inbox) Liked(_ context.Context, _ session.Origin, count int, _ time.Time) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.likes = append(i.likes, count)
	return nil
}

func (i *inbox) texts() (texts []string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, a := range i.got {
		texts = append(texts, a.Text)
	}
	return texts
}

const htmlPage = "<html><h1>Bad gateway</h1></html>"

var statuses = []int{http.StatusOK, http.StatusInternalServerError, http.StatusBadGateway}

func collect(all *[]connector.Event) receive.Put {
	return func(_ context.Context, events ...connector.Event) (int, error) {
		*all = append(*all, events...)
		return len(events), nil
	}
}
