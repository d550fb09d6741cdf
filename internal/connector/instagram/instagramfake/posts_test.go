package instagramfake_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/instagram/instagramfake"
)

// shows serves a file to everybody, and gives its address.
func (c *caller) shows(file []byte) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(file) }))
	c.T.Cleanup(s.Close)
	return s.URL + "/picture.jpg"
}

// picture is one of a form, a hundred times as large.
func picture(w, h int) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 100*w, 100*h)), nil) // into memory
	return b.Bytes()
}

func form(params map[string]string) string {
	v := url.Values{}
	for k, s := range params {
		v.Set(k, s)
	}
	return v.Encode()
}

func (c *caller) create(params map[string]string) string {
	c.T.Helper()
	return c.Caller.Made("/v26.0/me/media", form(params))
}

// TestPicture: a JPEG of at most 8 MB, not higher than 5:4 nor wider than 1.91:1, from an address
// where everybody finds it.
func TestPicture(t *testing.T) {
	t.Parallel()
	c := call(t)
	var other bytes.Buffer
	if err := png.Encode(&other, image.NewGray(image.Rect(0, 0, 100, 100))); err != nil {
		t.Fatal(err)
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(gone.Close)
	for name, s := range map[string]struct{ want, address string }{
		"portrait": {"", c.shows(picture(4, 5))}, "square": {"", c.shows(picture(1, 1))}, "wide": {"", c.shows(picture(19, 10))},
		"too high": {"36003 2207009", c.shows(picture(3, 4))}, "too wide": {"36003 2207009", c.shows(picture(2, 1))},
		"png": {"36001 2207005", c.shows(other.Bytes())}, "none": {"36001 2207005", c.shows(nil)},
		"too large": {"36000 2207004", c.shows(append(picture(1, 1), make([]byte, 8<<20)...))},
		"gone":      {"9004 2207052", gone.URL}, "no address": {"9004 2207052", "picture.jpg"},
		"nobody":   {"9004 2207052", "http://127.0.0.1:1/x.jpg"},
		"left out": {"100", ""},
	} {
		if _, refusal := c.Say("POST", "/v26.0/me/media", form(map[string]string{"image_url": s.address})); refusal != s.want {
			t.Errorf("%s: %q, want %q", name, refusal, s.want)
		}
	}
}

// TestCaption: its length, how many hashtags and names it has, and the length of what is said of the picture.
func TestCaption(t *testing.T) {
	t.Parallel()
	c := call(t)
	at := c.shows(picture(4, 5))
	for _, s := range []struct{ want, caption, alt string }{
		{"", strings.Repeat("ā", 2200), strings.Repeat("ā", 1000)}, {"36004 2207010", strings.Repeat("ā", 2201), ""},
		{"", strings.Repeat("#ā ", 30), ""}, {"36004 2207010", strings.Repeat("#ā ", 31), ""},
		{"", strings.Repeat("@a ", 20), ""}, {"36004 2207010", strings.Repeat("@a ", 21), ""},
		{"100", "x", strings.Repeat("ā", 1001)},
	} {
		c.Gets(s.want, "POST", "/v26.0/me/media", form(map[string]string{"image_url": at, "caption": s.caption, "alt_text": s.alt}))
	}
}

// TestPublish: a container becomes a post under which people comment, which is neither edited nor
// deleted; 100 in 24 hours.
func TestPublish(t *testing.T) {
	t.Parallel()
	c := call(t)
	const publish = "/v26.0/me/media_publish"
	c.Prepare(time.Minute)
	k := c.create(map[string]string{"image_url": c.shows(picture(4, 5)), "caption": "Stunda", "alt_text": "Bilde"})
	c.Gets("9007 2207027", "POST", publish, "creation_id="+k)
	c.Gets("24 2207006", "POST", publish, "creation_id=5")
	c.Pass(time.Minute)
	id := c.Caller.Made(publish, "creation_id="+k)
	if got := c.Gets("", "GET", "/v26.0/"+k, "fields=id,status_code,status")["status_code"]; got != "PUBLISHED" {
		t.Errorf("it is %v", got)
	}
	got := c.Gets("", "GET", "/v26.0/"+id, "fields=caption,alt_text,permalink,timestamp,is_comment_enabled")
	if got["caption"] != "Stunda" || got["alt_text"] != "Bilde" || len(c.Posts()) != 1 || len(c.Posts()[0].Picture) == 0 {
		t.Errorf("it stands as %v", got)
	}
	if all := c.IDs("/v26.0/me/media", "fields=id,caption"); fmt.Sprint(all) != fmt.Sprint([]string{id, instagramfake.Media}) {
		t.Errorf("the account's own are %q", all)
	}
	under := c.Write("ilze", id, "?")
	c.Write("ilze", "", "elsewhere")
	if all := c.IDs("/v26.0/"+id+"/comments", ""); fmt.Sprint(all) != fmt.Sprint([]string{under}) {
		t.Errorf("under it are %q", all)
	}
	c.Gets("100", "POST", "/v26.0/"+id, "caption=x")
	c.Gets("10", "DELETE", "/v26.0/"+id, "")
	c.Gets("100 33", "POST", "/v26.0/"+id+"/replies", message("x"))
	c.Gets("100 33", "POST", "/v26.0/"+under+"/comments", message("x"))
	c.Spend(99)
	c.Prepare(0)
	k = c.create(map[string]string{"image_url": c.shows(picture(4, 5))})
	c.Gets("9 2207042", "POST", publish, "creation_id="+k)
	data := c.Gets("", "GET", "/v26.0/me/content_publishing_limit", "fields=quota_usage,config")["data"].([]any)[0].(map[string]any)
	if data["quota_usage"] != 100.0 {
		t.Errorf("used: %v", data)
	}
}
