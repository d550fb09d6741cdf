package slack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/session"
	"experthour/internal/wording"
)

var brush = painter{words: wording.In(session.English), site: "https://ws.slack.com/", place: place}

const stranger = "Why *do* <!channel> and <@U0ANNA> pay & &amp; 21 %?\nSee <https://evil.example|our page> or https://example.lv :smile:"

func goldenCards() map[string]connector.Card {
	act := func(label string) connector.Button { return connector.Button{Label: label, Action: "1." + label} }
	danger := connector.Button{Label: "Withdraw", Action: "1.withdraw", Style: connector.Danger, Confirm: "Really?"}
	return map[string]connector.Card{
		"card": {Key: "card:Q3", Place: place, Number: 3, Title: "#3 · new",
			Lines: []connector.Line{
				{Kind: connector.Quote, Text: stranger},
				{Kind: connector.Small, Text: "Ilze · page · 18:04", Link: connector.Link{Label: "Original", URL: "https://example.lv/a|b?c=<d>&e"}},
				{Kind: connector.Say, Text: "⚠ It may name a person."},
				{Kind: connector.Head, Text: "Copies"},
				{Kind: connector.Small, Text: "Looks like", Link: connector.Link{Label: "#1 <b>", Message: "1700000000.000100"}},
			},
			Buttons: []connector.Button{{Label: "Accept", Action: "1.accept", Style: connector.Primary}, act("decline"), danger},
			More:    []connector.Button{act("merge"), act("redirect"), act("note"), {Label: "Retract", Action: "1.retract", Confirm: "Sure?"}}},
		"board": {Key: "board", Place: place, Title: "Taxes · open",
			Lines: []connector.Line{
				{Kind: connector.Say, Text: "17:00–19:00 · 12 minutes left"},
				{Kind: connector.Say, Text: "Oldest waits 5 minutes", Link: connector.Link{Label: "#12", Message: "1700000000.000200"}},
				{Kind: connector.Say, Text: "#14 new", Link: connector.Link{Message: "1700000000.000300"}},
				{Kind: connector.Small, Link: connector.Link{Label: "Public page", URL: "https://example.lv/s/tax"}},
				{Kind: connector.Small, Text: "no address", Link: connector.Link{Label: "x", URL: "javascript:alert(1)"}},
			},
			Buttons: []connector.Button{act("next"), act("pause"), act("extend"), act("stop"), act("close"), act("cancel")},
			More:    []connector.Button{act("m1"), act("m2"), act("m3"), act("m4"), act("m5")}},
		"folded": {Key: "card:Q4", Place: place, Number: 4, Title: "#4 · published", Folded: true,
			Lines: []connector.Line{
				{Kind: connector.Small, Text: "Why <!here>\n*so*?"},
				{Kind: connector.Small, Text: "Approved by Anna", Link: connector.Link{Label: "Public page", URL: "https://example.lv/s/tax/q/4"}},
				{Kind: connector.Small, Link: connector.Link{Label: "Mastodon", URL: "https://m.example/@x/1"}},
			},
			More: []connector.Button{act("correct"), act("retract")}},
	}
}

func TestCardGolden(t *testing.T) {
	t.Parallel()
	for name, c := range goldenCards() {
		m := brush.card(c)
		golden(t, name+".json", asJSON(t, map[string]any{"text": m.text, "blocks": m.blocks}))
	}
	c := goldenCards()["card"]
	c.Call = &connector.Call{Number: 1, To: []session.UserRef{"U0ANNA", "U0BOB"}, Text: "#3 waits for you.", Quote: stranger}
	m := brush.call(c)
	golden(t, "call.json", asJSON(t, map[string]any{"text": m.text, "blocks": m.blocks}))
}

func TestFormGolden(t *testing.T) {
	t.Parallel()
	golden(t, "form.json", asJSON(t, brush.modal(everyField())))
	look := everyField()
	look.Submit, look.Fields = "", look.Fields[2:7]
	golden(t, "form_look.json", asJSON(t, brush.modal(look)))
	golden(t, "home.json", asJSON(t, brush.home(everyField())))
}

// monster has too much of everything.
func monster(text string) connector.Card {
	c := connector.Card{Key: strings.Repeat("k", 500), Place: place, Number: 7, Title: "#7 " + text}
	for kind := connector.Say; kind <= connector.Small; kind++ {
		for range 20 {
			c.Lines = append(c.Lines, connector.Line{Kind: kind, Text: text,
				Link: connector.Link{Label: text, URL: "https://example.lv/" + strings.Repeat("a", 2000)}})
		}
	}
	for i := range 60 {
		c.Buttons = append(c.Buttons, connector.Button{Label: text, Action: fmt.Sprint("b", i), Confirm: text})
		c.More = append(c.More, connector.Button{Label: text, Action: fmt.Sprint("m", i)})
	}
	c.Call = &connector.Call{Number: 1, Text: text, Quote: text}
	for i := range 400 {
		c.Call.To = append(c.Call.To, session.UserRef(fmt.Sprintf("U%05d", i)))
	}
	return c
}

