package routing

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"experthour/internal/connector"
	"experthour/internal/session"
)

func TestSentences(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		lang session.Language
		want []string // the text up to each end
	}{
		"two":            {"One. Two.", session.English, []string{"One."}},
		"question":       {"Kā? Tā!", session.Latvian, []string{"Kā?"}},
		"closing marks":  {"He said “yes.” Then left.", session.English, []string{"He said “yes.”"}},
		"u.c.":           {"Pase u.c. Dokumenti. Viss.", session.Latvian, []string{"Pase u.c. Dokumenti."}},
		"plkst.":         {"Nāciet plkst. 14.00 uz iestādi. Gaidām.", session.Latvian, []string{"Nāciet plkst. 14.00 uz iestādi."}},
		"Nr. 5":          {"Logs Nr. 5 ir vaļā. Nāciet.", session.Latvian, []string{"Logs Nr. 5 ir vaļā."}},
		"e.g.":           {"A card, e.g. Visa. Cash too.", session.English, []string{"A card, e.g. Visa."}},
		"ordinal":        {"Tas ir 14. Saeimas lēmums. Jā.", session.Latvian, []string{"Tas ir 14. Saeimas lēmums."}},
		"year":           {"Kopš 2026. gada tā ir. Jā.", session.Latvian, []string{"Kopš 2026. gada tā ir."}},
		"English number": {"It costs EUR 15. Pay online.", session.English, []string{"It costs EUR 15."}},
		"list":           {"First:\n1. Come here\n2. Pay", session.English, nil},
		"initials":       {"J. Bērziņš atbild. Viņš zina.", session.Latvian, []string{"J. Bērziņš atbild."}},
		"No. before one": {"Form No. 7 is it. No. Really.", session.English, []string{"Form No. 7 is it.", "Form No. 7 is it. No."}},
		"small letter":   {"See example.lv. it is there. Yes.", session.English, []string{"See example.lv. it is there."}},
		"decimal":        {"It is 1.5 per cent. Yes.", session.English, []string{"It is 1.5 per cent."}},
		"address":        {"See https://a.lv/b.c?d. E. Then.", session.English, []string{"See https://a.lv/b.c?d."}},
		"ellipsis":       {"Well... Then.", session.English, []string{"Well..."}},
		"paragraph":      {"A heading\n\nThe text", session.English, []string{"A heading"}},
		"colon":          {"You need:\n\n- a passport\n\nThen go", session.English, []string{"You need:\n\n- a passport"}},
		"no spaces":      {"一。二。三", session.English, []string{"一。", "一。二。"}},
		"combining mark": {"A.\u0301 B. C.", session.English, nil},
		"nothing":        {"", session.English, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, end := range scan(c.text).sentences(c.lang) {
				got = append(got, c.text[:end])
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q ends at %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	frames := text{rich: []frame{{"Q", "— Anna, Office\nL"}, {"Q", "L"}}, tight: []frame{{"", "L"}}}
	for name, c := range map[string]struct {
		body  string
		limit int
		want  string
	}{
		"no limit":        {"One. Two.", 0, "Q\n\nOne. Two.\n\n— Anna, Office\nL"},
		"whole":           {"One. Two.", 30, "Q\n\nOne. Two.\n\n— Anna, Office\nL"},
		"poorer frame":    {"One. Two.", 28, "Q\n\nOne. Two.\n\nL"},
		"a sentence":      {"One. Two three four five.", 26, "Q\n\nOne. …\n\nL"},
		"a word":          {"One two three four five six.", 20, "Q\n\nOne two three…\n\nL"},
		"a word, tight":   {"One two three four five six.", 9, "One…\n\nL"},
		"inside a word":   {"Onetwothreefour", 12, "Q\n\nOnetw…\n\nL"},
		"only the link":   {"https://example.lv/very/long/address", 12, "Q\n\n…\n\nL"},
		"only the mark":   {"One", 1, "…"},
		"inside, smaller": {"Onetwothreefour", 6, "On…\n\nL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := frames
			in.body = c.body
			if got := in.fit(atMost(c.limit), session.English); got != c.want {
				t.Errorf("%q in %d reads\n%q, want\n%q", c.body, c.limit, got, c.want)
			}
		})
	}
}

// atMost is a limit of so many characters; 0 is none.
func atMost(limit int) connector.Longest {
	if limit <= 0 {
		return nil
	}
	return connector.AtMost(limit, session.Characters)
}

// units are ways of counting that platforms have.
var units = []session.Unit{session.Characters, session.Bytes, session.Graphemes, session.UTF16}

// limited draws limits, of which several hold at once.
func limited() *rapid.Generator[connector.Limit] {
	return rapid.Custom(func(t *rapid.T) connector.Limit {
		return connector.Limit{Unit: rapid.SampledFrom(units).Draw(t, "unit"), Most: rapid.IntRange(3, 600).Draw(t, "most"),
			Link: rapid.SampledFrom([]int{0, 23}).Draw(t, "link")}
	})
}

// hostile draws texts with everything that makes cutting hard.
func hostile() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{". ", " ", "\n", "\n\n", "👩‍👩‍👧‍👦", "🇱🇻🇪🇪", "e\u0301\u0302", "\u0600", "a\u200d", "👍🏽", "नि", "한국어",
			"https://example.lv/a.b?c=d", "plkst. 14.00", "u.c.", "\u202b", " \u0301", "…", ":", "Nr. 5"}),
		rapid.String(), rapid.StringMatching(`[A-ZĀa-zā]{1,60}[.!?]? `))
	return rapid.Custom(func(t *rapid.T) string {
		return session.CleanText(strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), ""))
	})
}

