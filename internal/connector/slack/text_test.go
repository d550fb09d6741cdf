package slack

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// hostile draws texts that are full of what Slack reads as more than letters.
func hostile() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{"<!channel>", "<!here|x>", "<@U0ANNA>", "<#C0DESK>", "<!subteam^S1>", "<https://e.lv|bank>",
			"<mailto:a@b.lv>", "https://e.lv",
			"&lt;!channel&gt;", "&amp;lt;", "&", "<", ">", "|", "*b*", "_i_", "~s~", "`c`", "```x```", ":smile:", "@here", "@channel",
			"\n", " ", "<!date^1^{date}|x>", "&lt", "\u00a0"}),
		rapid.String(), rapid.StringMatching(`[<>&|!@#a-z ]{0,12}`),
	)
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(part, 1, 12).Draw(t, "parts"), "") })
}

// A stranger's text can call nobody and lead nowhere, wherever it is shown.
func TestNothingOfAStrangerIsAlive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.channel.Join(w.anna)
	rapid.Check(t, func(r *rapid.T) {
		text := hostile().Draw(r, "text")
		c := connector.Card{Key: "k", Place: place, Number: 1, Title: "#1 " + text,
			Lines: []connector.Line{{Kind: connector.Quote, Text: text}, {Kind: connector.Say, Text: text}, {Kind: connector.Small, Text: text},
				{Kind: connector.Head, Text: text}},
			Buttons: []connector.Button{{Label: text, Action: "a", Confirm: text}}, More: []connector.Button{{Label: text, Action: "b"},
				{Label: text, Action: "c"}},
			Call: &connector.Call{Number: 1, Text: text, Quote: text}}
		m := w.must(c)
		if _, err := w.PostCall(t.Context(), session.MessageID(m.TS()), c); err != nil {
			r.Fatal(err)
		}
		w.whisper(t.Context(), surface{user: "U0ANNA"}, "Said: "+text, nil)
		private := w.fake.Private(w.anna)
		for _, shown := range append(m.Thread(), m, private[len(private)-1]) {
			if ms, spans := shown.Mentions(), shown.Markup(); len(ms) != 0 || len(spans) != 0 {
				r.Fatalf("alive: %+v, marked up: %+v in\n%s", ms, spans, shown.Text())
			}
			if literal := clean(text); strings.TrimSpace(literal) != "" && !strings.Contains(shown.Text(), literal) {
				r.Fatalf("%q reads\n%q", literal, shown.Text())
			}
		}
		if err := m.Remove(); err != nil {
			r.Fatal(err)
		}
	})
}

// A link of the core stays one link, to where it leads, whatever its label says.
func TestLinksStayWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	rapid.Check(t, func(r *rapid.T) {
		text := hostile().Draw(r, "label")
		c := card(1)
		c.Lines = []connector.Line{{Kind: connector.Small, Text: "x", Link: connector.Link{Label: text, URL: "https://example.lv/a?b=c&d=|e>"}}}
		ms := w.must(c).Mentions()
		if len(ms) != 1 || ms[0].Kind != "link" || ms[0].Target != "https://example.lv/a?b=c&d=%7Ce%3E" {
			r.Fatalf("%q makes %+v", text, ms)
		}
	})
}

