package facebook

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/facebook/facebookfake"
	"experthour/internal/connector/graph/graphtest"
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

// world is a connector at a Page with an announcement and one question under it.
type world struct {
	*Facebook
	*graphtest.World
	t         testing.TB
	fake      *facebookfake.Page
	post      string // the announcement
	original  string
	account   Account
	next      receive.Next // of the last look
	publicURL string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, publicURL: "https://bot.example"}
	w.World = graphtest.New(t, facebookfake.AppSecret, facebookfake.Token)
	w.fake = facebookfake.New(t, w.Clock.Now)
	w.account = Account{URL: w.fake.URL, AppID: facebookfake.AppID, AppSecret: setting.NewSecret(facebookfake.AppSecret),
		PageToken: setting.NewSecret(facebookfake.Token), VerifyToken: setting.NewSecret(facebookfake.VerifyToken)}
	w.post = w.fake.Publish("Ekspertu stunda")
	w.Inbox.Announce(session.MessageID(w.post))
	w.original = w.fake.Write(w.post, ilze, "Ilze", "Kas ir?")
	w.Facebook = w.replica(Settings{})
	w.Secrets = append(w.Secrets, w.graph.proof)
	return w
}

// replica is another connector at the same Page.
func (w *world) replica(s Settings) *Facebook {
	env := w.Replica("one")
	env.PublicURL = w.publicURL
	if s.Page == "" {
		s.Page = place
	}
	return New(env, w.account, s, "facebook")
}

func (w *world) origin(id string) session.Origin {
	return session.Origin{Connector: "facebook", Place: place, Message: session.MessageID(id)}
}

func (w *world) answer(key, text string) connector.Post {
	return w.Keeps(connector.Post{Kind: session.KindAnswer, Key: key, Place: place, Original: w.origin(w.original), Text: text})
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
	w.Own = w.own
	w.Reads(want...)
}

func (w *world) harness() connectortest.Harness {
	gate := connectortest.OpenWire(w.T, w.fake.URL)
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
func (w *world) look(c *Facebook, asked ...string) (err error) {
	w.t.Helper()
	var l receive.Look
	l.Under = []session.Origin{w.origin(w.post)}
	for _, id := range asked {
		l.Asked = append(l.Asked, w.origin(id))
	}
	w.next, err = w.During(c, l)
	return err
}

const htmlPage = worldtest.HTMLPage

var statuses = []int{http.StatusOK, http.StatusInternalServerError, http.StatusBadGateway}

var settingNone = setting.NewSecret("")
