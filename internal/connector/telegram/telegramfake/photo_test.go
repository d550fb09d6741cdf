package telegramfake

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// Pictures have a caption of 1,024 units and bounds of their own; their text is edited as that.
func TestSendPhoto(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	anna := s.User(1, "Anna")
	g := s.Group(-1, "Desk", Members(anna))
	post := func(caption string, photo []byte) got {
		t.Helper()
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		_ = w.WriteField("chat_id", "-1")
		_ = w.WriteField("caption", caption)
		if photo != nil {
			f, _ := w.CreateFormFile("photo", "x.png")
			_, _ = f.Write(photo)
		}
		_ = w.Close()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/bot"+s.Token()+"/sendPhoto", &b)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", w.FormDataContentType())
		g, err := do(r)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	drawn := func(width, height int) []byte {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	small := drawn(40, 30)
	want(t, post("A map.", small), 200, "")
	want(t, post("A map.", nil), 400, "Bad Request: there is no photo in the request")
	want(t, post("A map.", []byte("text")), 400, "Bad Request: IMAGE_PROCESS_FAILED")
	want(t, post("A map.", drawn(41, 2)), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
	want(t, post(strings.Repeat("x", 1025), small), 400, "Bad Request: message caption is too long")
	m := g.Messages()[0]
	if m.Text() != "A map." || !bytes.Equal(m.Picture(), small) {
		t.Errorf("%q with %d bytes", m.Text(), len(m.Picture()))
	}
	want(t, raw(t, s, "editMessageText", "chat_id", -1, "message_id", m.ID(), "text", "x"), 400,
		"Bad Request: there is no text in the message to edit")
	want(t, raw(t, s, "editMessageCaption", "chat_id", -1, "message_id", m.ID(), "caption", "A plan."), 200, "")
	if m.Text() != "A plan." {
		t.Errorf("the caption is %q", m.Text())
	}
}