func TestFitIsAlwaysWithinTheLimits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := connector.Longest(rapid.SliceOfN(limited(), 1, 3).Draw(t, "limits"))
		p := planner()
		p.Limits = func(session.ConnectorID) (connector.Limits, bool) { return connector.Limits{Longest: l}, true }
		q := questionAt(12, birds, "")
		q.Text, q.Revisions[0].Text = hostile().Draw(t, "question"), hostile().Draw(t, "answer")
		for _, r := range p.Copies(hour(), q, q.Latest())[1:] {
			if !l.Fits(r.Text) || r.TooLong() || !utf8.ValidString(r.Text) {
				t.Fatalf("%s: %d of %d %s: %q", r.Connector, r.Length, r.Limit, r.Unit, r.Text)
			}
		}
	})
}

// TestFitObeysTheTightest: emoji meet the bytes first, letters the characters, and the
// preview says by which they were cut.
func TestFitObeysTheTightest(t *testing.T) {
	t.Parallel()
	l := connector.Longest{{Unit: session.Graphemes, Most: 300, Link: 23}, {Unit: session.Bytes, Most: 600}}
	l = append(l, connector.Limit{Unit: session.Characters, Most: 20, Kinds: []session.CopyKind{session.KindOutcome}})
	p := planner()
	p.Limits = func(session.ConnectorID) (connector.Limits, bool) { return connector.Limits{Longest: l}, true }
	q := questionAt(12, birds, "")
	for letter, unit := range map[string]session.Unit{"word ": session.Graphemes, "👩‍👩‍👧‍👦 ": session.Bytes} {
		q.Revisions[0].Text = session.CleanText(strings.Repeat(letter, 300))
		r := only(t, p.Copies(hour(), q, q.Latest()), "answer:birds::12")
		if r.Unit != unit || r.Length > r.Limit || r.Length < r.Limit*8/10 {
			t.Errorf("%q: %d of %d %s", letter, r.Length, r.Limit, r.Unit)
		}
	}
}

