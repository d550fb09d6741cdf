package threads

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/threads/threadsfake"
	"experthour/internal/session"
)

// TestQuestionWithPictures: the picture of a reply is handed over, and fetched without the token; of several the first one, and
// that there are more. What else was attached is said.
func TestQuestionWithPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	host := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" && r.FormValue("access_token") == "" {
			_, _ = rw.Write([]byte("picture"))
		}
	}))
	t.Cleanup(host.Close)
	var enclosed []connector.Enclosed
	w.env.Enclose = func(_ context.Context, es ...connector.Enclosed) error {
		enclosed = append(enclosed, es...)
		return nil
	}
	w.Files = httpapi.NewFiles(session.MostFile, w.Clock.Now, true)
	write := func(text, kind string) string {
		id := w.fake.Write(janis, w.news, text)
		w.fake.Change(id, func(p *threadsfake.Post) { p.Kind, p.Media = kind, host.URL+"/a.jpg" })
		return id
	}
	one, several, alone := write("Kas te ir?", "IMAGE"), write("Un te?", "CAROUSEL_ALBUM"), write("", "IMAGE")
	write("Un filma?", "VIDEO")
	for range 2 {
		w.Must(w.look(w.Threads))
	}
	got := map[string]int{}
	for _, e := range enclosed {
		got[string(e.At.Message)]++
		b, err := w.File(t.Context(), e.File)
		if (e.File == "") != (err != nil) || e.File != "" && string(b) != "picture" || e.Sent.IsZero() {
			t.Errorf("%+v: %q, %v", e, b, err)
		}
	}
	if len(got) != 3 || got[one] != 1 || got[several] != 2 || got[alone] != 1 {
		t.Errorf("handed over: %v", got)
	}
	for _, a := range w.Inbox.Asks {
		if a.Text == "Un filma?" && a.With != session.MediaVideo {
			t.Errorf("asked %+v", a)
		}
	}
}
