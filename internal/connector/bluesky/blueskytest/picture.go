package blueskytest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"experthour/internal/testenv"
)

// WriteWith posts a text with a picture.
func (u *User) WriteWith(text, alt string, picture []byte) Ref {
	u.t.Helper()
	p := u.post(text, nil)
	p["embed"] = map[string]any{"$type": "app.bsky.embed.images", "images": []any{map[string]any{"alt": alt, "image": u.upload(picture)}}}
	return u.create(posts, p)
}

// upload hands over a PNG.
func (u *User) upload(picture []byte) (blob json.RawMessage) {
	u.t.Helper()
	r, err := http.NewRequestWithContext(u.t.Context(), http.MethodPost, u.s.URL+"/xrpc/com.atproto.repo.uploadBlob", bytes.NewReader(picture))
	if err != nil {
		u.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "image/png")
	r.Header.Set("Authorization", "Bearer "+u.Access)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		u.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var said struct{ Blob json.RawMessage }
	if err := json.NewDecoder(resp.Body).Decode(&said); err != nil || resp.StatusCode != http.StatusOK {
		u.t.Fatalf("a picture: %s, %v", resp.Status, err)
	}
	return said.Blob
}

// ShownFrom is where the view of all posts shows pictures from, by one that somebody posts for that.
func (u *User) ShownFrom(picture []byte) (base string) {
	u.t.Helper()
	p := u.WriteWith("A picture of nothing.", "", picture)
	testenv.Until(u.t, "a picture is shown", func() bool {
		var said struct {
			Posts []struct {
				Embed struct {
					Images []struct{ Fullsize string }
				}
			}
		}
		u.call("app.bsky.feed.getPosts?"+url.Values{"uris": {p.URI}}.Encode(), nil, &said)
		if len(said.Posts) == 1 && len(said.Posts[0].Embed.Images) == 1 {
			base, _, _ = strings.Cut(said.Posts[0].Embed.Images[0].Fullsize, "/img/")
		}
		return base != ""
	})
	return base
}
