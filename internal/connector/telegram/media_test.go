package telegram

import (
	"testing"

	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
)

// TestMedia: what came besides words is named, in private and in the group.
func TestMedia(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	q.start()
	q.carl.Start("")
	for i, c := range []struct {
		part string
		kind session.Media
	}{{"photo", session.MediaPicture}, {"video", session.MediaVideo}, {"animation", session.MediaVideo}, {"voice", session.MediaVoice},
		{"document", session.MediaFile}, {"sticker", session.MediaSticker}, {"dice", session.MediaThing}} {
		q.carl.Write("", telegramfake.With(c.part))
		if s := got(t, &q.reception.inbox, &q.reception.said, i+2); s.With != c.kind || s.Text != "" {
			t.Errorf("%s is %q with %q", c.part, s.With, s.Text)
		}
	}
	q.talk.Say(q.carl, "/ask What is this?", telegramfake.With("photo"))
	if a := got(t, &q.public.inbox, &q.public.asked, 1); a.With != session.MediaPicture {
		t.Errorf("asked %+v", a)
	}
}
