package connectortest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
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
	// Poster is the picture of announcements, where the connector needs one.
	Poster connector.Poster
	// Unknown is a message that is formed like the platform's and never was there.
	Unknown session.MessageID
	// Hidden reports whether Original is hidden from readers, where the connector can hide it.
	Hidden func() bool
	// Pinned reports whether a post of the bot is pinned, where the connector pins.
	Pinned func(session.MessageID) bool
	// Refuse makes the platform say no to the next call, Silence makes it do what the
	// next call asks and not answer.
	Refuse, Silence func()
	// Gate stands between the connector and its platform, where OpenWire opened one.
	Gate *testenv.Gate
	// Except names parts of the suite that a platform cannot pass, each with the reason.
	Except map[string]string
}

// Seen is a post as a reader finds it, in plain text.
type Seen struct {
	ID    session.MessageID
	Under session.MessageID
	Text  string
	// Pictures are those that stand with it, where the connector posts any.
	Pictures []session.Picture
}

// RunPublic checks what every public connector promises. fresh makes a platform
// without any post of the bot.
func RunPublic(t *testing.T, fresh func(t *testing.T) Harness) {
	for _, c := range []struct {
		name string
		run  func(public, *testing.T)
	}{
		{"facts", public.facts}, {"abilities", public.abilities}, {"learn", public.learn},
		{"run", public.ends}, {"reply", public.reply}, {"alone", public.alone},
		{"two posts", public.two}, {"literal text", public.literal}, {"length", public.length}, {"pictures", public.pictures},
		{"revised pictures", public.revisedPictures},
		{"edit", public.edit}, {"edit unknown", public.editUnknown}, {"retract", public.retract}, {"retract unknown", public.retractUnknown},
		{"stands", public.stands}, {"hide", public.hide}, {"pin", public.pin},
		{"find", public.find}, {"key", public.key},
		{"refused", public.refused}, {"silent", public.silent}, {"cancelled", public.cancelled}, {"wire", public.wire},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := fresh(t)
			if why := h.Except[c.name]; why != "" {
				t.Skip(why)
			}
			c.run(public{h}, t)
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
	if len(a.Longest) != len(b.Longest) || a.Notices != b.Notices {
		t.Error("two answers about the limits")
	}
	for _, l := range a.Longest {
		checkLimit(t, l)
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

// approved is when all these posts were approved.
var approved = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func (h public) post(key, text string) connector.Post {
	p := connector.Post{Kind: session.KindAnswer, Key: key, Copy: "copy:" + key, Place: h.Place, Original: h.Original,
		Language: session.English, Text: text, Approved: approved}
	if h.Connector.Limits().Letters {
		p.Recipient = &connector.Recipient{To: "ilze@example.org", Leave: "https://example.org/leave/1"}
	}
	if h.Poster.URL != "" {
		p.Poster = func(context.Context) (connector.Poster, error) { return h.Poster, nil }
	}
	return p
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
	if h.Connector.Limits().Posters {
		p.Kind = session.KindAnnouncement
	}
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

// checkLimit checks what a limit says of itself.
func checkLimit(t *testing.T, l connector.Limit) {
	t.Helper()
	if l.Unit == "" || l.Most < 1 {
		t.Errorf("at most %d %q is no limit", l.Most, l.Unit)
	}
	for _, text := range []string{"", "a", "ā", "👩‍👩‍👧‍👦"} {
		if n := l.Measure(text); n < 0 || text == "" && n != 0 {
			t.Errorf("%q measures %d %s", text, n, l.Unit)
		}
	}
}

// fillers reach one of several limits before the others: letters, bytes, what is seen as
// one character.
var fillers = []string{"a", "ā", "👍", "👩‍👩‍👧‍👦"}

// length sends the longest text of each kind of letters, and one letter more.
func (h public) length(t *testing.T) {
	longest := h.Connector.Limits().Longest.Of(session.KindAnswer)
	if len(longest) == 0 {
		t.Skip("it has no longest text")
	}
	r, _ := connector.As[connector.Replier](h.Connector)
	var sent []string
	for i, filler := range fillers {
		full := fill(longest, filler)
		h.must(t, h.post(fmt.Sprint("full", i), full))
		_, err := r.Reply(t.Context(), h.post(fmt.Sprint("over", i), full+filler))
		wantOutcome(t, "one "+filler+" too much", err, connector.Refused)
		sent = append(sent, full)
	}
	h.see(t, sent...)
}

// fill repeats a letter as often as it fits.
func fill(longest connector.Longest, filler string) string {
	n := sort.Search(longest[0].Most+1, func(n int) bool { return !longest.Fits(strings.Repeat(filler, n+1)) })
	return strings.Repeat(filler, n)
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
