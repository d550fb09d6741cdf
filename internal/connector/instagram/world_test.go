package instagram

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
	"experthour/internal/connector/instagram/instagramfake"
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

const ilze, janis = "ilze.ozola", "janis_k"

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

// world is a post with one question under it.
type world struct {
	*Instagram
	t        testing.TB
	clock    *clock
	fake     *instagramfake.Instagram
	inbox    *inbox
	vault    func(session.ConnectorID, string) connector.Vault
	leases   connector.Leases
	since    time.Time
	original string
	account  Account
	hours    connector.Hours // for a Run
	mu       sync.Mutex
	spent    int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{at: time.Date(2026, 11, 22, 12, 1, 0, 0, time.UTC)}, inbox: &inbox{}, leases: connectortest.NewLeases()}
	w.fake = instagramfake.New(t, w.clock.now)
	w.since = w.clock.at
	w.account = Account{URL: w.fake.URL, Token: setting.NewSecret(instagramfake.Token)}
	w.original = w.fake.Write(ilze, "", "Kas ir?")
	store := redistest.New(t, w.clock.now)
	w.vault = func(c session.ConnectorID, of string) connector.Vault { return store.Vault(c, of) }
	w.Instagram = w.replica("one", Settings{})
	return w
}

// replica is another connector of the same account.
func (w *world) replica(owner string, s Settings) *Instagram {
	store := redistest.New(w.t, time.Now)
	memory := connectortest.NewMemory()
	env := connector.Env{Language: session.Latvian, Now: w.clock.now, Log: slog.New(slog.DiscardHandler), Inbox: w.inbox, Owner: owner,
		Leases: w.leases, Vault: w.vault,
		Mailbox:   func(id session.ConnectorID) connector.Mailbox { return store.Mailbox(id) },
		Memory:    func(session.ConnectorID) connector.Memory { return memory },
		Hours:     func(context.Context, session.ConnectorID) (connector.Hours, error) { return w.hours, nil },
		Originals: func(context.Context, session.ConnectorID) ([]session.Origin, error) { return nil, nil },
		Spend: func(context.Context, connector.Connector, session.PlaceID, connector.Request) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.spent++
			return nil
		}}
	if s.Media == "" {
		s.Media = instagramfake.Media
	}
	return New(env, w.account, s, "instagram")
}

func (w *world) origin(id string) session.Origin {
	return session.Origin{Connector: "instagram", Place: instagramfake.Media, Message: session.MessageID(id), User: ilze}
}

func (w *world) answer(key, text string) connector.Post {
	return connector.Post{Kind: session.KindAnswer, Key: key, Place: instagramfake.Media, Original: w.origin(w.original), Text: text,
		Language: session.Latvian, Approved: w.clock.now()}
}

// own is what the account wrote, as a reader finds it.
func (w *world) own() (seen []connectortest.Seen) {
	for _, c := range w.fake.Comments() {
		if c.Author == instagramfake.SelfName {
			seen = append(seen, connectortest.Seen{ID: session.MessageID(c.ID), Under: session.MessageID(c.Parent), Text: c.Text})
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
	w.Instagram = w.replica("one", Settings{})
	return connectortest.Harness{Gate: gate, Connector: w.Instagram, Place: instagramfake.Media, Original: w.origin(w.original), Posts: w.own,
		Unknown: "17899999999999999", Hidden: w.hidden,
		Refuse: func() { w.fake.Answer("reply", 400, saysNo(100)) }, Silence: func() { w.fake.Hang("reply") }}
}

func (w *world) hidden() bool {
	return slices.ContainsFunc(w.fake.Comments(), func(c instagramfake.Comment) bool { return c.ID == w.original && c.Hidden })
}

// look fetches once and handles what came.
func (w *world) look(c *Instagram, asked ...string) error {
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
	if err != nil && strings.Contains(err.Error(), instagramfake.Token) {
		w.t.Errorf("%s: it tells a secret", what)
	}
}

// inbox notes what came, each question once.
type inbox struct {
	connector.PublicInbox
	mu      sync.Mutex
	asked   []connector.Asked
	likes   []int
	removed []session.MessageID
}

func (i *inbox) Asked(_ context.Context, a connector.Asked) (session.QuestionRef, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !slices.ContainsFunc(i.asked, func(o connector.Asked) bool { return o.Key == a.Key }) {
		i.asked = append(i.asked, a)
	}
	return session.QuestionRef{Session: "h", Number: 1}, nil
}

func (i *inbox) Liked(_ context.Context, _ session.Origin, count int, _ time.Time) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.likes = append(i.likes, count)
	return nil
}

func (i *inbox) Removed(_ context.Context, at session.Origin) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.removed = append(i.removed, at.Message)
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
