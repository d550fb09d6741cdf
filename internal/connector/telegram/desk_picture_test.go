package telegram

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

func drawing(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPicturesAtTheDesk come with their message, those of an album under one name, also with no word;
// what is no picture is not among them.
func TestPicturesAtTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.start()
	at, card := w.post(tg, w.card())
	under := telegramfake.ReplyTo(card)
	w.desk.Say(w.anna, "See.", under, telegramfake.Photo(drawing(t)), telegramfake.InAlbum("trip"))
	w.desk.Say(w.anna, "", under, telegramfake.Document("map.png", "image/png", drawing(t)), telegramfake.InAlbum("trip"))
	w.desk.Say(w.anna, "", under, telegramfake.Document("law.pdf", "application/pdf", []byte("%PDF")))
	photo := got(t, w.inbox, &w.inbox.wrote, 1)
	if photo.Under != at || photo.Album != "trip" || photo.With != "" || photo.Lines[0].Text != "See." || len(photo.Files) != 1 {
		t.Errorf("the photo is %+v", photo)
	}
	if b, err := tg.File(t.Context(), photo.Files[0].ID); err != nil || !bytes.Equal(b, drawing(t)) {
		t.Errorf("its file: %d bytes, %v", len(b), err)
	}
	if m := got(t, w.inbox, &w.inbox.wrote, 2); m.Album != "trip" || len(m.Lines) != 0 || len(m.Files) != 1 || m.Files[0].Size == 0 {
		t.Errorf("the second one is %+v", m)
	}
	if m := got(t, w.inbox, &w.inbox.wrote, 3); len(m.Files) != 0 || m.With != session.MediaFile {
		t.Errorf("the paper is %+v", m)
	}
}

// TestShow puts pictures before one person, with every word; and says so where it cannot.
func TestShow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.make()
	long := strings.Repeat("word ", 400)
	ps := []connector.Shown{{Type: "image/png", Bytes: drawing(t), Words: "A <b>map</b>."},
		{Type: "image/png", Bytes: drawing(t), Words: long}}
	if err := tg.Show(t.Context(), "11", ps); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, m := range w.anna.Chat().Messages() {
		if m.FromBot() {
			texts = append(texts, m.Text())
		}
	}
	if want := []string{"A <b>map</b>.", "", strings.TrimSpace(long)}; !slices.Equal(texts, want) {
		t.Errorf("she reads %q", texts)
	}
	if err := tg.Show(t.Context(), "12", ps); err == nil {
		t.Error("who has not pressed Start has seen them")
	}
	w.fake.Fault("sendPhoto", 1, telegramfake.DropAfter)
	if err := tg.Show(t.Context(), "11", ps); err == nil {
		t.Error("what may not have arrived counts as seen")
	}
}

// TestPictureInAForm: its words are taken, and it is said where a picture goes.
func TestPictureInAForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.start()
	w.anna.Write("look", telegramfake.Photo(drawing(t)))
	w.anna.Await(testenv.Soon(t), telegramfake.Says("Nothing waits"))
	form := connector.Form{Key: "k", Title: "Answer", Submit: "Send", Fields: []connector.Field{{ID: "text", Label: "Answer"}}}
	if err := tg.open(t.Context(), 11, form); err != nil {
		t.Fatal(err)
	}
	w.anna.Write("See the map.", telegramfake.Photo(drawing(t)))
	w.anna.Await(testenv.Soon(t), telegramfake.Says("A form takes words only"))
	w.anna.Await(testenv.Soon(t), telegramfake.Says("See the map."))
}
