package flickr

import (
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/flickr/flickrfake"
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
	ilze, ilzeName = "35468159852@N01", "Ilze <b>K.</b>"
	janis          = "48692997@N00"
)

const (
	getList       = "flickr.photos.comments.getList"
	addComment    = "flickr.photos.comments.addComment"
	editComment   = "flickr.photos.comments.editComment"
	deleteComment = "flickr.photos.comments.deleteComment"
)

// world is a connector at a photo with one question under it.
type world struct {
	*worldtest.World
	*Flickr
	fake     *flickrfake.Flickr
	original string
	account  Account
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{World: worldtest.New(t)}
	w.World.Own, w.Secrets = w.own, []string{flickrfake.Secret, flickrfake.Token, flickrfake.TokenSecret}
	w.fake = flickrfake.New(t, w.Clock.Now)
	w.account = Account{URL: w.fake.URL, OAuth: strings.TrimSuffix(w.fake.URL, flickrfake.Path) + flickrfake.OAuthPath,
		Key: flickrfake.Key, Secret: setting.NewSecret(flickrfake.Secret),
		Token: setting.NewSecret(flickrfake.Token), TokenSecret: setting.NewSecret(flickrfake.TokenSecret)}
	w.original = w.fake.Write(ilze, ilzeName, "Kas ir?")
	w.Flickr = w.replica(Settings{})
	return w
}

// replica is another connector at the same photo.
func (w *world) replica(s Settings) *Flickr {
	if s.Photo == "" {
		s.Photo = flickrfake.Photo
	}
	return New(w.Env(), w.account, s, "flickr")
}

func (w *world) origin(id string) session.Origin {
	return session.Origin{Connector: "flickr", Place: flickrfake.Photo, Message: session.MessageID(id)}
}

func (w *world) answer(key, text string) connector.Post {
	return connector.Post{Kind: session.KindAnswer, Key: key, Place: flickrfake.Photo, Original: w.origin(w.original), Text: text,
		Language: session.Latvian, Approved: w.Clock.Now()}
}

func (w *world) own() (seen []connectortest.Seen) {
	for _, c := range w.fake.Comments() {
		if c.Author == flickrfake.Self {
			seen = append(seen, connectortest.Seen{ID: session.MessageID(c.ID), Text: plain(flickrfake.Shown(c.Text))})
		}
	}
	return seen
}

func (w *world) harness() connectortest.Harness {
	gate := connectortest.OpenWire(w.T, strings.TrimSuffix(w.fake.URL, flickrfake.Path))
	w.account.URL = gate.URL + flickrfake.Path
	w.Flickr = w.replica(Settings{})
	return connectortest.Harness{Gate: gate, Connector: w.Flickr, Place: flickrfake.Photo, Original: w.origin(w.original), Posts: w.own,
		Unknown: "6065-" + flickrfake.Photo + "-72157594037999999",
		Refuse:  func() { w.fake.Close(true) }, Silence: func() { w.fake.Hang(addComment) },
		Except: map[string]string{"reply": "comments are flat: TestAddress tries how an answer names its question"}}
}

// look fetches once, and the questions asked again, and handles what came.
func (w *world) look(c *Flickr, asked ...string) error {
	w.T.Helper()
	l := receive.Look{Hours: connector.Hours{Busy: true, Since: w.Began, Under: []session.Origin{w.origin("x")}}}
	for _, id := range asked {
		l.Asked = append(l.Asked, w.origin(id))
	}
	_, err := w.Look(c, l)
	return err
}
