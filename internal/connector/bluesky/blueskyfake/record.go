package blueskyfake

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

const feedPost = "app.bsky.feed.post"

// Record is what a post is made of; whatever else is in one is refused.
type Record struct {
	Type    string   `json:"$type"`
	Text    string   `json:"text"`
	Created string   `json:"createdAt"`
	Langs   []string `json:"langs,omitempty"`
	Facets  []Facet  `json:"facets,omitempty"`
	Reply   *Above   `json:"reply,omitempty"`
	Embed   *Embed   `json:"embed,omitempty"`
}

// Facet marks bytes of a text.
type Facet struct {
	Index struct {
		Start int `json:"byteStart"`
		End   int `json:"byteEnd"`
	} `json:"index"`
	Features []Feature `json:"features"`
}

// Feature is what a mark does.
type Feature struct {
	Type string `json:"$type"`
	URI  string `json:"uri,omitempty"`
	Tag  string `json:"tag,omitempty"`
	DID  string `json:"did,omitempty"`
}

// Ref is a version of a post.
type Ref struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

// Above is what a reply stands under.
type Above struct {
	Root   Ref `json:"root"`
	Parent Ref `json:"parent"`
}

// Post is a post that stands, or stood.
type Post struct {
	Ref
	By      *User
	Record  Record
	At      time.Time // when it came
	Gone    bool
	Likes   int
	Edits   int
	Deletes int
}

var tid = regexp.MustCompile(`^[2-7a-j][2-7a-z]{12}$`)

func cidOf(r any) string {
	raw, _ := json.Marshal(r)
	sum := sha256.Sum256(raw)
	return link(ofRecord, sum)
}

// The codecs of what a link leads to.
const (
	ofBytes  = 0x55
	ofRecord = 0x71
)

