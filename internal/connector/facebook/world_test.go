package facebook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/facebook/facebookfake"
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
	ilze  = "7100000000000000001"
	janis = "7100000000000000002"
	place = facebookfake.Self
)

// The edges at which tests break something.
const (
	getComments = "GET post/comments"
	getReplies  = "GET comment/comments"
	getComment  = "GET comment"
	addComment  = "POST comment/comments"
	addPost     = "POST page/feed"
	editComment = "POST comment"
	deletes     = "DELETE comment"
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

// world is a connector at a Page with an announcement and one question under it.
type world struct {
	*Facebook
	t         testing.TB
	clock     *clock
	fake      *facebookfake.Page
	inbox     *inbox
	since     time.Time
	post      string // the announcement
	original  string
	account   Account
	hours     connector.Hours // for a Run
	next      receive.Next    // of the last look
	publicURL string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{at: time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)}, inbox: &inbox{}, publicURL: "https://bot.example"}
	w.fake = facebookfake.New(t, w.clock.now)
	w.since = w.clock.at
	w.account = Account{URL: w.fake.URL, AppID: facebookfake.AppID, AppSecret: setting.NewSecret(facebookfake.AppSecret),
		PageToken: setting.NewSecret(facebookfake.Token), VerifyToken: setting.NewSecret(facebookfake.VerifyToken)}
	w.post = w.fake.Publish("Ekspertu stunda")
	w.inbox.under = w.post
	w.original = w.fake.Write(w.post, ilze, "Ilze", "Kas ir?")
	w.Facebook = w.replica(Settings{})
	return w
}

// replica is another connector at the same Page.
func (w *world) replica(s Settings) *Facebook {
	store := redistest.New(w.t, time.Now)
	memory := connectortest.NewMemory()
	env := connector.Env{Language: session.Latvian, Now: w.clock.now, Log: slog.New(slog.DiscardHandler), Inbox: w.inbox, Owner: "one",
		PublicURL: w.publicURL, Leases: connectortest.NewLeases(),
		Mailbox: func(id session.ConnectorID) connector.Mailbox { return store.Mailbox(id) },
		Memory:  func(session.ConnectorID) connector.Memory { return memory },
		Hours:   func(context.Context, session.ConnectorID) (connector.Hours, error) { return w.hours, nil },
		Originals: func(context.Context, session.ConnectorID) ([]session.Origin, error) {
			return nil, nil
		}}
	if s.Page == "" {
		s.Page = place
	}
	return New(env, w.account, s, "facebook")
}

func (w *world) origin(id string) session.Origin {
	return session.Origin{Connector: "facebook", Place: place, Message: session.MessageID(id)}
}

func (w *world) answer(key, text string) connector.Post {
	return connector.Post{Kind: session.KindAnswer, Key: key, Place: place, Original: w.origin(w.original), Text: text,
		Language: session.Latvian, Approved: w.clock.now()}
}

// own are the texts of what the Page wrote, as a reader finds them.
func (w *world) own() (seen []connectortest.Seen) {
	for _, n := range w.fake.Nodes() {
		if n.From != place || n.ID == w.post {
			continue
		}
		s := connectortest.Seen{ID: session.MessageID(n.ID), Under: session.MessageID(n.Parent), Text: strings.ReplaceAll(n.Text, joiner, "")}
		if n.Photo != "" {
			s.Pictures = append(s.Pictures, pictureOf(w.fake.Picture(n.Photo)))
		}
		seen = append(seen, s)
	}
	return seen
}

// pictureOf is a photo as the suite knows it.
func pictureOf(n facebookfake.Node) session.Picture {
	sum := sha256.Sum256(n.Bytes)
	alt, by, _ := strings.Cut(n.Alt, " · Picture: ")
	return session.Picture{Hash: session.Hash(hex.EncodeToString(sum[:])), Type: n.Type, Size: len(n.Bytes), Alt: alt, Author: by}
}

// stands wants just those of the Page's posts and comments beside the announcement.
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
	w.Facebook = w.replica(Settings{})
	return connectortest.Harness{Gate: gate, Connector: w.Facebook, Place: place, Original: w.origin(w.original), Posts: w.own,
		Unknown: "122000000000000017_122000000000999999", Hidden: w.hidden,
		Refuse: func() { w.fake.Close(w.original, true) }, Silence: func() { w.fake.Hang(addComment) }}
}

func (w *world) hidden() bool {
	return slices.ContainsFunc(w.fake.Nodes(), func(n facebookfake.Node) bool { return n.ID == w.original && n.Hidden })
}

// look fetches once and handles what came.
func (w *world) look(c *Facebook, asked ...string) error {
	w.t.Helper()
	l := receive.Look{Hours: connector.Hours{Busy: true, Since: w.since, Under: []session.Origin{w.origin(w.post)}}}
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
	w.next = next
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
	for _, secret := range []string{facebookfake.AppSecret, facebookfake.Token, w.graph.proof} {
		if err != nil && strings.Contains(err.Error(), secret) {
			w.t.Errorf("%s: it tells a secret", what)
		}
	}
}

// inbox notes what came, each question once.
type inbox struct {
	connector.PublicInbox
	mu       sync.Mutex
	under    string // the announcement
	unplaced bool
	asked    []connector.Asked
	reworded []string
	removed  []session.MessageID
	liked    []int
}

func (i *inbox) Announced(_ context.Context, at session.Origin, _ time.Time) (session.ID, bool, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.unplaced {
		return "", false, connector.ErrUnplaced
	}
	return "h", string(at.Message) == i.under, nil
}

func (i *inbox) Liked(_ context.Context, _ session.Origin, count int, _ time.Time) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.liked = append(i.liked, count)
	return nil
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

var settingNone = setting.NewSecret("")
