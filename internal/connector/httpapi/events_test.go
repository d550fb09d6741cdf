package httpapi

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/testenv"
)

// streams serves lines as a stream, which then ends or goes on in silence.
func streams(t *testing.T, kind, said string, ends bool) *Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, said)
		w.(http.Flusher).Flush()
		if !ends {
			<-r.Context().Done()
		}
	}))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return New(Options{Base: s.URL, Secrets: []string{token}})
}

func hear(t *testing.T, c *Client, l Listening) (heard []string, up int, err error) {
	t.Helper()
	l.Up = func() { up++ }
	each := l.Each
	l.Each = func(e Event) error {
		heard = append(heard, e.Name+"="+string(e.Data))
		if each != nil {
			return each(e)
		}
		return nil
	}
	err = c.Listen(testenv.Soon(t), Request{Method: http.MethodGet, To: "/", Header: http.Header{"Authorization": {"Bearer " + token}}}, l)
	return heard, up, err
}

// TestListen reads events, and gives none that is not whole.
func TestListen(t *testing.T) {
	t.Parallel()
	said := ":)\nevent: a\ndata: 1\n\n:thump\n\nevent: b\r\ndata:2\r\ndata: 3\r\n\r\nevent: empty\n\nid: 7\ndata: c\n\nevent: half\ndata: x"
	heard, up, err := hear(t, streams(t, "text/event-stream; charset=utf-8", said, true), Listening{Silence: time.Minute, Most: 100})
	if want := []string{"a=1\n", "b=2\n3\n", "=c\n"}; !slices.Equal(heard, want) || up != 1 {
		t.Errorf("heard %q, up %d times", heard, up)
	}
	if e := connector.OutcomeOf(err); e == nil || e.Outcome != connector.Deferred || !errors.Is(err, errHungUp) {
		t.Errorf("ended with %v", err)
	}
}

// TestListenIsBounded: by silence, by the length of a line, and of an event.
func TestListenIsBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		said string
		l    Listening
		want error
	}{
		"silence":       {"", Listening{Silence: 20 * time.Millisecond, Most: 100}, errSilent},
		"then silence":  {":)\n", Listening{Silence: 50 * time.Millisecond, Most: 100}, errSilent},
		"a long line":   {"data: " + strings.Repeat("x", 200) + "\n", Listening{Silence: time.Minute, Most: 100}, nil},
		"a long event":  {strings.Repeat("data: 123456789\n", 20), Listening{Silence: time.Minute, Most: 100}, errTooLong},
		"an error here": {"data: 1\n\n", Listening{Silence: time.Minute, Most: 100, Each: func(Event) error { return errNoJSON }}, errNoJSON},
	} {
		if _, _, err := hear(t, streams(t, "text/event-stream", c.said, false), c.l); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: ended with %v, want %v", name, err, c.want)
		}
	}
}

// TestNoStream: an answer of another kind is a refusal, whatever its status.
func TestNoStream(t *testing.T) {
	t.Parallel()
	if _, up, err := hear(t, streams(t, "text/html", "<html>", true), Listening{Silence: time.Minute, Most: 100}); up != 0 ||
		connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("a page: %v, up %d times", err, up)
	}
	s := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(s.Close)
	_, _, err := hear(t, New(Options{Base: s.URL}), Listening{Silence: time.Minute, Most: 100})
	if ErrorOf(err).Status != http.StatusNotFound || connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("404: %v", err)
	}
}
