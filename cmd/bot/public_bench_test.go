package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"experthour/internal/session"
)

// The benchmarks of what the public can do to one replica: the built program in a process of
// its own, on a real Redis, and its memory as the system counts it.
const (
	manyQuestions = 5000
	manyAnswered  = 500
	attackers     = 128
	liveReaders   = 10_000
)

// hall is a program with an hour, and the same store from the outside.
type hall struct {
	*institution
	*core
	pid int
}

func newHall(b *testing.B, questions, answered int) *hall {
	b.Helper()
	url := realRedis(b)
	h := &hall{institution: &institution{t: b, dir: b.TempDir(), listen: free(b)}}
	h.institution.base = "http://" + h.listen
	text := strings.Replace(fmt.Sprintf(settings, url, h.listen), "[limits]", "trusted_proxies = [\"127.0.0.1/32\"]\n[limits]", 1)
	file := filepath.Join(h.dir, "config.toml")
	check := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	check(os.WriteFile(file, []byte(text), 0o600))
	h.pid = start(b, h.dir, "run").cmd.Process.Pid
	h.await()
	h.schedule("hall")
	cfg, err := loadConfig(file)
	check(err)
	h.core, err = newCore(b.Context(), cfg, h.institution.base, slog.New(slog.DiscardHandler), visit)
	check(err)
	b.Cleanup(h.core.close)
	var g errgroup.Group
	g.SetLimit(16)
	for i := range questions {
		g.Go(func() error { return h.answer(b.Context(), i, i < answered) })
	}
	check(g.Wait())
	return h
}

var (
	benchModeratorActor = session.Actor{Name: "Anna Bērziņa", Role: session.Moderator}
	benchExpertActor    = session.Actor{Name: "Edgars Ozols", Role: session.ExpertRole}
)

// answer brings a question in, accepts it, and may answer it.
func (h *hall) answer(ctx context.Context, i int, answered bool) error {
	q, _, err := h.service.Ask(ctx, session.Asked{Session: "hall", Key: strconv.Itoa(i),
		Text:   fmt.Sprintf("Question number %d: %s", i, strings.Repeat("what about this? ", 12)),
		Origin: session.Origin{Connector: session.Page}})
	if err != nil {
		return err
	}
	on := session.On{Question: q.Ref}
	if _, err = h.service.Do(ctx, benchModeratorActor, session.AcceptQuestion{On: on, Wording: 1}); err != nil || !answered {
		return err
	}
	r, err := h.service.Do(ctx, benchExpertActor, session.SubmitAnswer{On: on, Text: strings.Repeat("This is how it is. ", 40)})
	if err != nil {
		return err
	}
	_, digest := h.service.Preview(r.Session, r.Question)
	_, err = h.service.Do(ctx, benchModeratorActor, session.ApproveAnswer{On: on, Revision: 1, Digest: digest})
	return err
}

// memory is what the program took at most since it began, in MB.
func (h *hall) memory(b *testing.B) float64 {
	b.Helper()
	mb, err := memory(h.pid)
	if err != nil {
		b.Skip(err)
	}
	return mb
}

// memory is what a program took at most since it began, in MB.
func memory(pid int) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	return float64(kb) / 1024, err
}

// change does something that all readers see, until ctx ends.
func (h *hall) change(ctx context.Context) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for i := manyQuestions; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = h.answer(ctx, i, false) // it ends with ctx
		}
	}
}

