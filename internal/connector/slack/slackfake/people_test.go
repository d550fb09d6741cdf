package slackfake_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/slack/slackfake"
)

func isMisuse(err error) bool { var m *slackfake.Misuse; return errors.As(err, &m) }

// quiet is a workspace in which nothing comes back as an event.
func quiet(t *testing.T) (*app, *slackfake.Workspace, *slackfake.User, *slackfake.Channel) {
	t.Helper()
	r, w := start(t, slackfake.Options{NoLimits: true, Events: []string{}})
	return connect(t, r), w, w.User("U1", "Anna Ozola", "anna@example.org"), w.Channel("C1")
}

func TestWhatPeopleTypeIsText(t *testing.T) {
	t.Parallel()
	_, w, anna, c1 := quiet(t)
	w.User("U2", "Anna", "")
	for typed, want := range map[string]struct{ raw, shown string }{
		"a < b & <!channel>":           {"a &lt; b &amp; &lt;!channel&gt;", "a < b & <!channel>"},
		"see https://example.org/a?b.": {"see <https://example.org/a?b>.", "see https://example.org/a?b."},
		"see example.org":              {"see <http://example.org|example.org>", "see example.org"},
		"write a@example.org":          {"write <mailto:a@example.org|a@example.org>", "write a@example.org"},
		"@Anna Ozola and @Anna":        {"<@U1> and <@U2>", "@Anna Ozola and @Anna"},
		"@here":                        {"<!here>", "@here"},
		"&lt;":                         {"&amp;lt;", "&lt;"},
	} {
		if m := anna.Say(c1, typed); m.Raw() != want.raw || m.Text() != want.shown {
			t.Errorf("%q: %q shown as %q", typed, m.Raw(), m.Text())
		}
	}
}

func TestTextIsShownAsSlackShowsIt(t *testing.T) {
	t.Parallel()
	a, w, _, c1 := quiet(t)
	w.User("U2", "Boris", "")
	for raw, want := range map[string]struct {
		shown  string
		alive  []slackfake.Mention
		format []slackfake.Span
	}{
		"&lt;!channel&gt; &amp;amp;": {"<!channel> &amp;", nil, nil},
		"a & b < c":                  {"a & b < c", nil, nil},
		"<!channel> now":             {"@channel now", []slackfake.Mention{{Kind: "broadcast", Target: "channel"}}, nil},
		"<@U2> and <!subteam^S1>":    {"@Boris and @S1", []slackfake.Mention{{Kind: "user", Target: "U2"}, {Kind: "group", Target: "S1"}}, nil},
		"<https://evil.test|bank>":   {"bank", []slackfake.Mention{{Kind: "link", Target: "https://evil.test", Label: "bank"}}, nil},
		"https://a.test/b":           {"https://a.test/b", []slackfake.Mention{{Kind: "link", Target: "https://a.test/b"}}, nil},
		"*bold* *too* 2*3*4":         {"bold too 2*3*4", nil, []slackfake.Span{{Style: "bold", Text: "bold"}, {Style: "bold", Text: "too"}}},
		"_i_ ~s~ `c*d*e`": {"i s c*d*e", nil,
			[]slackfake.Span{{Style: "code", Text: "c*d*e"}, {Style: "italic", Text: "i"}, {Style: "strike", Text: "s"}}},
	} {
		ts := a.post("text", "fallback", "blocks", []any{section(raw)})
		m := c1.Messages()[len(c1.Messages())-1]
		if m.TS() != ts || m.Text() != want.shown || !slices.Equal(m.Mentions(), want.alive) || !slices.Equal(m.Markup(), want.format) {
			t.Errorf("%q: %q, %v, %v", raw, m.Text(), m.Mentions(), m.Markup())
		}
	}
	a.post("text", "x", "blocks", []any{object{"type": "section", "text": plain("<!channel> *x* <@U2> https://a.test")}})
	m := c1.Messages()[len(c1.Messages())-1]
	if m.Text() != "<!channel> *x* <@U2> https://a.test" || m.Mentions() != nil || m.Markup() != nil {
		t.Errorf("plain text is dead: %q %v %v", m.Text(), m.Mentions(), m.Markup())
	}
	a.post("text", "<!here>", "blocks", []any{section("x")})
	if m := c1.Messages()[len(c1.Messages())-1]; len(m.Mentions()) != 1 {
		t.Errorf("the notification text calls too: %v", m.Mentions())
	}
}

