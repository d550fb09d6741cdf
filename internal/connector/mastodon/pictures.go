package mastodon

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// mostPictures is how many a post of Mastodon's has at most. Each may have 16 MB and 1,500
// characters, which is more than the program keeps.
const mostPictures = 4

// untilReady is how long a server is left alone that still works at a picture.
const untilReady = 2 * time.Second

// errAtWork is that of a post that waits for it.
var errAtWork = &connector.SendError{Outcome: connector.Deferred, Wait: untilReady, Detail: "the server still works at a picture"}

// errOtherPictures is that of a post which was edited, but for its pictures.
var errOtherPictures = &connector.SendError{Outcome: connector.Refused,
	Detail: "the server changed the text and left the pictures as they were"}

// shows reports whether a post has the pictures that it should, as far as their words tell.
func (s status) shows(p connector.Post) bool {
	for i, of := range p.Pictures {
		if i >= len(s.Media) || folded(s.Media[i].Alt) != alt(p, of) {
			return false
		}
	}
	return len(s.Media) == len(p.Pictures)
}

// alt is in one line, for snac cuts it there.
func alt(p connector.Post, of session.Picture) string {
	return folded(wording.In(p.Language).Picture(of))
}

// pictures hands over those of a post and gives their ids once a post can have them. The ids
// are kept one by one, so that whoever comes after a wait or a refusal (30 are taken in half an
// hour) goes on where this ended. What no post has the server forgets after a day.
func (m *Mastodon) pictures(ctx context.Context, p connector.Post) (ids []string, err error) {
	ids, err = m.handedOver(ctx, p.Note)
	for err == nil && len(ids) < len(p.Pictures) {
		ids, err = m.handOver(ctx, p, ids)
	}
	return ids, err
}

// handedOver are the ids of the first pictures, as far as a former attempt came and the server
// has them for a post to come.
func (m *Mastodon) handedOver(ctx context.Context, note string) ([]string, error) {
	ids := []string{} // in JSON, an empty list is something else than none
	for id := range strings.FieldsSeq(note) {
		a, err := m.get(ctx, "/api/v1/media/"+url.PathEscape(id), nil, nil)
		switch {
		case missing(err):
			return ids, nil
		case err != nil:
			return nil, err
		case a.Status == http.StatusPartialContent:
			return nil, errAtWork
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// handOver hands the next picture over, and adds its id.
func (m *Mastodon) handOver(ctx context.Context, p connector.Post, ids []string) ([]string, error) {
	of := p.Pictures[len(ids)]
	content, err := p.Bytes(ctx, of)
	if err != nil {
		return nil, err
	}
	id, ready, err := m.upload(ctx, of, content, alt(p, of))
	if err != nil {
		return nil, err
	}
	ids = append(ids, id)
	if err := p.Keep(ctx, strings.Join(ids, " ")); err != nil {
		return nil, err
	}
	if !ready {
		return nil, errAtWork
	}
	return ids, nil
}

// upload hands over bytes; ready is false while the server works at them. No post is made by
// that, so whatever goes wrong may be repeated. The name is the picture's own, because snac
// replaces one by another of the same name, even where that stands already.
func (m *Mastodon) upload(ctx context.Context, of session.Picture, content []byte, alt string) (id string, ready bool, err error) {
	var said struct {
		ID string `json:"id"`
	}
	file := httpapi.Part{Name: "file", File: string(of.Hash), Type: of.Type, Content: content}
	words := httpapi.Part{Name: "description", Content: []byte(alt)}
	a, err := m.do(ctx, httpapi.Request{Method: http.MethodPost, To: mediaAt, Into: &said, Body: httpapi.Multipart(file, words)})
	if err == nil && said.ID == "" {
		err = &connector.SendError{Outcome: connector.Deferred, Detail: "no id of a picture"}
	}
	return said.ID, a.Status != http.StatusAccepted, connector.Repeatable(err)
}

const mediaAt = "/api/v2/media"

// tryMedia looks whether the token is good for pictures too, which those that people made by hand
// may not be, and whether the server takes what the program sends. Nothing is handed over, which
// every server refuses in other words.
func (m *Mastodon) tryMedia(ctx context.Context) []connector.Finding {
	a, _ := m.do(ctx, httpapi.Request{Method: http.MethodPost, To: mediaAt, Body: httpapi.Multipart()})
	if a.Status == http.StatusForbidden {
		return []connector.Finding{{ID: "mastodon.media", Bad: true}}
	}
	said, err := m.instance(ctx)
	most := cmp.Or(said.Configuration.Statuses.Media, mostPictures)
	size := cmp.Or(said.Configuration.Media.Size, session.MostPicture)
	if err != nil || most >= mostPictures && size >= session.MostPicture {
		return nil
	}
	return []connector.Finding{{ID: "mastodon.media_bounds", Args: []any{"most", most, "size", size / 1000}}}
}
