package xfake

import (
	"bytes"
	"encoding/base64"
	"image"
	_ "image/jpeg" // which pictures X takes
	_ "image/png"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"
)

// The calls by which pictures are handed over.
const (
	Upload   = "POST /2/media/upload"
	Describe = "POST /2/media/metadata"
)

// What X takes of pictures (https://docs.x.com/x-api/media/quickstart/best-practices), and for how long.
const (
	mostPicture  = 5 << 20
	mostPictures = 4
	mostAlt      = 1000
	mediaFor     = 24 * time.Hour
	priceAlt     = 5
)

// Medium is a file of a post.
type Medium struct {
	Key, Type string // "3_…" and "photo" are a picture's
	URL, Alt  string
	Bytes     []byte // what was handed over
}

// upload is one that no post has yet.
type upload struct {
	Medium
	until time.Time
	used  bool
}

// Attach puts files of somebody beside their post.
func (x *X) Attach(id string, files ...Medium) {
	x.do(func() {
		if p := x.find(id); p != nil {
			p.Media = files
		}
	})
}

func (x *X) upload(r *request) (any, error) {
	var asked struct {
		Media    string
		Category string `json:"media_category"`
	}
	ok := r.read(&asked)
	content, err := base64.StdEncoding.DecodeString(asked.Media)
	_, _, broken := image.DecodeConfig(bytes.NewReader(content))
	switch {
	case x.readOnly:
		return nil, no(http.StatusForbidden, "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.")
	case !ok || err != nil || asked.Category != "tweet_image" || broken != nil:
		return nil, invalid("fake: no picture")
	case len(content) > mostPicture:
		return nil, invalid("fake: the picture is too large")
	}
	id := x.id()
	x.uploads[id] = &upload{Medium{Key: "3_" + id, Type: "photo", Bytes: content, URL: "https://pbs.twimg.com/media/" + id + ".jpg"},
		x.now().Add(mediaFor), false}
	return map[string]any{"data": map[string]any{"id": id, "media_key": "3_" + id, "size": len(content), "expires_after_secs": 86400}}, nil
}

func (x *X) describe(r *request) (any, error) {
	var asked struct {
		ID       string
		Metadata struct {
			Alt struct{ Text string } `json:"alt_text"`
		}
	}
	ok := r.read(&asked)
	text := asked.Metadata.Alt.Text
	u := x.uploads[asked.ID]
	switch {
	case !ok || text == "" || utf8.RuneCountInString(text) > mostAlt:
		return nil, invalid("fake: no words of a picture")
	case u == nil || u.used || !x.now().Before(u.until):
		return nil, invalid("fake: there is no such picture")
	}
	u.Alt = text
	x.spent += priceAlt
	said := map[string]any{"alt_text": map[string]any{"text": text}}
	return map[string]any{"data": map[string]any{"id": asked.ID, "associated_metadata": said}}, nil
}

// take gives the files of a draft, each for one post.
func (x *X) take(ids []string) (files []Medium, err error) {
	for i, id := range ids {
		u := x.uploads[id]
		if u == nil || u.used || !x.now().Before(u.until) || len(ids) > mostPictures || slices.Contains(ids[:i], id) {
			return nil, invalid("Your media IDs are invalid.")
		}
		files = append(files, u.Medium)
	}
	for _, id := range ids {
		x.uploads[id].used = true
	}
	return files, nil
}

// shownAs are files as X gives them, with the fields that were asked for.
func shownAs(files []Medium, fields []string) (all []any) {
	for _, m := range files {
		one := map[string]any{"media_key": m.Key, "type": m.Type}
		for name, value := range map[string]string{"url": m.URL, "alt_text": m.Alt} {
			if slices.Contains(fields, name) && value != "" {
				one[name] = value
			}
		}
		all = append(all, one)
	}
	return all
}

// keysOf name files.
func keysOf(files []Medium) (keys []string) {
	for _, m := range files {
		keys = append(keys, m.Key)
	}
	return keys
}
