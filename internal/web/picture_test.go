package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"experthour/internal/session"
)

// illustrated publishes an answer with a picture, and gives where that is.
func (w *world) illustrated() (n int, path string) {
	w.t.Helper()
	n = w.ask(session.Asked{Text: "Where is it?"})
	w.accept(n)
	p := session.Picture{Hash: session.Hash(strings.Repeat("a", 64)), Type: "image/png", Size: 5, Alt: `A "map" <b>`,
		Author: "Ilze & Co"}
	w.must(w.store.KeepPicture(w.t.Context(), on(n).Question, p, []byte("bytes")))
	w.do(ilze, session.SubmitAnswer{On: on(n), Text: "Here.", Pictures: &[]session.Picture{p}})
	return n, fmt.Sprintf("/s/heating/q/%d/picture/%s", n, p.Hash)
}

// shows says what a page must have in it.
func (w *world) shows(path string, wants ...string) {
	w.t.Helper()
	body := w.get(path).Body.String()
	for _, want := range wants {
		if !strings.Contains(body, want) {
			w.t.Errorf("%s has no %s:\n%s", path, want, body)
		}
	}
}

// TestPictureOfAnAnswer: it is served once its answer is public, and no longer.
func TestPictureOfAnAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n, path := w.illustrated()
	if res := w.get(path); res.Code != http.StatusNotFound {
		t.Errorf("nobody approved it, and it is %d", res.Code)
	}
	w.publish(n)
	res := w.get(path)
	for name, want := range map[string]string{"Content-Type": "image/png", "X-Content-Type-Options": "nosniff",
		"Cache-Control": freshPicture} {
		if got := res.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if csp := res.Header().Get("Content-Security-Policy"); res.Body.String() != "bytes" || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("%q, %q", res.Body, csp)
	}
	for _, at := range []string{"/s/heating", "/s/heating/q/1", w.receiptOf(n)} {
		w.shows(at, `<img src="`+path+`" alt="A &#34;map&#34; &lt;b&gt;"`, "Picture: Ilze &amp; Co")
	}
	w.shows("/api/v1/sessions/heating", `"url":"http://hour.example`+path+`"`)
	if res := w.get(strings.Replace(path, "/q/1/", "/q/2/", 1)); res.Code != http.StatusNotFound {
		t.Errorf("of another question it is %d", res.Code)
	}
	w.do(anna, session.RetractAnswer{On: on(n), Remark: "wrong map"})
	if res := w.get(path); res.Code != http.StatusNotFound {
		t.Errorf("it was taken back, and is %d", res.Code)
	}
}

// TestPictureInTheTranscript: in every format, and in the seal of what the public reads.
func TestPictureInTheTranscript(t *testing.T) {
	t.Parallel()
	w, doc := sealed(t)
	path := "/s/heating/q/4/picture/" + strings.Repeat("a", 64)
	w.shows("/s/heating/transcript", `<img src="`+path+`" alt="A &#34;map&#34; &lt;b&gt;"`, "Picture: Ilze &amp; Co")
	w.shows("/s/heating/transcript.md", "](http://hour.example"+path+")")
	for old, other := range map[string]string{`A \"map\"`: `A \"plan\"`, `Ilze \u0026 Co`: "Ilze",
		strings.Repeat("a", 64): strings.Repeat("b", 64)} {
		changed := strings.Replace(string(doc), `"hash": "`+old, `"hash": "`+other, 1)
		changed = strings.Replace(changed, `"alt": "`+old, `"alt": "`+other, 1)
		changed = strings.Replace(changed, `"author": "`+old, `"author": "`+other, 1)
		if said, got := recomputed(t, []byte(changed)); said == got {
			t.Errorf("%q in place of %q is not found", other, old)
		}
	}
}
