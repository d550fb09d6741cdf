package facebookfake

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"mime/multipart"
	"slices"
	"strings"
	"testing"
)

// TestPhotos: bytes and words are handed over, and a comment has them by their id.
func TestPhotos(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	post := c.p.Publish("Stunda")
	upload := func(file, published string) said {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for k, v := range (vals{"access_token": Token, "appsecret_proof": proof(Token), "published": published, "alt_text_custom": "Karte"}) {
			_ = w.WriteField(k, v)
		}
		f, _ := w.CreateFormFile("source", "k.png")
		_, _ = f.Write([]byte(file))
		_ = w.Close()
		return c.send("POST", "/me/photos", w.FormDataContentType(), &b)
	}
	c.fails("no picture", upload("GIF89a", "false"), 400, 324, 0)
	c.fails("published", upload("\x89PNG", "true"), 400, 100, 0)
	id := upload("\x89PNG", "false").ID
	c.fails("no photo", c.call("POST /"+post+"/comments", vals{"message": "x", "attachment_id": post}), 400, 100, 0)
	c.call("POST /"+post+"/comments", vals{"message": "x", "attachment_id": id})
	if n := c.p.Nodes(); len(n) != 2 || n[1].Photo != id || c.p.Picture(id).Alt != "Karte" {
		t.Errorf("%+v", n)
	}
	if s := c.call("GET /"+id, vals{"fields": "id,alt_text_custom"}); s.ID != id {
		t.Errorf("%+v", s)
	}
}

// TestDebugToken: only the app asks, and learns what the token is good for.
func TestDebugToken(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	app := vals{"access_token": AppID + "|" + AppSecret, "input_token": Token, "appsecret_proof": ""}
	c.fails("not the app", c.call("GET /debug_token", vals{"input_token": Token}), 400, 190, 0)
	var d struct {
		Type   string
		Valid  bool `json:"is_valid"`
		Scopes []string
	}
	_ = json.Unmarshal(c.call("GET /debug_token", app).Data, &d)
	if d.Type != "PAGE" || !d.Valid || !slices.Equal(d.Scopes, Scopes) {
		t.Errorf("%+v", d)
	}
	app["input_token"] = "x"
	_ = json.Unmarshal(c.call("GET /debug_token", app).Data, &d)
	if d.Valid {
		t.Errorf("%+v", d)
	}
}

// TestSubscribed: the Page has the app called.
func TestSubscribed(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.fails("no field", c.call("POST /me/subscribed_apps", nil), 400, 100, 0)
	if d := c.call("GET /me/subscribed_apps", nil).data(); len(d) != 0 {
		t.Errorf("%+v", d)
	}
	if s := c.call("POST /me/subscribed_apps", vals{"subscribed_fields": "feed"}); !s.Success {
		t.Errorf("%+v", s)
	}
	if d := c.call("GET /me/subscribed_apps", nil).data(); len(d) != 1 || d[0]["id"] != AppID {
		t.Errorf("%+v", d)
	}
}

// TestCalls: a call of the webhook is signed over its bytes, and ids stand as texts.
func TestCalls(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	id := c.p.Write(c.p.Publish("Stunda"), "7", "Ilze", "Kas?")
	body, signature := c.p.Call(c.p.Happened(id, "add"), c.p.Happened(id, "edited"))
	h := hmac.New(sha256.New, []byte(AppSecret))
	h.Write(body)
	if signature != "sha256="+hex.EncodeToString(h.Sum(nil)) || strings.Count(string(body), `"comment_id":"`+id+`"`) != 2 {
		t.Errorf("%s %s", signature, body)
	}
}
