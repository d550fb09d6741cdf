package blueskyfake

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

const (
	embedImages = "app.bsky.embed.images"
	// filesAt is where pictures are shown from, whoever keeps them.
	filesAt = "/img/feed_fullsize/plain/"
)

// Sent is a picture that somebody posts.
type Sent struct {
	Content []byte
	Alt     string
}

// WriteWith posts a text with pictures.
func (u *User) WriteWith(text string, sent ...Sent) *Post {
	return u.put(text, nil, u.embed(sent), time.Now())
}

// Quote posts a text with pictures beside another post.
func (u *User) Quote(of *Post, text string, sent ...Sent) *Post {
	e := &Embed{Type: "app.bsky.embed.recordWithMedia", Media: u.embed(sent),
		Record: map[string]any{"$type": "app.bsky.embed.record", "record": of.Ref}}
	return u.put(text, nil, e, time.Now())
}

// Film posts a text with a film.
func (u *User) Film(text string) *Post {
	return u.put(text, nil, &Embed{Type: "app.bsky.embed.video"}, time.Now())
}

func (u *User) embed(sent []Sent) *Embed {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	e := &Embed{Type: embedImages}
	for _, one := range sent {
		b := Blob{Type: "blob", Mime: http.DetectContentType(one.Content), Size: len(one.Content), bytes: one.Content}
		b.Ref.Link = link(ofBytes, sha256.Sum256(one.Content))
		u.s.blobs[b.Ref.Link] = b
		e.Images = append(e.Images, Picture{Alt: one.Alt, Image: b})
	}
	return e
}

// ShowFrom has pictures shown from another address than the server's own.
func (s *Server) ShowFrom(base string) { s.mu.Lock(); s.files = base; s.mu.Unlock() }

// Lead has pictures redirected.
func (s *Server) Lead(to string) { s.mu.Lock(); s.leads = to; s.mu.Unlock() }

// view is what readers see of it.
func (e *Embed) view(by *User) map[string]any {
	if e.Media != nil {
		return map[string]any{"$type": e.Type + "#view", "media": e.Media.view(by), "record": e.Record}
	}
	all, base := []any{}, by.s.files
	if base == "" {
		base = by.s.URL
	}
	for _, i := range e.Images {
		at := base + filesAt + by.DID + "/" + i.Image.Ref.Link
		all = append(all, map[string]any{"alt": i.Alt, "thumb": at, "fullsize": at})
	}
	return map[string]any{"$type": e.Type + "#view", "images": all}
}

// file shows a picture to anybody, but who sends a secret with it.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	did, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, filesAt), "/")
	b, ok := s.blobs[name]
	switch {
	case r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" || r.URL.RawQuery != "":
		fileRefused(w, http.StatusBadRequest, "nothing secret is sent to where pictures are")
	case r.Method != http.MethodGet || !ok || s.users[did] == nil:
		fileRefused(w, http.StatusNotFound, "Image not found")
	case s.leads != "":
		http.Redirect(w, r, s.leads, http.StatusFound)
	default:
		w.Header().Set("Content-Type", b.Mime)
		_, _ = w.Write(b.bytes) // a client that is gone reads nothing
	}
}

func fileRefused(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": why})
}
