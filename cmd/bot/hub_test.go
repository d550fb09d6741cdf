package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"experthour/internal/testenv"
)

// feedHub is a WebSub hub that takes nothing but what the specification and its predecessors say,
// reads a feed when it is told of it, and checks that the feed names it (WebSub, section 4).
type feedHub struct {
	*httptest.Server
	t    *testing.T
	base string // of the publisher

	mu     sync.Mutex
	away   bool
	missed int               // how often it was told while it was away
	copies map[string]string // by address, as subscribers get them
}

func openHub(t *testing.T, publisher string) *feedHub {
	h := &feedHub{t: t, base: publisher, copies: map[string]string{}}
	h.Server = httptest.NewServer(http.HandlerFunc(h.told))
	t.Cleanup(h.Close)
	return h
}

func (h *feedHub) told(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.away {
		h.missed++
		w.Header().Set("Retry-After", "1")
		http.Error(w, "away", http.StatusServiceUnavailable)
		return
	}
	err := r.ParseForm()
	topic := r.PostForm.Get("hub.url")
	if err != nil || r.Method != http.MethodPost || r.URL.Path != "/" || r.URL.RawQuery != "" ||
		r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || len(r.PostForm) != 2 ||
		!slices.Equal(r.PostForm["hub.mode"], []string{"publish"}) || len(r.PostForm["hub.url"]) != 1 || !strings.HasPrefix(topic, h.base+"/") {
		h.t.Errorf("the hub was told %s %s %v, %v", r.Method, r.URL, r.PostForm, err)
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	got, err := h.read(topic)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	h.copies[topic] = got
	w.WriteHeader(http.StatusNoContent)
}

// read fetches a feed, once. It fails where the program ends meanwhile.
func (h *feedHub) read(topic string) (string, error) {
	resp, err := http.Get(topic)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	if link := fmt.Sprintf(`<%s/>; rel="hub", <%s>; rel="self"`, h.URL, topic); resp.Header.Get("Link") != link {
		h.t.Errorf("%s: Link: %s, want %s", topic, resp.Header.Get("Link"), link)
	}
	f, err := gofeed.NewParser().ParseString(string(body))
	if err != nil || f.FeedLink != topic || !strings.Contains(string(body), h.URL+"/") {
		h.t.Errorf("%s: %v in\n%s", topic, err, body)
	}
	return string(body), nil
}

func (h *feedHub) goes(away bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.away, h.missed = away, 0
}

// has waits until the subscribers of a feed, in every format, have a text.
func (h *feedHub) has(feed, text string) {
	h.t.Helper()
	testenv.Until(h.t, feed+" at the hub with "+text, func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		for format := range maps.Keys(feedTypes) {
			if !strings.Contains(h.copies[h.base+feed+"."+format], text) {
				return false
			}
		}
		return true
	})
}

// TestHub: subscribers at a hub get every change of the public, also one of which the hub did not
// hear before the program was killed.
func TestHub(t *testing.T) {
	t.Parallel()
	redis := realRedis(t)
	i := &institution{t: t, dir: t.TempDir(), listen: free(t)}
	i.base = "http://" + i.listen
	h := openHub(t, i.base)
	writeConfig(t, i.dir, fmt.Sprintf(settings, redis, i.listen)+fmt.Sprintf("[feeds]\nhub = %q\n", h.URL+"/"))
	i.bot = start(t, i.dir, "run")
	i.await()
	s := subscribe(i, "homes")
	i.plan(s.tokens["Anna Bērziņa"], "homes", time.Now().Add(time.Hour))
	h.has("/feed", "Hour homes")
	h.has("/s/homes/feed", "Announced: Hour homes")

	s.give("Anna Bērziņa", "start", map[string]any{})
	s.ask(1, "May I begin before the decision?")
	s.answer(1, "submit", "No: wait for it.")
	h.has("/s/homes/feed", "No: wait for it.")

	h.goes(true)
	s.answer(1, "correct", "No: wait, or the grant is lost.")
	testenv.Until(t, "the hub was told while it was away", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.missed > 0
	})
	i.bot.cmd.Process.Kill()
	i.bot.cmd.Wait()
	h.goes(false)
	i.bot = start(t, i.dir, "run")
	i.await()
	h.has("/s/homes/feed", "No: wait, or the grant is lost.")
}
