package telegram

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
	"experthour/internal/testenv"
	"experthour/internal/wording"
)

const deskChat = -1001000000001

// world is a fake Telegram with a desk, people, and what replicas share.
type world struct {
	t       *testing.T
	fake    *telegramfake.Server
	desk    *telegramfake.Chat
	anna    *telegramfake.User // has pressed Start
	bob     *telegramfake.User // has not
	store   *redistest.Store   // of the mailbox
	mailbox *connectortest.Watched
	memory  *connectortest.Memory
	leases  *connectortest.Leases
	inbox   *inbox
	opts    Options
}

type setup struct {
	fake  telegramfake.Options
	chat  []telegramfake.Setup
	basic bool // a group that is no supergroup
	paced bool // with Telegram's limits
}

func newWorld(t *testing.T, s setup) *world {
	t.Helper()
	if s.fake.Second == 0 {
		s.fake.Second = 20 * time.Millisecond
	}
	s.fake.NoLimits = !s.paced
	s.fake.LocalWebhooks = true
	s.fake.CallbackLife = cmp.Or(s.fake.CallbackLife, testenv.Patience)
	store := redistest.New(t, time.Now)
	w := &world{t: t, fake: telegramfake.New(t, s.fake), store: store, mailbox: connectortest.Watch(store.Mailbox("telegram")),
		memory: connectortest.NewMemory(),
		leases: connectortest.NewLeases(), inbox: &inbox{}}
	w.anna, w.bob = w.fake.User(11, "Anna"), w.fake.User(12, "Bob")
	if s.chat == nil {
		s.chat = []telegramfake.Setup{telegramfake.BotAdmin()}
	}
	chat := int64(deskChat)
	if s.basic {
		chat = -77
		w.desk = w.fake.Group(chat, "Desk", append(s.chat, telegramfake.Members(w.anna, w.bob))...)
	} else {
		w.desk = w.fake.Supergroup(chat, "Desk", append(s.chat, telegramfake.Members(w.anna, w.bob))...)
	}
	w.anna.Start("")
	w.fake.RestartUpdateIDs(800_000_001) // nobody needs to hear of that
	w.opts = Options{ID: "telegram", Token: w.fake.Token(), APIURL: w.fake.URL(), Mode: Polling, DeskChat: string(place{chat: chat}.id()),
		Inbox: w.inbox, Mailbox: w.mailbox, Memory: w.memory, PublicURL: "https://hour.example", Language: session.English, Owner: "a",
		Commands: []connector.PublicCommand{{Name: "next", Does: "Show the next question"}, {Name: "schedule", Does: "Schedule an hour"}},
		Private:  []connector.PublicCommand{{Name: "home", Does: "What waits for you"}}, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	return w
}

// quickWaits are short, so that nothing is waited for in vain.
func (w *world) make(change ...func(*Options)) *Telegram {
	w.t.Helper()
	o := w.opts
	for _, c := range change {
		c(&o)
	}
	tg, err := New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	tg.runner.Again = 5 * time.Millisecond
	tg.waits.pace = 0
	return tg
}

// run starts it, and gives what stops it and waits for its end.
func (w *world) run(tg *Telegram) (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = tg.Run(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	w.t.Cleanup(stop)
	return stop
}

// start runs one that is made as usual.
func (w *world) start(change ...func(*Options)) *Telegram {
	w.t.Helper()
	tg := w.make(change...)
	w.run(tg)
	return tg
}

func (w *world) await(what string, holds func() bool) {
	w.t.Helper()
	w.fake.Await(testenv.Soon(w.t), what, holds)
}

// settled waits until every update was handled: those of several people are at once.
func (w *world) settled() {
	w.t.Helper()
	w.await("all to be confirmed", func() bool { return len(w.fake.Pending()) == 0 })
	if !w.mailbox.Empty(testenv.Soon(w.t)) {
		w.t.Fatalf("%d letters are not handled", w.mailbox.Left())
	}
}

// card is one with a button of everything.
func (w *world) card() connector.Card {
	return connector.Card{Key: "k", Place: session.PlaceID(w.opts.DeskChat), Number: 3, Title: "#3 · new",
		Lines:   []connector.Line{{Kind: connector.Quote, Text: "Why is <b>tax</b> so high?"}},
		Buttons: []connector.Button{{Label: "Accept", Action: "1.accept"}, {Label: "Withdraw", Action: "1.withdraw", Confirm: "Withdraw #3?"}},
		More:    []connector.Button{{Label: "Redirect", Action: "1.redirect"}}}
}

func (w *world) post(tg *Telegram, c connector.Card) (session.MessageID, *telegramfake.Message) {
	w.t.Helper()
	at, err := tg.PostCard(w.t.Context(), c)
	if err != nil {
		w.t.Fatal(err)
	}
	s, _ := parseMessageID(at)
	m := w.desk.Find(func(m *telegramfake.Message) bool { return m.ID() == s.message })
	if m == nil {
		w.t.Fatalf("no message %s", at)
	}
	return at, m
}

// inbox is a desk that answers as a test says.
type inbox struct {
	mu        sync.Mutex
	presses   []connector.Press
	submitted []connector.Submission
	spoken    []connector.Spoken
	wrote     []connector.Written
	searched  []connector.Searching
	changed   chan struct{}

	onPress  func(connector.Press) (connector.Answer, error)
	onSubmit func(connector.Submission) (connector.Answer, error)
	onSpoken func(connector.Spoken) (connector.Answer, error)
	onWrote  func(connector.Written) (connector.Answer, error)
	onSearch func(connector.Searching) ([]connector.Option, error)
	home     connector.Form
	noHome   error
	onRenew  func(connector.Form) (connector.Form, error)
}

// note keeps what came and wakes whoever waits.
func note[T any](in *inbox, list *[]T, v T) {
	in.mu.Lock()
	defer in.mu.Unlock()
	*list = append(*list, v)
	if in.changed != nil {
		close(in.changed)
	}
	in.changed = make(chan struct{})
}

func answer[T any](do func(T) (connector.Answer, error), v T) (connector.Answer, error) {
	if do == nil {
		return connector.Answer{}, nil
	}
	return do(v)
}

func (in *inbox) Pressed(_ context.Context, p connector.Press) (connector.Answer, error) {
	defer note(in, &in.presses, p)
	return answer(in.onPress, p)
}

func (in *inbox) Submitted(_ context.Context, s connector.Submission) (connector.Answer, error) {
	defer note(in, &in.submitted, s)
	return answer(in.onSubmit, s)
}

func (in *inbox) Commanded(_ context.Context, s connector.Spoken) (connector.Answer, error) {
	defer note(in, &in.spoken, s)
	return answer(in.onSpoken, s)
}

func (in *inbox) Wrote(_ context.Context, w connector.Written) (connector.Answer, error) {
	defer note(in, &in.wrote, w)
	return answer(in.onWrote, w)
}

func (in *inbox) Searched(_ context.Context, s connector.Searching) ([]connector.Option, error) {
	defer note(in, &in.searched, s)
	if in.onSearch == nil {
		return nil, nil
	}
	return in.onSearch(s)
}

func (in *inbox) Home(context.Context, connector.User) (connector.Form, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.home, in.noHome
}

func (in *inbox) Renewed(_ context.Context, _ connector.User, f connector.Form) (connector.Form, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.onRenew == nil {
		f.Until = time.Time{}
		return f, nil
	}
	return in.onRenew(f)
}

// got waits for the nth thing of a list.
func got[T any](t *testing.T, in *inbox, list *[]T, n int) T {
	t.Helper()
	ctx := testenv.Soon(t)
	for {
		in.mu.Lock()
		if len(*list) >= n {
			v := (*list)[n-1]
			in.mu.Unlock()
			return v
		}
		if in.changed == nil {
			in.changed = make(chan struct{})
		}
		changed := in.changed
		in.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("waited for number %d in vain", n)
		}
	}
}

func (in *inbox) count(of func() int) int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return of()
}

