package httpapi

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
)

// read hears values out.
func read(t *testing.T, c *Client, l Listening) (heard []string, up int, err error) {
	t.Helper()
	l.Up = func() { up++ }
	if l.Each == nil {
		l.Each = func(e Event) error {
			heard = append(heard, string(e.Data))
			return nil
		}
	}
	err = c.Values(t.Context(), Request{Method: http.MethodGet, To: "/"}, l)
	return heard, up, err
}

// TestValues: one after the other, in a list or not, whole or cut off in one.
func TestValues(t *testing.T) {
	t.Parallel()
	for said, want := range map[string][]string{
		"[{\"a\":1},\r\n{\"a\":2}\n]": {`{"a":1}`, `{"a":2}`},
		" \n[\n{\"a\":1}\n,{\"a\":2":  {`{"a":1}`},
		"{\"a\":1}\n{\"a\":[2]}\n":    {`{"a":1}`, `{"a":[2]}`},
		"[]":                          nil,
		"":                            nil,
	} {
		heard, up, err := read(t, streams(t, "application/json; charset=UTF-8", said, true), Listening{Silence: time.Minute, Most: 100})
		if !slices.Equal(heard, want) || up != 1 || connector.OutcomeOf(err).Outcome != connector.Deferred {
			t.Errorf("%q: heard %q, up %d times, %v", said, heard, up, err)
		}
	}
}

// TestValuesAreBounded: by silence and by the length of each, and not by how long they go on.
func TestValuesAreBounded(t *testing.T) {
	t.Parallel()
	one := `{"a":"` + strings.Repeat("x", 60) + `"},`
	for name, c := range map[string]struct {
		said string
		l    Listening
		want error
	}{
		"silence":    {"[", Listening{Silence: 50 * time.Millisecond, Most: 100}, errSilent},
		"a long one": {`[{"a":"` + strings.Repeat("x", 9000), Listening{Silence: time.Minute, Most: 4096}, errTooLong},
	} {
		if _, _, err := read(t, streams(t, "application/json", c.said, false), c.l); !errors.Is(err, c.want) {
			t.Errorf("%s: ended with %v, want %v", name, err, c.want)
		}
	}
	many := "[" + strings.Repeat(one, 500) + "1]"
	if heard, _, err := read(t, streams(t, "application/json", many, true), Listening{Silence: time.Minute, Most: 8192}); len(heard) != 501 {
		t.Errorf("heard %d: %v", len(heard), err)
	}
	failing := Listening{Silence: time.Minute, Most: 100, Each: func(Event) error { return errNoJSON }}
	if _, _, err := read(t, streams(t, "application/json", "[1,2]", true), failing); !errors.Is(err, errNoJSON) {
		t.Errorf("its own error: %v", err)
	}
}

// TestNoValues: a page is a refusal.
func TestNoValues(t *testing.T) {
	t.Parallel()
	if _, up, err := read(t, streams(t, "text/html", "<html>", true), Listening{Silence: time.Minute, Most: 100}); up != 0 ||
		connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("a page: %v, up %d times", err, up)
	}
}
