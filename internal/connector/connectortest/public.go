package connectortest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// Harness is one connector with its platform, fresh for one test. What is nil or
// empty cannot be tried there, and the suite says so.
type Harness struct {
	Connector connector.Connector
	Place     session.PlaceID
	// Original stands at the place and can be replied to.
	Original session.Origin
	// Posts lists what a reader finds at the place, without the original. Under is the
	// message that a post replies to.
	Posts func() []Seen
	// Unknown is a message that is formed like the platform's and never was there.
	Unknown session.MessageID
	// Refuse makes the platform say no to the next call, Silence makes it do what the
	// next call asks and not answer.
	Refuse, Silence func()
}

// Seen is a post as a reader finds it, in plain text.
type Seen struct {
	ID    session.MessageID
	Under session.MessageID
	Text  string
}

// RunPublic checks what every public connector promises. fresh makes a platform
// without any post of the bot.
func RunPublic(t *testing.T, fresh func(t *testing.T) Harness) {
	for _, c := range []struct {
		name string
		run  func(public, *testing.T)
	}{
		{"facts", public.facts}, {"run", public.ends}, {"reply", public.reply}, {"alone", public.alone},
		{"two posts", public.two}, {"literal text", public.literal}, {"length", public.length},
		{"edit", public.edit}, {"edit unknown", public.editUnknown}, {"retract", public.retract}, {"retract unknown", public.retractUnknown},
		{"find", public.find}, {"key", public.key},
		{"refused", public.refused}, {"silent", public.silent}, {"cancelled", public.cancelled},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(public{fresh(t)}, t)
		})
	}
}

type public struct{ Harness }

func (h public) facts(t *testing.T) {
	id := h.Connector.ID()
	if id == "" || h.Connector.ID() != id {
		t.Errorf("id %q, then %q", id, h.Connector.ID())
	}
	a, b := h.Connector.Limits(), h.Connector.Limits()
	if a.Text != b.Text || a.Link != b.Link || a.Notices != b.Notices {
		t.Error("two answers about the limits")
	}
	for _, text := range []string{"", "a", "ā", "👩‍👩‍👧‍👦"} {
		if n := a.Measure(text); n < 0 || text == "" && n != 0 {
			t.Errorf("%q measures %d", text, n)
		}
	}
	if _, ok := connector.As[connector.Replier](h.Connector); !ok {
		t.Error("a public connector must be a Replier")
	}
}

func (h public) ends(t *testing.T) { runEnds(t, h.Connector) }

// runEnds checks that receiving stops with its context.
func runEnds(t *testing.T, c connector.Connector) {
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	stop()
	select {
	case err := <-done:
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
	case <-time.After(testenv.Patience):
		t.Fatal("Run goes on after its context has ended")
	}
}

func (h public) post(key, text string) connector.Post {
	return connector.Post{Key: key, Place: h.Place, Original: h.Original, Language: session.English, Text: text}
}

func (h public) must(t *testing.T, p connector.Post) connector.Sent {
	t.Helper()
	r, ok := connector.As[connector.Replier](h.Connector)
	if !ok {
		t.Fatal("not a Replier")
	}
	sent, err := r.Reply(t.Context(), p)
	if err != nil {
		t.Fatalf("reply: %v", err)
	}
	return sent
}

// see checks the texts that a reader finds, if the test can look.
func (h public) see(t *testing.T, want ...string) {
	t.Helper()
	if h.Posts == nil {
		return
	}
	var got []string
	for _, p := range h.Posts() {
		got = append(got, p.Text)
	}
	if !slices.Equal(got, want) {
		t.Errorf("a reader finds %q, want %q", got, want)
	}
}

func (h public) reply(t *testing.T) {
	sent := h.must(t, h.post("k1", "An answer."))
	if sent.Message == "" {
		t.Error("no message id")
	}
	h.see(t, "An answer.")
	if h.Posts == nil {
		return
	}
	if p := h.Posts()[0]; p.ID != sent.Message || p.Under != h.Original.Message {
		t.Errorf("stands as %q under %q, want %q under %q", p.ID, p.Under, sent.Message, h.Original.Message)
	}
}

func (h public) alone(t *testing.T) {
	p := h.post("k1", "On its own.")
	p.Original = session.Origin{}
	h.must(t, p)
	h.see(t, "On its own.")
	if h.Posts != nil && h.Posts()[0].Under != "" {
		t.Errorf("stands under %q", h.Posts()[0].Under)
	}
}

func (h public) two(t *testing.T) {
	a, b := h.must(t, h.post("k1", "One.")), h.must(t, h.post("k2", "Two."))
	if a.Message == b.Message {
		t.Errorf("both posts are %q", a.Message)
	}
	h.see(t, "One.", "Two.")
}

// strangers wrote these; they must reach a reader letter by letter.
var strangers = []string{
	"<b>bold</b> & &amp; <script>alert(1)</script>", "*bold* _it_ ~no~ `code` ```block```", "[text](https://example.lv) [x]: y",
	"@everyone @here <!channel> <@U123> #tag", "1. one\n2. two\n\n- three", `\ \\ \n %s {{.x}} $1`,
	"👩‍👩‍👧‍👦 e\u0301 سلام שלום", "> quote\n# heading\n||spoiler||",
}

func (h public) literal(t *testing.T) {
	for _, text := range strangers {
		h.must(t, h.post("k-"+text[:1], text))
	}
	h.see(t, strangers...)
}

func (h public) length(t *testing.T) {
	l := h.Connector.Limits()
	if l.Text == 0 {
		t.Skip("it has no longest text")
	}
	full := strings.Repeat("a", l.Text)
	if l.Measure(full) != l.Text {
		t.Fatalf("%d letters measure %d", l.Text, l.Measure(full))
	}
	h.must(t, h.post("k1", full))
	r, _ := connector.As[connector.Replier](h.Connector)
	_, err := r.Reply(t.Context(), h.post("k2", full+"a"))
	wantOutcome(t, "one letter too much", err, connector.Refused)
	h.see(t, full)
}

func wantOutcome(t *testing.T, what string, err error, want connector.Outcome) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error", what)
		return
	}
	if got := connector.OutcomeOf(err); got.Outcome != want {
		t.Errorf("%s: outcome %d, want %d: %v", what, got.Outcome, want, err)
	}
}
