package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/mastodon/mastodonfake"
	"experthour/internal/connector/mastodon/mastodontest"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

// anna has the longest name that Mastodon gives.
var anna = mastodonfake.Person{ID: "7", Acct: strings.Repeat("a", 30) + "@social.example"}

// inbox notes what the connector says.
type inbox struct {
	connector.PublicInbox // what nothing here calls
	mu                    sync.Mutex
	said                  []string
	asked                 []connector.Asked
	announced             session.MessageID
	unplaced              bool // where the next announcement stands is not known
}

func (b *inbox) note(format string, args ...any) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said = append(b.said, fmt.Sprintf(format, args...))
	return nil
}

func (b *inbox) has(t *testing.T, what string) {
	t.Helper()
	testenv.Until(t, what, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return slices.Contains(b.said, what)
	})
}

func (b *inbox) Asked(_ context.Context, a connector.Asked) (session.QuestionRef, error) {
	b.mu.Lock()
	b.asked = append(b.asked, a)
	b.mu.Unlock()
	return session.QuestionRef{}, b.note("asked %s%s", a.Text, a.Session)
}

func (b *inbox) Announced(_ context.Context, at session.Origin, _ time.Time) (session.ID, bool, error) {
	if b.unplaced {
		return "", false, connector.ErrUnplaced
	}
	return " in s1", at.Message == b.announced, nil
}

func (b *inbox) Reworded(_ context.Context, _ session.Origin, text string, _ time.Time) error {
	return b.note("reworded %s", text)
}

func (b *inbox) Removed(_ context.Context, at session.Origin) error {
	return b.note("removed %s", at.Message)
}

func (b *inbox) Voted(context.Context, session.Origin, session.UserRef, bool) error { return nil }

func (b *inbox) Liked(_ context.Context, _ session.Origin, n int, _ time.Time) error {
	return b.note("liked %d", n)
}

type world struct {
	fake  *mastodonfake.Fake
	inbox *inbox
	asked []session.Origin // what is to be read again
	mu    sync.Mutex
	since time.Time

	enclosed []connector.Enclosed
	away     error // of the next pictures
}

// enclose notes what pictures are to be fetched.
func (w *world) enclose(_ context.Context, es ...connector.Enclosed) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.enclosed = append(w.enclosed, es...)
	return w.away
}

func (w *world) again(o ...session.Origin) { w.mu.Lock(); w.asked = o; w.mu.Unlock() }

func newWorld(t *testing.T, s Settings) (*world, *Mastodon) {
	t.Helper()
	now := time.Now
	w := &world{fake: mastodonfake.New(t, now), inbox: &inbox{}, since: now().Add(-time.Hour)}
	w.fake.URL = mastodontest.Judge(t, w.fake.URL)
	store := redistest.New(t, now)
	memory, leases := connectortest.NewMemory(), connectortest.NewLeases()
	env := connector.Env{Language: session.Latvian, Now: now, Near: true, Enclose: w.enclose, Inbox: w.inbox,
		Log:     slog.New(slog.NewTextHandler(io.Discard, nil)),
		Mailbox: func(c session.ConnectorID) connector.Mailbox { return store.Mailbox(c) },
		Memory:  func(session.ConnectorID) connector.Memory { return memory },
		Vault:   func(c session.ConnectorID, of string) connector.Vault { return store.Vault(c, of) },
		Leases:  leases, Owner: "a",
		Hours: func(context.Context, session.ConnectorID) (connector.Hours, error) {
			return connector.Hours{Busy: true, Since: w.since}, nil
		},
		Originals: func(context.Context, session.ConnectorID) ([]session.Origin, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.asked, nil
		}}
	return w, New(env, Account{Server: w.fake.URL, Token: setting.NewSecret(mastodonfake.Token)}, "mastodon", s)
}

var usual = Settings{Visibility: "public", Notices: direct, Hashtag: "hour"}

func TestPublic(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness {
		w, m := newWorld(t, usual)
		q := w.fake.Write(anna, "@iestade How?", "")
		o := m.at(q.ID)
		o.User = session.UserRef(anna.ID + " " + anna.Acct)
		gate := connectortest.OpenWire(t, w.fake.URL)
		m = New(m.env, Account{Server: gate.URL, Token: setting.NewSecret(mastodonfake.Token)}, m.Name, usual)
		return connectortest.Harness{Connector: m, Gate: gate, Place: place, Original: o, Unknown: "99", Refuse: w.fake.Refuse,
			Silence: w.fake.Silence, Posts: w.seen, Pinned: w.pinned}
	})
}

