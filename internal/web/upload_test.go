package web

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"experthour/internal/session"
)

// pictured is a world whose form takes pictures.
func pictured(t *testing.T) *world {
	t.Helper()
	w := newWorld(t).open()
	w.service.Enclosed, w.server.Pictures = w.store.Enclosed(), session.MaxPictures
	return w
}

// sends posts the form with files, as a browser without script does.
func (w *world) sends(f url.Values, files ...[]byte) *httptest.ResponseRecorder {
	w.t.Helper()
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, w.sending(f, files...))
	return rec
}

func (w *world) sending(f url.Values, files ...[]byte) *http.Request {
	w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, values := range f {
		w.must(m.WriteField(name, values[0]))
	}
	for _, file := range append(files, nil) { // and one that was not chosen
		p, err := m.CreateFormFile("file", "../../<script>.svg")
		w.must(err)
		_, err = p.Write(file)
		w.must(err)
	}
	w.must(m.Close())
	r := httptest.NewRequest(http.MethodPost, "http://hour.example/s/heating/questions", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.RemoteAddr = w.address
	return r
}

func pngOf(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// photo says in its EXIF where it was taken.
func photo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 9)), nil); err != nil {
		t.Fatal(err)
	}
	secret := "Exif\x00\x00GPS 56.9496 N"
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(secret)+2))
	return bytes.Join([][]byte{b.Bytes()[:2], segment, []byte(secret), b.Bytes()[2:]}, nil)
}

// TestPicturesOfWhoLeft: whoever closes the page while their question is stored loses no picture.
func TestPicturesOfWhoLeft(t *testing.T) {
	t.Parallel()
	w := pictured(t)
	ctx, leave := context.WithCancel(t.Context())
	w.service.Changed = func(session.ID) { leave() }
	w.handler.ServeHTTP(httptest.NewRecorder(), w.sending(w.from(w.token(), "What is this?"), pngOf(t, 10)).WithContext(ctx))
	if q := w.question(1); ctx.Err() == nil || len(q.Sent()) != 1 {
		t.Errorf("left: %v; it has %+v", ctx.Err(), q.Enclosed)
	}
}

func bomb(t *testing.T) []byte {
	t.Helper()
	b := pngOf(t, 8)
	binary.BigEndian.PutUint32(b[16:], 50_000)
	binary.BigEndian.PutUint32(b[20:], 50_000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// TestPicturesWithAQuestion are kept for staff, without where they were taken; the same form sent
// again adds none, and what is more than four is told.
func TestPicturesWithAQuestion(t *testing.T) {
	t.Parallel()
	w := pictured(t)
	contains(t, w.page("/s/heating"), `enctype="multipart/form-data"`, `type="file"`)
	f := w.from(w.token(), "What is this?")
	f.Set("alt", "My <b>roof</b>.")
	files := [][]byte{photo(t), pngOf(t, 10), pngOf(t, 11), pngOf(t, 12), pngOf(t, 13)}
	rec := w.sends(f, files...)
	again := w.sends(f, files...)
	if rec.Code != http.StatusSeeOther || again.Header().Get("Location") != rec.Header().Get("Location") {
		t.Fatalf("%d %s, %d", rec.Code, rec.Body, again.Code)
	}
	q := w.question(1)
	if len(q.Sent()) != 4 || len(q.Enclosed) != 5 || q.Sent()[0].Alt != "My <b>roof</b>." || w.received() != 1 {
		t.Fatalf("%+v", q.Enclosed)
	}
	_, b, err := w.store.Enclosed().Picture(t.Context(), q.Ref, q.Sent()[0].Hash)
	w.must(err)
	if bytes.Contains(b, []byte("GPS")) || bytes.Contains(b, []byte("Exif")) {
		t.Error("it says where it was taken")
	}
	contains(t, w.get(rec.Header().Get("Location")).Body.String(), "Your 4 pictures have arrived", "takes four pictures")
	w.do(anna, session.AcceptQuestion{On: session.On{Question: q.Ref}, Wording: q.Wording})
	for _, path := range []string{"/s/heating", "/s/heating/q/1", "/s/heating/feed.atom", "/api/v1/sessions/heating"} {
		rec := w.get(path)
		if rec.Code != http.StatusOK {
			t.Errorf("%s: %d", path, rec.Code)
		}
		lacks(t, rec.Body.String(), string(q.Sent()[0].Hash), "roof", "picture/")
	}
	if rec := w.get("/s/heating/q/1/picture/" + string(q.Sent()[0].Hash)); rec.Code != http.StatusNotFound {
		t.Errorf("everybody sees it: %d", rec.Code)
	}
}

// TestPicturesOfAQuestionRefused: in words, with what was typed still there, and nothing is asked.
func TestPicturesOfAQuestionRefused(t *testing.T) {
	t.Parallel()
	w := pictured(t)
	for i, c := range []struct {
		file []byte
		want string
	}{
		{make([]byte, 50<<20), "A picture has at most 10 MB."},
		{bomb(t), "more than 25 million pixels"},
		{[]byte("<svg onload=alert(1)>"), "This file is no picture"},
	} {
		w.address = fmt.Sprintf("192.0.%d.1:1", i)
		rec := w.sends(w.from(w.token(), "What I typed."), c.file, pngOf(t, 9))
		if rec.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", c.want, rec.Code)
		}
		contains(t, rec.Body.String(), c.want, "What I typed.", `href="#pictures"`)
	}
	if w.server.atHand.Load() != 0 {
		t.Errorf("%d bytes are said to be in memory", w.server.atHand.Load())
	}
	if n := w.received(); n != 0 {
		t.Errorf("%d questions", n)
	}
}

// TestPicturesAreLimited by the megabytes of an address, and the trap and the limits of questions hold.
func TestPicturesAreLimited(t *testing.T) {
	t.Parallel()
	w := pictured(t)
	f := w.from(w.token(), "One?")
	f.Set(trap, "filled in")
	contains(t, w.sends(f, pngOf(t, 9)).Body.String(), `id="form-errors"`)
	f.Del(trap)
	large := append(pngOf(t, 9), make([]byte, 8<<20)...)
	for i, want := range []int{http.StatusSeeOther, http.StatusTooManyRequests} { // 36 MB, and as much again
		f.Set("text", fmt.Sprint("Question ", i, "?"))
		if rec := w.sends(f, large, large, large, large); rec.Code != want {
			t.Errorf("%d: %d", i, rec.Code)
		}
	}
	if n := w.received(); n != 1 {
		t.Errorf("%d questions", n)
	}
	w.server.Pictures = 0
	lacks(t, w.page("/s/heating"), `type="file"`, "multipart")
	f.Set("text", "Without?")
	if rec := w.sends(f, bomb(t)); rec.Code != http.StatusSeeOther || len(w.question(2).Enclosed) != 0 {
		t.Errorf("switched off: %d %s", rec.Code, strings.TrimSpace(rec.Body.String()))
	}
}
