package bluesky

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/bluesky/blueskyfake"
	"experthour/internal/connector/connectortest"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
	"experthour/internal/wording"
)

const hashtag = "jautājums"

func init() { wording.Add(words) }

// world is a fake Bluesky, and the institution's account on it.
type world struct {
	t     *testing.T
	fake  *blueskyfake.Server
	inbox *inbox
	anna  *blueskyfake.User
	store *redistest.Store
	env   connector.Env
	set   Settings

	mu       sync.Mutex
	enclosed []connector.Enclosed
}

// enclose notes what pictures are to be fetched.
func (w *world) enclose(_ context.Context, es ...connector.Enclosed) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.enclosed = append(w.enclosed, es...)
	return nil
}

// pictures are what is to be fetched, once it is so many.
func (w *world) pictures(n int) []connector.Enclosed {
	w.t.Helper()
	testenv.Until(w.t, "pictures are handed over", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.enclosed) >= n
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.enclosed)
}

func newWorld(t *testing.T, o blueskyfake.Options) *world {
	w := &world{t: t, fake: blueskyfake.New(t, o), inbox: &inbox{announced: map[session.MessageID]session.ID{}},
		store: redistest.New(t, time.Now), set: Settings{Hashtag: hashtag}}
	w.anna = w.fake.User("anna.test")
	w.env = connector.Env{Language: session.Latvian, PublicURL: "https://ask.example", Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Mailbox: w.store.Mailbox, Memory: w.store.Memory, Vault: w.store.Vault, Leases: w.store.Leases(), Owner: "a", Inbox: w.inbox,
		Hours: func(context.Context, session.ConnectorID) (connector.Hours, error) {
			return connector.Hours{Busy: true, Since: time.Now().Add(-time.Hour)}, nil
		},
		Originals: w.inbox.originals, Enclose: w.enclose}
	return w
}

func (w *world) account() Account {
	return Account{Handle: blueskyfake.BotHandle, AppPassword: setting.NewSecret(blueskyfake.BotPassword), APIURL: w.fake.URL,
		PicturesURL: w.fake.URL + "/"}
}

// make makes the connector of one replica.
func (w *world) make() *Bluesky { return w.of(w.account()) }

// of makes it for an account, quick to ask.
func (w *world) of(a Account) *Bluesky {
	b := newBluesky(w.env, "bsky", a, w.set)
	b.every = 10 * time.Millisecond
	return b
}

// start makes one and runs it.
func (w *world) start() *Bluesky {
	b := w.make()
	w.run(b)
	return b
}

// run runs it until the test ends.
func (w *world) run(b *Bluesky) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = b.Run(ctx) }()
	w.t.Cleanup(func() { stop(); <-done })
}

func original(p *blueskyfake.Post) session.Origin {
	return session.Origin{Connector: "bsky", Place: blueskyfake.BotHandle, Message: session.MessageID(p.URI), User: session.UserRef(p.By.DID)}
}

// inbox notes what reached the core.
type inbox struct {
	connector.PublicInbox // what nothing here calls
	mu                    sync.Mutex
	asked                 []connector.Asked
	said                  []string
	open                  []session.Origin
	announced             map[session.MessageID]session.ID
	unplaced              map[session.MessageID]time.Time // when they say that they were posted
}

func (in *inbox) note(format string, args ...any) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.said = append(in.said, fmt.Sprintf(format, args...))
}

func (in *inbox) Asked(_ context.Context, a connector.Asked) (session.QuestionRef, error) {
	in.note("asked %s", a.Text)
	in.mu.Lock()
	defer in.mu.Unlock()
	in.asked, in.open = append(in.asked, a), append(in.open, a.Origin)
	return session.QuestionRef{Session: "s", Number: len(in.asked)}, nil
}

func (in *inbox) Announced(_ context.Context, o session.Origin, posted time.Time) (session.ID, bool, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	id, ok := in.announced[o.Message]
	if at, is := in.unplaced[o.Message]; is && at.Equal(posted) {
		return "", false, connector.ErrUnplaced
	}
	return id, ok, nil
}

func (in *inbox) Reworded(_ context.Context, _ session.Origin, text string, _ time.Time) error {
	in.note("reworded %s", text)
	return nil
}

func (in *inbox) Removed(_ context.Context, o session.Origin) error {
	in.note("removed")
	in.mu.Lock()
	defer in.mu.Unlock()
	in.open = slices.DeleteFunc(in.open, func(p session.Origin) bool { return p == o })
	return nil
}

// Voted is never called: the platform says how many there are.
func (in *inbox) Voted(_ context.Context, o session.Origin, _ session.UserRef, _ bool) error {
	return session.Fail(session.Internal, "not_here", "message", o.Message)
}

func (in *inbox) Liked(_ context.Context, _ session.Origin, n int, _ time.Time) error {
	in.note("liked %d", n)
	return nil
}

func (in *inbox) originals(context.Context, session.ConnectorID) ([]session.Origin, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.open), nil
}

// await waits until something was said to the core.
func (w *world) await(want string) {
	w.t.Helper()
	testenv.Until(w.t, want, func() bool { return w.count(want) > 0 })
}

func (w *world) count(what string) (n int) {
	w.inbox.mu.Lock()
	defer w.inbox.mu.Unlock()
	for _, s := range w.inbox.said {
		if s == what {
			n++
		}
	}
	return n
}

// TestPublic is what every public connector promises.
func TestPublic(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness {
		w := newWorld(t, blueskyfake.Options{})
		asked := w.anna.Write("Why?")
		a, gate := w.account(), connectortest.OpenWire(t, w.fake.URL)
		a.APIURL = gate.URL
		h := connectortest.Harness{Connector: w.of(a), Gate: gate, Original: original(asked), Place: blueskyfake.BotHandle}
		h.Unknown = session.MessageID("at://" + w.fake.Bot().DID + "/app.bsky.feed.post/3zzzzzzzzzzzz")
		h.Posts = w.posts
		h.Pinned = func(at session.MessageID) bool {
			r := w.fake.Bot().Profile().Pinned
			return r != nil && r.URI == string(at)
		}
		h.Refuse = func() {
			w.fake.Fail("com.atproto.repo.putRecord", blueskyfake.Fault{Status: 400, Code: "InvalidRequest"})
		}
		h.Silence = func() { w.fake.Fail("com.atproto.repo.putRecord", blueskyfake.Fault{Hang: true}) }
		return h
	})
}

func (w *world) posts() (all []connectortest.Seen) {
	for _, p := range w.fake.ByBot() {
		s := connectortest.Seen{ID: session.MessageID(p.URI), Text: p.Record.Text}
		if p.Record.Embed != nil {
			for _, one := range p.Record.Embed.Images {
				s.Pictures = append(s.Pictures, pictureOf(one.Alt, one.Image.Mime, w.fake.Bytes(one)))
			}
		}
		if p.Record.Reply != nil {
			s.Under = session.MessageID(p.Record.Reply.Parent.URI)
		}
		all = append(all, s)
	}
	return all
}
