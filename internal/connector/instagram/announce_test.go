package instagram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/graph/graphfake"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/session"
)

// posterURL serves a picture that Instagram takes.
func posterURL(t testing.TB) string {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 108, 135)), nil); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b.Bytes()) }))
	t.Cleanup(s.Close)
	return s.URL + "/poster.jpg"
}

// profile is an account that announces hours by posts of its own.
type profile struct {
	*world
	poster connector.Poster
}

func newProfile(t testing.TB) *profile {
	t.Helper()
	w := newWorld(t)
	w.Instagram = w.replica("announces", Settings{})
	return &profile{w, connector.Poster{URL: posterURL(t), Alt: "Stunda\nrīt"}}
}

// news is an announcement whose notes are kept.
func (p *profile) news(text string) connector.Post {
	return p.Keeps(connector.Post{Kind: session.KindAnnouncement, Key: "n1", Place: p.Place(), Text: text,
		Poster: func(context.Context) (connector.Poster, error) { return p.poster, nil }})
}

// posted wants just the announcements with those captions.
func (p *profile) posted(want ...string) {
	p.t.Helper()
	var got []string
	for _, o := range p.fake.Posts() {
		got = append(got, o.Caption)
	}
	if !slices.Equal(got, want) {
		p.t.Errorf("a reader finds %q, want %q", got, want)
	}
}

// TestConformanceOfAnnouncing: the suite, where an announcement is a post.
func TestConformanceOfAnnouncing(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness {
		p := newProfile(t)
		h := p.harness()
		h.Poster = p.poster
		h.Posts = func() []connectortest.Seen {
			seen := p.own()
			for _, o := range p.fake.Posts() {
				seen = append(seen, connectortest.Seen{ID: session.MessageID(o.ID), Text: o.Caption})
			}
			return seen
		}
		return h
	})
}

