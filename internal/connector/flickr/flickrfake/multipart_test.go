package flickrfake

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"testing"
)

// multiparted is a signed call whose fields stand in a multipart form, as Flickr's own client
// sends them, the parameters of OAuth too.
func (c *caller) multiparted(signed, sent url.Values) said {
	c.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range header(c.request(http.MethodPost, signed)) {
		sent[k] = v
	}
	for k := range sent {
		if err := w.WriteField(k, sent.Get(k)); err != nil {
			c.t.Fatal(err)
		}
	}
	_ = w.Close() // into memory
	r, err := http.NewRequest(http.MethodPost, c.f.URL+"/", io.NopCloser(&body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return c.send(r)
}

// TestMultipart: the fields of a multipart form are signed as those of any other.
func TestMultipart(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	form := func(text string) url.Values {
		return url.Values{"method": {"flickr.photos.comments.addComment"}, "format": {"json"}, "nojsoncallback": {"1"}, "photo_id": {Photo},
			"comment_text": {text}}
	}
	c.wants("right", c.multiparted(form("Jā & nē."), form("Jā & nē.")), 0)
	c.wants("changed", c.multiparted(form("Jā."), form("Nē.")), 96)
	c.wants("more", c.multiparted(form("Jā."), url.Values{"x": {"y"}}), 96)
	if all := c.f.Comments(); len(all) != 1 || all[0].Text != "Jā & nē." {
		t.Errorf("%+v", all)
	}
}
