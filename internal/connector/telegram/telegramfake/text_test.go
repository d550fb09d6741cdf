package telegramfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestTextLengths(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	s.User(1, "Anna").Start("")
	old := send(t, s, 1, "old")
	const empty = "Bad Request: message text is empty"
	for _, c := range []struct {
		name, mode, text string
		sent, edited     string
	}{
		{"nothing", "", "", empty, empty},
		{"white space", "", " \n ", empty, empty},
		{"nothing in tags", "HTML", "<b> </b>", empty, empty},
		{"4096", "", strings.Repeat("ā", 4096), "", ""},
		{"4097", "", strings.Repeat("ā", 4097), "Bad Request: message is too long", "Bad Request: MESSAGE_TOO_LONG"},
		{"4096 units in pairs", "", strings.Repeat("😀", 2048), "", ""},
		{"4098 units in pairs", "", strings.Repeat("😀", 2049), "Bad Request: message is too long", "Bad Request: MESSAGE_TOO_LONG"},
		{"4096 after parsing", "HTML", strings.Repeat("<b>x</b>&lt;&amp;", 1365) + "x", "", ""},
		{"32769 bytes", "HTML", "<b>" + strings.Repeat("&amp;", 6554), "Bad Request: text is too long", "Bad Request: text is too long"},
		{"not UTF-8", "", "a\xff", "Bad Request: strings must be encoded in UTF-8", "Bad Request: strings must be encoded in UTF-8"},
		{"Markdown", "MarkdownV2", "x", "Bad Request: this fake does not parse Markdown", "Bad Request: this fake does not parse Markdown"},
		{"no mode", "Word", "x", "Bad Request: unsupported parse_mode", "Bad Request: unsupported parse_mode"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, raw(t, s, "sendMessage", "chat_id", 1, "parse_mode", c.mode, "text", c.text), 400, c.sent)
			want(t, raw(t, s, "editMessageText", "chat_id", 1, "message_id", old.ID, "parse_mode", c.mode, "text", c.text), 400, c.edited)
		})
	}
}

func brief(all []Entity) string {
	var out []string
	for _, e := range all {
		mark := ""
		if e.Detected {
			mark = "?"
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s%s %d+%d %s%s%s", e.Type, mark, e.Offset, e.Length, e.URL, e.Language, e.Emoji)))
	}
	return strings.Join(out, ", ")
}

func TestHTML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, text, entities string }{
		{"plain &lt;b&gt; &amp; &quot;x&quot; &#34;&#x1F600;", `plain <b> & "x" "😀`, ""},
		{"&nbsp; &copy; a&b &", "&nbsp; &copy; a&b &", ""},
		{"&amp;lt;", "&lt;", ""},
		{"<b>a</b><strong>b</strong>", "ab", "bold 0+1, bold 1+1"},
		{"😀<i>ā😀</i>x", "😀ā😀x", "italic 2+3"},
		{"<u>a<s>b</s></u><ins>c</ins>", "abc", "underline 0+2, strikethrough 1+1, underline 2+1"},
		{"<B>a</b><tg-spoiler>b</tg-spoiler>", "ab", "bold 0+1, spoiler 1+1"},
		{`<span class="tg-spoiler">a</span>`, "a", "spoiler 0+1"},
		{`<a href="https://a.lv/?x=1&amp;y=2">go</a>`, "go", "text_link 0+2 https://a.lv/?x=1&y=2"},
		{`<a href='a.lv'>go</a>`, "go", "text_link 0+2 http://a.lv"},
		{`<a href="nonsense">go</a>`, "go", ""},
		{`<a href="tg://user?id=7">she</a>`, "she", "text_mention 0+3"},
		{`<code>a</code><pre>b</pre>`, "ab", "code 0+1, pre 1+1"},
		{`<pre><code class="language-go">x</code></pre>`, "x", "pre 0+1 go"},
		{`<blockquote>a</blockquote><blockquote expandable>b</blockquote>`, "ab", "blockquote 0+1, expandable_blockquote 1+1"},
		{`<tg-emoji emoji-id="5">👍</tg-emoji>`, "👍", "custom_emoji 0+2 5"},
		{`<b></b>x`, "x", ""},
		{`<b onclick="x">a</b >`, "a", "bold 0+1"},
	} {
		text, found, err := parseHTML(c.in)
		if err != nil || text != c.text || brief(found) != c.entities {
			t.Errorf("%s: got %q, %s, %v", c.in, text, brief(found), err)
		}
	}
}

func TestHTMLRefused(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	s.User(1, "Anna").Start("")
	for in, says := range map[string]string{
		"a <b>c":                   `Can't find end tag corresponding to start tag "b"`,
		"āb</b>":                   `Unexpected end tag at byte offset 3`,
		"<b><i>x</b></i>":          `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`,
		"ab<div>x</div>":           `Unsupported start tag "div" at byte offset 2`,
		"<br>":                     `Unsupported start tag "br" at byte offset 0`,
		"<b/>":                     `Unsupported start tag "b/" at byte offset 0`,
		"1 < 2 > 1":                `Unsupported start tag "" at byte offset 2`,
		"I <3 it":                  `Unsupported start tag "3" at byte offset 2`,
		"I <3":                     `Unclosed start tag at byte offset 2`,
		"x<b":                      `Unclosed start tag at byte offset 1`,
		"<b>x</b":                  `Unclosed end tag at byte offset 4`,
		`<a href="https://a.lv>x`:  `Unclosed start tag at byte offset 0`,
		`<a ="x">x</a>`:            `Empty attribute name in the tag "a" at byte offset 0`,
		`<a href=https://a>x</a>`:  `Unexpected end of name token at byte offset 8`,
		`<span class="x">x</span>`: `Tag "span" must have class "tg-spoiler" at byte offset 0`,
		`<tg-emoji>x</tg-emoji>`:   `Invalid custom emoji identifier specified`,
		`<script>x</script>`:       `Unsupported start tag "script" at byte offset 0`,
	} {
		g := raw(t, s, "sendMessage", "chat_id", 1, "parse_mode", "HTML", "text", in)
		if g.Status != 400 || g.Description != "Bad Request: can't parse entities: "+says {
			t.Errorf("%s: got %q", in, g.Description)
		}
	}
	if got := s.Private(s.users[1]); len(got) != 1 {
		t.Errorf("something was sent: %v", got)
	}
}

