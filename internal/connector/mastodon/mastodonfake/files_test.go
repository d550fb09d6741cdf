package mastodonfake

import (
	"net/http"
	"testing"
	"time"
)

// TestFiles: what was sent is given to anybody as what it is, and to nobody who sends a secret.
func TestFiles(t *testing.T) {
	t.Parallel()
	f := New(t, time.Now)
	stork := Media{Content: []byte("\x89PNG\r\n\x1a\n")}
	s := f.WriteWith(Person{"7", "anna"}, "@iestade Why?", stork, Media{Leads: "http://elsewhere.example/"})
	at := func(i int) string { return *s.Media[i].URL }
	for name, c := range map[string]struct {
		to, header, kind string
		status           int
	}{
		"a picture":     {at(0), "", "image/png", http.StatusOK},
		"with a token":  {at(0), "Authorization", "application/json", http.StatusBadRequest},
		"with a cookie": {at(0), "Cookie", "application/json", http.StatusBadRequest},
		"with a query":  {at(0) + "?access_token=x", "", "application/json", http.StatusBadRequest},
		"unknown":       {f.URL + filesAt + "1", "", "application/json", http.StatusNotFound},
		"leads":         {at(1), "", "text/html; charset=utf-8", http.StatusFound},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.to, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.header != "" {
			r.Header.Set(c.header, "a=b")
		}
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.status || resp.Header.Get("Content-Type") != c.kind {
			t.Errorf("%s: %s, %s", name, resp.Status, resp.Header.Get("Content-Type"))
		}
	}
}
