package mastodon

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/mastodon/mastodonfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// seenPicture is one as a reader finds it.
func seenPicture(m *mastodonfake.Media) session.Picture {
	sum := sha256.Sum256(m.Content)
	alt, author, _ := strings.Cut(m.Alt, " · Picture: ")
	return session.Picture{Hash: session.Hash(hex.EncodeToString(sum[:])), Type: http.DetectContentType(m.Content),
		Size: len(m.Content), Alt: alt, Author: author}
}

// illustrated is an answer whose pictures are as many; notes is what its attempts kept.
func illustrated(alts ...string) (p *connector.Post, notes *[]string) {
	p, notes = &connector.Post{Key: "a1", Kind: session.KindAnswer, Text: "See.", Language: session.English}, new([]string)
	for _, alt := range alts {
		p.Pictures = append(p.Pictures, session.Picture{Hash: session.Hash(alt), Type: "image/png", Alt: alt, Author: "Ilze"})
	}
	p.Open = func(_ context.Context, of session.Picture) ([]byte, error) {
		return []byte("\x89PNG\x0D\x0A\x1A\x0A" + string(of.Hash)), nil
	}
	p.KeepNote = func(_ context.Context, note string) error {
		p.Note = note
		*notes = append(*notes, note)
		return nil
	}
	return p, notes
}

// stand are the words of the pictures that stand with the only post.
func (w *world) stand(t *testing.T) (alts []string) {
	t.Helper()
	posts := w.seen()
	if len(posts) != 1 {
		t.Fatalf("%d posts stand: %+v", len(posts), posts)
	}
	for _, p := range posts[0].Pictures {
		alts = append(alts, p.Alt)
	}
	return alts
}

// A post waits for the server's work at a picture, and goes on where it was.
func TestPicturesInSteps(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	p, notes := illustrated("a", "b")
	w.fake.Slow()
	for _, step := range []string{"handed over", "worked at"} {
		_, err := m.Reply(t.Context(), *p)
		if e := connector.OutcomeOf(err); e.Outcome != connector.Deferred || e.Wait != untilReady || len(w.fake.Posts()) != 0 {
			t.Fatalf("%s: %v", step, err)
		}
	}
	if _, err := m.Reply(t.Context(), *p); err != nil {
		t.Fatal(err)
	}
	if got := w.stand(t); !slices.Equal(got, []string{"a", "b"}) || w.fake.Uploads() != 2 || len(*notes) != 2 {
		t.Errorf("stand %q, %d were handed over, kept: %q", got, w.fake.Uploads(), *notes)
	}
}

// What the server forgot is handed over again, and what a post has already makes no second one.
func TestPicturesAgain(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	p, _ := illustrated("a")
	p.Note = "98 99"
	for range 2 {
		if _, err := m.Reply(t.Context(), *p); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.stand(t); !slices.Equal(got, []string{"a"}) {
		t.Errorf("stand %q", got)
	}
}

// After a correction those stand that it has.
func TestPicturesOfACorrection(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	p, _ := illustrated("a", "b")
	sent, err := m.Reply(t.Context(), *p)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]string{{"b", "c"}, nil} {
		p, _ := illustrated(want...)
		for range 2 { // the repeat of an edit is harmless
			if _, err := m.Edit(t.Context(), sent.Message, *p); err != nil {
				t.Fatal(err)
			}
			if got := w.stand(t); !slices.Equal(got, want) {
				t.Errorf("stand %q, want %q", got, want)
			}
		}
	}
}

// Of a picture whose answer was lost nobody knows, and no post has it: it is only put off.
func TestUploadInDoubtIsPutOff(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	p, _ := illustrated("a")
	ctx, stop := context.WithCancel(t.Context())
	open := p.Open
	p.Open = func(ctx context.Context, of session.Picture) ([]byte, error) {
		w.fake.Silence()
		return open(ctx, of)
	}
	defer stop()
	ended := make(chan error, 1)
	go func() {
		_, err := m.Reply(ctx, *p)
		ended <- err
	}()
	testenv.Until(t, "it was handed over", func() bool { return w.fake.Uploads() > 0 })
	stop()
	err := <-ended
	if connector.OutcomeOf(err).Outcome != connector.Deferred || len(w.fake.Posts()) != 0 {
		t.Errorf("%v; %+v stand", err, w.fake.Posts())
	}
}

// A server may take fewer, and a token that somebody made by hand none, which the check says.
func TestChecksForPictures(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	w.fake.AtMost(mostPictures - 1)
	fs := m.Check(t.Context())
	if last := fs[len(fs)-1]; last.ID != "mastodon.media_bounds" || last.Bad {
		t.Errorf("%+v", fs)
	}
	w.fake.Grant(mastodonfake.Token, "read write:statuses")
	fs = m.Check(t.Context())
	if last := fs[len(fs)-1]; last.ID != "mastodon.media" || !last.Bad {
		t.Errorf("%+v", fs)
	}
	if w.fake.Uploads() != 0 {
		t.Error("the check handed something over")
	}
}

// A post is told from one with other pictures by their words.
func TestShows(t *testing.T) {
	t.Parallel()
	for stand, want := range map[string]bool{"a,b": true, "a": false, "a,c": false, "b,a": false, "a,b,c": false, "": false} {
		p, _ := illustrated("a", "b")
		var s status
		for alt := range strings.SplitSeq(stand, ",") {
			s.Media = append(s.Media, medium{Alt: alt + "  · Picture: Ilze"})
		}
		if s.shows(*p) != want {
			t.Errorf("%q shows: %v", stand, !want)
		}
	}
}
