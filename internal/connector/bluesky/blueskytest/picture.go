package blueskytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"
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

// claimed is where the view of all posts says that pictures are: a host that there is not. Bluesky's
// own says cdn.bsky.app.
const claimed = "https://bsky.public.url/img/"

// pathOfFile is what it says behind that.
const pathOfFile = "feed_fullsize/plain/"

// Show opens a way to a server on which pictures are where the view says that they are, but for the
// host: there they are read from the server that keeps them. What is asked with a token fails the test.
func Show(t testing.TB, server string) (address string) {
	t.Helper()
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	var s *httptest.Server
	on := &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Header.Del("Accept-Encoding") },
		ModifyResponse: func(r *http.Response) error { return swapHost(r, s.URL+"/img/") },
		ErrorHandler:   func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }, // who called is gone
	}
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, is := strings.CutPrefix(r.URL.Path, "/img/"+pathOfFile)
		if !is {
			on.ServeHTTP(w, r)
			return
		}
		if r.Header.Get("Authorization") != "" {
			t.Error("a token is sent to where pictures are")
		}
		did, cid, _ := strings.Cut(file, "/")
		r.URL.Path, r.URL.RawQuery = "/xrpc/com.atproto.sync.getBlob", url.Values{"did": {did}, "cid": {cid}}.Encode()
		on.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}

// swapHost replaces the host of pictures in what is answered in words.
func swapHost(r *http.Response, host string) error {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	body = bytes.ReplaceAll(body, []byte(claimed), []byte(host))
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}
