package mastodon

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
)

var _ connector.Filer = (*Mastodon)(nil)

const (
	// mostEnclosed is one more than a question has, so that who sent more is told so.
	mostEnclosed = session.MaxPictures + 1
)

// media is what the types of files are to the domain; all others are files, as "unknown" is, which
// the server could not take over. "gifv" is a film without sound.
var media = map[string]session.Media{"image": session.MediaPicture, "video": session.MediaVideo, "gifv": session.MediaVideo,
	"audio": session.MediaVoice}

// with is what was sent with a post: what is not taken, before pictures.
func (s status) with() (with session.Media) {
	for _, f := range s.Media {
		if with == "" || with == session.MediaPicture {
			with = cmp.Or(media[f.Type], session.MediaFile)
		}
	}
	return with
}

// images are the pictures of a post.
func (s status) images() (all []medium) {
	for _, f := range s.Media {
		if media[f.Type] == session.MediaPicture && len(all) < mostEnclosed {
			all = append(all, f)
		}
	}
	return all
}

// proxied is in an address that only leads to where the server has a file from: it fetches it then,
// which is a redirect.
const proxied = "/media_proxy/"

// address is from where a file is fetched; empty where there is nothing that can be one.
func (f medium) address() string {
	at := f.URL
	if at == "" || strings.Contains(at, proxied) {
		at = cmp.Or(f.Far, at)
	}
	if len(at) > httpapi.LongestAddress {
		return ""
	}
	return at
}

// enclose hands the pictures of a question over.
func (m *Mastodon) enclose(ctx context.Context, o session.Origin, s status) error {
	var all []connector.Enclosed
	for i, f := range s.images() {
		all = append(all, connector.Enclosed{At: o, Sent: s.CreatedAt, Key: s.ID + " " + strconv.Itoa(i), File: f.address(),
			Alt: session.Shorten(f.Alt, session.MaxAlt)})
	}
	if m.env.Enclose == nil || len(all) == 0 {
		return nil
	}
	return m.env.Enclose(ctx, all...)
}
