package deskpage

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"experthour/internal/picture"
	"experthour/internal/session"
)

// sentForm is a form with files in some of its slots, as a browser sends it.
type sentForm struct {
	b bytes.Buffer
	w *multipart.Writer
}

func newForm(fields url.Values) *sentForm {
	u := &sentForm{}
	u.w = multipart.NewWriter(&u.b)
	for name, values := range fields {
		for _, v := range values {
			_ = u.w.WriteField(name, v) // a buffer takes it
		}
	}
	return u
}

// picture fills one slot.
func (u *sentForm) picture(file []byte, alt, author string) *sentForm {
	_ = u.w.WriteField("picture", "")
	w, _ := u.w.CreateFormFile("file", "../../etc/passwd.svg")
	_, _ = w.Write(file)
	_ = u.w.WriteField("alt", alt)
	_ = u.w.WriteField("author", author)
	return u
}

func (b *browser) sends(n int, verb session.Verb, u *sentForm) shown {
	b.t.Helper()
	_ = u.w.Close()
	r, err := b.client.Post(b.k.server.URL+b.at()+"/q/"+strconv.Itoa(n)+"/"+string(verb), u.w.FormDataContentType(), &u.b)
	return b.read(r, err)
}

func aPicture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// aBomb is a picture that says it has two and a half thousand million pixels.
func aBomb(t *testing.T) []byte {
	t.Helper()
	b := aPicture(t)
	binary.BigEndian.PutUint32(b[16:], 50_000)
	binary.BigEndian.PutUint32(b[20:], 50_000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func withPictures(o *Options) { o.Service.Pictures = o.Store.(session.PictureStore) }

func withEnclosed(o *Options) {
	o.Service.Enclosed = o.Store.(interface{ Enclosed() session.PictureStore }).Enclosed()
}

// TestPictureFromTheAsker is seen by staff, on their own pages only, and belongs to no answer.
func TestPictureFromTheAsker(t *testing.T) {
	t.Parallel()
	k := newKit(t, withPictures, withEnclosed).open()
	n := k.ask("What is this on my roof?")
	p, b, err := picture.Clean(t.Context(), aPicture(t))
	if err != nil {
		t.Fatal(err)
	}
	p.Alt = `A <script>roof</script>`
	ref := k.on(n).Question
	for _, e := range []session.Enclosure{{Key: "1", Picture: &p}, {Key: "2", Lack: session.LackLost}} {
		if err := k.svc.Enclose(t.Context(), ref, e, b); err != nil {
			t.Fatal(err)
		}
	}
	moderator := k.as(anna)
	path := moderator.at() + "/q/" + strconv.Itoa(n) + "/sent/" + string(p.Hash)
	for _, page := range []string{moderator.at(), moderator.at() + "/triage"} {
		body := moderator.get(page).body
		for _, want := range []string{`<img src="` + path + `"`, "with a picture", "could not be fetched", "&lt;script&gt;roof"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q:\n%s", page, want, body)
			}
		}
	}
	res := moderator.get(path)
	if res.header.Get("Cache-Control") != "private, no-store" || res.header.Get("Content-Type") != "image/png" || res.body != string(b) ||
		res.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", res.status, res.header)
	}
	for _, other := range []string{strings.Replace(path, "/sent/", "/picture/", 1), path[:len(path)-1] + "0",
		strings.Replace(path, "/q/1/", "/q/2/", 1),
		"/s/" + string(ref.Session) + "/q/1/picture/" + string(p.Hash)} {
		if res := moderator.get(other); res.status != http.StatusNotFound {
			t.Errorf("%s: %d", other, res.status)
		}
	}
	if res := k.browser().get(path); res.status == http.StatusOK || strings.HasPrefix(res.body, "\x89PNG") {
		t.Error("whoever is not logged in sees it")
	}
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	p.Author, p.Alt = "Ilze", "A roof."
	_, err = k.svc.Do(t.Context(), as(janis), session.SubmitAnswer{On: k.on(n), Text: "A nest.", Pictures: &[]session.Picture{p}})
	if e, ok := errors.AsType[*session.Error](err); !ok || e.ID != "picture_wrong" {
		t.Errorf("an answer takes it: %v", err)
	}
}