func TestWholeMessageFlattened(t *testing.T) {
	t.Parallel()
	a, _, _, c1 := quiet(t)
	a.post("blocks", []any{header("#3 Head"), with(section("*text*"), "fields", []any{plain("f1"), plain("f2")}),
		object{"type": "divider"}, object{"type": "context", "elements": []any{plain("c1"), plain("c2")}},
		actions(button("b", "Go"), selecting("overflow", "options", options(1)))})
	want := "#3 Head\ntext\nf1\nf2\n---\nc1 c2\n[Go] […]"
	if got := c1.Card(3).Text(); got != want {
		t.Errorf("%q", got)
	}
	if got := c1.Card(3).Buttons(); !slices.Equal(got, []string{"Go", "o"}) {
		t.Errorf("%v", got)
	}
}

func TestCardIsTheNewestOfTheBot(t *testing.T) {
	t.Parallel()
	a, _, anna, c1 := quiet(t)
	old := a.post("text", "#3 old")
	newest := a.post("text", "Card #3: new")
	a.post("text", "#30 other")
	a.post("text", "first line\n#3 second")
	anna.Say(c1, "#3 by a person")
	a.post("text", "#3 in a thread", "thread_ts", old)
	if got := c1.Card(3); got == nil || got.TS() != newest {
		t.Error(c1.Dump())
	}
	if c1.Card(4) != nil {
		t.Error("a card that is not there")
	}
}

func TestClickCarriesWhatSlackTells(t *testing.T) {
	t.Parallel()
	a, w, anna, c1 := quiet(t)
	sure := confirm(1, 1, 1, 1)
	ts := a.post("text", "x", "blocks", []any{section("#1"), with(actions(with(button("go", "Go & do"), "value", "v<", "confirm", sure),
		selecting("overflow", "options", []any{option("Withdraw", "w")})), "block_id", "acts")})
	click := func(label string) (f frame) {
		err := during(a, func(g frame) { f = g; a.ack(g) }, func() error { return c1.Card(1).Click(anna, label) })
		if err != nil {
			t.Error(err)
		}
		return f
	}
	if got := c1.Card(1).Confirm("Go & do"); got != "x\nx\n[x] [x]" {
		t.Errorf("confirm %q", got)
	}
	p := click("Go & do").payload()
	action := p["actions"].([]any)[0].(object)
	if action["action_id"] != "go" || action["block_id"] != "acts" || action["value"] != "v<" || action["action_ts"] == nil {
		t.Errorf("%v", action)
	}
	if p["message"].(object)["ts"] != ts || p["user"].(object)["id"] != "U1" || p["response_url"] == nil || p["trigger_id"] == nil ||
		p["container"].(object)["channel_id"] != "C1" {
		t.Errorf("%v", p)
	}
	if got := action["text"].(object)["text"]; got != "Go &amp; do" {
		t.Errorf("texts come back escaped: %v", got)
	}
	chosen := click("Withdraw").payload()["actions"].([]any)[0].(object)
	if chosen["selected_option"].(object)["value"] != "w" {
		t.Errorf("%v", chosen)
	}
	if got := w.Ledger(slackfake.PersonActed); len(got) != 2 || got[1].Detail != "Withdraw" {
		t.Errorf("%v", got)
	}
}

func TestTwinsAreToldApart(t *testing.T) {
	t.Parallel()
	a, _, anna, c1 := quiet(t)
	a.post("blocks", []any{section("#1 list"), section("first"), actions(button("a1", "Open")), section("second"),
		actions(button("a2", "Open"))})
	if err := c1.Card(1).Click(anna, "Open"); !isMisuse(err) {
		t.Errorf("which one? %v", err)
	}
	err := during(a, func(f frame) {
		if got := f.payload()["actions"].([]any)[0].(object)["action_id"]; got != "a2" {
			t.Errorf("got %v", got)
		}
		a.ack(f)
	}, func() error { return c1.Card(1).ClickNear(anna, "second", "Open") })
	if err != nil {
		t.Error(err)
	}
}

