package threads

import (
	"errors"
	"slices"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/graph/graphfake"
	"experthour/internal/connector/graph/graphtest"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/threads/threadsfake"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

func TestMain(m *testing.M) {
	testenv.Main()
	m.Run()
}

const ilze, janis = "ilze.ozola", "janis_k"

func no400(code int) string { return graphfake.Body(code, 0, "No.") }

var errKilled = errors.New("killed")

// world is an account with one announcement and one question under it.
type world struct {
	*Threads
	*graphtest.World
	t        testing.TB
	fake     *threadsfake.Threads
	news     string // the announcement
	original string // the question
	account  Account
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, World: graphtest.New(t, threadsfake.Token)}
	w.fake = threadsfake.New(t, w.Clock.Now)
	w.account = Account{URL: w.fake.URL, Token: setting.NewSecret(threadsfake.Token)}
	w.news = w.fake.Write(threadsfake.SelfName, "", "Stunda ir sākusies.")
	w.original = w.fake.Write(ilze, w.news, "Kas ir?")
	w.Inbox.Announce(session.MessageID(w.news))
	w.Threads = w.replica("one", Settings{})
	return w
}

// replica is another connector of the same account.
func (w *world) replica(owner string, s Settings) *Threads {
	return New(w.Replica(owner), w.account, s, "threads")
}

// again is another one like the first.
func (w *world) again(owner string) *Threads { return w.replica(owner, Settings{}) }

func (w *world) origin(id string) session.Origin {
	return session.Origin{Connector: "threads", Place: place, Message: session.MessageID(id), User: ilze}
}

// answer is one to the question, whose notes are kept.
func (w *world) answer(key, text string) connector.Post {
	return w.Keeps(connector.Post{Kind: session.KindAnswer, Key: key, Place: place, Original: w.origin(w.original), Text: text})
}

// own is what the account wrote, as a reader finds it, but for the announcement.
func (w *world) own() (seen []connectortest.Seen) {
	for _, p := range w.fake.Posts() {
		if p.Author == threadsfake.SelfName && p.ID != w.news {
			seen = append(seen, connectortest.Seen{ID: session.MessageID(p.ID), Under: session.MessageID(p.ReplyTo), Text: p.Text})
		}
	}
	return seen
}

// stands wants just those of the account's posts.
func (w *world) stands(want ...string) {
	w.t.Helper()
	w.Own = w.own
	w.Reads(want...)
}

func (w *world) harness() connectortest.Harness {
	gate := connectortest.OpenWire(w.T, w.fake.URL)
	w.account.URL = gate.URL
	w.Threads = w.replica("one", Settings{})
	return connectortest.Harness{Gate: gate, Connector: w.Threads, Place: place, Original: w.origin(w.original), Posts: w.own,
		Unknown: "17899999999999999", Hidden: w.hidden,
		Refuse: func() { w.fake.Answer("create", 400, no400(100)) }, Silence: func() { w.fake.Hang("publish") }}
}

func (w *world) hidden() bool {
	return slices.ContainsFunc(w.fake.Posts(), func(p threadsfake.Post) bool { return p.ID == w.original && p.Hide == "HIDDEN" })
}

// look fetches once and handles what came.
func (w *world) look(c *Threads, asked ...string) error {
	w.t.Helper()
	var l receive.Look
	l.Under = []session.Origin{w.origin(w.news)}
	for _, id := range asked {
		l.Asked = append(l.Asked, w.origin(id))
	}
	_, err := w.During(c, l)
	return err
}
