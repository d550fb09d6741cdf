package site

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/session"
)

// entry is the n-th change, of question q.
func entry(n, q int) session.Entry { return session.Entry{ID: fmt.Sprintf("%d-0", n), Number: q} }

func draw(_ context.Context, e session.Entry) ([]Frame, error) {
	return []Frame{{Event: "question", Data: e.Number}}, nil
}

// connect opens a stream and returns its lines.
func connect(t *testing.T, h *Hub, draw Draw, after string) <-chan string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.Serve(w, r, "s", "t", draw) }))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/events?after="+after, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 1000)
	go func() {
		defer close(lines)
		defer res.Body.Close()
		for s := bufio.NewScanner(res.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return lines
}

// until reads lines up to one that begins so.
func until(t *testing.T, lines <-chan string, begins string) []string {
	t.Helper()
	var seen []string
	for l := range lines {
		seen = append(seen, l)
		if strings.HasPrefix(l, begins) {
			return seen
		}
	}
	t.Fatalf("no line %q in %q", begins, seen)
	return nil
}

func TestOneFollowerForAllReaders(t *testing.T) {
	t.Parallel()
	src, drawn := newSource(), atomic.Int32{}
	h := newSite(t, nil).NewHub(t.Context(), src)
	counting := func(ctx context.Context, e session.Entry) ([]Frame, error) {
		drawn.Add(1)
		return draw(ctx, e)
	}
	var all []<-chan string
	for range 5 {
		all = append(all, connect(t, h, counting, ""))
		until(t, all[len(all)-1], ": connected")
	}
	if h.Readers() != 5 {
		t.Errorf("%d readers", h.Readers())
	}
	src.entries <- entry(1, 7)
	for _, lines := range all {
		seen := until(t, lines, "data: 7")
		if !strings.Contains(strings.Join(seen, "\n"), "id: 1-0") {
			t.Errorf("no id in %q", seen)
		}
	}
	if drawn.Load() != 1 || len(src.started) != 1 {
		t.Errorf("drawn %d times by %d followers", drawn.Load(), len(src.started))
	}
}

func TestResumeTellsWhatWasMissed(t *testing.T) {
	t.Parallel()
	src := newSource()
	h := newSite(t, nil).NewHub(t.Context(), src)
	if got := h.Position("s"); got != fromHere {
		t.Errorf("position %q", got)
	}
	for n := 1; n <= 3; n++ {
		src.entries <- entry(n, n*10)
	}
	first := connect(t, h, draw, "")
	until(t, first, ": connected")
	src.entries <- entry(4, 40)
	until(t, first, "data: 40")
	if got := h.Position("s"); got != "4-0" {
		t.Errorf("position %q", got)
	}
	seen := strings.Join(until(t, connect(t, h, draw, "2-0"), "data: 40"), "\n")
	if !strings.Contains(seen, "data: 30") || strings.Contains(seen, "data: 20") {
		t.Errorf("after 2-0: %s", seen)
	}
	seen = strings.Join(until(t, connect(t, h, draw, fromHere), "data: 40"), "\n")
	if !strings.Contains(seen, "data: 10") {
		t.Errorf("from the page: %s", seen)
	}
	until(t, connect(t, h, draw, "999-9"), "event: reload")
}

// What was public and is not any more must not be told again.
func TestSupersededChangesAreNotToldAgain(t *testing.T) {
	t.Parallel()
	src := newSource()
	h := newSite(t, nil).NewHub(t.Context(), src)
	h.Position("s")
	src.entries <- entry(1, 7)
	src.entries <- entry(2, 7)
	src.entries <- entry(3, 8)
	seen := strings.Join(until(t, connect(t, h, draw, fromHere), "data: 8"), "\n")
	if strings.Count(seen, "data: 7") != 1 || strings.Contains(seen, "id: 1-0") {
		t.Errorf("%s", seen)
	}
}

// A change that a topic shows nothing of must not swallow one that it shows.
func TestQuietChangesSwallowNothing(t *testing.T) {
	t.Parallel()
	src := newSource()
	h := newSite(t, nil).NewHub(t.Context(), src)
	h.Quiet = func(v session.Verb) bool { return v == session.Parked }
	h.Position("s")
	parked := entry(2, 7)
	parked.Verb = session.Parked
	src.entries <- entry(1, 7)
	src.entries <- parked
	src.entries <- entry(3, 8)
	public := func(ctx context.Context, e session.Entry) ([]Frame, error) {
		if e.Verb == session.Parked {
			return nil, nil
		}
		return draw(ctx, e)
	}
	if seen := strings.Join(until(t, connect(t, h, public, fromHere), "data: 8"), "\n"); !strings.Contains(seen, "data: 7") {
		t.Errorf("%s", seen)
	}
}

func TestSlowReadersLookAnew(t *testing.T) {
	t.Parallel()
	src := newSource()
	h := newSite(t, nil).NewHub(t.Context(), src)
	r, ok := h.join("s", "t", "")
	if !ok {
		t.Fatal("no room")
	}
	<-src.started
	for n := range readerLag + 2 {
		src.entries <- entry(n+1, n+1)
	}
	for range readerLag {
		<-r.changes
	}
	if _, open := <-r.changes; open {
		t.Error("the reader was not sent away")
	}
	h.leave(r)
}

func TestReadersAreBounded(t *testing.T) {
	t.Parallel()
	src := newSource()
	h := newSite(t, nil).NewHub(t.Context(), src)
	h.readers["t"] = maxReaders
	rec := httptest.NewRecorder()
	h.Serve(rec, httptest.NewRequest(http.MethodGet, "/s/x/events", nil), "s", "t", draw)
	if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" {
		t.Errorf("%d", rec.Code)
	}
	r, ok := h.join("s", "desk", "")
	if !ok {
		t.Fatal("the readers of one topic keep out those of another")
	}
	h.leave(r)
}

func TestFollowingEndsAWhileAfterTheLastReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		src := newSource()
		h := newSite(t, nil).NewHub(ctx, src)
		r, _ := h.join("s", "t", "")
		time.Sleep(2 * linger) // of the test's own clock
		synctest.Wait()
		if h.following() != 1 {
			t.Error("ended with a reader")
		}
		h.leave(r)
		time.Sleep(linger / 2)
		synctest.Wait()
		if h.following() != 1 {
			t.Error("ended at once")
		}
		time.Sleep(linger)
		synctest.Wait()
		if h.following() != 0 {
			t.Error("still following")
		}
	})
}

func (h *Hub) following() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.streams)
}
