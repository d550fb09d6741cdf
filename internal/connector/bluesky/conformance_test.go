package bluesky

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/bluesky/blueskyfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// stage is a platform with one person of the public on it.
type stage interface {
	account() Account
	write(text string, under *ref) ref // under a post that is no reply
	edit(at ref, text string)
	remove(at ref)
	like(at ref) // by one person more
}

// TestOnTheFake and TestOnARealServer try the same.
func TestOnTheFake(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	conform(t, w, fakeStage{w})
}

type fakeStage struct{ *world }

func (f fakeStage) account() Account { return f.world.account() }

func (f fakeStage) write(text string, under *ref) ref {
	if under == nil {
		return ref(f.anna.Write(text).Ref)
	}
	p, _ := f.fake.At(under.URI)
	return ref(f.anna.Reply(&p, text).Ref)
}

func (f fakeStage) edit(at ref, text string) { f.fake.Post(at.URI).Edit(text) }
func (f fakeStage) remove(at ref)            { f.fake.Post(at.URI).Delete() }
func (f fakeStage) like(at ref)              { f.fake.Post(at.URI).Like(1) }

// pictureOf is a picture as readers find it.
func pictureOf(alt, kind string, content []byte) session.Picture {
	sum := sha256.Sum256(content)
	words, author, _ := strings.Cut(alt, " · Picture: ")
	return session.Picture{Hash: session.Hash(hex.EncodeToString(sum[:])), Type: kind, Size: len(content), Alt: words, Author: author}
}

// conform holds an hour on a stage.
func conform(t *testing.T, w *world, s stage) {
	b := w.of(s.account())
	found := b.Check(t.Context())
	if len(found) != 1 || found[0].ID != "bluesky.ready" {
		t.Fatalf("the check: %+v", found)
	}
	w.run(b)
	post := connector.Post{Key: "hour", Text: "An hour begins. #" + hashtag, Approved: time.Now().Add(-time.Minute),
		Kind: session.KindAnnouncement}
	hour := must(t, b, post)
	w.inbox.mu.Lock()
	w.inbox.announced[hour] = "homes"
	w.inbox.mu.Unlock()
	top := refOf(t, b, hour)
	asked := s.write("@"+b.handle+" How much?", nil)
	s.write("What under it?", &top)
	s.write("What, with #"+hashtag+" in it?", nil)
	for _, want := range []string{"asked How much?", "asked What under it?", "asked What, with in it?"} {
		w.await(want)
	}
	conformAnswer(t, b, asked)
	conformSize(t, b)
	conformGate(t, w, s)
	s.like(asked)
	w.await("liked 1")
	s.edit(asked, "@"+b.handle+" How much is it?")
	w.await("reworded How much is it?")
	s.remove(asked)
	w.await("removed")
}

// conformAnswer answers, again, corrects and takes back.
func conformAnswer(t *testing.T, b *Bluesky, asked ref) {
	t.Helper()
	p := connector.Post{Key: "a1", Original: session.Origin{Message: session.MessageID(asked.URI)}, Text: "10 € *not* <b>bold</b> 👩‍👩‍👧‍👦",
		Approved: approved, Kind: session.KindAnswer, Language: session.Latvian}
	if _, ok, err := b.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found before: %v, %v", ok, err)
	}
	at := must(t, b, p)
	if again := must(t, b, p); again != at {
		t.Errorf("again at %s, not %s", again, at)
	}
	if sent, ok, err := b.Find(t.Context(), p); sent.Message != at || !ok || err != nil {
		t.Errorf("found %+v, %v, %v", sent, ok, err)
	}
	p.Text = "12 €"
	if sent, err := b.Edit(t.Context(), at, p); sent.Message != at || err != nil {
		t.Errorf("edit: %+v, %v", sent, err)
	}
	if r := recordOf(t, b, at); r.Value.Text != "12 €" || r.Value.Reply == nil || r.Value.Reply.Parent.URI != asked.URI {
		t.Errorf("after an edit: %+v", r)
	}
	p.Text = "10 €"
	if again := must(t, b, p); again != at || recordOf(t, b, at).Value.Text != "12 €" {
		t.Errorf("a repeat undid the correction")
	}
	conformLengths(t, b, p)
	for range 2 {
		if err := b.Retract(t.Context(), at, p); err != nil {
			t.Errorf("retract: %v", err)
		}
		if stands, err := b.Stands(t.Context(), at, p); stands || err != nil {
			t.Errorf("stands: %v, %v", stands, err)
		}
	}
	if _, err := b.Edit(t.Context(), at, p); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("an edit of nothing: %v", err)
	}
}

