package web

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"experthour/internal/session"
)

// TestPoster: the picture of an announcement is where everybody can fetch it, says who answers and
// when, and is gone once the hour says something else.
func TestPoster(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	at := func(n session.News) string {
		t.Helper()
		p, err := w.server.Poster(t.Context(), hourID, n)
		w.must(err)
		u, err := url.Parse(p.URL)
		w.must(err)
		if u.Host != "hour.example" || !strings.Contains(p.Alt, "Home insulation") {
			t.Errorf("%s says %q", p.URL, p.Alt)
		}
		return u.Path
	}
	open := at(session.NewsOpen)
	res := w.get(open)
	img, err := jpeg.Decode(bytes.NewReader(res.Body.Bytes()))
	if err != nil || img.Bounds().Dx() != 1080 || res.Header().Get("Content-Type") != "image/jpeg" {
		t.Fatalf("%d, %v", res.Code, err)
	}
	if called := at(session.NewsCancelled); called == open || w.get(called).Code != http.StatusOK {
		t.Errorf("called off it is at %s", called)
	}
	moved := at(session.NewsAt(session.NewsMoved, w.clock()))
	if !strings.Contains(moved, "/poster/moved-") || w.get(moved).Code != http.StatusOK {
		t.Errorf("moved it is at %s", moved)
	}
	for _, other := range []string{strings.Replace(open, "open-", "open-0", 1), strings.Replace(open, "open-", "closed-", 1), "/s/nothing/poster/x"} {
		if res := w.get(other); res.Code != http.StatusNotFound {
			t.Errorf("%s is %d", other, res.Code)
		}
	}
	if _, err := w.server.Poster(t.Context(), hourID, session.NewsClosed); err == nil {
		t.Error("there is one of the end")
	}
}