// TestPictureFromTheDesk: sent with the answer, seen in the preview, changed by the next revision.
func TestPictureFromTheDesk(t *testing.T) {
	t.Parallel()
	k := newKit(t, withPictures).open()
	n := k.ask("Where is it?")
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	expert, moderator := k.as(janis), k.as(anna)
	page := expert.sends(n, session.Submit, newForm(url.Values{"text": {"Here."}}).picture(aPicture(t), "A map.", "Ilze").picture(nil, "", ""))
	ps := k.question(n).Latest().Pictures
	if page.status != http.StatusOK || len(ps) != 1 || ps[0].Alt != "A map." || ps[0].Author != "Ilze" || ps[0].Type != "image/png" {
		t.Fatalf("%d, %+v", page.status, ps)
	}
	path := "/q/" + strconv.Itoa(n) + "/picture/" + string(ps[0].Hash)
	if board := moderator.get(moderator.at()).body; !strings.Contains(board, `<img src="`+moderator.at()+path+`" alt="A map.">`) {
		t.Errorf("the preview does not show it:\n%s", board)
	}
	if res := moderator.get(moderator.at() + path); res.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(res.body, "\x89PNG") {
		t.Errorf("%d %v", res.status, res.header)
	}
	if res := k.browser().get(moderator.at() + path); strings.HasPrefix(res.body, "\x89PNG") {
		t.Error("whoever is not logged in sees it")
	}
	packed := `{"hash":"` + string(ps[0].Hash) + `","type":"image/png","size":` + strconv.Itoa(ps[0].Size) + `}`
	kept := url.Values{"text": {"Here."}, "picture": {packed}, "alt": {"A better map."}, "author": {"Ilze"}}
	expert.sends(n, session.Submit, newForm(kept))
	if ps := k.question(n).Latest().Pictures; len(ps) != 1 || ps[0].Alt != "A better map." {
		t.Errorf("with other words: %+v", ps)
	}
	kept.Set("remove", string(ps[0].Hash))
	expert.sends(n, session.Submit, newForm(kept))
	if q := k.question(n); len(q.Latest().Pictures) != 0 || len(q.Revisions) != 3 {
		t.Errorf("removed: %+v", q.Revisions)
	}
}

// TestPictureRefused: in words, with what was typed still there, and nothing is submitted.
func TestPictureRefused(t *testing.T) {
	t.Parallel()
	k := newKit(t, withPictures).open()
	n := k.ask("Where is it?")
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	expert := k.as(janis)
	for what, c := range map[string]struct {
		file        []byte
		alt, author string
		want        string
	}{
		"50 MB":          {make([]byte, 50<<20), "A.", "I.", "A picture has at most 10 MB."},
		"a bomb":         {aBomb(t), "A.", "I.", "more than 25 million pixels"},
		"a script":       {[]byte("<svg onload=alert(1)>"), "A.", "I.", "This file is no picture"},
		"no words":       {aPicture(t), " ", "I.", "what each picture shows"},
		"nobody made it": {aPicture(t), "A.", "", "who made each picture"},
	} {
		page := expert.sends(n, session.Submit, newForm(url.Values{"text": {"What I typed."}}).picture(c.file, c.alt, c.author))
		said := strings.Contains(page.body, c.want) && strings.Contains(page.body, "What I typed.")
		if page.status != http.StatusUnprocessableEntity || !said {
			t.Errorf("%s: %d\n%s", what, page.status, page.body)
		}
		if kept := strings.Contains(page.body, `name="remove"`); kept != slices.Contains([]string{"no words", "nobody made it"}, what) {
			t.Errorf("%s: the picture is still there: %v", what, kept)
		}
	}
	if q := k.question(n); len(q.Revisions) != 0 {
		t.Errorf("%+v", q.Revisions)
	}
	forged := url.Values{"text": {"T."}, "alt": {"A."}, "author": {"I."},
		"picture": {`{"hash":"` + strings.Repeat("a", 64) + `","type":"image/png","size":9}`}}
	broken := url.Values{"text": {"T."}, "pictures": {"]"}}
	if page := expert.post(expert.at()+"/q/"+strconv.Itoa(n)+"/submit", broken); page.status != http.StatusUnprocessableEntity {
		t.Errorf("no list of pictures: %d", page.status)
	}
	if page := expert.sends(n, session.Submit, newForm(forged)); !strings.Contains(page.body, "does not have this picture") {
		t.Errorf("a made-up hash: %d", page.status)
	}
}
