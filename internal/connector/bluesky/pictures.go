package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	_ "image/jpeg" // how tall pictures are for their width
	_ "image/png"
	"net/http"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/wording"
)

// mostPictures is how many a post has at most. Each may have 2,000,000 bytes, which is more
// than the program keeps.
const mostPictures = 4

// embedded are the pictures of a post.
type embedded struct {
	Type   string    `json:"$type"`
	Images []picture `json:"images"`
}

// picture is one of them. Blob is what the server said when it got the bytes: the same ones
// are the same blob, so that a repeat is the same record.
type picture struct {
	Alt   string          `json:"alt"`
	Blob  json.RawMessage `json:"image"`
	Ratio *ratio          `json:"aspectRatio,omitempty"`
}

type ratio struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// pictures hands over those of a post. The server forgets bytes that no record has.
func (b *Bluesky) pictures(ctx context.Context, p connector.Post) (*embedded, error) {
	if len(p.Pictures) == 0 {
		return nil, nil
	}
	e := &embedded{Type: "app.bsky.embed.images"}
	for _, of := range p.Pictures {
		content, err := p.Bytes(ctx, of)
		if err != nil {
			return nil, err
		}
		one := picture{Alt: wording.In(p.Language).Picture(of), Ratio: ratioOf(content)}
		if one.Blob, err = b.upload(ctx, of.Type, content); err != nil {
			return nil, err
		}
		e.Images = append(e.Images, one)
	}
	return e, nil
}

func ratioOf(content []byte) *ratio {
	c, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return nil // it is shown all the same
	}
	return &ratio{c.Width, c.Height}
}

// upload hands over bytes. No post is made by that, so whatever goes wrong may be repeated.
func (b *Bluesky) upload(ctx context.Context, kind string, content []byte) (json.RawMessage, error) {
	var said struct {
		Blob json.RawMessage `json:"blob"`
	}
	body := httpapi.Raw(kind, content)
	err := b.call(ctx, httpapi.Request{Method: http.MethodPost, To: to("com.atproto.repo.uploadBlob"), Body: body, Into: &said})
	return said.Blob, connector.Repeatable(err)
}
