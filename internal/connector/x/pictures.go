package x

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
	"experthour/internal/wording"
)

const (
	// mostPictures is how many a post has at most. Each may have 5 MB, which is more than the program keeps
	// (https://docs.x.com/x-api/media/quickstart/best-practices).
	mostPictures = 4
	// mostWords bounds what is said of one, in characters.
	mostWords = 1000
	// mostEnclosed is one more than a question has, so that who sent more is told so.
	mostEnclosed = session.MaxPictures + 1
	// mediaHost is where X shows pictures from, and longestShown how long an address there is at most, in bytes.
	mediaHost    = "https://pbs.twimg.com/"
	longestShown = 500
)

var _ connector.Filer = (*X)(nil)

// attachedIDs are pictures as a draft names them.
type attachedIDs struct {
	IDs []string `json:"media_ids"`
}

// pictures hands over those of a post, each with its words; nil is none. X forgets what no post has after a day, and no post is made
// by it, so that whatever goes wrong may be repeated.
func (x *X) pictures(ctx context.Context, p connector.Post) (*attachedIDs, error) {
	if len(p.Pictures) == 0 {
		return nil, nil
	}
	m := &attachedIDs{}
	for _, of := range p.Pictures {
		content, err := p.Bytes(ctx, of)
		if err != nil {
			return nil, err
		}
		id, err := x.upload(ctx, content)
		if err == nil {
			err = x.describe(ctx, id, altOf(p, of))
		}
		if err != nil {
			return nil, connector.Repeatable(err)
		}
		m.IDs = append(m.IDs, id)
	}
	return m, nil
}

func (x *X) upload(ctx context.Context, content []byte) (string, error) {
	var said struct{ Data struct{ ID string } }
	_, err := x.do(ctx, httpapi.Request{Method: http.MethodPost, To: "/2/media/upload", Into: &said,
		Body: httpapi.JSON(map[string]any{"media": content, "media_category": "tweet_image"})})
	if err == nil && !number.MatchString(said.Data.ID) {
		err = unusable(connector.Deferred)
	}
	return said.Data.ID, err
}

func (x *X) describe(ctx context.Context, id, words string) error {
	type text struct {
		Text string `json:"text"`
	}
	_, err := x.do(ctx, httpapi.Request{Method: http.MethodPost, To: "/2/media/metadata",
		Body: httpapi.JSON(map[string]any{"id": id, "metadata": map[string]any{"alt_text": text{words}}})})
	return err
}

// altOf is what is said of a picture. Who made it is always named: what it shows is shortened for that.
func altOf(p connector.Post, of session.Picture) string {
	all := wording.In(p.Language).Picture(of)
	if over := utf8.RuneCountInString(all) - mostWords; over > 0 {
		of.Alt = session.Shorten(of.Alt, max(utf8.RuneCountInString(of.Alt)-over, 1))
		all = wording.In(p.Language).Picture(of)
	}
	return all
}

// medium is a file of a post as it is read.
type medium struct {
	Key  string `json:"media_key"`
	Type string
	URL  string
	Alt  string `json:"alt_text"`
}

// sent is a picture of a question; without an address it counts as lost.
type sent struct {
	URL string `json:",omitempty"`
	Alt string `json:",omitempty"`
}

// photos are the pictures of a post, of what was read beside it. Only X's own host is asked for them.
func (x *X) photos(p post, beside []medium) (all []sent) {
	for _, key := range p.Attached.Media {
		i := slices.IndexFunc(beside, func(m medium) bool { return m.Key == key })
		if i < 0 || beside[i].Type != "photo" || len(all) >= mostEnclosed {
			continue
		}
		s := sent{Alt: session.Shorten(beside[i].Alt, session.MaxAlt)}
		if at := beside[i].URL; strings.HasPrefix(at, x.shown) && len(at) <= longestShown {
			s.URL = at
		}
		all = append(all, s)
	}
	return all
}

// enclose hands the pictures of a question over. What X brought by itself may come without them: they are looked up.
func (x *X) enclose(ctx context.Context, o session.Origin, l letter) error {
	if x.env.Enclose == nil || l.With != session.MediaPicture {
		return nil
	}
	if l.Brought && len(l.Photos) == 0 {
		p, err := x.lookup(ctx, l.ID)
		if err != nil {
			return err
		}
		for _, raw := range p.Data {
			if q, ok := parse(raw); ok {
				l.Photos = x.photos(q, p.Includes.Media)
			}
		}
	}
	var all []connector.Enclosed
	for i, s := range l.Photos {
		all = append(all, connector.Enclosed{At: o, Sent: l.At, Key: l.ID + " " + strconv.Itoa(i), File: s.URL, Alt: s.Alt})
	}
	if len(all) == 0 {
		return nil
	}
	return x.env.Enclose(ctx, all...)
}
