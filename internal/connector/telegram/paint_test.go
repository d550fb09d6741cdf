package telegram

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares what is drawn with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
	}
}

// drawnMessage is a message as it goes to Telegram, for people to look at.
func drawnMessage(html string, m message) string {
	var b strings.Builder
	b.WriteString(html + "\n")
	for _, row := range m.keyboard {
		for _, k := range row {
			b.WriteString("[" + k.Text + " | " + k.CallbackData + k.URL + " " + k.Style + "] ")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func testPainter() painter { return painter{words: english, own: "https://hour.example"} }

func TestDrawn(t *testing.T) {
	t.Parallel()
	p := testPainter()
	card := connector.Card{Place: "-1001234567890/45", Number: 12, Title: "#12 · <new>", Lines: []connector.Line{
		{Kind: connector.Quote, Text: "Why & how?\n@everyone see https://evil.example or /start@other_bot #now",
			Link: connector.Link{URL: "https://hour.example/q/12"}},
		{Kind: connector.Small, Text: "Citizen, page, 14:05", Link: connector.Link{Label: "original", URL: "https://x.example/?a=1&b=2"}},
		{Text: "⚠ There may be a phone number: 3.14 is none."},
		{Kind: connector.Head, Text: "Draft by Anna"},
		{Text: "See", Link: connector.Link{Label: "#7", Message: "-1001234567890/99"}},
		{Text: "whole text is a link", Link: connector.Link{URL: "https://hour.example/s"}},
		{Text: "here", Link: connector.Link{Label: "local", URL: "http://localhost:8080/s"}},
	},
		Buttons: []connector.Button{{Label: "Accept", Action: "1.a", Style: connector.Primary}, {Label: "Decline", Action: "1.d"},
			{Label: "Merge", Action: "1.m"},
			{Label: "A label that is so long that it has a row of its own", Action: "1.x"},
			{Label: "Withdraw", Action: "1.w", Confirm: "Really?", Style: connector.Danger},
			{Label: "Page", URL: "https://hour.example/q/12"}, {Label: "nothing"}, {Label: "local", URL: "http://localhost/"}},
		More: []connector.Button{{Label: "Redirect", Action: "1.r"}}}
	d := drawn{Buttons: card.Buttons, More: card.More}
	golden(t, "card", drawnMessage(p.card(card), message{keyboard: p.cardKeyboard(d)}))
	golden(t, "more", drawnMessage("", message{keyboard: p.moreKeyboard(d)}))
	card.Folded = true
	golden(t, "folded", drawnMessage(p.card(card), message{keyboard: p.cardKeyboard(drawn{More: card.More})}))
	golden(t, "call", p.call(connector.Call{Text: "#12 waits: https://hour.example/s/tax", Quote: "Why?"},
		[]person{{11, "Anna <3"}, {12, "Bob"}}))
	golden(t, "batch", drawnMessage(p.batch([]connector.Card{card, {Number: 13, Title: "#13 · new"}}, "LIST").html,
		p.batch([]connector.Card{card, {Number: 13}}, "LIST")))
}

func TestDrawnForm(t *testing.T) {
	t.Parallel()
	p, now := testPainter(), time.Date(2026, 3, 4, 10, 20, 0, 0, time.UTC)
	s := sheet{Form: hourForm(), At: -1, Values: connector.Values{"title": {"Tax"}, "experts": {"11", "12"},
		"date": {"2026-03-06"}, "reason": {"b"}},
		Wrong: map[string]string{"date": "That is over."}}
	s.Form.Buttons = []connector.Button{{Label: "Send back", Action: "1.back"}}
	var b strings.Builder
	for at := -1; at < len(s.Form.Fields); at++ {
		s.At = at
		b.WriteString(drawnMessage(strings.Join(p.pages(&s), "\n-----\n"), message{keyboard: p.sheetKeys(&s, 7, now)}) + "\n")
	}
	golden(t, "form", b.String())
}

// TestFits: whatever the length, a card is a message that Telegram takes, and where
// everything has room nothing is cut.
func TestFits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.make()
	for name, c := range map[string]struct {
		lines int
		text  string
		kind  connector.LineKind
	}{
		"full":       {3, strings.Repeat("word ", 250), connector.Quote},
		"too long":   {4, strings.Repeat("A sentence. ", 300), connector.Quote},
		"emoji":      {4, strings.Repeat("👩‍👩‍👧‍👦", 300), connector.Quote},
		"no spaces":  {4, strings.Repeat("x", 3000), connector.Say},
		"escapes":    {2, strings.Repeat("<&\"'", 1000), connector.Quote},
		"addresses":  {3, strings.Repeat("@a ", 1000), connector.Quote},
		"many lines": {1500, "line", connector.Small},
		"many long":  {100, strings.Repeat("word ", 50), connector.Quote},
		"line ends":  {3, strings.Repeat("\n", 3000), connector.Quote},
	} {
		card := w.card()
		for range c.lines {
			card.Lines = append(card.Lines, connector.Line{Kind: c.kind, Text: c.text, Link: connector.Link{URL: "https://hour.example/x"}})
		}
		for _, card.Folded = range []bool{false, true} {
			_, m := w.post(tg, card)
			if n := units(m.Text()); n > longestText || name != "full" && n < longestText/2 && name != "line ends" && name != "addresses" {
				t.Errorf("%s: %d units", name, n)
			}
			if cut := strings.Contains(m.Text(), ellipsis); cut == (name == "full") && name != "line ends" {
				t.Errorf("%s: cut %v", name, cut)
			}
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"short", 5, "short"}, {"one two three", 9, "one two…"}, {"One two. Three four.", 14, "One two.…"},
		{"abcdefghij", 5, "abcd…"}, {"👍👍👍", 5, "👍👍…"}, {"👍👍👍", 4, "👍…"}, {"", 5, ""},
	} {
		if got := cut(c.text, c.most); got != c.want || units(got) > c.most {
			t.Errorf("%q at %d is %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

func TestRisky(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]bool{
		"@anna": true, "(@anna)": true, "a@b.lv": true, "#tag": true, "#12": false, "#12a": true,
		"/start": true, "and/or": false, "ā/start": true,
		"https://a.lv": true, "tg://x": true, "example.lv": true, "gov.lv/x": true, "p.m.": false,
		"3.14": false, "12.03.2026": false, "1.2.3.4": true,
		"end.": false, "...": false, "word": false, "$TSLA": true, "$5": true, "наш.рф": true, "@": false, "a/": false,
	} {
		if got := risky(word); got != want {
			t.Errorf("%q: %v", word, got)
		}
	}
}

func FuzzParseCommand(f *testing.F) {
	for _, s := range []string{"/next", "/hour@desk_bot a b", "/\u00A0", "👍/a", "/a@b@c", "/a\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, ok := parseCommand(text)
		if !ok {
			return
		}
		again, fine := parseCommand("/" + s.name + " " + s.rest)
		if !fine || again.name != s.name || again.rest != s.rest || !isName(s.name) || s.bot != "" && !isName(s.bot) {
			t.Errorf("%q reads %+v, again %+v", text, s, again)
		}
	})
}

// FuzzStrangers sends what a stranger wrote: it is read letter by letter, Telegram takes
// it, and makes no link, mention or command of it.
func FuzzStrangers(f *testing.F) {
	for _, s := range []string{"<b>&amp;</b>", "@anna https://a.lv /start #x $A", "a\u200b@b \x00\x01 \xff", "👍\u0301 &#60;",
		strings.Repeat("x. y ", 900),
		"x.lv@y", "//start", "</blockquote>", "ftp://a b.com/(x)", "\u00A0@a\u2028b", "+371 20000000", "/a/b", "http://", "www.Example.COM,x"} {
		f.Add(s)
	}
	fake, err := telegramfake.Start(telegramfake.Options{NoLimits: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(fake.Close)
	desk := fake.Supergroup(deskChat, "Desk")
	f.Fuzz(func(t *testing.T, text string) {
		tg := bareTelegram(t, fake.URL())
		for _, kind := range []connector.LineKind{connector.Quote, connector.Say, connector.Head} {
			at, err := tg.PostCard(t.Context(), connector.Card{Place: "-1001000000001", Number: 1, Title: "T",
				Lines: []connector.Line{{Kind: kind, Text: text}}})
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			s, _ := parseMessageID(at)
			m := desk.Last()
			if s.message != m.ID() {
				t.Skip("somebody else posts")
			}
			checkHarmless(t, text, m)
			fake.Bot().Delete(m)
		}
	})
}

// bareTelegram keeps nothing and hears nothing.
func bareTelegram(t *testing.T, url string) *Telegram {
	t.Helper()
	w := &world{t: t, opts: Options{ID: "telegram", Token: "4242:fake-token", APIURL: url, Mode: Polling,
		DeskChat: "-1001000000001", Inbox: &inbox{}, Mailbox: nothing{}, Memory: nothing{}}}
	return w.make()
}

func checkHarmless(t *testing.T, text string, m *telegramfake.Message) {
	t.Helper()
	allowed := []string{"bold", "blockquote", "expandable_blockquote", "code", "italic"}
	for _, e := range m.Entities() {
		if e.Detected || !slices.Contains(allowed, e.Type) {
			t.Errorf("%q makes a %s of %q", text, e.Type, e.Text)
		}
	}
	want := strings.TrimSpace(clean(text))
	if units(want) < longTitle && !strings.Contains(m.Text(), want) {
		t.Errorf("%q reads %q", text, m.Text())
	}
	if units(m.Text()) > longestText || !utf8.ValidString(m.Text()) {
		t.Errorf("%q has %d units", text, units(m.Text()))
	}
}

func FuzzCut(f *testing.F) {
	f.Add("One. Two three", 8)
	f.Add("👍👍👍", 3)
	f.Fuzz(func(t *testing.T, text string, most int) {
		if most < 1 || most > 5000 || !utf8.ValidString(text) {
			return
		}
		got := cut(text, most)
		if units(got) > most || got != text && !strings.HasPrefix(text, strings.TrimSuffix(got, ellipsis)) {
			t.Errorf("%q at %d is %q", text, most, got)
		}
		var whole strings.Builder
		for rest := text; ; {
			part, next := firstPart(rest, most+1)
			whole.WriteString(part)
			if next == "" {
				break
			}
			if units(part) > most+1 || len(next) >= len(rest) {
				t.Fatalf("%q at %d: part %q, rest %q", text, most, part, next)
			}
			rest = next
		}
		strip := strings.NewReplacer(" ", "", "\n", "")
		if strip.Replace(whole.String()) != strip.Replace(text) {
			t.Errorf("%q in parts of %d is %q", text, most, whole.String())
		}
	})
}

// FuzzTalk lets somebody write and press anything while a form is before them: nothing
// panics, and every screen is one that Telegram takes.
func FuzzTalk(f *testing.F) {
	f.Add("Tax", "~o7.0", 2)
	f.Add("2026-01-01", "~q1.14:30", 5)
	f.Add("", "~f0.9999999999999999", -1)
	f.Add("x", "~p0.3", 3)
	f.Fuzz(func(t *testing.T, text, data string, at int) {
		tg := bareTelegram(t, "http://127.0.0.1:1")
		s := tg.sheet(t.Context(), 1, hourForm())
		if at >= -1 && at < len(s.Form.Fields) {
			tg.enter(t.Context(), 1, &s, at)
		}
		if s.field() != nil {
			tg.write(t.Context(), 1, &s, text)
		}
		k := &talk{}
		k.begin(s)
		if o, ok := parseControl(data); ok && o.op != opSubmit {
			tg.operate(t.Context(), 1, k, o)
		}
		if k.top() == nil {
			return
		}
		for _, page := range tg.paint.pages(k.top()) {
			if len(page) > longestHTML || !utf8.ValidString(page) {
				t.Errorf("a page of %d bytes", len(page))
			}
		}
		for _, row := range tg.paint.sheetKeys(k.top(), mostStep-1, time.Now()) {
			for _, b := range row {
				if _, ok := parseControl(b.CallbackData); !ok || len(b.CallbackData) > longestData || b.Text == "" {
					t.Errorf("button %+v", b)
				}
			}
		}
		for id, v := range k.top().Values {
			if len(v) == 0 || v[0] == "" {
				t.Errorf("%s has an empty value", id)
			}
		}
	})
}
