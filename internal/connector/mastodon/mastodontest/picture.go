package mastodontest

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"

	"experthour/internal/testenv"
)

// WriteWith posts as who asks, with a picture, and gives the post's id.
func (s *Server) WriteWith(text, alt string, picture []byte) string {
	s.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	file, err := form.CreateFormFile("file", "roof.png")
	if err == nil {
		_, err = file.Write(picture)
	}
	if err = errors.Join(err, form.WriteField("description", alt), form.Close()); err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(testenv.Soon(s.t), http.MethodPost, s.URL+"/api/v2/media", &b)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+s.asker)
	resp, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var made struct{ ID string }
	if err := json.NewDecoder(resp.Body).Decode(&made); err != nil || made.ID == "" {
		s.t.Fatalf("a picture: %s, %v", resp.Status, err)
	}
	return s.write(url.Values{"status": {text}, "visibility": {"public"}, "media_ids[]": {made.ID}})
}
