package blueskyfake

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// Embed are the pictures of a post.
type Embed struct {
	Type   string    `json:"$type"`
	Images []Picture `json:"images,omitempty"`
	// Media is what stands beside a post that is quoted, which is Record. The institution quotes none.
	Media  *Embed         `json:"media,omitempty"`
	Record map[string]any `json:"record,omitempty"`
}

// Picture is one of them.
type Picture struct {
	Alt   string `json:"alt"`
	Image Blob   `json:"image"`
	Ratio *struct {
		Width  int `json:"width"`
		Height int `json:"height"`
	} `json:"aspectRatio,omitempty"`
}

// Blob are bytes that were handed over.
type Blob struct {
	Type string `json:"$type"`
	Ref  struct {
		Link string `json:"$link"`
	} `json:"ref"`
	Mime  string `json:"mimeType"`
	Size  int    `json:"size"`
	bytes []byte
}

const (
	mostImages = 4
	mostImage  = 2_000_000
	mostBlob   = 5 << 20
)

func (s *Server) uploadBlob(in *request) (any, *refusal) {
	content, err := io.ReadAll(io.LimitReader(in.Body, mostBlob+1))
	switch {
	case err != nil || len(content) == 0:
		return nil, invalid("a body is needed")
	case len(content) > mostBlob:
		return nil, no(http.StatusRequestEntityTooLarge, "PayloadTooLarge", "request entity too large")
	}
	b := Blob{Type: "blob", Mime: http.DetectContentType(content), Size: len(content), bytes: content}
	sum := sha256.Sum256(content)
	b.Ref.Link = link(ofBytes, sum)
	s.blobs[b.Ref.Link] = b
	return map[string]any{"blob": b}, nil
}

// checkPictures is what the schema says of them.
func (s *Server) checkPictures(e *Embed) *refusal {
	if e == nil {
		return nil
	}
	if e.Type != embedImages || e.Media != nil || e.Record != nil || len(e.Images) == 0 || len(e.Images) > mostImages {
		return invalid("Invalid app.bsky.feed.post record: Record/embed/images must not have more than 4 elements")
	}
	for _, p := range e.Images {
		known, ok := s.blobs[p.Image.Ref.Link]
		switch {
		case !ok:
			return no(http.StatusBadRequest, "BlobNotFound", "Could not find blob: "+p.Image.Ref.Link)
		case p.Image.Size > mostImage:
			return no(http.StatusBadRequest, "BlobTooLarge", "This file is too large. It is too big but the maximum size is 2MB")
		case p.Image.Type != "blob" || p.Image.Size != known.Size || p.Image.Mime != known.Mime || !strings.HasPrefix(known.Mime, "image/"):
			return no(http.StatusBadRequest, "InvalidMimeType", "Referenced MimeType does not match stored blob")
		case p.Alt == "":
			return invalid("a picture without words for whoever cannot see it")
		}
	}
	return nil
}

// Bytes are those of a picture.
func (s *Server) Bytes(p Picture) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.blobs[p.Image.Ref.Link].bytes
}

const threadGate = "app.bsky.feed.threadgate"

// Gate is who may reply to a post.
type Gate struct {
	Type    string `json:"$type"`
	Post    string `json:"post"`
	Created string `json:"createdAt"`
	Allow   []struct {
		Type string `json:"$type"`
	} `json:"allow"`
}

// putGate puts one beside its post, once.
func (s *Server) putGate(in *request, uri string) (any, *refusal) {
	var g Gate
	d := json.NewDecoder(bytes.NewReader(in.body["record"]))
	d.DisallowUnknownFields()
	if err := d.Decode(&g); err != nil || g.Type != threadGate || g.Created == "" || g.Allow == nil {
		return nil, invalid("Invalid %s record: %v", threadGate, err)
	}
	if p := s.posts[g.Post]; p == nil || p.Gone || gateOf(g.Post) != uri {
		return nil, invalid("a gate that stands at no post: %s", g.Post)
	}
	if known, ok := s.gates[uri]; ok && cidOf(known) != cidOf(g) {
		return nil, swapped(cidOf(known))
	}
	s.gates[uri] = g
	return Ref{uri, cidOf(g)}, nil
}

func gateOf(uri string) string { return strings.Replace(uri, feedPost, threadGate, 1) }

// shutOut reports whether a post replies where its author may not. Who follows whom is not
// known here: nobody follows anybody.
func (s *Server) shutOut(p *Post) bool {
	if p.Record.Reply == nil {
		return false
	}
	_, ok := s.gates[gateOf(p.Record.Reply.Root.URI)]
	return ok && s.posts[p.Record.Reply.Root.URI].By != p.By
}
