package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/session"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	connectortest.RunDesk(t, func(t *testing.T) connectortest.DeskHarness {
		w := newWorld(t, slackfake.Options{NoLimits: true})
		return connectortest.DeskHarness{
			Connector: w.Slack, Place: place,
			Cards:   func() []connectortest.SeenCard { return seen(w.channel.Messages()) },
			Remove:  func(at session.MessageID) { _ = w.message(at).Remove() },
			Refuse:  func() { w.fake.Refuse("chat.postMessage", 1, "invalid_blocks") },
			Silence: func() { w.fake.Fail("chat.postMessage", 1, slackfake.HangAfter) },
		}
	})
}

// seen reads cards as staff see them.
func seen(ms []*slackfake.Message) []connectortest.SeenCard {
	var cards []connectortest.SeenCard
	for _, m := range ms {
		c := connectortest.SeenCard{ID: session.MessageID(m.TS()), Text: m.Text()}
		for _, b := range m.Blocks() {
			elements, _ := b["elements"].([]any)
			for _, e := range elements {
				if value, ok := e.(map[string]any)["value"].(string); ok {
					c.Actions = append(c.Actions, value)
				}
			}
		}
		cards = append(cards, c)
	}
	return cards
}

func TestBoardIsPinned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	board := card(0)
	m := w.must(board)
	if !m.IsPinned() {
		t.Error("the board is not pinned")
	}
	if w.must(card(1)).IsPinned() {
		t.Error("a card is pinned")
	}
	at, ok, err := w.FindCard(t.Context(), board, moment(m.TS()))
	if err != nil || !ok || string(at) != m.TS() || len(w.Trouble()) != 0 {
		t.Errorf("found %q, %v, %v; trouble %v", at, ok, err, w.Trouble())
	}
}

func TestBoardWithoutTheRightToPin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	w.fake.RemoveScope("pins:write")
	w.must(card(0))
	if got := w.trouble(); len(got) != 1 || got[0] != "slack.scope_missing" {
		t.Errorf("trouble %v", got)
	}
	w.fake.AddScope("pins:write")
	w.must(card(0))
	if len(w.Trouble()) != 0 {
		t.Errorf("trouble %v", w.Trouble())
	}
}

func TestLinkToACard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	m := w.must(card(1))
	c := card(2)
	c.Lines = []connector.Line{{Kind: connector.Small, Link: connector.Link{Label: "#1", Message: session.MessageID(m.TS())}}}
	links := w.must(c).Mentions()
	if len(links) != 1 || links[0].Target != m.Permalink() {
		t.Errorf("links %v, want %s", links, m.Permalink())
	}
}

// Every way in which a post may have arrived without an answer is found again, also by
// who may not read metadata.
func TestFindAfterALostAnswer(t *testing.T) {
	t.Parallel()
	for _, fault := range []slackfake.Fault{slackfake.DropAfter, slackfake.ErrorAfter, slackfake.GarbageAfter,
		slackfake.EmptyAfter, slackfake.BareOKAfter} {
		t.Run(fmt.Sprint(fault), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slackfake.Options{NoLimits: true})
			w.fake.Fail("chat.postMessage", 1, fault)
			c, began := card(1), time.Now()
			_, err := w.PostCard(t.Context(), c)
			if connector.OutcomeOf(err).Outcome != connector.Unsure || err == nil {
				t.Fatalf("error %v", err)
			}
			for i := range 3 {
				w.must(card(2 + i))
			}
			w.fake.RemoveScope("metadata.message:read")
			at, ok, err := w.FindCard(t.Context(), c, began)
			if err != nil || !ok || w.message(at) != w.channel.Card(1) {
				t.Errorf("found %q, %v, %v", at, ok, err)
			}
		})
	}
}

