package telegramfake

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	longestDelay = 60 // seconds between two resends; the real one draws up to twice that
	longestAfter = 3600
	goneFor      = 23 * time.Hour // answers of 410 after which the webhook is removed
)

// deliver pushes updates to the webhook until Close: the first of every lane, as
// many at once as there are connections.
func (s *Server) deliver() {
	client := &http.Client{
		Timeout:       s.seconds(60),
		Transport:     &http.Transport{MaxIdleConnsPerHost: 100},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	for s.stop.Err() == nil {
		s.mu.Lock()
		hook, changed := s.hook, s.changed
		ready, next := s.ready(time.Now())
		s.mu.Unlock()
		for _, e := range ready {
			s.work.Go(func() { s.send(client, hook, e) })
		}
		s.pause(changed, next)
	}
}

// pause waits for a change or for the next resend.
func (s *Server) pause(changed chan struct{}, next time.Time) {
	wait := time.Hour
	if !next.IsZero() {
		wait = time.Until(next)
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-changed:
	case <-t.C:
	case <-s.stop.Done():
	}
}

// ready takes the updates that can be sent now, and says when the next one is due.
// Only the first of a lane is ever sent.
func (s *Server) ready(now time.Time) (ready []*event, next time.Time) {
	if s.hook.url == "" {
		return nil, next
	}
	s.queue.expire(s.now())
	busy, flying := map[lane]bool{}, 0
	for _, e := range s.queue.events {
		if e.flying {
			flying++
		}
	}
	for _, e := range s.queue.events {
		first := !busy[e.lane]
		busy[e.lane] = true
		switch {
		case !first || e.flying || flying >= s.hook.connections:
		case !e.due.After(now):
			e.flying = true
			flying++
			ready = append(ready, e)
		case next.IsZero() || e.due.Before(next):
			next = e.due
		}
	}
	return ready, next
}

func (s *Server) send(client *http.Client, hook webhook, e *event) {
	status, body, header, err := s.post(client, hook, e)
	ok := err == nil && status >= 200 && status < 300
	s.mu.Lock()
	current := hook.generation == s.hook.generation
	switch {
	case !current:
	case ok:
		s.queue.remove(e)
		s.hook.gone = time.Time{}
	default:
		s.refused(e, status, header.Get("Retry-After"), err)
	}
	s.bump()
	s.mu.Unlock()
	if ok && current {
		s.execute(header.Get("Content-Type"), body)
	}
}

func (s *Server) post(client *http.Client, hook webhook, e *event) (int, []byte, http.Header, error) {
	r, err := http.NewRequestWithContext(s.stop, http.MethodPost, hook.url, bytes.NewReader(e.render()))
	if err != nil {
		return 0, nil, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if hook.secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", hook.secret)
	}
	res, err := client.Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, longestBody))
	return res.StatusCode, body, res.Header, err
}

// refused plans the next attempt: at once after the first failure, then doubling, or
// when Retry-After says. An update that would be too old by then is dropped.
func (s *Server) refused(e *event, status int, after string, err error) {
	s.hook.failed = s.now()
	s.hook.failure = fmt.Sprintf("Wrong response from the webhook: %d %s", status, http.StatusText(status))
	if err != nil {
		s.hook.failure = "Webhook connection closed"
	}
	s.count410(status)
	wait := e.next(after)
	if s.now().Add(time.Duration(wait) * time.Second).After(e.expires) {
		s.queue.remove(e)
		return
	}
	e.flying, e.due = false, time.Now().Add(s.seconds(wait))
}

// next is how many seconds to wait after one more failure.
func (e *event) next(after string) float64 {
	n, _ := strconv.Atoi(after)
	wait := float64(min(max(n, 0), longestAfter))
	if e.delay == 0 {
		e.delay = 1
	}
	if wait == 0 && e.fails > 0 {
		e.delay = min(e.delay*2, longestDelay)
		wait = e.delay
	}
	e.fails++
	return wait
}

func (s *Server) count410(status int) {
	switch {
	case status != http.StatusGone:
		s.hook.gone = time.Time{}
	case s.hook.gone.IsZero():
		s.hook.gone = s.now()
	case s.now().Sub(s.hook.gone) > goneFor:
		s.dropWebhook()
	}
}

// execute calls the method that a webhook's answer names. Its result is lost.
func (s *Server) execute(contentType string, body []byte) {
	p := params{}
	if len(body) == 0 || p.addBody(contentType, body) != nil {
		return
	}
	method := strings.ToLower(p["method"])
	switch method {
	case "", "deletewebhook", "setwebhook", "close", "logout":
		return
	}
	if strings.HasPrefix(method, "get") {
		return
	}
	s.note(method, p)
	_, _ = s.call(s.stop, method, p)
}
