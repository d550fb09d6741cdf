package telegram

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
)

// TestFile downloads what somebody sent, and says of what it does not get whether trying again
// is of use. The token is in the address and in no error.
func TestFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.make()
	want := bytes.Repeat([]byte("picture"), 1000)
	w.desk.Say(w.anna, "", telegramfake.Photo(want))
	for range 2 {
		if got, err := tg.File(t.Context(), "file-2"); err != nil || !bytes.Equal(got, want) {
			t.Errorf("got %d bytes, %v", len(got), err)
		}
	}
	w.desk.Say(w.anna, "", telegramfake.Document("a.png", "image/png", make([]byte, session.MostFile+1)))
	w.desk.Say(w.anna, "", telegramfake.Document("b.png", "image/png", make([]byte, 21<<20)))
	for _, id := range []string{"file-3", "file-4"} {
		if _, err := tg.File(t.Context(), id); !errors.Is(err, connector.ErrTooLarge) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, err := tg.File(t.Context(), "nothing"); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("a file that is not there: %v", err)
	}
	for method, fault := range map[string]telegramfake.Fault{"getFile": telegramfake.DropBefore,
		telegramfake.Download: telegramfake.CutShort} {
		w.fake.Fault(method, 1, fault)
		_, err := tg.File(t.Context(), "file-2")
		if err == nil || connector.OutcomeOf(err).Outcome == connector.Refused || strings.Contains(err.Error(), w.fake.Token()) {
			t.Errorf("%s fails with %v", method, err)
		}
	}
}

// TestPictureFile takes the largest size of a photo, and files that say they are pictures.
func TestPictureFile(t *testing.T) {
	t.Parallel()
	sizes := []models.PhotoSize{{FileID: "s", Width: 90, Height: 60}, {FileID: "l", Width: 900, Height: 600, FileSize: 7},
		{FileID: "m", Width: 300, Height: 200}}
	png := models.Document{FileID: "d", MimeType: "image/png", FileSize: 9}
	for name, c := range map[string]struct {
		m    models.Message
		want connector.File
	}{
		"photo":     {models.Message{Photo: sizes}, connector.File{ID: "l", Size: 7}},
		"file":      {models.Message{Document: &png}, connector.File{ID: "d", Size: 9}},
		"paper":     {models.Message{Document: &models.Document{FileID: "d", MimeType: "application/pdf"}}, connector.File{}},
		"animation": {models.Message{Animation: &models.Animation{}, Document: &models.Document{MimeType: "image/gif"}}, connector.File{}},
		"words":     {models.Message{Text: "x"}, connector.File{}},
	} {
		if got, ok := pictureFile(&c.m); got != c.want || ok != (c.want != connector.File{}) {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
}
