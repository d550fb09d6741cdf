package connectortest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

func (h public) edit(t *testing.T) {
	e := claimed[connector.Editor](t, h.Connector)
	at := h.must(t, h.post("k1", "Before.")).Message
	for range 2 { // the second time is harmless
		sent, err := e.Edit(t.Context(), at, h.post("k2", "After."))
		if err != nil || sent.Message == "" {
			t.Fatalf("edited as %q, %v", sent.Message, err)
		}
		at = sent.Message // which may be another one
		h.see(t, "After.")
	}
	if r, ok := connector.As[connector.Retractor](h.Connector); ok {
		if err := r.Retract(t.Context(), at, h.post("k2", "")); err != nil {
			t.Fatal(err)
		}
		h.see(t)
	}
}

// claimed skips the test of a capability that the connector does not have.
func claimed[T any](t *testing.T, c connector.Connector) T {
	t.Helper()
	v, ok := connector.As[T](c)
	if !ok {
		t.Skip("it does not claim this")
	}
	return v
}

func (h public) editUnknown(t *testing.T) {
	e := claimed[connector.Editor](t, h.Connector)
	if h.Unknown == "" {
		t.Skip("it has no unknown messages")
	}
	_, err := e.Edit(t.Context(), h.Unknown, h.post("k1", "After."))
	wantOutcome(t, "an edit of nothing", err, connector.Refused)
	h.see(t)
}

func (h public) retract(t *testing.T) {
	r := claimed[connector.Retractor](t, h.Connector)
	sent := h.must(t, h.post("k1", "Gone soon."))
	h.must(t, h.post("k2", "Stays."))
	for range 2 {
		if err := r.Retract(t.Context(), sent.Message, h.post("k1", "Gone soon.")); err != nil {
			t.Fatalf("retract: %v", err)
		}
		h.see(t, "Stays.")
	}
}

func (h public) stands(t *testing.T) {
	r, retractor := claimed[connector.Reader](t, h.Connector), claimed[connector.Retractor](t, h.Connector)
	post := h.post("k1", "Gone soon.")
	sent := h.must(t, post)
	for _, want := range []bool{true, false} {
		if got, err := r.Stands(t.Context(), sent.Message, post); got != want || err != nil {
			t.Errorf("stands: %v, %v; want %v", got, err, want)
		}
		if err := retractor.Retract(t.Context(), sent.Message, post); err != nil {
			t.Fatal(err)
		}
	}
}

func (h public) retractUnknown(t *testing.T) {
	r := claimed[connector.Retractor](t, h.Connector)
	if h.Unknown == "" {
		t.Skip("it has no unknown messages")
	}
	if err := r.Retract(t.Context(), h.Unknown, h.post("k1", "Gone.")); err != nil {
		t.Errorf("a post that is not there: %v", err)
	}
}

func (h public) find(t *testing.T) {
	f := claimed[connector.Finder](t, h.Connector)
	if _, ok, err := f.Find(t.Context(), h.post("k1", "Here.")); ok || err != nil {
		t.Errorf("before it was sent: %v, %v", ok, err)
	}
	sent := h.must(t, h.post("k1", "Here."))
	h.must(t, h.post("k2", "There."))
	got, ok, err := f.Find(t.Context(), h.post("k1", "Here."))
	if !ok || err != nil || got.Message != sent.Message {
		t.Errorf("found %q, %v, %v; want %q", got.Message, ok, err, sent.Message)
	}
}

func (h public) key(t *testing.T) {
	k := claimed[connector.Keyed](t, h.Connector)
	if k.KeyWindow() <= 0 {
		t.Errorf("it keeps keys for %v", k.KeyWindow())
	}
	first, again := h.must(t, h.post("k1", "Once.")), h.must(t, h.post("k1", "Once."))
	if first.Message != again.Message {
		t.Errorf("the same key made %q and %q", first.Message, again.Message)
	}
	h.see(t, "Once.")
}

func (h public) refused(t *testing.T) {
	if h.Refuse == nil {
		t.Skip("it refuses nothing")
	}
	r := claimed[connector.Replier](t, h.Connector)
	h.Refuse()
	_, err := r.Reply(t.Context(), h.post("k1", "No."))
	wantOutcome(t, "a refusal", err, connector.Refused)
	h.see(t)
}

// A platform that does what it is asked and does not answer is the case in which a
// post would go out twice, if its connector said anything but "unsure".
func (h public) silent(t *testing.T) {
	if h.Silence == nil {
		t.Skip("it always answers")
	}
	r := claimed[connector.Replier](t, h.Connector)
	h.Silence()
	err := unanswered(t, func() bool { return len(h.Posts()) > 0 }, func(ctx context.Context) error {
		_, err := r.Reply(ctx, h.post("k1", "Perhaps."))
		return err
	})
	wantOutcome(t, "silence", err, connector.Unsure)
	h.see(t, "Perhaps.")
}

// unanswered makes a call to a platform that says nothing, and gives it up as soon as
// what it asked for is done.
func unanswered(t *testing.T, done func() bool, call func(context.Context) error) error {
	t.Helper()
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	ended := make(chan error, 1)
	go func() { ended <- call(ctx) }()
	testenv.Until(t, "what was asked for is done", done)
	giveUp()
	return <-ended
}

// A call whose context has ended already may be made or not, but it comes back, and
// it never says that the platform refused what it was not asked.
func (h public) cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	inTime(t, func() { h.checkCancelled(t, ctx) })
}