// conformLengths tries both limits.
func conformLengths(t *testing.T, b *Bluesky, p connector.Post) {
	t.Helper()
	for _, c := range []struct {
		letter string
		most   int
	}{{"ā", 300}, {"👩‍👩‍👧‍👦", 120}} {
		p.Key, p.Text = "full"+c.letter, strings.Repeat(c.letter, c.most)
		must(t, b, p)
		p.Key, p.Text = "over"+c.letter, p.Text+c.letter
		_, err := b.Reply(t.Context(), p)
		if err == nil || connector.OutcomeOf(err).Outcome != connector.Refused {
			t.Errorf("one %s too much: %v", c.letter, err)
		}
	}
}

// conformSize tries how large a picture may be, and corrects an answer that has one.
func conformSize(t *testing.T, b *Bluesky) {
	t.Helper()
	head := []byte("\x89PNG\r\n\x1a\n")
	size := 2_000_000
	p := connector.Post{Key: "large", Text: "See.", Approved: approved, Kind: session.KindAnswer, Language: session.Latvian,
		Pictures: []session.Picture{{Type: "image/png", Alt: "Karte", Author: "Ilze Ozola"}}}
	p.Open = func(context.Context, session.Picture) ([]byte, error) {
		return append(slices.Clone(head), bytes.Repeat([]byte{0}, size-len(head))...), nil
	}
	at := must(t, b, p)
	if e := recordOf(t, b, at).Value.Embed; e == nil || e.Images[0].Alt != "Karte · Attēls: Ilze Ozola" {
		t.Errorf("it stands with %+v", e)
	}
	size++
	p.Key = "too large"
	if _, err := b.Reply(t.Context(), p); err == nil || connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("a byte too much: %v", err)
	}
	p.Pictures = nil
	if _, err := b.Edit(t.Context(), at, p); err != nil || recordOf(t, b, at).Value.Embed != nil {
		t.Errorf("the picture stands after it was taken out: %v", err)
	}
}

// conformGate announces where nobody may reply: who does asks nothing, and who speaks to the
// account does.
func conformGate(t *testing.T, w *world, s stage) {
	t.Helper()
	b := w.of(s.account())
	b.set.Replies = "nobody"
	p := connector.Post{Key: "closed", Text: "Nobody replies.", Approved: time.Now().Add(-time.Minute), Kind: session.KindAnnouncement}
	at := must(t, b, p)
	me, key, _ := b.mine(t.Context(), at)
	if again := must(t, b, p); again != at {
		t.Errorf("again at %s", again)
	}
	top := refOf(t, b, at)
	awaitGate(t, b, at)
	s.write("Do I ask?", &top)
	s.write("@"+b.handle+" And now?", nil)
	w.await("asked And now?")
	if n := len(w.inbox.asked); n != 4 {
		t.Errorf("%d questions, want 4: a reply that nobody may write is none", n)
	}
	if err := b.Retract(t.Context(), at, p); err != nil {
		t.Error(err)
	}
	if _, err := b.read(t.Context(), me, gated, key); codeOf(err) != codeNoRecord {
		t.Errorf("the gate stands: %v", err)
	}
	// An attempt that got as far as the post is not there yet.
	plain := w.of(s.account())
	p.Key = "half"
	half := must(t, plain, p)
	if _, ok, err := b.Find(t.Context(), p); ok || err != nil {
		t.Errorf("half of it is found: %v, %v", ok, err)
	}
	if whole := must(t, b, p); whole != half {
		t.Errorf("the whole is at %s, half at %s", whole, half)
	}
	if sent, ok, err := b.Find(t.Context(), p); sent.Message != half || !ok || err != nil {
		t.Errorf("the whole is found: %+v, %v, %v", sent, ok, err)
	}
}

// awaitGate waits until the view of all posts knows that one has a gate.
func awaitGate(t *testing.T, b *Bluesky, at session.MessageID) {
	t.Helper()
	testenv.Until(t, "the gate is known", func() bool {
		var said struct {
			Posts []struct{ Threadgate json.RawMessage }
		}
		err := b.get(t.Context(), "app.bsky.feed.getPosts", url.Values{"uris": {string(at)}}, &said)
		return err == nil && len(said.Posts) == 1 && said.Posts[0].Threadgate != nil
	})
}

func must(t *testing.T, b *Bluesky, p connector.Post) session.MessageID {
	t.Helper()
	sent, err := b.Reply(t.Context(), p)
	if err != nil {
		t.Fatalf("%s: %v", p.Key, err)
	}
	return sent.Message
}

func recordOf(t *testing.T, b *Bluesky, at session.MessageID) stored {
	t.Helper()
	me, key, err := b.mine(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.read(t.Context(), me, collection, key)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func refOf(t *testing.T, b *Bluesky, at session.MessageID) ref {
	t.Helper()
	return ref{string(at), recordOf(t, b, at).CID}
}