// What Telegram finds by itself is told apart from what markup made.
func TestDetected(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"see https://a.lv/b, ok":    "url? 4+14",
		"see a.lv/b.":               "url? 4+6",
		"version 1.2 of x.y":        "",
		"@anna and x@y":             "mention? 0+5",
		"mail a.b@c.lv now":         "email? 5+8",
		"😀 /ask@desk_bot hi":        "bot_command? 3+13",
		"/start x":                  "bot_command? 0+6",
		"either/or":                 "",
		"#12 and #Rīga2":            "hashtag? 8+6",
		"https://a.lv/#x @bob1 /go": "url? 0+15, mention? 16+5, bot_command? 22+3",
	} {
		if got := brief(detect(in, nil)); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
	marked := []Entity{{Type: "text_link", Offset: 0, Length: 4, URL: "https://b.lv", Text: "a.lv"}}
	if got := brief(detect("a.lv c.lv", marked)); got != "text_link 0+4 https://b.lv, url? 5+4" {
		t.Errorf("around a link: %s", got)
	}
}

func TestTextIsTrimmedWithItsEntities(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	s.User(1, "Anna").Start("")
	send(t, s, 1, "\n <b>ab </b> ", "parse_mode", "HTML")
	list := `[{"type":"bold","offset":2,"length":2},{"type":"text_link","offset":5,"length":1,"url":"https://a.lv/"}]`
	send(t, s, 1, "😀ab x", "entities", list)
	all := s.Private(s.users[1])
	if m := all[1]; m.Text() != "ab" || brief(m.Entities()) != "bold 0+2" {
		t.Errorf("got %q %s", m.Text(), brief(m.Entities()))
	}
	if m := all[2]; brief(m.Entities()) != "bold 2+2, text_link 5+1 https://a.lv/" {
		t.Errorf("got %s", brief(m.Entities()))
	}
	want(t, raw(t, s, "sendMessage", "chat_id", 1, "text", "x", "entities", `[{"type":"bold","offset":0,"length":2}]`),
		400, "Bad Request: can't parse MessageEntity: it is outside of the text")
}

// rows is an inline keyboard with so many buttons in each row.
func rows(counts ...int) string {
	var out [][]map[string]any
	for _, n := range counts {
		out = append(out, slices.Repeat([]map[string]any{{"text": "x", "callback_data": "x"}}, n))
	}
	b, _ := json.Marshal(map[string]any{"inline_keyboard": out})
	return string(b)
}

func one(button string) string { return `{"inline_keyboard":[[` + button + `]]}` }

func TestKeyboards(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	s.User(1, "Anna").Start("")
	const long = "Bad Request: reply markup is too long"
	for _, c := range []struct{ name, markup, want string }{
		{"64 bytes", one(`{"text":"x","callback_data":"` + strings.Repeat("ā", 32) + `"}`), ""},
		{"65 bytes", one(`{"text":"x","callback_data":"` + strings.Repeat("ā", 32) + `x"}`), "Bad Request: BUTTON_DATA_INVALID"},
		{"no data", one(`{"text":"x","callback_data":""}`),
			"Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"no label", one(`{"text":" ","callback_data":"x"}`), "Bad Request: inline keyboard button text must be non-empty"},
		{"no text", one(`{"callback_data":"x"}`), `Bad Request: can't parse inline keyboard button: Can't find field "text"`},
		{"a link", one(`{"text":"x","url":"https://example.org/a"}`), ""},
		{"a link without scheme", one(`{"text":"x","url":"example.org/a"}`), ""},
		{"no link", one(`{"text":"x","url":"https://localhost/a"}`),
			"Bad Request: inline keyboard button URL 'https://localhost/a' is invalid: Wrong HTTP URL"},
		{"another scheme", one(`{"text":"x","url":"ftp://b.lv"}`),
			"Bad Request: inline keyboard button URL 'ftp://b.lv' is invalid: Wrong HTTP URL"},
		{"eight in a row", rows(8), ""},
		{"nine in a row", rows(9), long},
		{"a hundred", rows(slices.Repeat([]int{5}, 20)...), ""},
		{"a hundred and one", rows(append(slices.Repeat([]int{5}, 20), 1)...), long},
		{"no JSON", `{`, "Bad Request: can't parse reply keyboard markup JSON object"},
		{"no object", `[]`, "Bad Request: object expected as reply markup"},
		{"no rows", `{"inline_keyboard":[{}]}`, `Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`},
		{"nothing", `{"inline_keyboard":[]}`, ""},
		{"force reply", `{"force_reply":true}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, raw(t, s, "sendMessage", "chat_id", 1, "text", "x", "reply_markup", c.markup), 400, c.want)
		})
	}
}