// pinned reports whether the profile features a post.
func (w *world) pinned(at session.MessageID) bool {
	return slices.ContainsFunc(w.fake.Posts(), func(s mastodonfake.Status) bool {
		return s.ID == string(at) && s.Pinned != nil && *s.Pinned
	})
}

// seen is what readers find.
func (w *world) seen() (all []connectortest.Seen) {
	for _, s := range w.fake.Posts() {
		one := connectortest.Seen{ID: session.MessageID(s.ID), Text: plain(s.Content)}
		for _, p := range s.Media {
			one.Pictures = append(one.Pictures, seenPicture(p))
		}
		if s.ReplyTo != nil {
			one.Under = session.MessageID(*s.ReplyTo)
		}
		all = append(all, one)
	}
	return all
}

func TestVisibility(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, Settings{Visibility: "unlisted", Notices: direct, Warning: "Hour"})
	q := w.fake.Write(anna, "@iestade How?", "")
	for _, kind := range []session.CopyKind{session.KindAnswer, session.KindOutcome} {
		p := connector.Post{Key: string(kind), Kind: kind, Text: "So.", Original: m.at(q.ID), Language: session.Latvian}
		if _, err := m.Reply(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	posts := w.fake.Posts()
	if posts[0].Visibility != "unlisted" || posts[1].Visibility != direct || posts[0].Warning != "Hour" || posts[0].Language != "lv" {
		t.Errorf("stand as %+v", posts)
	}
	w.fake.Remove(q.ID)
	_, err := m.Reply(t.Context(), connector.Post{Key: "k", Text: "Late.", Original: m.at(q.ID)})
	if connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("under a question that is gone: %v", err)
	}
}

func TestReceives(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	receives(t, w, m, func(text, under string) string {
		var tags []string
		if strings.Contains(text, "#hour") {
			tags = []string{"hour"}
		}
		return w.fake.Write(anna, text, under, tags...).ID
	})
	if first := w.inbox.asked[0].Text; first != "How much?" { // a real one has it in its lists by and by
		t.Errorf("the first one is %q", first)
	}
}

// receives: what was written while the program was away comes, and talk stays talk.
func receives(t *testing.T, w *world, m *Mastodon, write func(text, under string) (id string)) {
	t.Helper()
	sent, err := m.Reply(t.Context(), connector.Post{Key: "a", Kind: session.KindAnnouncement, Text: "An hour."})
	if err != nil {
		t.Fatal(err)
	}
	w.inbox.announced = sent.Message
	first := write("@iestade How much?", "")
	answer, err := m.Reply(t.Context(), connector.Post{Key: "b", Kind: session.KindAnswer, Text: "So.", Original: m.at(first)})
	if err != nil {
		t.Fatal(err)
	}
	write("@iestade thanks", string(answer.Message))
	write("@other @iestade look", first)
	write("@iestade Under it?", string(sent.Message))
	write("With a tag? #hour", "")
	m.Again = 5 * time.Millisecond
	w.again(m.at(first))
	run(t, m)
	for _, want := range []string{"asked How much?", "asked Under it? in s1", "asked With a tag?"} {
		w.inbox.has(t, want)
	}
	w.inbox.has(t, "liked 0")
	w.inbox.mu.Lock()
	defer w.inbox.mu.Unlock()
	if len(w.inbox.asked) != 3 {
		t.Errorf("asked: %+v", w.inbox.asked)
	}
}

// A reply that may stand under an announcement waits until that is known, unless it is a question
// anyway.
func TestUnplaced(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	w.inbox.unplaced = true
	sent, err := m.Reply(t.Context(), connector.Post{Key: "a", Kind: session.KindAnnouncement, Text: "An hour."})
	if err != nil {
		t.Fatal(err)
	}
	handle := func(text, under string, tags ...string) error {
		raw, err := json.Marshal(letter{Status: mustStatus(t, m, w.fake.Write(anna, text, under, tags...).ID)})
		if err != nil {
			t.Fatal(err)
		}
		return m.Handle(t.Context(), raw)
	}
	if err := handle("@iestade Where?", string(sent.Message)); !errors.Is(err, connector.ErrUnplaced) {
		t.Errorf("a reply: %v", err)
	}
	for _, err := range []error{handle("@iestade", string(sent.Message)), handle("@iestade With a tag? #hour", string(sent.Message), "hour"),
		handle("@iestade How?", "")} {
		if err != nil {
			t.Error(err)
		}
	}
	w.inbox.has(t, "asked With a tag?")
	w.inbox.has(t, "asked How?")
	if len(w.inbox.asked) != 2 {
		t.Errorf("asked %+v", w.inbox.asked)
	}
}

