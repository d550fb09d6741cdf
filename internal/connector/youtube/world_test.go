package youtube

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/youtube/youtubefake"
	"experthour/internal/connector/youtube/youtubetest"
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
	ilze, ilzeName   = "UCilze_0123456789abcdefg", "@ilze"
	janis, janisName = "UCjanis_123456789abcdefg", "@jānis.k"
)

// The methods of the fake.
const (
	getThreads    = "GET /youtube/v3/commentThreads"
	addThread     = "POST /youtube/v3/commentThreads"
	getComments   = "GET /youtube/v3/comments"
	addComment    = "POST /youtube/v3/comments"
	editComment   = "PUT /youtube/v3/comments"
	deleteComment = "DELETE /youtube/v3/comments"
	getToken      = "POST " + youtubefake.Token
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

// world is a connector at a video with one question under it. All that it says is judged.
type world struct {
	*YouTube
	t        testing.TB
	clock    *clock
	fake     *youtubefake.YouTube
	inbox    *inbox
	store    *redistest.Store
	since    time.Time
	original string
	under    []session.Origin // announcements
	account  Account
	hours    connector.Hours // for a Run
	mu       sync.Mutex
	spent    int
	units    int // left
	memory   connector.Memory
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{at: time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)}, inbox: &inbox{}, units: 10_000,
		memory: connectortest.NewMemory(),
		store:  redistest.New(t, time.Now)}
	w.fake = youtubefake.New(t, w.clock.now)
	w.since = w.clock.at
	at := youtubetest.Judge(t, w.fake.URL)
	w.account = Account{URL: at, TokenURL: at + youtubefake.Token, LoginURL: at + youtubefake.Login, ClientID: youtubefake.ClientID,
		ClientSecret: setting.NewSecret(youtubefake.ClientSecret), RefreshToken: setting.NewSecret(youtubefake.Refresh), Units: 10_000}
	w.original = w.fake.Write(ilze, ilzeName, "Kas ir?", "")
	w.YouTube = w.replica(Settings{})
	return w
}

// replica is another connector at the same video.
func (w *world) replica(s Settings) *YouTube {
	w.t.Helper()
	if s.Video == "" {
		s.Video = youtubefake.Video
	}
	if s.Every == 0 {
		s.Every = usualEvery
	}
	y, err := New(w.env(), w.account, s, "youtube")
	if err != nil {
		w.t.Fatal(err)
	}
	return y
}

func (w *world) env() connector.Env {
	return connector.Env{Language: session.Latvian, Now: w.clock.now, Log: slog.New(slog.DiscardHandler), Inbox: w.inbox, Owner: "one",
		Leases:  connectortest.NewLeases(),
		Mailbox: func(id session.ConnectorID) connector.Mailbox { return w.store.Mailbox(id) },
		Memory:  func(session.ConnectorID) connector.Memory { return w.memory },
		Vault:   func(id session.ConnectorID, of string) connector.Vault { return w.store.Vault(id, of) },
		Hours:   func(context.Context, session.ConnectorID) (connector.Hours, error) { return w.hours, nil },
		Left: func(context.Context, connector.Connector) (map[string]int, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return map[string]int{units: w.units}, nil
		},
		Spend: func(_ context.Context, c connector.Connector, _ session.PlaceID, r connector.Request) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.spent += c.Limits().Budgets[0].Cost(r)
			return nil
		}}
}

// announce has an announcement stand under the video.
func (w *world) announce() string {
	w.t.Helper()
	sent, err := w.Reply(w.t.Context(), connector.Post{Kind: session.KindAnnouncement, Key: "n1", Place: w.Place(), Text: "Sākam.",
		Approved: w.clock.now()})
	w.must(err)
	w.under = append(w.under, w.at(string(sent.Message)))
	return string(sent.Message)
}

func (w *world) at(id string) session.Origin { return w.YouTube.origin(id) }

func (w *world) answer(key, text string) connector.Post {
	return connector.Post{Kind: session.KindAnswer, Key: key, Place: w.Place(), Original: w.at(w.original), Text: text,
		Language: session.Latvian, Approved: w.clock.now()}
}

// own are the texts of what the account wrote, as a reader of the page finds them.
func (w *world) own() (all []connectortest.Seen) {
	for _, c := range w.fake.Comments() {
		if c.Author == youtubefake.Self {
			all = append(all, connectortest.Seen{ID: session.MessageID(c.ID), Text: c.Text, Under: session.MessageID(c.Parent)})
		}
	}
	return all
}

// stands wants just those of the account's comments.
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
	gate := connectortest.OpenWire(w.t, w.account.URL)
	w.account.URL = gate.URL
	w.YouTube = w.replica(Settings{})
	return connectortest.Harness{Gate: gate, Connector: w.YouTube, Place: w.Place(), Original: w.at(w.original), Posts: w.own,
		Unknown: "Ugz_fake999999999999AaABAg",
		Hidden:  func() bool { return w.status(w.original) != youtubefake.Published },
		Refuse:  func() { w.fake.Disable(true) }, Silence: func() { w.fake.Hang(addComment) }}
}

// look fetches once and handles what came.
func (w *world) look(y *YouTube, asked ...session.Origin) error {
	w.t.Helper()
	l := receive.Look{Hours: connector.Hours{Busy: true, Since: w.since, Under: w.under}, Asked: asked}
	_, err := y.Fetch(w.t.Context(), l, func(ctx context.Context, events ...connector.Event) (int, error) {
		for _, e := range events {
			if err := y.Handle(ctx, e.Raw); err != nil {
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
	for _, secret := range []string{youtubefake.ClientSecret, youtubefake.Refresh, "ya29."} {
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
	removed  []session.MessageID
	liked    []int
}

func (i *inbox) Asked(_ context.Context, a connector.Asked) (session.QuestionRef, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !slices.ContainsFunc(i.asked, func(o connector.Asked) bool { return o.Key == a.Key }) {
		i.asked = append(i.asked, a)
	}
	return session.QuestionRef{Session: "h", Number: 1}, nil
}

func (i *inbox) Announced(context.Context, session.Origin, time.Time) (session.ID, bool, error) {
	return "h", true, nil
}

func (i *inbox) Reworded(_ context.Context, _ session.Origin, text string, _ time.Time) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.reworded = append(i.reworded, text)
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
	i.liked = append(i.liked, count)
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

var statuses = []int{http.StatusOK, http.StatusInternalServerError, http.StatusBadGateway}
