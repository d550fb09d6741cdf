package youtube

import (
	"context"
	"sync"
	"testing"
	_ "time/tzdata"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/connector/youtube/youtubefake"
	"experthour/internal/connector/youtube/youtubetest"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

func TestMain(m *testing.M) {
	testenv.Main()
	m.Run()
}

const (
	ilze, ilzeName   = "UCilze_0123456789abcdefg", "@ilze"
	janis, janisName = "UCjanis_123456789abcdefg", "@jānis.k"
)

// The methods of the fake.
const (
	getThreads    = "GET /youtube/v3/commentThreads"
	addThread     = "POST /youtube/v3/commentThreads"
	getComments   = "GET /youtube/v3/comments"
	addComment    = "POST /youtube/v3/comments"
	editComment   = "PUT /youtube/v3/comments"
	deleteComment = "DELETE /youtube/v3/comments"
	getToken      = "POST " + youtubefake.Token
)

// world is a connector at a video with one question under it. All that it says is judged.
type world struct {
	*worldtest.World
	*YouTube
	fake     *youtubefake.YouTube
	original string
	under    []session.Origin // announcements
	account  Account
	mu       sync.Mutex
	spent    int
	units    int // left
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{World: worldtest.New(t), units: 10_000}
	w.World.Own, w.Secrets = w.own, []string{youtubefake.ClientSecret, youtubefake.Refresh, "ya29."}
	w.fake = youtubefake.New(t, w.Clock.Now)
	at := youtubetest.Judge(t, w.fake.URL)
	w.account = Account{URL: at, TokenURL: at + youtubefake.Token, LoginURL: at + youtubefake.Login, ClientID: youtubefake.ClientID,
		ClientSecret: setting.NewSecret(youtubefake.ClientSecret), RefreshToken: setting.NewSecret(youtubefake.Refresh), Units: 10_000}
	w.original = w.fake.Write(ilze, ilzeName, "Kas ir?", "")
	w.YouTube = w.replica(Settings{})
	return w
}

// replica is another connector at the same video.
func (w *world) replica(s Settings) *YouTube {
	w.T.Helper()
	if s.Video == "" {
		s.Video = youtubefake.Video
	}
	if s.Every == 0 {
		s.Every = usualEvery
	}
	y, err := New(w.env(), w.account, s, "youtube")
	w.Must(err)
	return y
}

func (w *world) env() connector.Env {
	env := w.Env()
	env.Left = func(context.Context, connector.Connector) (map[string]int, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		return map[string]int{units: w.units}, nil
	}
	env.Spend = func(_ context.Context, c connector.Connector, _ session.PlaceID, r connector.Request) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.spent += c.Limits().Budgets[0].Cost(r)
		return nil
	}
	return env
}

// announce has an announcement stand under the video.
func (w *world) announce() string {
	w.T.Helper()
	sent, err := w.Reply(w.T.Context(), connector.Post{Kind: session.KindAnnouncement, Key: "n1", Place: w.Place(), Text: "Sākam.",
		Approved: w.Clock.Now()})
	w.Must(err)
	w.Inbox.Announce(sent.Message)
	w.under = append(w.under, w.at(string(sent.Message)))
	return string(sent.Message)
}

func (w *world) at(id string) session.Origin { return w.YouTube.origin(id) }

func (w *world) answer(key, text string) connector.Post {
	return connector.Post{Kind: session.KindAnswer, Key: key, Place: w.Place(), Original: w.at(w.original), Text: text,
		Language: session.Latvian, Approved: w.Clock.Now()}
}

// own are the texts of what the account wrote, as a reader of the page finds them.
func (w *world) own() (all []connectortest.Seen) {
	for _, c := range w.fake.Comments() {
		if c.Author == youtubefake.Self {
			all = append(all, connectortest.Seen{ID: session.MessageID(c.ID), Text: c.Text, Under: session.MessageID(c.Parent)})
		}
	}
	return all
}

func (w *world) harness() connectortest.Harness {
	gate := connectortest.OpenWire(w.T, w.account.URL)
	w.account.URL = gate.URL
	w.YouTube = w.replica(Settings{})
	return connectortest.Harness{Gate: gate, Connector: w.YouTube, Place: w.Place(), Original: w.at(w.original), Posts: w.own,
		Unknown: "Ugz_fake999999999999AaABAg",
		Hidden:  func() bool { return w.status(w.original) != youtubefake.Published },
		Refuse:  func() { w.fake.Disable(true) }, Silence: func() { w.fake.Hang(addComment) }}
}

// look fetches once and handles what came.
func (w *world) look(y *YouTube, asked ...session.Origin) error {
	w.T.Helper()
	l := receive.Look{Hours: connector.Hours{Busy: true, Since: w.Began, Under: w.under}, Asked: asked}
	_, err := w.Look(y, l)
	return err
}
