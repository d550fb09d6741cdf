package web

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
)

func TestFrame(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	for i := range onFront + 1 {
		w.answered(fmt.Sprintf("Question %d?", i), fmt.Sprintf("Answer %d!", i))
	}
	body := w.page("/s/heating/frame")
	contains(t, body, `<base target="_blank">`, "Home insulation", "Answer 10!", "Answer 1!", `href="/s/heating#ask"`, ">11<")
	lacks(t, body, "<form", "<button", "<input", "masthead", "Answer 0!", "http-equiv")
	if w.page("/frame") != body {
		t.Error("the frame of the day is another one")
	}
}

// TestOnlyTheFrameIsFramed: a page with something to press is shown by no other site.
func TestOnlyTheFrameIsFramed(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n := w.answered("How much?", "Half.")
	for _, address := range append(addresses(1), "/nowhere", "/s/nowhere/frame", w.receiptOf(n)) {
		csp := w.get(address).Header()["Content-Security-Policy"]
		want := "frame-ancestors 'none'"
		if strings.HasSuffix(address, "/frame") {
			want = "frame-ancestors *"
		}
		if len(csp) != 1 || !strings.HasSuffix(csp[0], want) || !strings.HasPrefix(csp[0], "default-src 'none'; ") {
			t.Errorf("%s: %q, want %s", address, csp, want)
		}
	}
}

// TestFrameOfTheDay: the hour that is on, or the next one, or the last one.
func TestFrameOfTheDay(t *testing.T) {
	t.Parallel()
	hour := func(id session.ID, state session.SessionState, hours int) session.Session {
		return session.Session{ID: id, State: state, Start: noon.Add(time.Duration(hours) * time.Hour)}
	}
	order := []session.Session{hour("on", session.Open, -1), hour("next", session.Scheduled, 24), hour("later", session.Scheduled, 48),
		hour("last", session.Archived, -24), hour("before", session.Closed, -48)}
	for i, a := range order {
		for _, b := range order[i+1:] {
			if !nearer(a, b) || nearer(b, a) {
				t.Errorf("%s is not nearer than %s", a.ID, b.ID)
			}
		}
	}
}

func TestOEmbed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(session.RescheduleSession{Title: `"><script>`, AskFrom: noon.Add(-time.Hour), Start: noon, End: noon.Add(time.Hour)})
	get := func(address, more string) *httptest.ResponseRecorder {
		return w.get("/oembed?url=" + url.QueryEscape(address) + more)
	}
	for address, src := range map[string]string{"http://hour.example/s/heating": "/s/heating/frame", "http://hour.example/": "/frame",
		"http://hour.example/s/heating/q/1?x=y#q1": "/s/heating/frame", "http://hour.example": "/frame"} {
		var e embedding
		if err := json.Unmarshal(get(address, "").Body.Bytes(), &e); err != nil || e.Version != "1.0" || e.Type != "rich" || e.Width != 600 ||
			!strings.HasPrefix(e.HTML, `<iframe src="http://hour.example`+src+`" title="`) || strings.Contains(e.HTML, "<script") {
			t.Errorf("%s: %v, %+v", address, err, e)
		}
	}
	rec, e := get("http://hour.example/s/heating", "&format=xml&maxwidth=300&maxheight=99999999999999999999"), embedding{}
	if err := xml.Unmarshal(rec.Body.Bytes(), &e); err != nil || e.Title != `"><script>` || e.Width != 300 || e.Height != 600 ||
		!strings.Contains(e.HTML, `width="300" height="600"`) || rec.Header().Get("Content-Type") != "text/xml; charset=utf-8" {
		t.Errorf("%v, %+v, %v", err, e, rec.Header())
	}
	for address, want := range map[string]int{"http://hour.example/s/heating": http.StatusNotImplemented,
		"http://hour.example/s/nowhere": http.StatusNotFound, "http://evil.example/s/heating": http.StatusNotFound,
		"http://hour.example.evil.example/": http.StatusNotFound, "http://hour.example/desk/anna": http.StatusNotFound, "": http.StatusNotFound} {
		if got := get(address, "&format=yaml").Code; got != want {
			t.Errorf("%s: %d, want %d", address, got, want)
		}
	}
	contains(t, get("http://hour.example/s/heating", "&format=yaml").Body.String(), "format=xml", `"code":"embed_format"`)
	contains(t, w.page("/s/heating"), `type="application/json+oembed" href="http://hour.example/oembed?url=`+
		url.QueryEscape("http://hour.example/s/heating")+`&amp;format=json"`)
}

// TestFrameInABrowser: on a page of another site the frame becomes as high as what is in it, and
// what is shown follows the hour.
func TestFrameInABrowser(t *testing.T) {
	w := newWorld(t).open()
	w.answered("First?", strings.Repeat("A long answer. ", 60))
	server := httptest.NewServer(w.handler)
	t.Cleanup(server.Close)
	other := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(rw, `<!DOCTYPE html><title>Home</title><script src="%s/embed.js" async></script>`+
			`<iframe src="%s/s/heating/frame" title="Hour" style="width:700px;height:50px"></iframe>`, server.URL, server.URL)
	}))
	t.Cleanup(other.Close)
	b := newBrowser(t)
	b.open(other.URL)
	b.text(`(window.frame = document.querySelector("iframe"), window.high = () => parseInt(frame.style.height))`)
	b.waits("the height of what is in it", `high() > 200`)
	b.text(`(window.before = high(), frame.style.width = "260px")`)
	b.waits("a narrow frame is higher", `high() > before`)
	b.text(`(window.before = high(), frame.style.width = "900px")`)
	b.waits("a wide one is lower again", `high() < before`)
	b.text(`(window.addEventListener("message", (e) => { if (e.source === window) window.heard = true; }),
		window.before = high(), window.postMessage({ experthour: 9999 }, "*"))`)
	b.waits("nobody else says the height", `window.heard && high() === before`)

	b.open(server.URL + "/s/heating/frame")
	w.answered("Second?", "At once.")
	b.waits("what is new", `document.dispatchEvent(new Event("visibilitychange")) && document.body.innerText.includes("At once.")`)
}