// An app whose reading is limited to 15 messages a minute goes on where it had to stop.
func TestFindAtOneReadAMinute(t *testing.T) {
	t.Parallel()
	var clock clock
	w := newWorld(t, slackfake.Options{SlowReads: true, PostBurst: 100, Now: clock.now}, func(o *Options) { o.Now = clock.now })
	began := clock.now()
	want := w.must(card(1))
	for i := range 40 {
		w.must(connector.Card{Key: fmt.Sprint("other", i), Place: place, Number: 2, Title: "#2"})
	}
	waits := 0
	for {
		at, ok, err := w.FindCard(t.Context(), card(1), began)
		if err == nil {
			if !ok || string(at) != want.TS() || waits != 2 {
				t.Fatalf("found %q, %v after %d waits", at, ok, waits)
			}
			return
		}
		e := connector.OutcomeOf(err)
		if e.Outcome != connector.Deferred || waits == 5 {
			t.Fatalf("error %v", err)
		}
		waits++
		clock.add(e.Wait)
	}
}

func TestCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	c := card(1)
	at := session.MessageID(w.must(c).TS())
	c.Call = &connector.Call{Number: 2, To: []session.UserRef{"U0ANNA", "<!here>"},
		Text: "Question 1 waits for you.", Quote: "Why <!channel>?"}
	if _, ok, err := w.FindCall(t.Context(), at, c); ok || err != nil {
		t.Errorf("before it was posted: %v, %v", ok, err)
	}
	if _, err := w.PostCall(t.Context(), at, c); err != nil {
		t.Fatal(err)
	}
	thread := w.message(at).Thread()
	if len(thread) != 1 {
		t.Fatalf("%d replies", len(thread))
	}
	reply := thread[0]
	if ms := reply.Mentions(); len(ms) != 1 || ms[0].Target != "U0ANNA" {
		t.Errorf("mentions %v", ms)
	}
	if text := reply.Text(); text != "@Anna Ozola\nQuestion 1 waits for you.\nWhy <!channel>?" {
		t.Errorf("reads %q", text)
	}
	if !strings.Contains(reply.Raw(), "waits for you") || !strings.Contains(reply.Raw(), "&lt;!channel&gt;") {
		t.Errorf("a telephone shows %q", reply.Raw())
	}
	if _, ok, err := w.FindCall(t.Context(), at, c); !ok || err != nil {
		t.Errorf("afterwards: %v, %v", ok, err)
	}
	c.Call.Number = 3
	if _, ok, err := w.FindCall(t.Context(), at, c); ok || err != nil {
		t.Errorf("the next call: %v, %v", ok, err)
	}
}

func TestCallNearACardThatIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{NoLimits: true})
	c := card(1)
	c.Call = &connector.Call{Number: 1, Text: "It waits."}
	m := w.must(c)
	w.anna.Reply(m, "Hm.")
	at := session.MessageID(m.TS())
	if err := m.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.PostCall(t.Context(), at, c); !errors.Is(err, connector.ErrGone) {
		t.Errorf("error %v", err)
	}
	if w.channel.Find("It waits.") != nil {
		t.Error("the stray reply stands in the channel")
	}
	if err := w.UpdateCard(t.Context(), at, c); !errors.Is(err, connector.ErrGone) {
		t.Errorf("update of the grey line: %v", err)
	}
	if _, ok, err := w.FindCall(t.Context(), "1.000001", c); ok || err != nil {
		t.Errorf("a thread that never was: %v, %v", ok, err)
	}
}

