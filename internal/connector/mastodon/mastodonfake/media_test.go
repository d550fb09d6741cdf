package mastodonfake

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"mime/multipart"
)

const png = "\x89PNG\x0D\x0A\x1A\x0A"

// hand hands a picture over, by raw HTTP; a form is the fields and what they hold.
func hand(t *testing.T, f *Fake, token string, fields ...[2]string) (status int, m Media) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range fields {
		h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + field[0] + `"`}}
		if field[0] == "file" {
			h = textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="a"`}, "Content-Type": {"image/png"}}
		}
		part, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(part, field[1]) // into memory
	}
	_ = w.Close()
	r, err := http.NewRequestWithContext(t.Context(), "POST", f.URL+"/api/v2/media", &b)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", w.FormDataContentType())
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	_ = json.NewDecoder(resp.Body).Decode(&m) // a refusal has nothing of it
	return resp.StatusCode, m
}

func picture(t *testing.T, f *Fake) string {
	t.Helper()
	status, m := hand(t, f, Token, [2]string{"file", png}, [2]string{"description", "A stork"})
	if status != 200 || m.URL == nil {
		t.Fatalf("%d, %+v", status, m)
	}
	return m.ID
}

func TestRulesOfPictures(t *testing.T) {
	t.Parallel()
	f := New(t, time.Now)
	f.Grant("without", "read write:statuses")
	file, alt := [2]string{"file", png}, [2]string{"description", "A stork"}
	for name, c := range map[string]struct {
		token  string
		fields [][2]string
		want   int
	}{
		"a picture":               {Token, [][2]string{file, alt}, 200},
		"another token":           {"without", [][2]string{file, alt}, 403},
		"nothing":                 {Token, nil, 422},
		"without words":           {Token, [][2]string{file}, 422},
		"too many words":          {Token, [][2]string{file, {"description", strings.Repeat("ā", mostAlt+1)}}, 422},
		"a page":                  {Token, [][2]string{{"file", "<html>"}, alt}, 422},
		"too large":               {Token, [][2]string{{"file", png + strings.Repeat("a", mostContent)}, alt}, 422},
		"a field that is unknown": {Token, [][2]string{file, alt, {"focus", "0,0"}}, 422},
	} {
		if got, _ := hand(t, f, c.token, c.fields...); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestRulesOfAttaching(t *testing.T) {
	t.Parallel()
	var later time.Duration
	f := New(t, func() time.Time { return time.Unix(1_700_000_000, 0).Add(later) })
	one, two := picture(t, f), picture(t, f)
	f.Slow()
	status, slow := hand(t, f, Token, [2]string{"file", png}, [2]string{"description", "A stork"})
	if status != 202 || slow.URL != nil {
		t.Errorf("what is worked at: %d, %+v", status, slow)
	}
	post := func(name, method, to, media string, want int) {
		t.Helper()
		if got := call(t, f, Token, method, "/api/v1/statuses"+to, `{"status":"a","media_ids":[`+media+`]}`, name); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
	asked := func(id string, want int) {
		t.Helper()
		if got := call(t, f, Token, "GET", "/api/v1/media/"+id, "", ""); got != want {
			t.Errorf("asked for %s: %d, want %d", id, got, want)
		}
	}
	post("what is worked at", "POST", "", `"`+slow.ID+`"`, 422)
	asked(slow.ID, 206)
	asked(slow.ID, 200)
	post("twice", "POST", "", `"`+one+`","`+one+`"`, 422)
	post("five", "POST", "", `"`+one+`","`+two+`","`+slow.ID+`","4","5"`, 422)
	post("one", "POST", "", `"`+one+`"`, 200)
	asked(one, 404)
	post("that of another post", "POST", "", `"`+one+`"`, 422)
	at := "/" + f.Posts()[0].ID
	post("an edit", "PUT", at, `"`+two+`","`+one+`"`, 200)
	later = unattached
	post("what was forgotten", "PUT", at, `"`+slow.ID+`"`, 422)
	asked(slow.ID, 404)
	if got := f.Posts()[0].Media; len(got) != 2 || got[0].ID != two {
		t.Errorf("stand: %+v", got)
	}
	post("an edit without any", "PUT", at, "", 200)
	if got := f.Posts()[0].Media; len(got) != 0 {
		t.Errorf("stand: %+v", got)
	}
}