// names knows Anna, who is on the staff, the tax office, which is not, and a channel.
var names = directory{
	person: func(u session.UserRef) (string, bool) {
		return map[session.UserRef]string{"U1": "Anna Ozola", "U4": "Tax office"}[u], u == "U1" || u == "U2"
	},
	channel: func(id string) string { return map[string]string{"C1": "general", "C3": "taxes"}[id] },
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]session.ChatLine{
		"a &lt;b&gt; &amp;amp; &amp;lt;":                {Text: "a <b> &amp; &lt;"},
		"<https://a.lv/b?c=d&amp;e>":                    {Text: "https://a.lv/b?c=d&e"},
		"<http://a.lv|a.lv>.":                           {Text: "a.lv."},
		"<http://a.lv/|a.lv>":                           {Text: "a.lv"},
		"<https://a.lv|https://a.lv>":                   {Text: "https://a.lv"},
		"see <https://a.lv/x|the law>":                  {Text: "see the law (https://a.lv/x)"},
		"<mailto:a@b.lv|a@b.lv> <tel:+371|+371>":        {Text: "a@b.lv +371"},
		"<mailto:a@b.lv>":                               {Text: "a@b.lv"},
		"ask <@U1>":                                     {Text: "ask @Anna Ozola", Mentions: true},
		"ask <@U2|bob> or <@U3>":                        {Text: "ask @bob or @…", Mentions: true},
		"see <@U4> or <@U3>":                            {Text: "see @Tax office or @…"},
		"<!here> <!subteam^S1|@mods> <!subteam^S2>":     {Text: "@here @mods @S2", Mentions: true},
		"in <#C1|news> <#C3|> <#C3> <#C2>":              {Text: "in #news #taxes #taxes #…"},
		"<!date^1392734382^{date}|18 February> at noon": {Text: "18 February at noon"},
		"&lt;@U1&gt; &lt;!here&gt;":                     {Text: "<@U1> <!here>"},
		"// <@U1>":                                      {Text: "// @Anna Ozola", Mentions: true},
	} {
		if got := decode(raw, names)[0]; got != want {
			t.Errorf("%q reads %+v, want %+v", raw, got, want)
		}
	}
	if got := decode("a\n<@U1>\n\nb", names); len(got) != 4 || got[0].Mentions || !got[1].Mentions || got[3].Mentions {
		t.Errorf("lines %+v", got)
	}
	coded := decode("// no\n```\n// yes\n// and <@U4>\n```\n// no\n`// yes` inline\n```// yes``` and more\n// no", names)
	var code []bool
	for _, l := range coded {
		code = append(code, l.Code)
	}
	if want := []bool{false, true, true, true, true, false, true, true, false}; !slices.Equal(code, want) {
		t.Errorf("code %v, want %v", code, want)
	}
}

// What somebody typed comes back letter by letter.
func FuzzDecode(f *testing.F) {
	f.Add("a < b & c > d", "<https://a.lv|b>")
	f.Add("&lt;!here&gt;", "<@U1|<b>")
	f.Fuzz(func(t *testing.T, typed, raw string) {
		var back []string
		for _, l := range decode(escape(typed), names) {
			if l.Mentions {
				t.Errorf("%q mentions somebody", typed)
			}
			back = append(back, l.Text)
		}
		if got := strings.Join(back, "\n"); got != clean(typed) {
			t.Errorf("%q comes back as %q", typed, got)
		}
		if got := decode(raw, names); len(got) != strings.Count(raw, "\n")+1 {
			t.Errorf("%q has %d lines", raw, len(got))
		}
	})
}

// Anything can be drawn within its limit, and is still text.
func FuzzCut(f *testing.F) {
	f.Add("one two three", 7)
	f.Add("&&&<<<\x00\xff", 3)
	f.Fuzz(func(t *testing.T, text string, most int) {
		most = 1 + most&0xfff
		if got := plain(text, most).Text; escapedLength(unescape.Replace(got)) > max(most, length("\u00a0")) || !utf8.ValidString(got) {
			t.Errorf("%q to %d is %q", text, most, got)
		}
		if got := escapeCut(text, most); length(got) > most || strings.ContainsAny(got, "<>") {
			t.Errorf("%q to %d is %q", text, most, got)
		}
		for _, count := range []func(string) int{length, escapedLength} {
			part, sep, rest := firstPart(text, most+5, count)
			if part+sep+rest != text || count(clean(part)) > most+5 || rest != "" && part == "" && sep == "" {
				t.Errorf("%q to %d is %q, %q, %q", text, most, part, sep, rest)
			}
		}
	})
}

func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"type":"event_callback","event_id":"Ev1","event":{"type":"message","channel":"C0DESK","user":"U1",` +
		`"text":"Hi","ts":"1.000001"}}`))
	f.Add([]byte(`{"type":"event_callback","event":{"type":"message","subtype":"message_changed","channel":"C0DESK",` +
		`"message":{"subtype":"tombstone","ts":"1.0"}}}`))
	f.Add([]byte(`{"type":"event_callback","event":{"type":"message","subtype":"message_deleted","channel":"C0DESK","deleted_ts":"x"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := parseEnvelope(raw)
		if err != nil || e.idle(place) || e.Event.Type != typeMessage {
			return
		}
		w, ok := e.Event.written("slack", names)
		if e.key() == "" || ok && w.Message == "" {
			t.Errorf("%s is %q, %+v", raw, e.key(), w)
		}
	})
}

func TestStamp(t *testing.T) {
	t.Parallel()
	for ts, want := range map[string]string{"1700000000.000100": "1700000000.000100", "1700000000": "1700000000.000000",
		"1700000000.5": "1700000000.500000",
		"":             "0.000000", "x.1": "0.000000", "1.x": "1.000000"} {
		if got := stamp(moment(ts)); got != want {
			t.Errorf("%q is %q, want %q", ts, got, want)
		}
	}
}
