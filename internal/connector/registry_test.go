package connector

import (
	"context"
	"slices"
	"strings"
	"testing"

	"experthour/internal/session"
)

type bare struct{ id session.ConnectorID }

func (b bare) ID() session.ConnectorID     { return b.id }
func (bare) Limits() Limits                { return Limits{Longest: AtMost(7, session.Characters)} }
func (bare) Run(ctx context.Context) error { return ctx.Err() }

type replying struct{ bare }

func (replying) Reply(context.Context, Post) (Sent, error) { return Sent{}, nil }

func (replying) Edit(context.Context, session.MessageID, Post) (Sent, error) { return Sent{}, nil }

func TestRegistry(t *testing.T) {
	t.Parallel()
	r, err := NewRegistry(bare{"a"}, replying{bare{"b"}})
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := r.Get("b"); !ok || c != Connector(replying{bare{"b"}}) {
		t.Errorf("b is %v, %v", c, ok)
	}
	if _, ok := r.Get("c"); ok {
		t.Error("c is there")
	}
	if l, ok := r.Limits("a"); !ok || l.Longest[0].Most != 7 {
		t.Errorf("limits of a: %v, %v", l, ok)
	}
	if _, ok := r.Limits("c"); ok || len(r.All()) != 2 {
		t.Error("limits of c, or not two connectors")
	}
}

func TestRegistryRefuses(t *testing.T) {
	t.Parallel()
	if _, err := NewRegistry(bare{"a"}, replying{bare{"a"}}); err == nil || !strings.Contains(err.Error(), `"a"`) {
		t.Errorf("the same id twice: %v", err)
	}
	if _, err := NewRegistry(bare{}); err == nil {
		t.Error("no id is taken")
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	if got := Capabilities(bare{"a"}); got != nil {
		t.Errorf("a bare connector has %v", got)
	}
	if got := Capabilities(replying{bare{"a"}}); !slices.Equal(got, []Capability{CanReply, CanEdit}) {
		t.Errorf("capabilities %v", got)
	}
}

func TestTightest(t *testing.T) {
	t.Parallel()
	ls := Longest{{Unit: session.Characters, Most: 10}, {Unit: session.Bytes, Most: 25},
		{Unit: session.UTF16, Most: 5, Kinds: []session.CopyKind{session.KindReceipt}}}.Of(session.KindAnswer)
	for text, want := range map[string]struct {
		unit   session.Unit
		length int
		fits   bool
	}{
		"":              {session.Characters, 0, true},
		"abcdefghij":    {session.Characters, 10, true},
		"abcdefghijk":   {session.Characters, 11, false},
		"👍👍👍👍👍👍":        {session.Bytes, 24, true},
		"👍👍👍👍👍👍👍":       {session.Bytes, 28, false},
		"👍👍👍👍👍👍aaaaa":   {session.Bytes, 29, false},
		"abcdefghijāāā": {session.Characters, 13, false},
	} {
		l, n := ls.Tightest(text)
		if l.Unit != want.unit || n != want.length || ls.Fits(text) != want.fits {
			t.Errorf("%q: %d %s, fits %v", text, n, l.Unit, ls.Fits(text))
		}
	}
	if l, n := Longest(nil).Tightest("ā"); l.Most != 0 || l.Unit != session.Characters || n != 1 || !Longest(nil).Fits("ā") {
		t.Errorf("without a limit: %v, %d", l, n)
	}
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	bytes := func(s string) int { return len(s) }
	for name, c := range map[string]struct {
		l    Limit
		text string
		want int
	}{
		"characters":      {Limit{}, "ā👍", 2},
		"own length":      {Limit{Count: bytes}, "ā👍", 6},
		"link as it is":   {Limit{}, "a http://b.lv", 13},
		"link":            {Limit{Link: 23}, "a http://b.lv", 25},
		"two links":       {Limit{Link: 23}, "http://b.lv https://c.lv/d?e=f", 47},
		"full stop after": {Limit{Link: 23}, "See https://b.lv/c.", 28},
		"in brackets":     {Limit{Link: 23}, "(https://b.lv/c) d", 27},
		"letters after":   {Limit{Link: 23}, "https://b.lv/ā", 24},
		"line after":      {Limit{Link: 23}, "https://b.lv/\nd", 25},
		"only the scheme": {Limit{Link: 23}, "https://", 23},
		"nothing":         {Limit{Link: 23}, "", 0},
	} {
		if got := c.l.Measure(c.text); got != c.want {
			t.Errorf("%s: %q is %d, want %d", name, c.text, got, c.want)
		}
	}
}