func TestImpossibleActs(t *testing.T) {
	t.Parallel()
	a, w, anna, c1 := quiet(t)
	boris := w.User("U2", "Boris", "")
	card := func() *slackfake.Message { return c1.Card(1) }
	a.post("blocks", []any{section("#1"), actions(button("go", "Go"))})
	hers := anna.Say(c1, "hers")
	acts := map[string]func() error{
		"no such button":   func() error { return card().Click(anna, "Stop") },
		"no card":          func() error { return c1.Card(2).Click(anna, "Go") },
		"not the author":   func() error { return boris.Edit(hers, "x") },
		"not the deleter":  func() error { return boris.Delete(hers) },
		"no such reaction": func() error { return anna.Unreact(hers, "eyes") },
	}
	for name, act := range acts {
		if err := act(); !isMisuse(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c1.Archive()
	if err := card().Click(anna, "Go"); !isMisuse(err) || anna.Say(c1, "x") != nil {
		t.Errorf("archived: %v", err)
	}
	c1.Unarchive()
	anna.Deactivate()
	if _, err := anna.Command(c1, "/hour", ""); !isMisuse(err) {
		t.Errorf("deactivated: %v", err)
	}
	anna.Reactivate()
	gone := card()
	if err := gone.Remove(); err != nil || gone.Remove() == nil {
		t.Errorf("remove: %v", err)
	}
	if err := gone.Click(anna, "Go"); !isMisuse(err) {
		t.Errorf("deleted: %v", err)
	}
}

func TestSightIsWhatWasOnTheScreen(t *testing.T) {
	t.Parallel()
	a, _, anna, c1 := quiet(t)
	ts := a.post("blocks", []any{section("#1"), actions(button("go", "Go"))})
	seen := c1.Card(1).Look()
	a.call("chat.update", "channel", "C1", "ts", ts, "blocks", []any{section("#1 done")})
	if c1.Card(1).Has("Go") {
		t.Error("the button is still there")
	}
	if err := during(a, func(f frame) { a.ack(f) }, func() error { return seen.Click(anna, "Go") }); err != nil {
		t.Error(err)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	a, w, anna, c1 := quiet(t)
	var said string
	command := func(answer ...any) error {
		return during(a, func(f frame) {
			p := f.payload()
			if f.Type != "slash_commands" || !f.Accepts || p["command"] != "/hour" || p["text"] != "help" ||
				p["channel_id"] != "C1" || p["user_id"] != "U1" {
				t.Errorf("%s", f.Payload)
			}
			a.ack(f, answer...)
		}, func() (err error) { said, err = anna.Command(c1, "/hour", "help"); return err })
	}
	if err := command(); err != nil || said != "" || len(w.Private(anna)) != 0 {
		t.Errorf("%q %v", said, err)
	}
	if err := command(object{"blocks": []any{section("x")}}); err != nil || said != "x" || len(w.Private(anna)) != 1 {
		t.Errorf("%q %v", said, err)
	}
	var shown *slackfake.Shown
	if err := command(object{"blocks": []any{section("")}}); !errors.As(err, &shown) || len(w.Complaints()) != 1 {
		t.Errorf("%v", err)
	}
	if err := anna.CommandInThread(anna.Say(c1, "x"), "/hour", "help"); !errors.As(err, &shown) {
		t.Errorf("in a thread: %v", err)
	}
}

func TestUnknownCommandAndLateAnswer(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true, Events: []string{}, Commands: []string{"/hour"}, AckWithin: 50 * time.Millisecond})
	a, anna, c1 := connect(t, r), w.User("U1", "Anna", ""), w.Channel("C1")
	if _, err := anna.Command(c1, "/our", ""); !isMisuse(err) {
		t.Errorf("%v", err)
	}
	_, err := anna.Command(c1, "/hour", "")
	var shown *slackfake.Shown
	if !errors.As(err, &shown) || shown.Code != "operation_timeout" {
		t.Errorf("%v", err)
	}
	a.ack(a.read(), object{"text": "late"})
	_ = a.conn.WriteJSON("marker")
	if err := w.Await(within(t), func() bool { return len(w.Complaints()) == 1 }); err != nil || len(w.Private(anna)) != 0 {
		t.Errorf("a late answer was shown: %v", err)
	}
}

func TestResponseURL(t *testing.T) {
	t.Parallel()
	c := newClock()
	r, w := start(t, slackfake.Options{NoLimits: true, Events: []string{}, Now: c.Now})
	a, anna, c1 := connect(t, r), w.User("U1", "Anna", ""), w.Channel("C1")
	address := func() string { return a.trigger(w, anna).payload()["response_url"].(string) }
	post := func(address, body string) int {
		resp, err := http.Post(address, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	five := address()
	for range 5 {
		if got := post(five, `{"text":"psst"}`); got != 200 {
			t.Errorf("got %d", got)
		}
	}
	if got := post(five, `{"text":"psst"}`); got != 404 || len(w.Private(anna)) != 5 {
		t.Errorf("a sixth use: %d, %d", got, len(w.Private(anna)))
	}
	other := address()
	if post(other, `{"text":"all","response_type":"in_channel"}`) != 200 || c1.Find("all") == nil {
		t.Error(c1.Dump())
	}
	if post(other, `{`) != 400 || post(other, `{}`) != 400 || post(w.URL()+"../respond/none", `{}`) != 404 {
		t.Error("bad bodies pass")
	}
	if post(other, `{"text":"press here no more","replace_original":true}`) != 200 || c1.Find("no more") == nil {
		t.Error(c1.Dump())
	}
	if post(other, `{"delete_original":true}`) != 200 || c1.Find("no more") != nil {
		t.Error(c1.Dump())
	}
	late := address()
	c.advance(30*time.Minute + time.Second)
	if got := post(late, `{"text":"psst"}`); got != 404 {
		t.Errorf("too late: %d", got)
	}
}

func TestEphemeralsCanBePressedAndReplaced(t *testing.T) {
	t.Parallel()
	a, w, anna, c1 := quiet(t)
	boris := w.User("U2", "Boris", "")
	c1.Join(anna, boris)
	wantOK(t, a.call("chat.postEphemeral", "channel", "C1", "user", "U1", "blocks", []any{section("Use it?"), actions(button("yes", "Yes"))}))
	m := w.WaitPrivate(within(t), anna, "Use it?")
	if err := m.Click(boris, "Yes"); !isMisuse(err) {
		t.Errorf("somebody else: %v", err)
	}
	var p object
	err := during(a, func(f frame) { p = f.payload(); a.ack(f) }, func() error { return m.Click(anna, "Yes") })
	if err != nil || p["message"] != nil || p["container"].(object)["is_ephemeral"] != true {
		t.Errorf("%v %v", err, p)
	}
	resp, err := http.Post(p["response_url"].(string), "application/json", strings.NewReader(`{"replace_original":true,"text":"Used"}`))
	if err != nil || resp.StatusCode != 200 || m.Text() != "Used" {
		t.Errorf("%v %q", err, m.Text())
	}
	_ = resp.Body.Close()
}

func TestShortcut(t *testing.T) {
	t.Parallel()
	a, _, anna, c1 := quiet(t)
	m := anna.Say(c1, "x")
	err := during(a, func(f frame) {
		if p := f.payload(); p["type"] != "message_action" || p["callback_id"] != "take" || p["message"].(object)["ts"] != m.TS() {
			t.Errorf("%s", f.Payload)
		}
		a.ack(f)
	}, func() error { return m.Shortcut(anna, "take") })
	if err != nil {
		t.Error(err)
	}
}

// reporter is a test that takes notes.
type reporter struct{ said []string }

func (r *reporter) Helper()                   {}
func (r *reporter) Cleanup(func())            {}
func (r *reporter) Errorf(f string, a ...any) { r.said = append(r.said, fmt.Sprintf(f, a...)) }

func TestMisuseFailsTheTest(t *testing.T) {
	t.Parallel()
	notes := &reporter{}
	w := slackfake.New(notes, slackfake.Options{})
	defer w.Close()
	_ = w.Channel("C1").Card(7).Click(w.User("U1", "Anna", ""), "Go")
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if w.Channel("C1").WaitCard(ctx, 8, "Go") != nil {
		t.Error("a card from nowhere")
	}
	if len(notes.said) != 2 || !strings.Contains(notes.said[0], "Anna") || !strings.Contains(notes.said[1], "#8") {
		t.Errorf("%q", notes.said)
	}
}

func TestWaitingSeesWhatComesLater(t *testing.T) {
	t.Parallel()
	a, w, _, c1 := quiet(t)
	done := handled(func() {
		ts := a.post("text", "#5 new")
		a.call("chat.update", "channel", "C1", "ts", ts, "blocks", []any{section("#5 ready"), actions(button("go", "Go"))})
		a.post("text", "in thread", "thread_ts", ts)
	})
	m := c1.WaitCard(within(t), 5, "Go")
	if m == nil || c1.WaitCardText(within(t), 5, "ready") == nil || m.WaitReply(within(t), "in thread") == nil {
		t.Error(c1.Dump())
	}
	<-done
	if err := c1.Await(within(t), func(c *slackfake.Channel) bool { return len(c.Messages()) == 1 }); err != nil || w.Limited() != 0 {
		t.Error(err)
	}
}