// link is a CID: version 1, the codec, and that a SHA-256 of 32 bytes follows.
func link(codec byte, sum [sha256.Size]byte) string {
	b := append([]byte{1, codec, 0x12, sha256.Size}, sum[:]...)
	return "b" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

// check is what the platform's schema says, and that marks and replies make sense.
func (s *Server) check(r Record) *refusal {
	switch _, err := time.Parse(time.RFC3339, r.Created); {
	case r.Type != feedPost:
		return invalid("Invalid $type: expected %s, got %s", feedPost, r.Type)
	case r.Text == "":
		return invalid("an empty post without anything else")
	case !utf8.ValidString(r.Text) || len(r.Text) > 3000:
		return invalid("Invalid %s record: Record/text must not be longer than 3000 characters", feedPost)
	case uniseg.GraphemeClusterCount(r.Text) > 300:
		return invalid("Invalid %s record: Record/text must not be longer than 300 graphemes", feedPost)
	case err != nil || !strings.HasSuffix(r.Created, "Z") || strings.HasPrefix(r.Created, "0001"):
		return invalid("Invalid %s record: Record/createdAt must be a valid datetime", feedPost)
	case len(r.Langs) > 3:
		return invalid("Invalid %s record: Record/langs must not have more than 3 elements", feedPost)
	}
	for _, f := range r.Facets {
		if refused := f.check(r.Text); refused != nil {
			return refused
		}
	}
	if refused := s.checkPictures(r.Embed); refused != nil || r.Reply == nil {
		return refused
	}
	for _, above := range []Ref{r.Reply.Root, r.Reply.Parent} {
		if p := s.posts[above.URI]; p == nil || above.CID == "" {
			return invalid("a reply to %q, which never was there", above.URI)
		}
	}
	return nil
}

func (f Facet) check(text string) *refusal {
	from, to := f.Index.Start, f.Index.End
	if from < 0 || to <= from || to > len(text) || !utf8.ValidString(text[:from]) || !utf8.ValidString(text[from:to]) || len(f.Features) != 1 {
		return invalid("a mark over nothing: %d to %d of %d", from, to, len(text))
	}
	part := text[from:to]
	switch feature := f.Features[0]; feature.Type {
	case "app.bsky.richtext.facet#link":
		if feature.URI != part {
			return invalid("%q leads to %q", part, feature.URI)
		}
	case "app.bsky.richtext.facet#tag":
		if "#"+feature.Tag != part {
			return invalid("%q is marked as the tag %q", part, feature.Tag)
		}
	case "app.bsky.richtext.facet#mention":
	default:
		return invalid("the unknown mark %q", feature.Type)
	}
	return nil
}

// place finds where a call of the account's owner goes to.
func (s *Server) place(in *request, get func(string) string) (uri string, refused *refusal) {
	repo, key := get("repo"), get("rkey")
	switch {
	case repo != in.by.DID && repo != in.by.Handle:
		return "", no(http.StatusForbidden, "Forbidden", "Invalid repo")
	case get("collection") != feedPost && get("collection") != threadGate && get("collection") != profiles:
		return "", invalid("Could not find lexicon: %s", get("collection"))
	case get("collection") == profiles && key != "self" || get("collection") != profiles && !tid.MatchString(key):
		return "", invalid("Invalid record key: %q", key)
	}
	return "at://" + in.by.DID + "/" + get("collection") + "/" + key, nil
}

func ofBody(in *request) func(string) string {
	return func(name string) string { return text(in.body[name]) }
}

func (s *Server) putRecord(in *request) (any, *refusal) {
	uri, refused := s.place(in, ofBody(in))
	if refused != nil {
		return nil, refused
	}
	switch {
	case strings.Contains(uri, threadGate):
		return s.putGate(in, uri)
	case strings.Contains(uri, profiles):
		return s.putProfile(in, uri)
	}
	var r Record
	d := json.NewDecoder(bytes.NewReader(in.body["record"]))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return nil, invalid("%v", err)
	}
	if refused := s.check(r); refused != nil {
		return nil, refused
	}
	cid, p, was := cidOf(r), s.posts[uri], ""
	if p != nil && !p.Gone {
		was = p.CID
	}
	if cid == was {
		return p.Ref, nil // the same again
	}
	if text(in.body["swapRecord"]) != was {
		return nil, swapped(was)
	}
	s.store(in.by, uri, r)
	return Ref{uri, cid}, nil
}

func swapped(was string) *refusal {
	return no(http.StatusBadRequest, "InvalidSwap", "Record was at "+was)
}

// store puts a version of a post; one that was deleted is back.
func (s *Server) store(by *User, uri string, r Record) *Post {
	p := s.posts[uri]
	if p == nil {
		p = &Post{By: by, At: time.Now()}
		s.posts[uri] = p
		s.order = append(s.order, p)
	} else if !p.Gone {
		p.Edits++
	}
	p.Ref, p.Record, p.Gone = Ref{uri, cidOf(r)}, r, false
	return p
}

func (s *Server) deleteRecord(in *request) (any, *refusal) {
	uri, refused := s.place(in, ofBody(in))
	if refused != nil {
		return nil, refused
	}
	delete(s.gates, uri)
	if p := s.posts[uri]; p != nil && !p.Gone {
		p.Gone = true
		p.Deletes++
	}
	return map[string]any{}, nil
}

func (s *Server) getRecord(in *request) (any, *refusal) {
	uri, refused := s.place(in, in.FormValue)
	if refused != nil {
		return nil, refused
	}
	if g, ok := s.gates[uri]; ok {
		return map[string]any{"uri": uri, "cid": cidOf(g), "value": g}, nil
	}
	if known, ok := s.profiles[in.by.DID]; ok && strings.Contains(uri, profiles) {
		return map[string]any{"uri": uri, "cid": cidOf(known), "value": known}, nil
	}
	p := s.posts[uri]
	if p == nil || p.Gone {
		return nil, no(http.StatusBadRequest, "RecordNotFound", "Could not locate record: "+uri)
	}
	return map[string]any{"uri": p.URI, "cid": p.CID, "value": p.Record}, nil
}