func mustStatus(t *testing.T, m *Mastodon, id string) status {
	t.Helper()
	s, err := m.status(t.Context(), session.MessageID(id))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func run(t *testing.T, m *Mastodon) {
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = m.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
}

// Another id of an edited post makes no other question of it.
func TestSamePostAfterAnEdit(t *testing.T) {
	t.Parallel()
	before, after := status{ID: "17a", URI: "https://social.example/p/7"}, status{ID: "18a", URI: "https://social.example/p/7"}
	if newKey(before) != newKey(after) || newKey(before) == newKey(status{ID: "17a"}) {
		t.Error("the keys of a post before and after an edit differ, or all are one")
	}
}

// A server that writes whole seconds says of what was asked at once that it came before the
// announcement; what is older than clocks differ did.
func TestBeginsAtTheAnnouncement(t *testing.T) {
	t.Parallel()
	announced := time.Now()
	page := []found{{at: "2", post: status{CreatedAt: announced.Truncate(time.Second)}},
		{at: "1", post: status{CreatedAt: announced.Add(-time.Hour)}}}
	if got := after(page, announced); len(got) != 1 || got[0].at != "2" {
		t.Errorf("left are %+v", got)
	}
}

// Edits, likes and removals are found when open questions are read again.
func TestReadsAgain(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*mastodonfake.Fake, string){
		"liked 1":              func(f *mastodonfake.Fake, id string) { f.Like(id) },
		"reworded How many?":   func(f *mastodonfake.Fake, id string) { f.Change(id, "@iestade How many?") },
		"removed " + firstPost: func(f *mastodonfake.Fake, id string) { f.Remove(id) },
	} {
		w, m := newWorld(t, usual)
		q := w.fake.Write(anna, "@iestade How?", "")
		change(w.fake, q.ID)
		w.again(m.at(q.ID))
		run(t, m)
		w.inbox.has(t, want)
	}
}

// firstPost is the first id of the fake, which no float64 holds.
const firstPost = "9007199254740993"

func TestCheck(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	for policy, want := range map[string]int{"accept": 2, "filter": 3} {
		w.fake.Policy(policy)
		if fs := m.Check(t.Context()); len(fs) != want || fs[0].ID != "mastodon.works" || fs[1].ID != "mastodon.streams" {
			t.Errorf("%s: %+v", policy, fs)
		}
	}
	w.fake.Poll()
	if fs := m.Check(t.Context()); fs[1].ID != "mastodon.polled" || fs[1].Bad {
		t.Errorf("without streams: %+v", fs)
	}
	m.given = "wrong"
	if fs := m.Check(t.Context()); len(fs) != 1 || fs[0].ID != "mastodon.account" {
		t.Errorf("with a wrong token: %+v", fs)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for markup, want := range map[string]string{
		"<p>a<br>b</p><p>c</p>":                  "a\nb\n\nc",
		"&lt;b&gt; <script>alert(1)</script>x":   "<b> x",
		`<a href="javascript:x"><span>@a</a> <b`: "@a",
	} {
		if got := plain(markup); got != want {
			t.Errorf("%q reads %q, want %q", markup, got, want)
		}
	}
}

// A stranger's server says what its people are called; only what is a name goes before an answer.
func TestMention(t *testing.T) {
	t.Parallel()
	for acct, want := range map[string]string{
		"anna": "@anna", "an.na@social.example": "@an.na@social.example", "anna@localhost:8001": "@anna@localhost:8001",
		"": "", "anna@x.lv says yes": "", "a\n@b": "", "@anna": "", "anna@": "", strings.Repeat("a", mostMention+1): "",
	} {
		if got := mention(session.Origin{User: session.UserRef("7 " + acct)}); got != want {
			t.Errorf("%q is called %q, want %q", acct, got, want)
		}
	}
	if got := mention(session.Origin{}); got != "" {
		t.Errorf("nobody is called %q", got)
	}
}

// Servers show a name with its host or without, and the post is found all the same.
func TestFindsWithTheMention(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	q := w.fake.Write(anna, "@iestade How?", "")
	o := m.at(q.ID)
	o.User = session.UserRef(anna.ID + " " + anna.Acct)
	p := connector.Post{Key: "k", Kind: session.KindAnswer, Text: mention(o) + " So.", Original: o}
	for shown, want := range map[string]bool{p.Text: true, "@" + strings.Repeat("a", 30) + " So.": true,
		"@other So.": false, "So it is.": false} {
		answer := w.fake.Write(mastodonfake.Bot, shown, q.ID)
		if _, ok, err := m.Find(t.Context(), p); ok != want || err != nil {
			t.Errorf("%q: found %v, %v", shown, ok, err)
		}
		w.fake.Remove(answer.ID)
	}
}