// actions are what the buttons of a message carry.
func actions(m *telegramfake.Message) []string {
	var all []string
	for _, row := range m.Buttons() {
		for _, b := range row {
			all = append(all, b.Data)
		}
	}
	return all
}

func says2(parts ...string) func(*telegramfake.Message) bool {
	return func(m *telegramfake.Message) bool {
		for _, p := range parts {
			if !strings.Contains(m.Text(), p) {
				return false
			}
		}
		return m.FromBot()
	}
}

var english = wording.In(session.English)

func newLog(to io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(&oneWriter{to: to}, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// oneWriter lets several goroutines write.
type oneWriter struct {
	mu sync.Mutex
	to io.Writer
}

func (w *oneWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(b)
}

// nothing is a mailbox and a memory that keep nothing.
type nothing struct{}

func (nothing) Put(context.Context, ...connector.Event) (int, error) { return 0, nil }
func (nothing) Take(ctx context.Context, _ connector.MailLine, _ int, _ time.Duration) ([]connector.Letter, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}
func (nothing) Handled(context.Context, connector.Letter) error           { return nil }
func (nothing) Bury(context.Context, connector.Letter, string) error      { return nil }
func (nothing) Dead(context.Context) (int, error)                         { return 0, nil }
func (nothing) Keep(context.Context, string, []byte, time.Duration) error { return nil }
func (nothing) Recall(context.Context, string) ([]byte, bool, error)      { return nil, false, nil }
func (nothing) Forget(context.Context, string) error                      { return nil }

func (in *inbox) Removed(context.Context, session.PlaceID, session.MessageID) error { return nil }
