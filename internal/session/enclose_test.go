package session

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func encloses(w *world, key string, message MessageID, letter string) EnclosePicture {
	p := Picture{Hash: Hash(strings.Repeat(letter, 64)), Type: "image/jpeg", Size: 9, Alt: "A roof.", Author: "nobody"}
	return EnclosePicture{On: w.on(1), Enclosure: Enclosure{Key: key, Message: message, Picture: &p}}
}

func (c EnclosePicture) of(n int) EnclosePicture {
	c.Question.Number = n
	return c
}

// TestEnclosed: a picture comes after its question, once, moves nothing that somebody decides about,
// and goes with its part and with the whole.
func TestEnclosed(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.must(anna, AcceptQuestion{On: w.on(1)})
	before := w.q(1)
	w.must(Program, encloses(w, "1", before.Origin.Message, "a"))
	w.must(Program, encloses(w, "1", before.Origin.Message, "b"))
	q := w.q(1)
	if ps := q.Sent(); len(ps) != 1 || ps[0].Alt != "A roof." || ps[0].Author != "" || ps[0].Hash[0] != 'a' {
		t.Fatalf("pictures %+v", ps)
	}
	if q.Stage() != before.Stage() || q.Counter != before.Counter || q.Last != before.Last {
		t.Error("a picture changed what is decided about")
	}
	w.must(asker, RewordQuestion{On: w.on(1), Message: "m2", At: w.at, Text: "And this one?"})
	w.must(Program, encloses(w, "2", "m2", "b"))
	before = w.q(1)
	w.must(asker, RewordQuestion{On: w.on(1), Message: "m2", Removed: true, Edited: w.at})
	if q := w.q(1); len(q.Sent()) != 1 || !slices.Equal(q.dropped(before), []Hash{Hash(strings.Repeat("b", 64))}) {
		t.Errorf("without its part: %+v", q.Enclosed)
	}
	if _, err := w.do(Program, encloses(w, "3", "m2", "c")); KindOf(err) != Refused {
		t.Errorf("of a part that was removed: %v", err)
	}
	w.must(asker, WithdrawQuestion{On: w.on(1)})
	if q := w.q(1); q.Enclosed != nil {
		t.Errorf("withdrawn: %+v", q.Enclosed)
	}
	if _, err := w.do(Program, encloses(w, "4", "", "c")); KindOf(err) != Refused {
		t.Errorf("after the withdrawal: %v", err)
	}
}

// TestEnclosedBounds: four are kept, some more are noted, and what is no picture is refused.
func TestEnclosedBounds(t *testing.T) {
	t.Parallel()
	w := opened(t)
	for i := range MaxPictures {
		w.must(Program, encloses(w, fmt.Sprint(i), "", "a"))
	}
	if _, err := w.do(Program, encloses(w, "more", "", "b")); KindOf(err) != TooMany {
		t.Errorf("one more: %v", err)
	}
	for i := range 2 * mostEnclosures {
		w.must(Program, EnclosePicture{On: w.on(1), Enclosure: Enclosure{Key: fmt.Sprint("lack", i), Lack: LackMore}})
	}
	if q := w.q(1); len(q.Sent()) != MaxPictures || len(q.Enclosed) != mostEnclosures || !slices.Equal(q.Lacking(), []Lack{LackMore}) {
		t.Errorf("%d pictures of %d, lacking %v", len(q.Sent()), len(q.Enclosed), q.Lacking())
	}
	w = opened(t)
	bad := encloses(w, "1", "", "a")
	bad.Enclosure.Picture.Type = "image/svg+xml"
	if _, err := w.do(Program, bad); KindOf(err) != Invalid {
		t.Errorf("a drawing: %v", err)
	}
	if _, err := w.do(asker, encloses(w, "1", "", "a")); KindOf(err) != Forbidden {
		t.Errorf("by somebody: %v", err)
	}
}

// TestEnclosedExpires: pictures go with the originals, and with what the public cannot read.
func TestEnclosedExpires(t *testing.T) {
	t.Parallel()
	for e, want := range map[Expiry]int{Emails: 1, Originals: 0, Unpublished: 0} {
		w := opened(t)
		w.must(Program, encloses(w, "1", "", "a"))
		w.must(anna, DeclineQuestion{On: w.on(1), Reason: "off_topic"})
		q := w.q(1)
		q.Email = "somebody@example.lv"
		w.qs[0] = q
		w.must(Program, ForgetQuestion{On: w.on(1), What: e})
		if got := len(w.q(1).Enclosed); got != want {
			t.Errorf("%s: %d", e, got)
		}
		if _, err := w.do(Program, encloses(w, "2", "", "b")); KindOf(err) != Refused {
			t.Errorf("after %s: %v", e, err)
		}
	}
}
