package slack

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/session"
)

// typedRich is a message as Slack's editor sends it: its markup, and beside it its blocks.
const (
	typedText = "*Yes*, _in part_: see <https://likumi.lv/1|the law> &amp; `§ 5` :wave::skin-tone-2: :desk:\n• ask " +
		"<@U1>\n• or ~not~\n&gt; quoted"
	typedRich = `[{"type":"rich_text","block_id":"b","elements":[
		{"type":"rich_text_section","elements":[{"type":"text","text":"Yes","style":{"bold":true}},{"type":"text","text":", "},
		{"type":"text","text":"in part","style":{"italic":true}},
			{"type":"text","text":": see "},{"type":"link","url":"https://likumi.lv/1","text":"the law"},{"type":"text","text":" & "},
			{"type":"text","text":"§ 5","style":{"code":true}},
			{"type":"text","text":" "},{"type":"emoji","name":"wave","unicode":"1f44b-1f3fb","skin_tone":2},{"type":"text","text":" "},
			{"type":"emoji","name":"desk"},{"type":"text","text":"\n"}]},
		{"type":"rich_text_list","style":"bullet","indent":0,"elements":[
			{"type":"rich_text_section","elements":[{"type":"text","text":"ask "},{"type":"user","user_id":"U1"}]},
			{"type":"rich_text_section","elements":[{"type":"text","text":"or "},{"type":"text","text":"not","style":{"strike":true}}]}]},
		{"type":"rich_text_list","style":"ordered","indent":1,"offset":2,"elements":[
			{"type":"rich_text_section","elements":[{"type":"text","text":"third"}]}]},
		{"type":"rich_text_quote","elements":[{"type":"text","text":"quoted"}]},
		{"type":"rich_text_preformatted","elements":[{"type":"text","text":"// a\nb"}]},
		{"type":"rich_text_section","elements":[{"type":"text","text":"\n// for "},{"type":"broadcast","range":"here"},
		{"type":"text","text":"\nin "},{"type":"channel","channel_id":"C1"},{"type":"text","text":", see "},{"type":"user","user_id":"U4"},
		{"type":"text","text":" and "},{"type":"user","user_id":"U3"}]}]}]`
)

// Style is no part of an answer; words, links and mentions are.
func TestRichTextIsReadWithoutItsStyle(t *testing.T) {
	t.Parallel()
	got, ok := decodeRich(json.RawMessage(typedRich), typedText, names)
	want := []session.ChatLine{{Text: "Yes, in part: see the law (https://likumi.lv/1) & § 5 👋🏻 :desk:"},
		{Text: "• ask @Anna Ozola", Mentions: true}, {Text: "• or not"},
		{Text: "    3. third"}, {Text: "quoted"}, {Text: "// a", Code: true}, {Text: "b", Code: true}, {}, {Text: "// for @here", Mentions: true},
		{Text: "in #general, see @Tax office and @…"}}
	if !ok || !slices.Equal(got, want) {
		t.Errorf("%v\ngot  %+v\nwant %+v", ok, got, want)
	}
}

// What is not known for sure is read from the text.
func TestWhatIsNoRichText(t *testing.T) {
	t.Parallel()
	in := func(element string) string {
		return `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[` + element + `]}]}]`
	}
	for blocks, text := range map[string]string{
		"": "", "null": "", "[]": "", `"odd"`: "", `{"no":"list"}`: "", `[{"type":"section"}]`: "", in(`{"type":"hologram"}`): "",
		`[{"type":"rich_text","elements":[{"type":"rich_text_table"}]}]`: "",
		in(`{"type":"text","text":"a &lt; b"}`):                          "a &lt; b", // it is escaped after all
	} {
		if lines, ok := decodeRich(json.RawMessage(blocks), text, names); ok {
			t.Errorf("%s reads %+v", blocks, lines)
		}
	}
	for blocks, want := range map[string]string{
		in(`{"type":"text","text":"write &lt; for <"}`):             "write &lt; for <",
		in(`{"type":"link","url":"http://a.lv","text":"a.lv"}`):     "a.lv",
		in(`{"type":"link","url":"mailto:a@b.lv","text":"a@b.lv"}`): "a@b.lv",
		in(`{"type":"link","url":"https://a.lv"}`):                  "https://a.lv",
		in(`{"type":"date","fallback":"18 February"}`):              "18 February",
		in(`{"type":"emoji","name":"no","unicode":"1f1f1-zz"}`):     ":no:",
		`[{"type":"rich_text","elements":[]}]`:                      "",
	} {
		lines, ok := decodeRich(json.RawMessage(blocks), "write &amp;lt; for &lt;", names)
		if !ok || len(lines) != 1 || lines[0].Text != want {
			t.Errorf("%s reads %+v, want %q", blocks, lines, want)
		}
	}
}

// What people typed arrives the same by an event, by an edit and by the backfill.
func TestAnswerWithStyle(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.fake.User("U1", "Anna", "")
		var blocks any
		if err := json.Unmarshal([]byte(typedRich), &blocks); err != nil {
			t.Fatal(err)
		}
		message := map[string]any{"type": "message", "channel": string(place), "user": "U0ANNA", "text": typedText,
			"blocks": blocks, "ts": "12.000001"}
		w.fake.Emit(message)
		want := "Yes, in part: see the law (https://likumi.lv/1) & § 5 👋🏻 :desk:"
		if got := w.written(1)[0].Lines; got[0].Text != want {
			t.Errorf("reads %+v", got)
		}
		message["edited"] = map[string]any{"user": "U0ANNA", "ts": "13.000001"}
		w.fake.Emit(map[string]any{"type": "message", "subtype": "message_changed", "channel": string(place),
			"ts": "13.000002", "message": message,
			"previous_message": map[string]any{"type": "message", "user": "U0ANNA", "text": "x", "ts": "12.000001"}})
		if got := w.written(2)[1].Lines; got[0].Text != want {
			t.Errorf("edited, it reads %+v", got)
		}
		w.settled()
	})
}

func TestBackfilledAnswerIsReadAsItsEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{NoLimits: true, Redeliver: []time.Duration{}})
	const typed = "If a < b & c, see example.lv/x and write &lt;.\n// @Anna Ozola\n*x*"
	w.anna.Say(w.channel, typed)
	w.backfill("")
	if e, err := parseEnvelope(w.letters()[0].Raw); err != nil || len(e.Event.Blocks) == 0 {
		t.Errorf("no blocks: %v", err)
	}
	w.run()
	if got := texts(w.written(1)[0].Lines); strings.Join(got, "\n") != typed {
		t.Errorf("reads %q", got)
	}
}

// An event without room leaves its blocks out: the text says the same.
func TestBlocksGiveWay(t *testing.T) {
	t.Parallel()
	e := envelope{Type: eventCallback, Event: event{Type: typeMessage,
		Message: &event{Blocks: json.RawMessage(`"` + strings.Repeat("x", connector.LongestLetter) + `"`), Text: "Hi"}}}
	raw, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if short := slim(raw, e); len(short) > 1000 || !strings.Contains(string(short), "Hi") {
		t.Errorf("%d bytes", len(short))
	}
}
