package x

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/worldtest"
	"experthour/internal/connector/x/xfake"
	"experthour/internal/session"
)

// onePicture is the bytes of one.
func onePicture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// illustrated is an answer with pictures of those words.
func (w *world) illustrated(key, text string, alts ...string) connector.Post {
	w.T.Helper()
	p, content := w.answer(key, text), onePicture(w.T)
	for _, alt := range alts {
		p.Pictures = append(p.Pictures, session.Picture{Hash: "h", Type: "image/png", Size: len(content), Alt: alt, Author: "Ilze"})
	}
	p.Open = func(context.Context, session.Picture) ([]byte, error) { return content, nil }
	return p
}

// TestPictureBroken: whatever goes wrong with a picture or its words, nothing is posted and it may be repeated; what was
// posted with one is found, and not taken for a post without.
func TestPictureBroken(t *testing.T) {
	t.Parallel()
	for _, op := range []string{xfake.Upload, xfake.Describe} {
		for _, status := range worldtest.HTMLStatuses {
			for _, body := range []string{worldtest.HTMLPage, ""} {
				w := newWorld(t)
				p := w.illustrated("k1", "Atbilde.", "Stārķis")
				w.fake.Break(op, status, body)
				_, err := w.Reply(t.Context(), p)
				if status != http.StatusOK || op == xfake.Upload || body != "" {
					w.Wants("reply", err, connector.Deferred)
					w.Reads()
					_, err = w.Reply(t.Context(), p)
				}
				w.Must(err)
				w.Reads("Atbilde.")
			}
		}
	}
	w := newWorld(t)
	p := w.illustrated("k1", "Atbilde.", "Stārķis", "Zirgs")
	w.fake.Break(xfake.Create, 502, worldtest.HTMLPage)
	_, err := w.Reply(t.Context(), p)
	w.Wants("reply", err, connector.Unsure)
	if _, ok, err := w.Find(t.Context(), p); !ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	if _, ok, err := w.Find(t.Context(), w.answer("k1", "Atbilde.")); ok || err != nil {
		t.Errorf("without pictures found %v, %v", ok, err)
	}
	if spent, price := w.fake.Spent(), 10+2*5+10+1+5; spent != price { // the post, its pictures, who the account is, it and what is above
		t.Errorf("it cost %d, want %d", spent, price)
	}
}

// TestCorrected: a correction is a deletion and a new post, which has its pictures.
func TestCorrected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent, err := w.Reply(t.Context(), w.illustrated("k1", "Atbilde.", "Stārķis"))
	w.Must(err)
	w.Must(w.Retract(t.Context(), sent.Message, w.answer("k1", "Atbilde.")))
	_, err = w.Reply(t.Context(), w.illustrated("k2", "Labota atbilde.", "Stārķis", "Zirgs"))
	w.Must(err)
	if own := w.own(); len(own) != 1 || len(own[0].Pictures) != 2 || own[0].Pictures[1].Alt != "Zirgs · Attēls: Ilze" {
		t.Errorf("a reader finds %+v", own)
	}
}

// TestLongWords: what is said of a picture is shortened to what X takes, and who made it stays.
func TestLongWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Reply(t.Context(), w.illustrated("k1", "Atbilde.", strings.Repeat("ž", session.MaxAlt)))
	w.Must(err)
	if alt := w.own()[0].Pictures[0].Alt; utf8.RuneCountInString(alt) > mostWords || !strings.HasSuffix(alt, " · Attēls: Ilze") {
		t.Errorf("it says %d: %s", utf8.RuneCountInString(alt), alt)
	}
}

// enclosing is a world that notes which pictures are to be fetched, and a host that shows them.
func enclosing(w *world) (host *httptest.Server, all *[]connector.Enclosed) {
	all = &[]connector.Enclosed{}
	host = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			_, _ = rw.Write([]byte("picture"))
		}
	}))
	w.T.Cleanup(host.Close)
	w.X.shown, w.Files = host.URL+"/", httpapi.NewFiles(session.MostFile, w.Clock.Now, true)
	w.X.env.Enclose = func(_ context.Context, es ...connector.Enclosed) error {
		*all = append(*all, es...)
		return nil
	}
	return host, all
}

// TestQuestionWithPictures: pictures of a question are handed over with their words, and fetched without the keys, from X's own host
// alone; of many one more than there is room for. Films are said.
func TestQuestionWithPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	host, all := enclosing(w)
	photo := func(key, at string) xfake.Medium {
		return xfake.Medium{Key: "3_" + key, Type: "photo", URL: at, Alt: "Stārķis"}
	}
	here := host.URL + "/a.jpg"
	w.fake.Attach(w.original, photo("1", here), photo("2", "http://127.0.0.1:1/b.jpg"), photo("3", here+strings.Repeat("a", 500)),
		photo("4", here), photo("5", here), photo("6", here))
	film := w.fake.Write(janis, "@iestade Kas tas?")
	w.fake.Attach(film, xfake.Medium{Key: "7_1", Type: "video"})
	for range 2 {
		w.Must(w.look(w.X))
		w.Clock.Pass(busyWait)
	}
	w.asked("Kas ir?", "Kas tas?")
	var files []string
	for _, e := range *all {
		files = append(files, strings.TrimPrefix(e.File, host.URL))
		if string(e.At.Message) != w.original || e.Alt != "Stārķis" || e.Sent.IsZero() || e.Key == "" {
			t.Errorf("handed over %+v", e)
		}
	}
	if want := []string{"/a.jpg", "", "", "/a.jpg", "/a.jpg"}; !slices.Equal(files[:min(len(files), mostEnclosed)], want) {
		t.Errorf("handed over %q", files)
	}
	if b, err := w.File(t.Context(), here); err != nil || string(b) != "picture" {
		t.Errorf("it is %q, %v", b, err)
	}
	if q := w.Inbox.Questions(); q[0].With != session.MediaPicture || q[1].With != session.MediaVideo {
		t.Errorf("asked %+v", q)
	}
	if w := newWorld(t); w.X.shown != mediaHost {
		t.Errorf("pictures are fetched from %s", w.X.shown)
	}
}

// TestBroughtWithPictures: of what X brings by itself the pictures are looked up, unless they came with it.
func TestBroughtWithPictures(t *testing.T) {
	t.Parallel()
	for _, with := range []bool{false, true} {
		h := newWorld(t).hooks(Settings{})
		host, all := enclosing(h.world)
		h.fake.Attach(h.original, xfake.Medium{Key: "3_1", Type: "photo", URL: host.URL + "/a.jpg"})
		event := h.fake.Event(xfake.OnMention, h.original)
		if with {
			event["includes"] = map[string]any{"media": []any{map[string]any{"media_key": "3_1", "type": "photo", "url": host.URL + "/a.jpg"}}}
		}
		if code := h.Call(h.fake.Call(event)); code != http.StatusOK {
			t.Fatal(code)
		}
		h.fake.Answer(xfake.Lookup, 503, worldtest.HTMLPage)
		if !with {
			h.Wants("look", h.Handle(t.Context(), h.Stored[0].Raw), connector.Deferred)
		}
		h.handle()
		if len(*all) != 1 || (*all)[0].File != host.URL+"/a.jpg" {
			t.Errorf("handed over %+v", *all)
		}
		if n := h.fake.Calls(xfake.Lookup); (n == 0) != with {
			t.Errorf("looked up %d times", n)
		}
	}
}