func (h public) checkCancelled(t *testing.T, ctx context.Context) {
	if r, ok := connector.As[connector.Replier](h.Connector); ok {
		_, err := r.Reply(ctx, h.post("k1", "Late."))
		notRefused(t, "reply", err)
	}
	if e, ok := connector.As[connector.Editor](h.Connector); ok {
		_, err := e.Edit(ctx, session.MessageID("x"), h.post("k1", "Late."))
		notRefused(t, "edit", err)
	}
	if r, ok := connector.As[connector.Retractor](h.Connector); ok {
		notRefused(t, "retract", r.Retract(ctx, session.MessageID("x"), h.post("k1", "Late.")))
	}
	if f, ok := connector.As[connector.Finder](h.Connector); ok {
		if _, found, err := f.Find(ctx, h.post("k1", "Late.")); err == nil && !found {
			t.Error("find: it says that there is no such post, and could not look")
		}
	}
}

func notRefused(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil && connector.OutcomeOf(err).Outcome == connector.Refused {
		t.Errorf("%s with an ended context: %v", what, err)
	}
}

func inTime(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(testenv.Patience):
		t.Fatal("it does not come back when its context has ended")
	}
}

// abilities checks that what the limits promise and what the methods can agree.
func (h public) abilities(t *testing.T) {
	l, c := h.Connector.Limits(), h.Connector
	edits, finds := has[connector.Editor](c), has[connector.Finder](c)
	assumes := slices.ContainsFunc(l.Longest, func(l connector.Limit) bool { return l.Assumed })
	for what, wrong := range map[string]bool{
		"an answer is edited into a receipt that cannot be edited":     l.Slots && !edits,
		"there are receipts, and no notices":                           l.Slots && !l.Notices,
		"edits are quiet, and there are none":                          l.EditsQuietly && !edits,
		"announcements are pinned, and cannot be":                      l.Pins && !(l.Announces && has[connector.Pinner](c)),
		"an announcement has a picture, and there is none":             l.Posters && !l.Announces,
		"what is told once can be edited":                              l.ToldOnce && edits,
		"hours are announced at no place":                              l.Announces && !has[connector.Placed](c),
		"it says how long to wait before looking, and nobody can look": l.LookAfter > 0 && !finds && !has[connector.Keyed](c),
		"it learns nothing, and assumes something":                     assumes && !has[connector.Learner](c),
		"it learns, and assumes nothing":                               !assumes && has[connector.Learner](c),
	} {
		if wrong {
			t.Error(what)
		}
	}
}

func has[T any](c connector.Connector) bool {
	_, ok := connector.As[T](c)
	return ok
}

// learn checks what the platform says of itself.
func (h public) learn(t *testing.T) {
	f, err := claimed[connector.Learner](t, h.Connector).Learn(t.Context())
	if err != nil || f.Most < 1 || f.Link < 0 {
		t.Errorf("it says %+v, %v", f, err)
	}
}

// pictures checks that they arrive with the words for those who cannot see them, and that
// more than fit are refused instead of being left out.
func (h public) pictures(t *testing.T) {
	p := h.illustrated(t, "k1", "With pictures.", h.Connector.Limits().Pictures)
	r := claimed[connector.Replier](t, h.Connector)
	h.must(t, p)
	h.shows(t, p)
	p.Key, p.Pictures = "k2", append(p.Pictures, p.Pictures[0])
	_, err := r.Reply(t.Context(), p)
	wantOutcome(t, "one picture too many", err, connector.Refused)
}

// revisedPictures checks that a correction puts a picture to what stands, puts another one in its
// place, and takes it off where an edit can.
func (h public) revisedPictures(t *testing.T) {
	first := h.illustrated(t, "k2", "With a picture.", 1)
	e := claimed[connector.Editor](t, h.Connector)
	at := h.must(t, h.post("k1", "Without.")).Message
	other, none := h.illustrated(t, "k3", "With another picture.", 2), h.post("k4", "Without any.")
	other.Pictures = other.Pictures[1:]
	for _, p := range []connector.Post{first, first, other, none} {
		p.Copy = "copy:k1"
		if len(p.Pictures) == 0 && h.Connector.Limits().PicturesStay {
			continue
		}
		sent, err := e.Edit(t.Context(), at, p)
		if err != nil {
			t.Fatalf("%s: %v", p.Text, err)
		}
		at = sent.Message
		h.shows(t, p)
	}
}

// illustrated is a post with so many pictures; it skips the test of a connector that posts none.
func (h public) illustrated(t *testing.T, key, text string, n int) connector.Post {
	t.Helper()
	if h.Connector.Limits().Pictures == 0 {
		t.Skip("it posts none")
	}
	p, kept := h.post(key, text), map[session.Hash][]byte{}
	for i := range n {
		p.Pictures = append(p.Pictures, onePicture(t, i, kept))
	}
	p.Open = func(_ context.Context, of session.Picture) ([]byte, error) { return kept[of.Hash], nil }
	return p
}

// shows checks that the only post has the pictures of p, with their words unless those stand in its text.
func (h public) shows(t *testing.T, p connector.Post) {
	t.Helper()
	want := slices.Clone(p.Pictures)
	for i := range want {
		if h.Connector.Limits().Captions != nil {
			want[i].Alt, want[i].Author = "", ""
		}
	}
	if h.Posts == nil {
		return
	}
	if got := h.Posts(); len(got) != 1 || !slices.Equal(got[0].Pictures, want) {
		t.Errorf("a reader finds %+v, want %+v", got, want)
	}
}

// onePicture makes one that differs from those of other numbers, and keeps its bytes.
func onePicture(t *testing.T, i int, kept map[session.Hash][]byte) session.Picture {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8+i, 8))); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b.Bytes())
	of := session.Picture{Hash: session.Hash(hex.EncodeToString(sum[:])), Type: "image/png", Size: b.Len(),
		Alt: fmt.Sprint("A stork, ", i), Author: "Ilze <b>Ozola</b>"}
	kept[of.Hash] = b.Bytes()
	return of
}
