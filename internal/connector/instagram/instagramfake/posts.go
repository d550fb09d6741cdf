package instagramfake

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"experthour/internal/connector/graph/graphfake"
)

// What a post may have (https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media,
// …/reference/error-codes).
const (
	MostCaption  = 2200
	MostTags     = 30
	MostNames    = 20
	MostAlt      = 1000
	MostBytes    = 8 << 20
	MostPosts    = 100 // in 24 hours (…/documentation/instagram-platform/content-publishing)
	narrow, wide = 4.0 / 5, 1.91
)

func (f *Instagram) shown(p *Post) map[string]any {
	under := slices.DeleteFunc(slices.Clone(f.comments), func(c *Comment) bool { return c.Media != p.ID })
	return map[string]any{"id": p.ID, "caption": p.Caption, "alt_text": p.Alt, "is_comment_enabled": !p.closed, "comments_count": len(under),
		"media_type": "IMAGE", "username": SelfName, "timestamp": graphfake.Stamp(p.At), "permalink": p.link()}
}

// link is the address of a post; what stands in it is no id of the API.
func (p *Post) link() string { return "https://www.instagram.com/p/C" + p.ID[6:] + "/" }

func (f *Instagram) own(c graphfake.Call) (map[string]any, error) {
	some := slices.DeleteFunc(slices.Clone(f.posts), func(p *Post) bool { return p.vanished })
	return graphfake.Listed(f.API, c, some, func(p *Post) time.Time { return p.At }, graphfake.List[*Post]{Usual: 25, Most: 100,
		ID: func(p *Post) string { return p.ID }, Shown: func(p *Post) (map[string]any, error) { return c.Picked(f.shown(p)), nil }})
}

var (
	tag  = regexp.MustCompile(`#[\p{L}\p{N}_]+`)
	name = regexp.MustCompile(`@[A-Za-z0-9._]+`)
)

// create makes a container of a picture, which is fetched from its address.
func (f *Instagram) create(c graphfake.Call) (map[string]any, error) {
	caption := c.Form.Get("caption")
	switch n := utf8.RuneCountInString(caption); {
	case n > MostCaption || len(tag.FindAllString(caption, -1)) > MostTags || len(name.FindAllString(caption, -1)) > MostNames:
		return nil, &graphfake.Failure{Code: 36004, Sub: 2207010, Text: fmt.Sprintf("The submitted image's caption was %d characters long.", n)}
	case utf8.RuneCountInString(c.Form.Get("alt_text")) > MostAlt:
		return nil, graphfake.Fail(100, "fake: the alternative text is too long")
	case c.Form.Get("image_url") == "":
		return nil, graphfake.Fail(100, "The parameter image_url is required")
	}
	picture, err := fetched(c.Form.Get("image_url"))
	if err == nil {
		err = fits(picture)
	}
	if err != nil {
		return nil, err
	}
	c.Form.Set("picture", string(picture))
	return f.Contain(c.Form), nil
}

var client = http.Client{Timeout: 10 * time.Second}

// fetched reads a picture from where everybody can.
func fetched(address string) ([]byte, error) {
	no := &graphfake.Failure{Code: 9004, Sub: 2207052, Text: "The media could not be fetched from this uri: " + address}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, no
	}
	resp, err := client.Get(address)
	if err != nil {
		return nil, no
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, MostBytes+1))
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, no
	}
	return b, nil
}

func fits(picture []byte) error {
	c, err := jpeg.DecodeConfig(bytes.NewReader(picture))
	switch ratio := float64(c.Width) / float64(max(c.Height, 1)); {
	case len(picture) > MostBytes:
		return &graphfake.Failure{Code: 36000, Sub: 2207004, Text: "The image is too large to download. It should be less than 8 MiB."}
	case err != nil:
		return &graphfake.Failure{Code: 36001, Sub: 2207005, Text: "The image format is not supported. Supported formats are: JPEG."}
	case ratio < narrow-0.001 || ratio > wide+0.001:
		return &graphfake.Failure{Code: 36003, Sub: 2207009, Text: fmt.Sprintf("The submitted image with aspect ratio (%v) cannot be "+
			"published.", ratio)}
	}
	return nil
}

// publish makes a container public, once.
func (f *Instagram) publish(c graphfake.Call) (map[string]any, error) {
	id := c.Form.Get("creation_id")
	no := &graphfake.Failure{Code: 9007, Sub: 2207027, Text: "The media is not ready for publishing, please wait for a moment"}
	if f.Container(id) == nil {
		no = &graphfake.Failure{Code: 24, Sub: 2207006, Text: "The media with " + id + " cannot be found"}
	}
	k, err := f.Ready(id, no)
	if err != nil {
		return nil, err
	}
	if f.published.Used(f.Now()) >= MostPosts {
		return nil, &graphfake.Failure{Code: 9, Sub: 2207042, Text: "You reached maximum number of posts that is allowed to be published by " +
			"Content Publishing API."}
	}
	f.published.Add(f.Now())
	k.Publish()
	p := &Post{ID: f.Next(), Caption: k.Form.Get("caption"), Alt: k.Form.Get("alt_text"), Picture: []byte(k.Form.Get("picture")),
		At: f.Now().Truncate(time.Second)}
	f.posts = append(f.posts, p)
	return map[string]any{"id": p.ID}, nil
}

func (f *Instagram) limit(c graphfake.Call) (map[string]any, error) {
	all := map[string]any{"quota_usage": f.published.Used(f.Now()), "config": graphfake.Quota(MostPosts)}
	return map[string]any{"data": []any{c.Picked(all)}}, nil
}
