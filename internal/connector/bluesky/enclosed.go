package bluesky

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
)

var _ connector.Filer = (*Bluesky)(nil)

const (
	// fileTimeout bounds the reading of a picture.
	fileTimeout = 10 * time.Second
	// mostEnclosed is one more than a question has, so that who sent more is told so.
	mostEnclosed = session.MaxPictures + 1
)

// attached is what came with a post: as its author's server keeps it, and as the platform shows it.
type attached struct {
	Type   string `json:"$type"`
	Images []struct {
		Alt  string `json:"alt"`
		Full string `json:"fullsize"` // where the platform shows it from
	} `json:"images"`
	// Media is the same beside a post that is quoted.
	Media *attached `json:"media"`
}

const (
	embedImages = "app.bsky.embed.images"
	embedVideo  = "app.bsky.embed.video"
	embedBoth   = "app.bsky.embed.recordWithMedia"
)

// attachedOf reads it; what cannot be read is nothing.
func attachedOf(raw []byte) attached {
	var a attached
	if json.Unmarshal(raw, &a) != nil {
		return attached{}
	}
	a.Type = strings.TrimSuffix(a.Type, "#view")
	if a.Type == embedBoth && a.Media != nil {
		a = *a.Media
		a.Type = strings.TrimSuffix(a.Type, "#view")
	}
	return a
}

// enclosed is what was sent with a post, and the words of its pictures.
func (v view) enclosed() (with session.Media, alts []string) {
	var r struct {
		Embed json.RawMessage `json:"embed"`
	}
	_ = json.Unmarshal(v.Raw, &r) // what cannot be read has none
	switch a := attachedOf(r.Embed); {
	case a.Type == embedVideo:
		return session.MediaVideo, nil
	case a.Type == embedImages && len(a.Images) > 0:
		for _, one := range a.Images[:min(len(a.Images), mostEnclosed)] {
			alts = append(alts, session.Shorten(one.Alt, session.MaxAlt))
		}
		return session.MediaPicture, alts
	}
	return "", nil
}

// enclose hands the pictures of a question over.
func (b *Bluesky) enclose(ctx context.Context, o session.Origin, l letter) error {
	if b.env.Enclose == nil || len(l.Alts) == 0 {
		return nil
	}
	var all []connector.Enclosed
	for i, alt := range l.Alts {
		id := l.URI + " " + strconv.Itoa(i)
		all = append(all, connector.Enclosed{At: o, Sent: l.At, Key: id, File: id, Alt: alt})
	}
	return b.env.Enclose(ctx, all...)
}

// File fetches a picture of a post: the platform is asked where it shows it from, and that has to be
// below the configured address.
func (b *Bluesky) File(ctx context.Context, id string) ([]byte, error) {
	uri, at, _ := strings.Cut(id, " ")
	n, err := strconv.Atoi(at)
	if err != nil {
		return nil, errNoPicture
	}
	posts, err := b.posts(ctx, uri)
	if err != nil {
		return nil, err
	}
	shown := attachedOf(posts[uri].Embed)
	if shown.Type != embedImages || n < 0 || n >= len(shown.Images) {
		return nil, errNoPicture
	}
	path, ok := strings.CutPrefix(shown.Images[n].Full, b.shown+"/")
	if !ok {
		return nil, errElsewhere
	}
	a, err := b.files.Do(ctx, httpapi.Request{Method: http.MethodGet, To: "/" + path})
	return a.Body, err
}

var (
	errNoPicture = &connector.SendError{Outcome: connector.Refused, Detail: "the picture is not shown"}
	errElsewhere = &connector.SendError{Outcome: connector.Refused, Detail: "the picture is shown from elsewhere than pictures_url"}
)
