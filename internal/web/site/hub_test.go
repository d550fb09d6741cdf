package site

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
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

func newHub(t *testing.T) (*Hub, *source) {
	src := &source{}
	return newSite(t, nil).NewHub(t.Context(), src), src
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

func TestAChangeIsDrawnOnceForAllReaders(t *testing.T) {
	t.Parallel()
	drawn := atomic.Int32{}
	h, src := newHub(t)
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
	src.tell(h, entry(1, 7))
	for _, lines := range all {
		seen := until(t, lines, "data: 7")
		if !strings.Contains(strings.Join(seen, "\n"), "id: 1-0") {
			t.Errorf("no id in %q", seen)
		}
	}
	if drawn.Load() != 1 {
		t.Errorf("drawn %d times", drawn.Load())
	}
}

func TestResumeTellsWhatWasMissed(t *testing.T) {
	t.Parallel()
	h, src := newHub(t)
	begin := h.Position(t.Context(), "s")
	for n := 1; n <= 3; n++ {
		src.tell(h, entry(n, n*10))
	}
	first := connect(t, h, draw, "")
	until(t, first, ": connected")
	src.tell(h, entry(4, 40))
	until(t, first, "data: 40")
	if got := h.Position(t.Context(), "s"); got != "4-0" {
		t.Errorf("position %q", got)
	}
	seen := strings.Join(until(t, connect(t, h, draw, "2-0"), "data: 40"), "\n")
	if !strings.Contains(seen, "data: 30") || strings.Contains(seen, "data: 20") {
		t.Errorf("after 2-0: %s", seen)
	}
	seen = strings.Join(until(t, connect(t, h, draw, begin), "data: 40"), "\n")
	if !strings.Contains(seen, "data: 10") {
		t.Errorf("from the page: %s", seen)
	}
	until(t, connect(t, h, draw, "999-9"), "event: reload")
	until(t, connect(t, h, draw, fromHere), "event: reload")
}

// What was public and is not any more must not be told again.
func TestSupersededChangesAreNotToldAgain(t *testing.T) {
	t.Parallel()
	h, src := newHub(t)
	begin := h.Position(t.Context(), "s")
	src.tell(h, entry(1, 7), entry(2, 7), entry(3, 8))
	seen := strings.Join(until(t, connect(t, h, draw, begin), "data: 8"), "\n")
	if strings.Count(seen, "data: 7") != 1 || strings.Contains(seen, "id: 1-0") {
		t.Errorf("%s", seen)
	}
}

// A change that a topic shows nothing of must not swallow one that it shows.
func TestQuietChangesSwallowNothing(t *testing.T) {
	t.Parallel()
	h, src := newHub(t)
	h.Quiet = func(v session.Verb) bool { return v == session.Parked }
	begin := h.Position(t.Context(), "s")
	parked := entry(2, 7)
	parked.Verb = session.Parked
	src.tell(h, entry(1, 7), parked, entry(3, 8))
	public := func(ctx context.Context, e session.Entry) ([]Frame, error) {
		if e.Verb == session.Parked {
			return nil, nil
		}
		return draw(ctx, e)
	}
	if seen := strings.Join(until(t, connect(t, h, public, begin), "data: 8"), "\n"); !strings.Contains(seen, "data: 7") {
		t.Errorf("%s", seen)
	}
}

// A reader of a page that stands for long while nothing visible happens finds its way.
func TestAMomentIsNeverFarBehind(t *testing.T) {
	t.Parallel()
	h, src := newHub(t)
	h.Quiet = func(session.Verb) bool { return true }
	h.Position(t.Context(), "s")
	for n := range 3 * readerLag {
		src.tell(h, entry(n+1, n+1))
		m, err := h.Moment(t.Context(), "s")
		if err != nil {
			t.Fatal(err)
		}
		r, ok := h.joins("s", m.After, "192.0.2.1")
		if !ok || r.gone {
			t.Fatalf("after %d changes the page must be loaded again", n+1)
		}
		h.leave(r)
	}
}

// TestAnHourTurnsAtOnce: a change of a question is shown after Hold, one of the hour to whoever
// comes next, also where old pages are shown meanwhile.
func TestAnHourTurnsAtOnce(t *testing.T) {
	t.Parallel()
	h, src := newHub(t)
	h.Hold = time.Hour
	shown := func() (last string) {
		m, err := h.Moment(t.Context(), "s")
		if err != nil {
			t.Fatal(err)
		}
		last, _ = Recent(t.Context(), m, "page", time.Time{}, func(context.Context) (string, error) { return m.After, nil })
		return last
	}
	began := shown()
	src.tell(h, entry(1, 7))
	if now := shown(); now != began {
		t.Errorf("a question: %q, was %q", now, began)
	}
	src.tell(h, entry(2, 0))
	if now := shown(); now != "2-0" {
		t.Errorf("the hour: %q", now)
	}
}

// joins is enter without HTTP.
func (h *Hub) joins(topic, after, from string) (*reader, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, err := h.stream("s")
	if err == nil {
		err = h.await(context.Background(), s, 1)
	}
	if err != nil {
		return nil, false
	}
	return h.join(s, topic, after, netip.MustParseAddr(from))
}

func TestSlowReadersLookAnew(t *testing.T) {
	t.Parallel()
	h, src := newHub(t)
	r, ok := h.joins("t", "", "192.0.2.1")
	if !ok {
		t.Fatal("no room")
	}
	for n := range readerLag + 2 {
		src.tell(h, entry(n+1, n+1))
	}
	for range readerLag {
		<-r.changes
	}
	if _, open := <-r.changes; open {
		t.Error("the reader was not sent away")
	}
	h.leave(r)
}

// After the last frame the connection ends.
func TestTheLastFrameEndsTheConnection(t *testing.T) {
	t.Parallel()
	h, src := newHub(t)
	lines := connect(t, h, func(context.Context, session.Entry) ([]Frame, error) {
		return []Frame{{Event: "session", Data: 1, Last: true}}, nil
	}, "")
	until(t, lines, ": connected")
	src.tell(h, entry(1, 0))
	until(t, lines, "event: session")
	for range lines { // ends, or the test does not
	}
}

// Nobody takes all places, and those who come late from elsewhere find some.
func TestReadersAreBounded(t *testing.T) {
	t.Parallel()
	h, _ := newHub(t)
	fill := func(from string) (n int) {
		for {
			if _, ok := h.joins("t", "", from); !ok {
				return n
			}
			n++
		}
	}
	if n := fill("192.0.2.1"); n != ofNetwork {
		t.Errorf("one address has %d", n)
	}
	all := ofNetwork
	for i := range 20 { // of one /24
		all += fill(fmt.Sprintf("192.0.2.%d", i+2))
	}
	if all != ofNetwork*widening {
		t.Errorf("one network has %d", all)
	}
	for i := 0; all < crowded; i++ {
		all += fill(fmt.Sprintf("2001:db8:%x::1", i))
	}
	if n := fill("203.0.113.7"); n != whenFull {
		t.Errorf("a late address has %d", n)
	}
	h.places[place{topic: "t"}] = maxReaders
	rec := httptest.NewRecorder()
	h.Serve(rec, httptest.NewRequest(http.MethodGet, "/s/x/events", nil), "s", "t", draw)
	if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" {
		t.Errorf("%d", rec.Code)
	}
	if _, ok := h.joins("desk", "", "192.0.2.1"); !ok {
		t.Fatal("the readers of one topic keep out those of another")
	}
}