// attack reads some addresses in turns over many connections, without compression, and counts
// what failed.
func attack(ctx context.Context, base string, requests int) (took map[string][]time.Duration, failed int) {
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxConnsPerHost: attackers, MaxIdleConnsPerHost: attackers,
		DisableCompression: true}}
	defer client.CloseIdleConnections()
	paths := []string{"/s/hall", "/api/v1/sessions/hall", "/s/hall/feed.atom", "/s/hall/answered?page=3", "/api/v1/sessions/hall?page=7",
		"/readyz"}
	took = map[string][]time.Duration{}
	var mu sync.Mutex
	var next atomic.Int64
	var wg sync.WaitGroup
	for range attackers {
		wg.Go(func() {
			for n := int(next.Add(1)); n <= requests; n = int(next.Add(1)) {
				path := paths[n%len(paths)]
				began := time.Now()
				ok := read(ctx, client, base+path)
				mu.Lock()
				took[path] = append(took[path], time.Since(began))
				if !ok {
					failed++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return took, failed
}

func read(ctx context.Context, client *http.Client, url string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	r.Header.Set("Accept-Encoding", "gzip")
	resp, err := client.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err == nil && resp.StatusCode == http.StatusOK
}

func rank(ds []time.Duration, share float64) float64 {
	slices.Sort(ds)
	return float64(ds[int(share*float64(len(ds)-1))]) / float64(time.Millisecond)
}

// BenchmarkReadInACrowd is 128 connections from one address that read an hour of 5,000
// questions, while it changes five times a second.
func BenchmarkReadInACrowd(b *testing.B) {
	h := newHall(b, manyQuestions, manyAnswered)
	before := h.memory(b)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	go h.change(ctx)
	const each = 6 * attackers
	all, failed := map[string][]time.Duration{}, 0
	for b.Loop() {
		took, bad := attack(b.Context(), h.institution.base, each)
		for path, ds := range took {
			all[path] = append(all[path], ds...)
		}
		failed += bad
	}
	b.ReportMetric(rank(all["/s/hall"], 0.5), "page-median-ms")
	b.ReportMetric(rank(all["/s/hall"], 0.99), "page-99%-ms")
	b.ReportMetric(rank(all["/readyz"], 0.99), "readyz-99%-ms")
	b.ReportMetric(float64(each*b.N)/b.Elapsed().Seconds(), "requests/s")
	b.ReportMetric(float64(failed), "failed")
	b.ReportMetric(before, "MB-before")
	b.ReportMetric(h.memory(b), "MB")
}

// hear opens a live connection, and tells when it has heard of each change.
func (h *hall) hear(ctx context.Context, i int, heard chan<- struct{}) error {
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", h.institution.listen)
	if err != nil {
		return err
	}
	from := fmt.Sprintf("10.%d.%d.1", i>>8, i&255)
	fmt.Fprintf(c, "GET /s/hall/events HTTP/1.1\r\nHost: hall\r\nX-Forwarded-For: %s\r\n\r\n", from)
	s := bufio.NewScanner(c)
	for s.Scan() && s.Text() != ": connected" {
		if strings.HasPrefix(s.Text(), "HTTP/1.1 5") {
			return fmt.Errorf("reader %d: %s", i, s.Text())
		}
	}
	go func() {
		defer c.Close()
		for s.Scan() {
			if s.Text() == "event: question" {
				heard <- struct{}{}
			}
		}
	}()
	return s.Err()
}

// BenchmarkLiveReaders is how long it takes until 10,000 readers of one replica have heard of
// a change.
func BenchmarkLiveReaders(b *testing.B) {
	h := newHall(b, 20, 0)
	heard := make(chan struct{}, liveReaders)
	var g errgroup.Group
	g.SetLimit(64)
	for i := range liveReaders {
		g.Go(func() error { return h.hear(b.Context(), i, heard) })
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
	var slowest []time.Duration
	for b.Loop() {
		began := time.Now()
		if err := h.answer(b.Context(), manyQuestions+len(slowest), false); err != nil {
			b.Fatal(err)
		}
		for range liveReaders {
			<-heard
		}
		slowest = append(slowest, time.Since(began))
	}
	b.ReportMetric(rank(slowest, 1), "slowest-ms")
	b.ReportMetric(rank(slowest, 0.5), "median-ms")
	b.ReportMetric(h.memory(b), "MB")
}
