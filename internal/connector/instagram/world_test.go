package instagram

import (
	"slices"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/graph/graphfake"
	"experthour/internal/connector/graph/graphtest"
	"experthour/internal/connector/instagram/instagramfake"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

func TestMain(m *testing.M) {
	testenv.Main()
	m.Run()
}

const ilze, janis = "ilze.ozola", "janis_k"

func saysNo(code int) string { return graphfake.Body(code, 0, "No.") }

// world is a post with one question under it.
type world struct {
	*Instagram
	*graphtest.World
	t        testing.TB
	fake     *instagramfake.Instagram
	original string
	account  Account
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, World: graphtest.New(t, instagramfake.Token)}
	w.fake = instagramfake.New(t, w.Clock.Now)
	w.account = Account{URL: w.fake.URL, Token: setting.NewSecret(instagramfake.Token)}
	w.original = w.fake.Write(ilze, "", "Kas ir?")
	w.Instagram = w.replica("one", Settings{Media: instagramfake.Media})
	return w
}

// replica is another connector of the same account.
func (w *world) replica(owner string, s Settings) *Instagram {
	return New(w.Env(owner), w.account, s, "instagram")
}

// again is one at the same post.
func (w *world) again(owner string) *Instagram {
	return w.replica(owner, Settings{Media: instagramfake.Media})
}

func (w *world) origin(id string) session.Origin {
	return session.Origin{Connector: "instagram", Place: w.Place(), Message: session.MessageID(id), User: ilze}
}

func (w *world) answer(key, text string) connector.Post {
	return w.Keeps(connector.Post{Kind: session.KindAnswer, Key: key, Place: w.Place(), Original: w.origin(w.original), Text: text})
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

// stands wants just those of the account's comments.
func (w *world) stands(want ...string) {
	w.t.Helper()
	w.Shows(w.own(), want...)
}

func (w *world) harness() connectortest.Harness {
	gate := connectortest.OpenWire(w.T, w.fake.URL)
	w.account.URL = gate.URL
	w.Instagram = w.replica("one", w.settings)
	return connectortest.Harness{Gate: gate, Connector: w.Instagram, Place: w.Place(), Original: w.origin(w.original), Posts: w.own,
		Unknown: "17899999999999999", Hidden: w.hidden,
		Refuse: func() { w.fake.Answer("reply", 400, saysNo(100)) }, Silence: func() { w.fake.Hang("reply") }}
}

func (w *world) hidden() bool {
	return slices.ContainsFunc(w.fake.Comments(), func(c instagramfake.Comment) bool { return c.ID == w.original && c.Hidden })
}

// look fetches once and handles what came; under are posts.
func (w *world) look(c *Instagram, asked ...string) error {
	w.t.Helper()
	var l receive.Look
	for _, id := range asked {
		l.Asked = append(l.Asked, w.origin(id))
	}
	_, err := w.Look(c, l)
	return err
}
