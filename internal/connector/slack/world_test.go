package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// memory is a memory that forgets nothing.
type memory struct {
	mu   sync.Mutex
	kept map[string][]byte
	fail error
}

func newMemory() *memory { return &memory{kept: map[string][]byte{}} }

func (m *memory) Keep(_ context.Context, key string, value []byte, _ time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[key] = value
	return m.fail
}

func (m *memory) Recall(_ context.Context, key string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.kept[key]
	return v, ok, m.fail
}

func (m *memory) Forget(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, key)
	return m.fail
}

// logs keeps what was logged.
type logs struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// world is a workspace with one connector in it.
type world struct {
	*Slack
	t       *testing.T
	fake    *slackfake.Workspace
	channel *slackfake.Channel
	inbox   *inbox
	redis   *redistest.Store
	mail    *connectortest.Watched
	memory  *memory
	logs    *logs
	anna    *slackfake.User
}

const (
	place     session.PlaceID = "C0DESK"
	botToken  string          = "xoxb-fake-bot"
	appToken  string          = "xapp-fake-app"
	signature string          = "0123456789abcdef0123456789abcdef"
)

func newWorld(t *testing.T, opts slackfake.Options, change ...func(*Options)) *world {
	t.Helper()
	opts.SigningSecret = signature
	if opts.Scopes == nil {
		opts.Scopes = Scopes()
	}
	if opts.Events == nil {
		opts.Events = Events()
	}
	redis := redistest.New(t, time.Now)
	w := &world{t: t, fake: slackfake.New(t, opts), inbox: &inbox{}, redis: redis, mail: connectortest.Watch(redis.Mailbox("slack")),
		memory: newMemory(), logs: &logs{}}
	w.channel = w.fake.Channel(string(place))
	w.anna = w.fake.User("U0ANNA", "Anna Ozola", "anna@example.org")
	o := Options{ID: "slack", BotToken: botToken, AppToken: appToken, SigningSecret: signature, Channel: place, APIURL: w.fake.URL(),
		Mode: Socket, Inbox: w.inbox, Mailbox: w.mail, Memory: w.memory, Language: session.English,
		Timeout: testenv.Patience, Log: slog.New(slog.NewTextHandler(w.logs, nil))}
	for _, c := range change {
		c(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.runner.Again, s.waits.inbox, s.waits.read = 5*time.Millisecond, testenv.Patience, time.Millisecond
	w.Slack = s
	return w
}

// run lets the connector receive until the test ends.
func (w *world) run() {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	w.t.Cleanup(func() {
		stop()
		<-done
		for _, c := range w.fake.Complaints() {
			w.t.Errorf("Slack complains: %s", c)
		}
	})
	if w.opts.Mode == Socket {
		w.await(func() bool { return w.fake.Sockets() > 0 })
	}
}

// listening is a running connector in both modes.
func listening(t *testing.T, opts slackfake.Options, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("socket", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, opts)
		w.run()
		test(t, w)
	})
	t.Run("http", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, opts, func(o *Options) { o.Mode = HTTP })
		w.serve()
		w.run()
		test(t, w)
	})
}

// serve puts the handlers of Hooks where the workspace calls them.
func (w *world) serve() *httptest.Server {
	mux := http.NewServeMux()
	for path, h := range w.Hooks() {
		mux.Handle(path, h)
	}
	srv := httptest.NewServer(mux)
	w.t.Cleanup(srv.Close)
	w.fake.UseHTTP(slackfake.URLs{Events: srv.URL + PathEvents, Commands: srv.URL + PathCommands, Interactions: srv.URL + PathInteractions})
	return srv
}

func (w *world) await(cond func() bool) {
	w.t.Helper()
	awaited(w.t, cond)
}

// awaited looks until cond holds.
func awaited(t *testing.T, cond func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	ctx := testenv.Soon(t)
	for !cond() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("it does not happen")
		}
	}
}

func (w *world) must(c connector.Card) *slackfake.Message {
	w.t.Helper()
	at, err := w.PostCard(w.t.Context(), c)
	if err != nil || at == "" {
		w.t.Fatalf("posted as %q, %v", at, err)
	}
	return w.message(at)
}

// message is the one with that id, in the channel or in a thread.
func (w *world) message(at session.MessageID) *slackfake.Message {
	w.t.Helper()
	for _, m := range w.channel.Messages() {
		for _, m := range append(m.Thread(), m) {
			if m.TS() == string(at) {
				return m
			}
		}
	}
	w.t.Fatalf("no message %q", at)
	return nil
}

func card(number int, lines ...string) connector.Card {
	c := connector.Card{Key: "card:" + string(rune('a'+number)), Place: place, Number: number,
		Title: "#" + string(rune('0'+number)) + " waiting"}
	for _, l := range lines {
		c.Lines = append(c.Lines, connector.Line{Kind: connector.Quote, Text: l})
	}
	return c
}

func (w *world) trouble() []string {
	var ids []string
	for _, f := range w.Trouble() {
		ids = append(ids, f.ID)
	}
	return ids
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// roster asks with other groups than the configured ones.
func (w *world) roster(ctx context.Context, people []session.Person, groups map[string]session.Role) ([]session.Person, error) {
	w.opts.Groups = groups
	return w.Roster(ctx, people)
}
