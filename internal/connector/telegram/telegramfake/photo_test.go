package telegramfake

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strconv"
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
		return withFile(t, s, "sendPhoto", "photo", photo, "chat_id", "-1", "caption", caption)
	}
	small := drawn(t, 40, 30)
	want(t, post("A map.", small), 200, "")
	want(t, post("A map.", nil), 400, "Bad Request: there is no photo in the request")
	want(t, post("A map.", []byte("text")), 400, "Bad Request: IMAGE_PROCESS_FAILED")
	want(t, post("A map.", drawn(t, 41, 2)), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
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

// withFile calls a method with fields and, unless it is nil, a file.
func withFile(t *testing.T, s *Server, method, name string, content []byte, fields ...string) got {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		_ = w.WriteField(fields[i], fields[i+1])
	}
	if content != nil {
		f, _ := w.CreateFormFile(name, "x.png")
		_, _ = f.Write(content)
	}
	_ = w.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/bot"+s.Token()+"/"+method, &b)
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

func drawn(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A text becomes the caption of a photo, and a photo another one, never a text again. What is edited in a channel is
// edited in its group.
func TestEditMessageMedia(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	talk := s.Supergroup(-2, "Talk", BotAdmin())
	news := s.Channel(-3, "News", Linked(talk))
	want(t, raw(t, s, "sendMessage", "chat_id", -3, "text", "Received."), 200, "")
	m := news.Messages()[0]
	number := strconv.Itoa(m.ID())
	put := func(media string, photo []byte) got {
		t.Helper()
		return withFile(t, s, "editMessageMedia", "new", photo, "chat_id", "-3", "message_id", number, "media", media)
	}
	const plan = `{"type":"photo","media":"attach://new","caption":"A <b>plan</b>.","parse_mode":"HTML"}`
	map1, map2 := drawn(t, 40, 30), drawn(t, 30, 40)
	want(t, put("", map1), 400, `Bad Request: parameter "media" is required`)
	want(t, put("x", map1), 400, "Bad Request: can't parse InputMedia: expected an Object")
	want(t, put(`{"type":"poll","media":"attach://new"}`, map1), 400, `Bad Request: can't parse InputMedia: type "poll" is unsupported`)
	want(t, put(`{"type":"photo","media":"new"}`, map1), 400, "Bad Request: can't parse InputMedia: media not found")
	want(t, put(plan, nil), 400, "Bad Request: there is no photo in the request")
	want(t, put(plan, []byte("text")), 400, "Bad Request: IMAGE_PROCESS_FAILED")
	want(t, put(strings.Replace(plan, "plan", strings.Repeat("x", 1022), 1), map1), 400, "Bad Request: message caption is too long")
	want(t, put(plan, map1), 200, "")
	want(t, put(plan, map2), 200, "")
	copied := talk.AutomaticForward(m)
	for _, m := range []*Message{m, copied} {
		if m.Text() != "A plan." || !bytes.Equal(m.Picture(), map2) {
			t.Errorf("%q with %d bytes", m.Text(), len(m.Picture()))
		}
	}
	want(t, raw(t, s, "editMessageText", "chat_id", -3, "message_id", m.ID(), "text", "x"), 400,
		"Bad Request: there is no text in the message to edit")
}
