package connectortest

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// The calls of a connector, as the Gate of a Harness names them.
const (
	reading = "read"
	writing = "write"
)

// OpenWire stands between a connector and a server, for a Harness.
func OpenWire(t testing.TB, server string) *testenv.Gate {
	t.Helper()
	return testenv.OpenGate(t, server, func(r *http.Request) string {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			return reading
		}
		return writing
	})
}

// proxyPage is what stands in between says, and not the platform.
func proxyPage(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, "<html><h1>%d %s</h1></html>", status, http.StatusText(status)) // who is gone reads nothing
	}
}

// tooMany asks to wait for seven seconds, as of the noon that it says it is.
func tooMany(header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", "Tue, 03 Nov 2026 12:00:00 GMT")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = fmt.Fprint(w, "{}") // likewise
	}
}

const asked = 7 * time.Second

// wires are what can come in the place of an answer.
var wires = []struct {
	name   string
	answer http.HandlerFunc
	wait   time.Duration // what the connector must wait at least
}{
	{"a page in place of an answer", proxyPage(200), 0},
	{"nothing in place of an answer", func(http.ResponseWriter, *http.Request) {}, 0},
	{"a page of a gateway", proxyPage(502), 0},
	{"a page of a site under repair", proxyPage(503), 0},
	{"a page that is not there", proxyPage(404), 0},
	{"a page that is gone", proxyPage(410), 0},
	{"a page of a firewall", proxyPage(403), 0},
	{"a page for who logs in", proxyPage(401), 0},
	{"wait so many seconds", tooMany("Retry-After", "7"), asked},
	{"wait until that time", tooMany("Retry-After", "Tue, 03 Nov 2026 12:00:07 GMT"), asked},
	{"nothing until so many seconds", tooMany("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "7"), asked},
	{"nothing until that second", tooMany("x-rate-limit-remaining", "0", "x-rate-limit-reset", "1793707207"), asked},
	{"nothing until that time", tooMany("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "2026-11-03T12:00:07.000000Z"), asked},
	{"nothing, by a draft", tooMany("RateLimit", `"default";r=0;t=7`), asked},
	{"wait, without a word for how long", tooMany(), 0},
}

// wire: whatever is said in the place of the platform, nothing is given up and nothing is believed:
// a post is tried again or looked for, and stands once in the end.
func (h public) wire(t *testing.T) {
	if h.Gate == nil {
		t.Skip("nothing stands between it and its platform")
	}
	first := h.post("k", "Stands.")
	stands := h.must(t, first)
	want := []string{first.Text}
	for i, w := range wires {
		for _, call := range []string{reading, writing} {
			p := h.post(fmt.Sprint("k", i, call), fmt.Sprintf("No. %d, %s.", i, call))
			h.interrupted(t, w.name+" at a "+call, call, w.answer, p, w.wait)
			want = append(want, p.Text)
		}
		h.believes(t, w.name, w.answer, stands.Message, first)
	}
	h.see(t, want...)
}

func (h public) gate(call string, answer http.HandlerFunc, do func()) {
	h.Gate.Refuse(call, answer)
	do()
	h.Gate.Let()
}

// interrupted posts, and again where the first attempt failed.
func (h public) interrupted(t *testing.T, name, call string, answer http.HandlerFunc, p connector.Post, wait time.Duration) {
	t.Helper()
	r, _ := connector.As[connector.Replier](h.Connector)
	var err error
	h.gate(call, answer, func() { _, err = r.Reply(t.Context(), p) })
	if err == nil { // it makes no such call
		return
	}
	e := connector.OutcomeOf(err)
	if e.Outcome == connector.Refused && call == reading {
		t.Errorf("%s: it is given up: %v", name, err)
	}
	if wait > 0 && (e.Outcome != connector.Deferred || e.Wait < wait) {
		t.Errorf("%s: %v, to wait %v", name, err, e.Wait)
	}
	h.must(t, p)
}

// believes looks at a post that stands.
func (h public) believes(t *testing.T, name string, answer http.HandlerFunc, at session.MessageID, p connector.Post) {
	t.Helper()
	if r, ok := connector.As[connector.Reader](h.Connector); ok {
		h.gate(reading, answer, func() {
			if stands, err := r.Stands(t.Context(), at, p); err == nil && !stands {
				t.Errorf("%s: it does not stand", name)
			}
		})
	}
	if f, ok := connector.As[connector.Finder](h.Connector); ok {
		h.gate(reading, answer, func() {
			if _, found, err := f.Find(t.Context(), p); err == nil && !found {
				t.Errorf("%s: it is not found", name)
			}
		})
	}
}