func monsterForm(text string) connector.Form {
	f := connector.Form{Key: strings.Repeat("k", connector.LongestKey), Title: text, Submit: text, Lines: monster(text).Lines,
		Buttons: monster(text).Buttons}
	var opts []connector.Option
	for i := range 300 {
		opts = append(opts, connector.Option{Value: fmt.Sprint(i), Label: text})
	}
	for kind := connector.TextField; kind <= connector.ClockField; kind++ {
		f.Fields = append(f.Fields, connector.Field{ID: fmt.Sprintf("f%d", kind), Label: text, Kind: kind, Value: []string{text, "1"},
			Options: opts, Hint: text, Most: 9999})
	}
	return f
}

// Slack takes whatever is drawn, whatever its length and content.
func TestLimitsAreKept(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "blank": " \n\t", "letters": strings.Repeat("x", 50000), "words": strings.Repeat("vārds ", 9000),
		"markup": strings.Repeat("<&>", 20000), "entities": strings.Repeat("&amp;&lt;", 9000),
		"emoji": strings.Repeat("👩‍👩‍👧‍👦", 9000), "lines": strings.Repeat("\n", 20000), "broken": "a\x00\xff\xed\xa0\x80b",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fast)
			if n := weight(brush.modal(monsterForm(text))); n > 250_000 {
				t.Errorf("a view of %d bytes", n)
			}
			c := monster(text)
			at, err := w.PostCard(t.Context(), c)
			if err != nil {
				t.Fatalf("post: %v", err)
			}
			if err := w.UpdateCard(t.Context(), at, c); err != nil {
				t.Errorf("update: %v", err)
			}
			c.Folded = true
			if err := w.UpdateCard(t.Context(), at, c); err != nil {
				t.Errorf("folded: %v", err)
			}
			if _, err := w.PostCall(t.Context(), at, c); err != nil {
				t.Errorf("call: %v", err)
			}
			w.channel.Join(w.anna)
			w.whisper(t.Context(), surface{user: "U0ANNA"}, text+"!", c.Buttons)
			_, err = w.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: "U0ANNA", View: brush.home(monsterForm(text))})
			if err != nil {
				t.Errorf("home: %v", err)
			}
			w.run()
			w.inbox.answers(connector.Answer{Form: new(monsterForm(text))})
			if _, err := w.anna.Command(w.channel, Command, "x"); err != nil {
				t.Errorf("command: %v", err)
			}
			w.await(func() bool { return w.fake.Modal(w.anna) != nil })
			for _, e := range w.fake.Ledger(slackfake.Refused) {
				t.Errorf("%s is refused: %s", e.Method, e.Detail)
			}
		})
	}
}

// Nothing of the rest stands in front, least of all what destroys something.
func TestWhatStandsInFront(t *testing.T) {
	t.Parallel()
	act := func(labels ...string) (bs []connector.Button) {
		for _, l := range labels {
			b := connector.Button{Label: l, Action: l}
			if strings.HasSuffix(l, "!") {
				b.Confirm = "Sure?"
			}
			bs = append(bs, b)
		}
		return bs
	}
	link := connector.Button{Label: "link", URL: "https://example.lv"}
	for _, c := range []struct {
		buttons, more []connector.Button
		want          string
	}{
		{nil, nil, ""},
		{act("a", "b!"), nil, "a b!"},
		{act("a"), act("withdraw!"), "a [withdraw!]"},
		{act("a", "b!"), act("c", "withdraw!", "d"), "a b! [c withdraw! d]"},
		{act("1", "2", "3", "4", "5", "6"), nil, "1 2 3 4 5 6"},
		{act("1", "2", "3", "4", "5", "6", "7!", "8"), nil, "1 2 3 4 5 7! [6 8]"},
		{act("1", "2", "3", "4", "5", "6"), act("7!"), "1 2 3 4 5 [6 7!]"},
		{act("a"), append(act("b"), link), "a link [b]"},
	} {
		var got []string
		shown, rest := split(c.buttons, c.more)
		for _, b := range shown {
			got = append(got, b.Label)
		}
		var menu []string
		for _, b := range rest {
			menu = append(menu, b.Label)
		}
		if len(menu) > 0 {
			got = append(got, fmt.Sprint(menu))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("shown %q, want %q", got, c.want)
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
		{"one two three", 13, "one two three"}, {"one two three", 12, "one two…"}, {"onetwothree", 6, "onetw…"},
		{"one two", 1, "…"}, {"ab👩cd", 4, "ab…"}, {"", 0, ""}, {"a bcdefghijkl", 10, "a bcdefgh…"},
	} {
		if got := cut(c.text, c.most); got != c.want || length(got) > max(c.most, 1) {
			t.Errorf("%q to %d is %q, want %q", c.text, c.most, got, c.want)
		}
	}
	if got := escapeCut("<<<<", 9); got != "&lt;&lt;…" {
		t.Errorf("cut to %q", got)
	}
}

func TestWebAddress(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://a.lv/b?c=d&e": "https://a.lv/b?c=d&e", "http://a.lv": "http://a.lv", "javascript:x": "", "//a.lv": "", "https://": "", "": "",
		"https://a.lv/b|c<d>": "https://a.lv/b%7Cc%3Cd%3E", "https://a.lv/" + strings.Repeat("x", 3000): "",
	} {
		if got := webAddress(raw); got != want {
			t.Errorf("%q is %q, want %q", raw, got, want)
		}
	}
}
