package blueskyfake

import (
	"net/http"
	"testing"
)

// TestFiles: pictures are shown to anybody as what they are, and to nobody who sends a secret.
func TestFiles(t *testing.T) {
	t.Parallel()
	s := New(t, Options{})
	p := s.User("anna.test").WriteWith("Why?", Sent{Content: []byte("\x89PNG\r\n\x1a\n")})
	at := s.URL + filesAt + p.By.DID + "/" + p.Record.Embed.Images[0].Image.Ref.Link
	for name, c := range map[string]struct {
		to, header, kind string
		status           int
	}{
		"a picture":     {at, "", "image/png", http.StatusOK},
		"with a token":  {at, "Authorization", "application/json", http.StatusBadRequest},
		"with a cookie": {at, "Cookie", "application/json", http.StatusBadRequest},
		"with a query":  {at + "?x=y", "", "application/json", http.StatusBadRequest},
		"unknown":       {at + "x", "", "application/json", http.StatusNotFound},
		"of nobody":     {s.URL + filesAt + "did:plc:x/" + p.Record.Embed.Images[0].Image.Ref.Link, "", "application/json", http.StatusNotFound},
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