// TestCallOutsideItsThread: the card is there, so that whoever asked can tell that no
// call will ever stand under it.
func TestCallOutsideItsThread(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{NoLimits: true})
	c := card(1)
	c.Call = &connector.Call{Number: 1, Text: "It waits."}
	at := session.MessageID(w.must(c).TS())
	w.channel.LoseReplies()
	if _, err := w.PostCall(t.Context(), at, c); !errors.Is(err, connector.ErrGone) {
		t.Errorf("error %v", err)
	}
	if w.channel.Find("It waits.") != nil {
		t.Error("the stray reply stands in the channel")
	}
	if err := w.UpdateCard(t.Context(), at, c); err != nil {
		t.Errorf("update of the card: %v", err)
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code    string
		outcome connector.Outcome
		trouble string
	}{
		"blocks":   {"invalid_blocks", connector.Refused, ""},
		"length":   {"msg_too_long", connector.Refused, ""},
		"limit":    {"ratelimited", connector.Deferred, "slack.rate_limited"},
		"fatal":    {"fatal_error", connector.Unsure, ""},
		"internal": {"internal_error", connector.Unsure, ""},
		"service":  {"service_unavailable", connector.Deferred, ""},
		"archived": {"is_archived", connector.Deferred, "slack.channel_archived"},
		"unknown":  {"channel_not_found", connector.Deferred, "slack.channel_unknown"},
		"outside":  {"not_in_channel", connector.Deferred, "slack.channel_not_member"},
		"closed":   {"restricted_action", connector.Deferred, "slack.channel_restricted"},
		"scope":    {"missing_scope", connector.Deferred, "slack.scope_missing"},
		"revoked":  {"token_revoked", connector.Deferred, "slack.token_refused"},
		"inactive": {"account_inactive", connector.Deferred, "slack.token_refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slackfake.Options{NoLimits: true})
			w.must(card(1))
			w.fake.Refuse("chat.postMessage", 2, c.code)
			for range 2 {
				_, err := w.PostCard(t.Context(), card(2))
				if got := connector.OutcomeOf(err); got.Outcome != c.outcome || c.outcome == connector.Deferred && got.Wait <= 0 {
					t.Errorf("error %v, wait %v", err, got.Wait)
				}
			}
			if got := strings.Join(w.trouble(), " "); got != c.trouble {
				t.Errorf("trouble %q, want %q", got, c.trouble)
			}
			w.must(card(2))
			if len(w.Trouble()) != 0 {
				t.Errorf("afterwards there is %v", w.Trouble())
			}
			if n, over := strings.Count(w.logs.String(), `msg=trouble `), strings.Count(w.logs.String(),
				`msg="trouble is over"`); c.trouble != "" && (n != 1 || over != 1) {
				t.Errorf("logged %d times, and %d times that it is over:\n%s", n, over, w.logs)
			}
		})
	}
}

func TestRateLimitShapes(t *testing.T) {
	t.Parallel()
	for _, shape := range []slackfake.Shape{slackfake.RetryAfter, slackfake.Bare429, slackfake.OKRatelimited} {
		w := newWorld(t, slackfake.Options{Shape: shape})
		w.fake.Limit("chat.postMessage", 1, 7*time.Second)
		_, err := w.PostCard(t.Context(), card(1))
		e := connector.OutcomeOf(err)
		if e.Outcome != connector.Deferred || e.Wait < time.Second || shape == slackfake.RetryAfter && e.Wait != 7*time.Second {
			t.Errorf("shape %v: %v, wait %v", shape, err, e.Wait)
		}
		if n := len(w.channel.Messages()); n != 0 {
			t.Errorf("shape %v: %d messages stand there", shape, n)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	w.fake.Close()
	_, err := w.PostCard(t.Context(), card(1))
	if e := connector.OutcomeOf(err); e.Outcome != connector.Deferred || e.Wait <= 0 {
		t.Errorf("a call that never left is %v", err)
	}
	if got := w.trouble(); len(got) != 1 || got[0] != "slack.unreachable" {
		t.Errorf("trouble %v", got)
	}
}

// TestPostNeedsNoMemory: the lease knows when a post was tried, so nothing is stored
// before it.
func TestPostNeedsNoMemory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	w.memory.fail = errors.New("away")
	if _, err := w.PostCard(t.Context(), card(1)); err != nil || len(w.channel.Messages()) != 1 {
		t.Errorf("error %v", err)
	}
}

// No token may be read in an error or in the log, whatever goes wrong.
func TestTokensStaySecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{NoLimits: true})
	w.must(card(1))
	var texts []string
	for _, fault := range []slackfake.Fault{slackfake.DropBefore, slackfake.ErrorBefore, slackfake.GarbageAfter} {
		w.fake.Fail("chat.postMessage", 1, fault)
		_, err := w.PostCard(t.Context(), card(2))
		texts = append(texts, err.Error())
	}
	w.fake.RevokeToken()
	for _, f := range w.Check(t.Context()) {
		texts = append(texts, fmt.Sprint(f))
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	w.await(func() bool { return strings.Contains(w.logs.String(), "slack.app_token_refused") })
	stop()
	<-done
	texts = append(texts, w.logs.String())
	for _, text := range texts {
		for _, secret := range []string{botToken, appToken, signature} {
			if strings.Contains(text, secret) {
				t.Errorf("%q has a secret in it", text)
			}
		}
	}
}
