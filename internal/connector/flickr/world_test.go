package flickr

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
	"experthour/internal/connector/flickr/flickrfake"
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
	ilze, ilzeName = "35468159852@N01", "Ilze <b>K.</b>"
	janis          = "48692997@N00"
)

const (
	getList       = "flickr.photos.comments.getList"
	addComment    = "flickr.photos.comments.addComment"
	editComment   = "flickr.photos.comments.editComment"
	deleteComment = "flickr.photos.comments.deleteComment"
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

// world is a connector at a photo with one question under it.
type world struct {
	*Flickr
	t        testing.TB
	clock    *clock
	fake     *flickrfake.Flickr
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
	w.fake = flickrfake.New(t, w.clock.now)
	w.since = w.clock.at
	w.account = Account{URL: w.fake.URL, OAuth: strings.TrimSuffix(w.fake.URL, flickrfake.Path) + flickrfake.OAuthPath,
		Key: flickrfake.Key, Secret: setting.NewSecret(flickrfake.Secret),
		Token: setting.NewSecret(flickrfake.Token), TokenSecret: setting.NewSecret(flickrfake.TokenSecret)}
	w.original = w.fake.Write(ilze, ilzeName, "Kas ir?")
	w.Flickr = w.replica(Settings{})
	return w
}

// replica is another connector at the same photo.
func (w *world) replica(s Settings) *Flickr {
	store := redistest.New(w.t, time.Now)
	env := connector.Env{Language: session.Latvian, Now: w.clock.now, Log: slog.New(slog.DiscardHandler), Inbox: w.inbox, Owner: "one",
		Leases:  connectortest.NewLeases(),
		Mailbox: func(id session.ConnectorID) connector.Mailbox { return store.Mailbox(id) },
		Vault:   func(c session.ConnectorID, of string) connector.Vault { return store.Vault(c, of) },
		Memory:  func(session.ConnectorID) connector.Memory { return connectortest.NewMemory() },
		Hours:   func(context.Context, session.ConnectorID) (connector.Hours, error) { return w.hours, nil },
		Originals: func(context.Context, session.ConnectorID) ([]session.Origin, error) {
			return nil, nil
		},
		Spend: func(_ context.Context, _ connector.Connector, _ session.PlaceID, r connector.Request) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.spent = append(w.spent, r)
			return nil
		}}
	if s.Photo == "" {
		s.Photo = flickrfake.Photo
	}
	return New(env, w.account, s, "flickr")
}

func (w *world) origin(id string) session.Origin {
	return session.Origin{Connector: "flickr", Place: flickrfake.Photo, Message: session.MessageID(id)}
}

func (w *world) answer(key, text string) connector.Post {
	return connector.Post{Kind: session.KindAnswer, Key: key, Place: flickrfake.Photo, Original: w.origin(w.original), Text: text,
		Language: session.Latvian, Approved: w.clock.now()}
}

// own are the texts of what the account wrote, as a reader of the page finds them.
func (w *world) own() (seen []connectortest.Seen) {
	for _, c := range w.fake.Comments() {
		if c.Author == flickrfake.Self {
			seen = append(seen, connectortest.Seen{ID: session.MessageID(c.ID), Text: plain(flickrfake.Shown(c.Text))})
		}
	}
	return seen
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
	gate := connectortest.OpenWire(w.t, strings.TrimSuffix(w.fake.URL, flickrfake.Path))
	w.account.URL = gate.URL + flickrfake.Path
	w.Flickr = w.replica(Settings{})
	return connectortest.Harness{Gate: gate, Connector: w.Flickr, Place: flickrfake.Photo, Original: w.origin(w.original), Posts: w.own,
		Unknown: "6065-" + flickrfake.Photo + "-72157594037999999",
		Refuse:  func() { w.fake.Close(true) }, Silence: func() { w.fake.Hang(addComment) },
		Except: map[string]string{"reply": "comments are flat: TestAddress tries how an answer names its question"}}
}

// look fetches once and handles what came.
func (w *world) look(c *Flickr, asked ...string) error {
	w.t.Helper()
	l := receive.Look{Hours: connector.Hours{Busy: true, Since: w.since, Under: []session.Origin{w.origin("x")}}}
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
	for _, secret := range []string{flickrfake.Secret, flickrfake.Token, flickrfake.TokenSecret} {
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

var statuses = []int{http.StatusOK, http.StatusInternalServerError, http.StatusBadGateway}
