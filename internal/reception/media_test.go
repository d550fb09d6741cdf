package reception

import (
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// TestWhatIsNotWords: its sender is told what was not taken, in one line; a question with
// something beside it is taken and says so at the desk.
func TestWhatIsNotWords(t *testing.T) {
	t.Parallel()
	k := desk(t)
	for with, want := range map[session.Media]string{session.MediaPicture: "cannot look at pictures", session.MediaVideo: "cannot watch",
		session.MediaVoice: "cannot listen", session.MediaFile: "cannot open files", session.MediaSticker: "stickers",
		session.MediaThing: "words only"} {
		k.reads(k.message(connector.Said{Message: session.MessageID(with), At: k.now, With: with}).Text, want)
	}
	if qs := k.questions(); len(qs) != 0 {
		t.Fatalf("questions %+v", qs)
	}
	k.reads(k.message(connector.Said{Message: "8", At: k.now, Text: "What is this?", With: session.MediaPicture}).Text,
		"Your words have been taken")
	if qs := k.questions(); len(qs) != 1 || qs[0].With != session.MediaPicture {
		t.Errorf("questions %+v", qs)
	}
}

// TestAnAlbumIsOneQuestion with one word about its pictures.
func TestAnAlbumIsOneQuestion(t *testing.T) {
	t.Parallel()
	k := desk(t)
	for i, text := range []string{"What are these?", "", ""} {
		reply := k.message(connector.Said{Message: session.MessageID(number(i + 1)), At: k.now, Text: text, With: session.MediaPicture,
			Album: "a"})
		if told := reply.Text != ""; told != (i == 0) {
			t.Errorf("picture %d: %q", i+1, reply.Text)
		}
	}
	if qs := k.questions(); len(qs) != 1 || qs[0].Text != "What are these?" {
		t.Errorf("questions %+v", qs)
	}
}
