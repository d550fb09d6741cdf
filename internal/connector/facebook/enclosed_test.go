package facebook

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
)

// TestQuestionWithPictures: the picture of a comment is handed over once its words are, and fetched without the token and
// only from where anybody may; one without words too, for the question before it. What else was attached is said.
func TestQuestionWithPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	calls := []string{}
	host := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		calls = append(calls, r.URL.RequestURI()+r.Header.Get("Authorization"))
		_, _ = rw.Write([]byte("picture"))
	}))
	t.Cleanup(host.Close)
	var enclosed []connector.Enclosed
	w.env.Enclose = func(_ context.Context, es ...connector.Enclosed) error {
		enclosed = append(enclosed, es...)
		return nil
	}
	w.Files = httpapi.NewFiles(session.MostFile, w.Clock.Now, true)
	src := host.URL + "/v/a.jpg?oh=1"
	write := func(text, kind, src string) string {
		id := w.fake.Write(w.post, janis, "Jānis", text)
		w.fake.Attach(id, kind, src)
		return id
	}
	first := write("Kas te ir?", "photo", src)
	alone := write("", "photo", src)
	write("Un šis?", "video_inline", src)
	write("Un saite?", "share", src)
	long := write("Gara?", "photo", src+strings.Repeat("x", httpapi.LongestAddress))
	for range 2 {
		w.Must(w.look(w.Facebook))
	}
	with := map[string]session.Media{}
	for _, a := range w.Inbox.Asks {
		with[a.Text] = a.With
	}
	if len(with) != 5 || with["Kas te ir?"] != session.MediaPicture || with["Un šis?"] != session.MediaVideo || with["Un saite?"] != "" {
		t.Errorf("asked %v", with)
	}
	got := map[string]string{}
	for _, e := range enclosed {
		got[string(e.At.Message)] = e.File
		if e.Key == "" || e.Sent.IsZero() || e.At.User != janis {
			t.Errorf("%+v", e)
		}
	}
	if len(got) != 3 || got[first] != src || got[alone] != src || got[long] != "" {
		t.Errorf("handed over: %v", got)
	}
	if b, err := w.File(t.Context(), got[first]); err != nil || string(b) != "picture" || !slices.Equal(calls, []string{"/v/a.jpg?oh=1"}) {
		t.Errorf("%q, %v, called as %q", b, err, calls)
	}
	_, err := w.File(t.Context(), got[long])
	w.Wants("no address", err, connector.Refused)
	w.Files = httpapi.NewFiles(session.MostFile, w.Clock.Now, false)
	if _, err := w.File(t.Context(), src); err == nil || len(calls) != 1 {
		t.Errorf("an address inside was called: %v", err)
	}
}
