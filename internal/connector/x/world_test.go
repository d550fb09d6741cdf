package x

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/connector/x/xfake"
	"experthour/internal/connector/x/xtest"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

func TestMain(m *testing.M) {
	testenv.Main()
	m.Run()
}

const (
	ilze  = "2244994945"
	janis = "1912345678901234599"
)

// world is a connector of an account whom one question mentions.
type world struct {
	*worldtest.World
	*X
	fake     *xfake.X
	news     []string // announcements
	original string
	account  Account
	public   string // the program's address
	cursor   []byte
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{World: worldtest.New(t)}
	w.World.Own, w.Secrets = w.own, []string{xfake.Secret, xfake.Token, xfake.TokenSecret}
	w.fake = xfake.Make(w.Clock.Now)
	w.fake.Serve(t, xtest.Judge(t, w.fake))
	w.account = Account{URL: w.fake.URL, Key: xfake.Key, Secret: setting.NewSecret(xfake.Secret), USDADay: usualDay, USDAnHour: usualHour,
		Token: setting.NewSecret(xfake.Token), TokenSecret: setting.NewSecret(xfake.TokenSecret)}
	w.original = w.fake.Write(ilze, "@Iestade Kas ir?")
	w.X = w.replica(Settings{})
	return w
}

// replica is another connector of the same account.
func (w *world) replica(s Settings) *X {
	env := w.Env()
	env.PublicURL = w.public
	env.Language = session.English
	return New(env, w.account, s, "x")
}

// announce has a post be an announcement.
func (w *world) announce(at string) {
	w.news = append(w.news, at)
	w.Inbox.Announce(session.MessageID(at))
}

func (w *world) origin(id string) session.Origin {
	return session.Origin{Connector: "x", Place: place, Message: session.MessageID(id), User: ilze}
}

func (w *world) answer(key, text string) connector.Post {
	return connector.Post{Kind: session.KindAnswer, Key: key, Place: place, Original: w.origin(w.original), Text: text,
		Language: session.Latvian, Approved: w.Clock.Now()}
}

// own is what the account posted, as a reader finds it.
func (w *world) own() (seen []connectortest.Seen) {
	for _, p := range w.fake.Posts() {
		if p.Author == xfake.Self {
			one := connectortest.Seen{ID: session.MessageID(p.ID), Under: session.MessageID(p.ReplyTo), Text: p.Text}
			for _, m := range p.Media {
				one.Pictures = append(one.Pictures, pictureOf(m))
			}
			seen = append(seen, one)
		}
	}
	return seen
}

// pictureOf is a picture as a reader finds it.
func pictureOf(m xfake.Medium) session.Picture {
	sum := sha256.Sum256(m.Bytes)
	alt, by, _ := strings.Cut(m.Alt, " · Picture: ")
	return session.Picture{Hash: session.Hash(hex.EncodeToString(sum[:])), Type: http.DetectContentType(m.Bytes), Size: len(m.Bytes), Alt: alt,
		Author: by}
}

func (w *world) harness() connectortest.Harness {
	gate := connectortest.OpenWire(w.T, w.fake.URL)
	w.account.URL = gate.URL
	w.X = w.replica(Settings{})
	return connectortest.Harness{Gate: gate, Connector: w.X, Place: place, Original: w.origin(w.original), Posts: w.own,
		Unknown: "1999999999999999999",
		Refuse:  func() { w.fake.Remove(w.original) }, Silence: func() { w.fake.Hang(xfake.Create) }}
}

// idle is what there is to look at when there is no hour.
func (w *world) idle() receive.Look { return receive.Look{} }

// look fetches once and handles what came.
func (w *world) look(c *X, asked ...string) error {
	w.T.Helper()
	l := receive.Look{Cursor: w.cursor, Hours: connector.Hours{Busy: true, Since: w.Began}}
	for _, id := range w.news {
		l.Under = append(l.Under, w.origin(id))
	}
	for _, id := range asked {
		l.Asked = append(l.Asked, w.origin(id))
	}
	next, err := w.Look(c, l)
	if err == nil {
		w.cursor = next.Cursor
	}
	return err
}

// asked wants just those questions.
func (w *world) asked(want ...string) {
	w.T.Helper()
	if got := w.Inbox.Texts(); !slices.Equal(got, want) {
		w.T.Errorf("asked %q, want %q", got, want)
	}
}