func TestFitNeverBreaksACharacter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := hostile().Draw(t, "body")
		l := connector.AtMost(rapid.IntRange(3, 300).Draw(t, "limit"), session.Characters)
		got := (text{body: body, rich: []frame{{}}}).fit(l, session.English)
		kept := strings.TrimSuffix(strings.TrimSuffix(got, "…"), " ")
		if got == body || kept == "" {
			return
		}
		whole := strings.HasPrefix(body, kept) && boundary(body, len(kept))
		longer := strings.HasPrefix(body, kept+" ") && boundary(body, len(kept)+1) // the space was the text's own
		if !whole && !longer {
			t.Fatalf("%q cut to %q", body, got)
		}
	})
}

// boundary finds the ends of clusters in another way than scan does.
func boundary(s string, at int) bool {
	g := uniseg.NewGraphemes(s)
	for g.Next() {
		if _, end := g.Positions(); end == at {
			return true
		}
	}
	return false
}

func FuzzFit(f *testing.F) {
	f.Add("One. Two three.", 10, 0)
	f.Add("👩‍👩‍👧‍👦 u.c. https://example.lv", 7, 23)
	f.Fuzz(func(t *testing.T, body string, limit, link int) {
		l := atMost(limit)
		for i := range l {
			l[i].Link = max(0, link)
		}
		in := text{body: session.CleanText(body), rich: []frame{{"Before", "https://example.lv/x"}}, tight: []frame{{"", "after"}}}
		if got := in.fit(l, session.Latvian); !l.Fits(got) {
			t.Errorf("%d: %q", limit, got)
		}
	})
}

func TestClip(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]string{100: "When is it due?", 12: "When is it…", 6: "When…", 3: "Wh…", 1: "…"} {
		if got := clip("When is it due?", limit); got != want {
			t.Errorf("at %d: %q, want %q", limit, got, want)
		}
	}
}

func BenchmarkCopies(b *testing.B) {
	q := questionAt(12, birds, "")
	q.Revisions[0].Text = strings.Repeat("Quite a long sentence that says something. ", 230)
	for n := range 200 {
		q.Followers = append(q.Followers, follow(13+n, birds, "", session.English))
	}
	for b.Loop() {
		planner().Copies(hour(), q, q.Latest())
	}
}

// Rather than a few words in a rich frame, more of the answer in a poorer one.
func TestFitGivesUpTheFrameForTheAnswer(t *testing.T) {
	t.Parallel()
	in := text{body: strings.Repeat("words ", 40), rich: []frame{{strings.Repeat("Q", 50), "L"}}, tight: []frame{{"", "L"}}}
	got := in.fit(connector.AtMost(80, session.Characters), session.English)
	if want := strings.TrimSpace(strings.Repeat("words ", 12)) + "…\n\nL"; got != want {
		t.Errorf("reads\n%q, want\n%q", got, want)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	family := "👩‍👩‍👧‍👦"
	address := "https://example.lv/" + strings.Repeat("a", 60)
	for name, c := range map[string]struct {
		text string
		want []int
	}{
		"words":          {"one  two\nthree", []int{3, 8}},
		"space at ends":  {" one ", []int{4}},
		"nothing":        {"", nil},
		"an address":     {"see " + address + " now", []int{3, 4 + len(address)}},
		"a long word":    {strings.Repeat(family, longWord+2), []int{len(family) * (longWord + 1)}},
		"just not long":  {strings.Repeat(family, longWord), nil},
		"a mark on none": {"a \u0301b c", []int{5}},
	} {
		if got := scan(c.text).words(); !slices.Equal(got, c.want) {
			t.Errorf("%s: words end at %v, want %v", name, got, c.want)
		}
	}
}

// FuzzScan compares the quick way to find clusters with the library's.
func FuzzScan(f *testing.F) {
	f.Add("a\r\nb e\u0301 👩‍👩‍👧‍👦 🇱🇻🇱🇹 \u00ad©\u200d x")
	f.Fuzz(func(t *testing.T, text string) {
		var want []int
		for g := uniseg.NewGraphemes(text); g.Next(); {
			_, end := g.Positions()
			want = append(want, end)
		}
		var got []int
		for _, c := range scan(text) {
			got = append(got, c.end)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: clusters end at %v, want %v", text, got, want)
		}
	})
}
