package bluesky

import (
	"fmt"
	"os"
	"testing"

	"experthour/internal/connector/bluesky/blueskyfake"
	"experthour/internal/connector/bluesky/blueskytest"
	"experthour/internal/connector/connectortest"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

func TestMain(m *testing.M) {
	testenv.Main()
	os.Exit(m.Run())
}

// TestOnARealServer tries what TestOnTheFake and TestPublic try, on the server and the view
// of all posts that Bluesky itself runs.
func TestOnARealServer(t *testing.T) {
	t.Parallel()
	s := blueskytest.Start(t)
	t.Run("an hour", func(t *testing.T) {
		t.Parallel()
		conform(t, newWorld(t, blueskyfake.Options{}), joined(t, s, "office"))
	})
	t.Run("what each promises", func(t *testing.T) {
		t.Parallel()
		promises(t, s)
	})
	t.Run("what was pinned", func(t *testing.T) {
		t.Parallel()
		r := joined(t, s, "pinner")
		mine := ref(r.office.Write("Who we are."))
		r.office.Describe("The office", blueskytest.Ref(mine))
		pinsBack(t, newWorld(t, blueskyfake.Options{}).of(r.account()), mine, func() (string, ref) {
			p := r.office.Profile()
			return p.About, ref(p.Pinned)
		})
	})
}

// promises is the suite of all platforms, each part with an account of its own.
func promises(t *testing.T, s *blueskytest.Server) {
	fresh := make(chan int, 100)
	for i := range cap(fresh) {
		fresh <- i
	}
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness {
		r := joined(t, s, fmt.Sprint("bot", <-fresh))
		gate := blueskytest.Open(t, s.URL)
		r.order = gate.InOrder
		a := r.account()
		a.APIURL = gate.URL
		asked := r.me.Write("Why?")
		h := connectortest.Harness{Connector: newWorld(t, blueskyfake.Options{}).of(a), Place: session.PlaceID(a.Handle), Posts: r.posts}
		h.Original = session.Origin{Connector: "bsky", Place: h.Place, Message: session.MessageID(asked.URI), User: session.UserRef(r.me.DID)}
		testenv.Until(t, "the question is shown", func() bool { return r.me.Sees(asked) })
		h.Unknown = session.MessageID("at://" + r.office.DID + "/app.bsky.feed.post/3zzzzzzzzzzzz")
		h.Pinned = func(at session.MessageID) bool { return r.office.Profile().Pinned.URI == string(at) }
		h.Refuse = func() { gate.Reject("com.atproto.repo.putRecord") }
		h.Silence = func() { gate.After("com.atproto.repo.putRecord") }
		return h
	})
}

// realStage is a real server, and two who are on it.
type realStage struct {
	t      *testing.T
	s      *blueskytest.Server
	office *blueskytest.User
	me     *blueskytest.User
	bot    Account
	order  func([]blueskytest.Post) []blueskytest.Post
	likers int
}

func joined(t *testing.T, s *blueskytest.Server, name string) *realStage {
	t.Helper()
	r := &realStage{t: t, s: s, office: s.Join(t, name), me: s.Join(t, name+"-asker")}
	r.bot = Account{Handle: r.office.Handle, AppPassword: setting.NewSecret(r.office.AppPassword()), APIURL: s.URL}
	return r
}

func (r *realStage) account() Account { return r.bot }

func (r *realStage) write(text string, under *ref) ref {
	r.t.Helper()
	if under == nil {
		return ref(r.me.Write(text))
	}
	return ref(r.me.Reply(blueskytest.Ref(*under), text))
}

func (r *realStage) edit(p ref, text string) { r.me.Edit(blueskytest.Ref(p), text) }
func (r *realStage) remove(p ref)            { r.me.Delete(blueskytest.Ref(p)) }

func (r *realStage) like(p ref) {
	r.t.Helper()
	r.likers++
	r.s.Join(r.t, fmt.Sprint(r.me.Handle[:3], "-reader", r.likers)).Like(blueskytest.Ref(p))
}

func (r *realStage) posts() (all []connectortest.Seen) {
	for _, p := range r.order(r.office.Posts()) {
		s := connectortest.Seen{ID: session.MessageID(p.URI), Under: session.MessageID(p.Under()), Text: p.Value.Text}
		for _, one := range p.Value.Embed.Images {
			s.Pictures = append(s.Pictures, pictureOf(one.Alt, one.Image.Type, r.office.Bytes(one)))
		}
		all = append(all, s)
	}
	return all
}
