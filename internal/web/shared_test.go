package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"

	"experthour/internal/session"
)

// trips counts the round trips to the store.
type trips struct{ n atomic.Int64 }

// byItself is the key of what the hub does without a reader: once a second, on however slow a machine.
type byItself struct{}

func (c *trips) count(ctx context.Context) {
	if ctx.Value(byItself{}) == nil {
		c.n.Add(1)
	}
}

func (c *trips) DialHook(next redis.DialHook) redis.DialHook { return next }

func (c *trips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error { c.count(ctx); return next(ctx, cmd) }
}

func (c *trips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error { c.count(ctx); return next(ctx, cmds) }
}

// overWorld is an hour that is closed, with an answer.
func overWorld(t *testing.T) *world {
	w := newWorld(t).open()
	w.answered("Asked?", "Answered.")
	w.session(session.StopSession{})
	w.session(session.CloseSession{})
	return w
}

func (w *world) getAs(path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return w.request(r)
}

// TestReadingIsShared: whatever the public reads costs the store nothing while nothing happens,
// comes compressed, and not at all to whoever has it.
func TestReadingIsShared(t *testing.T) {
	t.Parallel()
	w := overWorld(t)
	all := []string{"/s/heating/q/1", "/s/heating/q/9"}
	for _, a := range addresses(0) {
		if a != "/robots.txt" && a != "/healthz" && !strings.HasPrefix(a, "/s/heating/q/") {
			all = append(all, a)
		}
	}
	tags := map[string]string{}
	for _, path := range all {
		rec := w.getAs(path, "Accept-Encoding", "gzip")
		tags[path] = rec.Header().Get("ETag")
		if rec.Code == http.StatusOK && (rec.Header().Get("Content-Encoding") != "gzip" || tags[path] == "") {
			t.Errorf("%s: %v", path, rec.Header())
		}
		if z, err := gzip.NewReader(rec.Body); rec.Code == http.StatusOK {
			w.must(err)
			b, err := io.ReadAll(z)
			if plain := w.page(path); err != nil || !strings.Contains(path, "/s/") && !bytes.Equal(b, []byte(plain)) {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
	count := &trips{}
	w.store.Client.AddHook(count)
	for _, path := range all {
		if rec := w.getAs(path, "Accept-Encoding", "gzip", "If-None-Match", tags[path]); tags[path] != "" && rec.Code != http.StatusNotModified {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	if n := count.n.Load(); n > 0 {
		t.Errorf("%d round trips", n)
	}
}

// TestAChangeIsReadAtOnce: a command of this process is seen by the next reader of everything.
func TestAChangeIsReadAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	for _, path := range []string{"/s/heating", "/api/v1/sessions/heating", "/s/heating/feed.atom"} {
		for n := range 3 {
			text := fmt.Sprintf("Answer %d of %s.", n, path)
			lacks(t, w.page(path), text)
			w.answered("Question of "+text, text)
			contains(t, w.page(path), text)
		}
	}
}

func TestAnHourThatIsOverHasNoLiveEvents(t *testing.T) {
	t.Parallel()
	w := overWorld(t)
	if rec := w.get("/s/heating/events"); rec.Code != http.StatusNoContent { // a browser does not come back then
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

func TestTheEndOfAnHourEndsItsLiveEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	server := httptest.NewServer(w.handler)
	defer server.Close()
	res, err := http.Get(server.URL + "/s/heating/events")
	w.must(err)
	defer res.Body.Close()
	w.session(session.StopSession{})
	w.session(session.CloseSession{})
	text, err := io.ReadAll(res.Body)
	if err != nil || !strings.Contains(string(text), "event: session") {
		t.Errorf("%v %s", err, text)
	}
}

// many publishes so many more answers.
func (w *world) many(count int) {
	for n := w.received() + 1; count > 0; n, count = n+1, count-1 {
		w.answered(fmt.Sprintf("Question %d?", n), fmt.Sprintf("Answer %d.", n))
	}
}

func TestTheAPIIsPaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	for i := range apiPage + 2 {
		w.accept(w.ask(session.Asked{Text: fmt.Sprintf("Question %d?", i+1)}))
	}
	w.do(anna, session.MergeQuestion{On: on(apiPage + 2), Into: 1}) // its target is on another page
	first, second := w.page("/api/v1/sessions/heating"), w.page("/api/v1/sessions/heating?page=2")
	next := `"page":1,"pages":2,"next":"http://hour.example/api/v1/sessions/heating?page=2"`
	contains(t, first, `"number":1,`, fmt.Sprintf(`"number":%d,`, apiPage), next)
	lacks(t, first, fmt.Sprintf(`"number":%d,`, apiPage+1))
	contains(t, second, fmt.Sprintf(`"number":%d,`, apiPage+1),
		fmt.Sprintf(`"Question %d?","votes":0,"state":"merged"`, apiPage+2), `"pages":2}`)
	lacks(t, second, `"number":1,`, "next")
	if rec := w.get("/api/v1/sessions/heating?page=3"); rec.Code != http.StatusNotFound {
		t.Errorf("%d", rec.Code)
	}
}

// readFeed follows the links of RFC 5005 from the newest answers to the oldest.
func (w *world) readFeed(path string) (pages int, ids map[string]bool) {
	ids = map[string]bool{}
	for path != "" {
		var f struct {
			Links []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Entries []struct {
				ID string `xml:"id"`
			} `xml:"entry"`
			Archive *struct{} `xml:"http://purl.org/syndication/history/1.0 archive"`
		}
		w.must(xml.Unmarshal([]byte(w.page(path)), &f))
		if (f.Archive != nil) != strings.Contains(path, "page=") || len(f.Entries) > 100+2 { // and that it was announced, and is open
			w.t.Errorf("%s: archive %v, %d entries", path, f.Archive, len(f.Entries))
		}
		for _, e := range f.Entries {
			if strings.Contains(e.ID, "/q/") {
				ids[e.ID] = true
			}
		}
		path, pages = "", pages+1
		for _, l := range f.Links {
			if l.Rel == "prev-archive" {
				path = strings.TrimPrefix(l.Href, "http://hour.example")
			}
		}
	}
	return pages, ids
}

func TestTheFeedHasAnArchive(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.many(100)
	if pages, ids := w.readFeed("/s/heating/feed.atom"); pages != 1 || len(ids) != 100 {
		t.Errorf("%d answers on %d pages", len(ids), pages)
	}
	w.many(5)
	w.do(ilze, session.CorrectAnswer{On: on(105), Text: "A correction that waits."})
	if pages, ids := w.readFeed("/s/heating/feed.atom"); pages != 3 || len(ids) != 105 {
		t.Errorf("%d answers on %d pages", len(ids), pages)
	}
	contains(t, w.page("/s/heating/feed.atom"), "Answer 105.")
	if rec := w.get("/s/heating/feed.atom?page=3"); rec.Code != http.StatusNotFound {
		t.Errorf("%d", rec.Code)
	}
}
