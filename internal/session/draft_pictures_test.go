package session

import (
	"strings"
	"testing"
	"time"
)

// shot is a picture of which nothing is said yet.
func shot(letter string) Picture {
	return Picture{Hash: Hash(strings.Repeat(letter, 64)), Type: "image/jpeg", Size: 9}
}

// sends is a message with pictures, in the two steps in which it comes: its words, and what was read.
func (w *world) sends(message MessageID, text string, second int, ps ...Picture) (first, then WriteMessage) {
	first = w.says(message, second, text)
	first.Awaits = true
	then = first
	then.Awaits, then.Pictures = false, &ps
	return first, then
}

func (w *world) describes(t *testing.T, letter string) {
	t.Helper()
	w.must(edgars, DescribePicture{On: w.on(1), Picture: shot(letter).Hash, Alt: "Shows " + letter, Author: "Edgars"})
}

func hashesOf(ps []Picture) string {
	var all []string
	for _, p := range ps {
		all = append(all, string(p.Hash[:1]))
	}
	return strings.Join(all, "")
}

// TestDraftWaitsForItsPictures: while one is being read, and until all is said of it, nothing is
// submitted; the words were there from the beginning.
func TestDraftWaitsForItsPictures(t *testing.T) {
	t.Parallel()
	w := talk(t)
	first, then := w.sends("m1", "See the map.", 1, shot("a"), shot("b"))
	w.must(edgars, first)
	late := func(want string) {
		t.Helper()
		w.at = w.at.Add(time.Hour)
		if q := w.q(1); q.Draft() != "See the map." || !q.SettleAt().IsZero() {
			t.Errorf("draft %q, due %v", q.Draft(), q.SettleAt())
		}
		for _, by := range []Actor{Program, edgars} {
			if _, err := w.do(by, SettleDraft{On: w.on(1)}); !failed(err, Refused, want) {
				t.Errorf("%s settles: %v", by.Role, err)
			}
		}
	}
	late("pictures_wait")
	w.must(edgars, then)
	late("pictures_wait")
	w.describes(t, "a")
	late("pictures_wait")
	w.describes(t, "b")
	if q := w.q(1); q.SettleAt().IsZero() {
		t.Error("the draft is not due")
	}
	if r, _ := w.do(edgars, then); !r.Already { // the letter comes again
		t.Error("its repeat is not recognised")
	}
	if r, _ := w.do(edgars, first); !r.Already {
		t.Error("the repeat of its words is not recognised")
	}
	w.must(edgars, SettleDraft{On: w.on(1)})
	if got := w.q(1).Latest(); hashesOf(got.Pictures) != "ab" || got.Pictures[0].Alt != "Shows a" || got.Pictures[0].Author != "Edgars" {
		t.Errorf("submitted %+v", got)
	}
}

func failed(err error, kind Kind, id string) bool {
	e, ok := err.(*Error)
	return ok && e.Kind == kind && e.ID == id
}

// TestPicturesFollowTheirMessages: they come and go with the message, a new draft with some takes
// the place of those before, and one without leaves them.
func TestPicturesFollowTheirMessages(t *testing.T) {
	t.Parallel()
	w := talk(t)
	send := func(message MessageID, text string, second int, letter string) {
		t.Helper()
		first, then := w.sends(message, text, second, shot(letter))
		w.must(edgars, first)
		w.must(edgars, then)
		w.describes(t, letter)
	}
	shows := func(want string) {
		t.Helper()
		if got := hashesOf(w.q(1).Latest().Pictures); got != want {
			t.Errorf("the answer has %q, want %q", got, want)
		}
	}
	send("m1", "", 1, "a") // without a word: it waits for some
	if q := w.q(1); q.State != Claimed || q.Ready() {
		t.Errorf("a picture alone: %s, %v", q.State, q.Ready())
	}
	send("m2", "See both.", 2, "b")
	w.must(edgars, SettleDraft{On: w.on(1)})
	shows("ab")
	deleted := w.says("m1", 1, "")
	deleted.Deleted = true
	w.must(edgars, deleted)
	shows("b")
	send("m3", "And that.", 3, "c") // in review its author is asked
	w.must(edgars, UseMessage{On: w.on(1), Message: "m3", As: Add})
	shows("bc")
	w.must(anna, SendBackAnswer{On: w.on(1), Comment: "Another map."})
	w.must(edgars, w.says("m4", 4, "Only words."))
	w.must(edgars, SettleDraft{On: w.on(1)})
	shows("bc")
	w.must(anna, SendBackAnswer{On: w.on(1), Comment: "Another map."})
	send("m5", "Here.", 5, "d")
	w.must(edgars, SettleDraft{On: w.on(1)})
	shows("d")
	w.must(edgars, TakeBackAnswer{On: w.on(1)})
	send("m6", "Here, too.", 6, "e")
	w.must(edgars, SubmitAnswer{On: w.on(1), Text: "Typed."}) // the form says nothing about pictures
	shows("de")
}

// TestUndescribedPictureIsInNoAnswer: not by a form, and not by a message that is added.
func TestUndescribedPictureIsInNoAnswer(t *testing.T) {
	t.Parallel()
	w := talk(t)
	first, then := w.sends("m1", "See.", 1, shot("a"))
	w.must(edgars, first)
	w.must(edgars, then)
	if _, err := w.do(edgars, SubmitAnswer{On: w.on(1), Text: "See."}); !failed(err, Invalid, "picture_alt") {
		t.Errorf("a form: %v", err)
	}
	w.must(edgars, SubmitAnswer{On: w.on(1), Text: "See.", Pictures: &[]Picture{}})
	first, then = w.sends("m2", "", 2, shot("b"))
	w.must(edgars, first)
	w.must(edgars, then)
	if _, err := w.do(edgars, UseMessage{On: w.on(1), Message: "m2", As: Add}); !failed(err, Refused, "pictures_wait") {
		t.Errorf("a message: %v", err)
	}
	words := DescribePicture{On: w.on(1), Picture: shot("b").Hash, Alt: "x", Author: "y"}
	if _, err := w.do(evita, words); !failed(err, Forbidden, "not_writer") {
		t.Errorf("another expert describes it: %v", err)
	}
	w.must(anna, words) // a moderator helps
	words.Picture = shot("c").Hash
	if _, err := w.do(edgars, words); !failed(err, NotFound, "picture_unknown") {
		t.Errorf("a picture that is nowhere: %v", err)
	}
}

// TestFifthPicture is refused, and what words are said in a Write is not taken for a description.
func TestFifthPicture(t *testing.T) {
	t.Parallel()
	w := talk(t)
	said := shot("a")
	said.Alt, said.Author = "smuggled", "in"
	first, then := w.sends("m1", "See.", 1, said, shot("b"), shot("c"))
	w.must(edgars, first)
	w.must(edgars, then)
	if p, by, ok := w.q(1).Undescribed(); !ok || p.Hash != said.Hash || p.Alt != "" || by != "Edgars" {
		t.Errorf("undescribed is %+v of %s", p, by)
	}
	if got := w.q(1).MorePictures("m2"); got != 1 {
		t.Errorf("there is room for %d", got)
	}
	first, then = w.sends("m2", "More.", 2, shot("d"), shot("e"))
	w.must(edgars, first)
	if _, err := w.do(edgars, then); !failed(err, TooMany, "pictures_full") {
		t.Errorf("five: %v", err)
	}
	none := then
	none.Pictures = nil
	w.must(edgars, none)
	if q := w.q(1); q.Said[1].Awaits || q.Said[1].Text != "More." {
		t.Errorf("the second message is %+v", q.Said[1])
	}
}