// TestAnnounced: a post has the picture, the text and what the picture says. What was published and
// answered otherwise is found by its container, and stands once also if it is tried again.
func TestAnnounced(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"page": worldtest.HTMLPage, "nothing": "", "2": saysNo(2), "no id": `{}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newProfile(t)
			p := w.news("Stunda rīt! #stunda https://a.lv/s/x")
			w.fake.Break("publish", 500, body)
			_, err := w.Reply(t.Context(), p)
			w.Wants("publish", err, connector.Unsure)
			sent, ok, err := w.Find(t.Context(), w.Noted(p))
			if !ok || err != nil || string(sent.Message) != w.fake.Posts()[0].ID || !permalink.MatchString(sent.URL) {
				t.Fatalf("found %+v, %v, %v", sent, ok, err)
			}
			again, err := w.Reply(t.Context(), w.Noted(p))
			if err != nil || again != sent {
				t.Errorf("tried again: %+v, %v", again, err)
			}
			w.posted(p.Text)
			if o := w.fake.Posts()[0]; o.Alt != w.poster.Alt || len(o.Picture) == 0 {
				t.Errorf("it has %q, and %d bytes", o.Alt, len(o.Picture))
			}
		})
	}
}

// TestContainer: one that is prepared is waited for, longer and longer, and used; one that failed or
// ended is made anew; one that was not kept is not published.
func TestContainer(t *testing.T) {
	t.Parallel()
	w := newProfile(t)
	p := w.news("Stunda")
	w.fake.Break("create", 500, worldtest.HTMLPage)
	_, err := w.Reply(t.Context(), p)
	w.Wants("create", err, connector.Deferred)
	kept := p.KeepNote
	p.KeepNote = func(context.Context, string) error { return errors.New("killed") }
	_, err = w.Reply(t.Context(), p)
	w.Wants("killed", err, connector.Deferred)
	p.KeepNote = kept
	w.fake.Prepare(2 * time.Minute)
	_, err = w.Reply(t.Context(), p)
	w.Wants("preparing", err, connector.Deferred)
	var waits []time.Duration
	for range 3 {
		waits = append(waits, connector.OutcomeOf(err).Wait)
		w.Clock.Pass(30 * time.Second)
		_, err = w.Reply(t.Context(), w.Noted(p))
	}
	if !slices.IsSorted(waits) || waits[0] != 5*time.Second || waits[2] != time.Minute {
		t.Errorf("it waits %v", waits)
	}
	w.Clock.Pass(30 * time.Second)
	w.fake.Unready(1)
	_, err = w.Reply(t.Context(), w.Noted(p))
	w.Wants("not ready", err, connector.Deferred)
	w.posted()
	w.Clock.Pass(25 * time.Hour)
	w.fake.Prepare(0)
	if _, ok, err := w.Find(t.Context(), w.Noted(p)); ok || err != nil {
		t.Errorf("ended: %v, %v", ok, err)
	}
	_, err = w.Reply(t.Context(), w.Noted(p))
	w.Must(err)
	w.posted("Stunda")
	if n := w.fake.Made(); n != 4 {
		t.Errorf("%d containers", n)
	}
	w.fake.Fail()
	other := w.news("Cita stunda")
	_, err = w.Reply(t.Context(), other)
	w.Wants("failed", err, connector.Refused)
}

// TestRefusedPosts: what Instagram would not take, or cannot fetch, is refused before anybody sees it.
func TestRefusedPosts(t *testing.T) {
	t.Parallel()
	w := newProfile(t)
	for name, text := range map[string]string{"long": strings.Repeat("ā", 2201), "tags": strings.Repeat("#a ", 31),
		"names": strings.Repeat("@a ", 21), "nothing": " "} {
		_, err := w.Reply(t.Context(), w.news(text))
		w.Wants(name, err, connector.Refused)
	}
	p := w.news("Stunda")
	there := w.poster.URL
	gone := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(gone.Close)
	w.poster.URL = gone.URL
	_, err := w.Reply(t.Context(), p)
	w.Wants("picture", err, connector.Refused)
	p.Poster = nil
	_, err = w.Reply(t.Context(), p)
	w.Wants("no picture", err, connector.Refused)
	p.Poster = func(context.Context) (connector.Poster, error) { return connector.Poster{}, errors.New("away") }
	_, err = w.Reply(t.Context(), p)
	w.Wants("the store is away", err, connector.Deferred)
	w.poster.URL = there
	w.fake.Answer("publish", 400, graphfake.Body(9, 2207042, "You reached maximum number of posts"))
	_, err = w.Reply(t.Context(), w.news("Stunda"))
	w.Wants("too many", err, connector.Deferred)
	w.posted()
	w.Wants("taken back", w.Retract(t.Context(), "17900000000000009", w.news("Stunda")), connector.Refused)
}

// TestUnderAnnouncements: comments under the posts that announce are questions of their hour, those
// under another post are none, and a post that somebody deleted withdraws nothing.
func TestUnderAnnouncements(t *testing.T) {
	t.Parallel()
	w := newProfile(t)
	sent, err := w.Reply(t.Context(), w.news("Stunda"))
	w.Must(err)
	w.Inbox.Announce(sent.Message)
	asked := w.fake.Write(ilze, string(sent.Message), "Kas ir?")
	look := func(under ...session.MessageID) {
		t.Helper()
		l := receive.Look{Asked: []session.Origin{w.origin(asked)}}
		for _, at := range under {
			l.Under = append(l.Under, session.Origin{Connector: "instagram", Place: w.Place(), Message: at})
		}
		_, err := w.During(w.Instagram, l)
		w.Must(err)
	}
	look(sent.Message)
	if a := w.Inbox.Questions(); len(a) != 1 || a[0].Session != "h" || a[0].Origin.Message != session.MessageID(asked) {
		t.Fatalf("asked %+v", a)
	}
	for range 5 {
		w.Clock.Pass(time.Minute)
		look(sent.Message, "17900000000000077")
	}
	if len(w.Inbox.Removals()) > 0 {
		t.Errorf("removed %q", w.Inbox.Removals())
	}
	answer := w.answer("k1", "Tā.")
	answer.Original = w.origin(asked)
	_, err = w.Reply(t.Context(), answer)
	w.Must(err)
	w.stands("Tā.")
	w.Inbox.Clear()
	w.Inbox.Unplace(true)
	w.fake.Write(janis, string(sent.Message), "Un kad?")
	w.Clock.Pass(time.Minute)
	under := connector.Hours{Under: []session.Origin{w.origin(string(sent.Message))}}
	if _, err := w.During(w.Instagram, receive.Look{Hours: under}); !errors.Is(err, connector.ErrUnplaced) {
		t.Errorf("while something is announced: %v", err)
	}
}

// TestCheckOfAnnouncing: what posting takes.
func TestCheckOfAnnouncing(t *testing.T) {
	t.Parallel()
	w := newProfile(t)
	wants := func(what string, want string) {
		t.Helper()
		got := worldtest.Found(w.replica(what, Settings{}).Check(t.Context()), "instagram")
		if fmt.Sprint(got) != "[works longest token_until "+want+"]" {
			t.Errorf("%s: found %q", what, got)
		}
	}
	wants("well", "quota announces")
	w.fake.Forbid("instagram_business_manage_comments")
	wants("no comments", "quota not_allowed")
	w.fake.Forbid("instagram_business_content_publish")
	wants("no posts", "no_posts")
	near := w.Replica("near")
	near.PublicURL = "http://127.0.0.1:8080"
	w.fake.Answer("limit", 200, `{"data":[]}`)
	found := New(near, w.account, Settings{}, "instagram").Check(t.Context())
	if !slices.ContainsFunc(found, func(f connector.Finding) bool { return f.ID == "instagram.unreachable" && f.Bad }) {
		t.Errorf("found %+v", found)
	}
}
