package bluesky

import (
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/bluesky/blueskyfake"
	"experthour/internal/session"
)

// pinsBack tries what becomes of a post that a person pinned, and of all else that a profile says: whatever of the
// program's own is pinned after each other, it is pinned again afterwards.
func pinsBack(t *testing.T, b *Bluesky, mine ref, reads func() (about string, pinned ref)) {
	t.Helper()
	about, _ := reads()
	announce := func(key string) session.MessageID {
		return must(t, b, connector.Post{Key: key, Text: key, Approved: time.Now().Add(-time.Minute), Kind: session.KindAnnouncement})
	}
	pin := func(at session.MessageID, pinned bool, want string) {
		t.Helper()
		if err := b.Pin(t.Context(), at, pinned); err != nil {
			t.Fatal(err)
		}
		if now, is := reads(); is.URI != want || now != about {
			t.Errorf("%q is pinned under %q, want %q", is.URI, now, want)
		}
	}
	first, second := announce("first"), announce("second")
	pin(first, true, string(first))
	pin(second, true, string(second)) // the next hour is announced
	pin(first, false, string(second))
	pin(second, false, mine.URI)
	pin(second, false, mine.URI)
	if _, is := reads(); is != mine {
		t.Errorf("the version %+v is pinned, want %+v", is, mine)
	}
}

// TestPins: what a person pinned comes back, also when the program ends after it kept that and before it pinned;
// what they pin meanwhile stays, and counts from then on.
func TestPins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	b, bot := w.make(), w.fake.Bot()
	mine, other := bot.Write("Who we are.").Ref, bot.Write("We moved.").Ref
	pinned := func(r *blueskyfake.Ref) { bot.Describe(&blueskyfake.Profile{About: "The office", Pinned: r}) }
	reads := func() (string, ref) {
		p := bot.Profile()
		if p.Pinned == nil {
			return p.About, ref{}
		}
		return p.About, ref(*p.Pinned)
	}
	pinned(&mine)
	pinsBack(t, b, ref(mine), reads)

	at := must(t, b, connector.Post{Key: "third", Text: "third", Approved: time.Now().Add(-time.Minute), Kind: session.KindAnnouncement})
	w.fake.Fail("com.atproto.repo.putRecord", blueskyfake.Fault{Status: 503, Code: "Away"})
	if err := b.Pin(t.Context(), at, true); err == nil {
		t.Fatal("it is pinned by a server that is away")
	}
	b = w.make()
	step := func(pin bool, want string) {
		t.Helper()
		if err := b.Pin(t.Context(), at, pin); err != nil {
			t.Fatal(err)
		}
		if _, is := reads(); is.URI != want {
			t.Errorf("%q is pinned, want %q", is.URI, want)
		}
	}
	step(true, string(at))
	pinned(&other)
	step(false, other.URI) // it is not the program's
	step(true, string(at))
	step(false, other.URI)
	pinned(nil)
	step(true, string(at))
	step(false, "")
	pinned(&mine)
	step(true, string(at))
	w.fake.Post(mine.URI).Delete()
	step(false, "") // nobody could read it
}

// TestPinSwap: an edit of the profile in the same moment is not written over.
func TestPinSwap(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	b, bot := w.make(), w.fake.Bot()
	at := must(t, b, connector.Post{Key: "first", Text: "first", Approved: time.Now().Add(-time.Minute), Kind: session.KindAnnouncement})
	me, err := b.who(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before, err := b.profile(t.Context(), me)
	if err != nil {
		t.Fatal(err)
	}
	bot.Describe(&blueskyfake.Profile{About: "The office"})
	err = b.put(t.Context(), me, profiles, only, before.Value, before.CID)
	if connector.OutcomeOf(err).Outcome != connector.Deferred {
		t.Errorf("written over: %v", err)
	}
	if err := b.Pin(t.Context(), at, true); err != nil || bot.Profile().About != "The office" {
		t.Errorf("%v, and the profile says %+v", err, bot.Profile())
	}
}
