package draugiem

import (
	"context"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/draugiem/draugiemfake"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

func TestMain(m *testing.M) {
	testenv.Main()
	m.Run()
}

const (
	page = "iestade"
	ilze = "491171"

	faqAnswerCall = "pages/faq answer"
	faqDeleteCall = "pages/faq delete"
	faqListCall   = "pages/faq list"
	newsAddCall   = "pages/news add"
	newsListCall  = "pages/news list"
)

// world is a connector at a page with one question.
type world struct {
	*worldtest.World
	*Draugiem
	fake     *draugiemfake.Draugiem
	original string
	account  Account
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{World: worldtest.New(t)}
	w.World.Own, w.Secrets = w.own, []string{draugiemfake.PageKey, draugiemfake.UserKey}
	w.fake = draugiemfake.New(t, w.Clock.Now)
	w.account = Account{Experimental: true, URL: w.fake.URL, Page: setting.NewSecret(draugiemfake.PageKey),
		User: setting.NewSecret(draugiemfake.UserKey)}
	w.original = w.fake.Ask(ilze, "Ilze K.", "Kas ir?")
	w.Draugiem = w.replica()
	return w
}

// replica is another connector at the same page.
func (w *world) replica() *Draugiem { return New(w.Env(), w.account, Settings{Page: page}, "draugiem") }

func (w *world) origin(id string) session.Origin {
	return session.Origin{Connector: "draugiem", Place: page, Message: session.MessageID(question + id)}
}

func (w *world) answers(text string) connector.Post {
	return connector.Post{Kind: session.KindAnswer, Key: "k1", Place: page, Original: w.origin(w.original), Text: text,
		Language: session.Latvian, Approved: w.Clock.Now()}
}

// announces is a post of which a note is kept, as the core keeps it.
func (w *world) announces(text string) (p connector.Post, note *string) {
	note = new(string)
	p = connector.Post{Kind: session.KindAnnouncement, Key: "n1", Place: page, Text: text, Language: session.Latvian, Approved: w.Clock.Now()}
	p.KeepNote = func(_ context.Context, n string) error { *note = n; return nil }
	return p, note
}

// own are the texts of the page, as a reader finds them.
func (w *world) own() (seen []connectortest.Seen) {
	for _, q := range w.fake.Questions() {
		if q.Answer != "" {
			seen = append(seen, connectortest.Seen{ID: session.MessageID(answer + q.ID), Under: session.MessageID(question + q.ID), Text: q.Answer})
		}
	}
	for _, n := range w.fake.News() {
		seen = append(seen, connectortest.Seen{ID: session.MessageID(news + n.ID), Text: n.Text})
	}
	return seen
}

func (w *world) harness() connectortest.Harness {
	return connectortest.Harness{Connector: w.Draugiem, Place: page, Original: w.origin(w.original), Posts: w.own, Unknown: answer + "999",
		Refuse: func() { w.fake.Close(true) }, Silence: func() { w.fake.Hang(faqAnswerCall) }}
}

// look fetches once, and the questions asked again, and handles what came.
func (w *world) look(c *Draugiem, asked ...string) error {
	w.T.Helper()
	l := receive.Look{Hours: connector.Hours{Busy: true, Since: w.Began}}
	for _, id := range asked {
		l.Asked = append(l.Asked, w.origin(id))
	}
	_, err := w.Look(c, l)
	return err
}