func TestPlacesAreGivenBack(t *testing.T) {
	t.Parallel()
	h, _ := newHub(t)
	r, _ := h.joins("t", "", "2001:db8::1")
	h.leave(r)
	if len(h.places) != 0 || h.Readers() != 0 {
		t.Errorf("%v", h.places)
	}
}

func TestFollowingEndsAWhileAfterTheLastReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		h := newSite(t, nil).NewHub(ctx, &source{})
		r, _ := h.joins("t", "", "192.0.2.1")
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

// What happens elsewhere is seen within a second although nothing woke the hub, in one round
// trip a second; and while nothing happens reading costs none.
func TestReadingCostsNoRoundTrip(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		src := &source{}
		h := newSite(t, nil).NewHub(ctx, src)
		first := moment(t, h)
		for range 1000 {
			if moment(t, h) != first {
				t.Fatal("another moment although nothing happened")
			}
		}
		if asked := src.set(func() {}); asked != 1 {
			t.Errorf("asked %d times", asked)
		}
		src.set(func() { src.entries = append(src.entries, entry(1, 1)) })
		time.Sleep(pollEvery)
		synctest.Wait()
		second := moment(t, h)
		src.set(func() { src.ballots++ })
		time.Sleep(pollEvery)
		synctest.Wait()
		if third := moment(t, h); second == first || third == second || third.After != "1-0" {
			t.Errorf("what happened was not seen: after %q", third.After)
		}
		if asked := src.set(func() {}); asked != 3 {
			t.Errorf("asked %d times", asked)
		}
	})
}

func moment(t *testing.T, h *Hub) *Moment {
	t.Helper()
	m, err := h.Moment(t.Context(), "s")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A crowd that comes at the same time makes one look, also when it fails.
func TestACrowdLooksOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		away := session.Fail(session.Unavailable, "unavailable")
		src := &slow{source: source{err: away}}
		h := newSite(t, nil).NewHub(ctx, src)
		begin := time.Now()
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if _, err := h.Moment(t.Context(), "s"); !errors.Is(err, away) {
					t.Errorf("%v", err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(begin); took > 2*lookFor {
			t.Errorf("they waited %v", took)
		}
		src.set(func() { src.err = nil })
		moment(t, h)
	})
}

// slow answers when nobody waits any more.
type slow struct{ source }

func (s *slow) Updates(ctx context.Context, since map[session.ID]session.Update) (map[session.ID]session.Update, error) {
	var err error
	s.set(func() { err = s.err })
	if err != nil {
		<-ctx.Done()
	}
	return s.source.Updates(ctx, since)
}

func TestAnUnknownHourIsNotFollowed(t *testing.T) {
	t.Parallel()
	h, _ := newHub(t)
	if _, err := h.Moment(t.Context(), "none"); session.KindOf(err) != session.NotFound || h.following() != 0 {
		t.Errorf("%v, %d followed", err, h.following())
	}
	rec := httptest.NewRecorder()
	h.Serve(rec, httptest.NewRequest(http.MethodGet, "/s/none/events", nil), "none", "t", draw)
	if rec.Code != http.StatusNotFound {
		t.Errorf("%d", rec.Code)
	}
}
