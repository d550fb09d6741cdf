package transcript

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"experthour/internal/session"
)

func TestEscapeLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Plain, simple (really) – 28,46 €!": "Plain, simple (really) – 28,46 €!",
		"Plkst. 14:00, 22.11.2026.":         "Plkst. 14:00, 22.11.2026.",
		"<b>&amp;":                          "&lt;b&gt;&amp;amp;",
		"[a](b)":                            `\[a\](b)`,
		"http://x.lv":                       `http\://x\.lv`,
		"www.x.lv":                          `www\.x\.lv`,
		"a@b.lv":                            `a\@` + "\u2060" + `b\.lv`,
		"a-b - c":                           "a-b - c",
		"- a":                               `\- a`,
		"=1":                                `\=1`,
		"2026. gads":                        `2026\. gads`,
		"1) a":                              `1\) a`,
		`\`:                                 "&#92;",
		"":                                  "",
		"17":                                "17",
	} {
		if got := escapeLine(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

var (
	escaped = regexp.MustCompile(`\\[!-/:-@\[-` + "`" + `{-~]|&(lt|gt|amp|#92);`)
	ownLink = regexp.MustCompile(`<https://example\.lv/s/pases-2026>`)
	ownLine = regexp.MustCompile("`curl -s https://example\\.lv/s/pases-2026/transcript\\.json [^\n`]* sha256sum`\n")
	answers = regexp.MustCompile(`(^|[^\\!])\[(?:\\.|[^\[\]\\])+\]\(https?://[^\s()<>"\\]+\)`) // links of answers
	linked  = regexp.MustCompile(`(?i)://|www\.\S|mailto:[^ ]|@[A-Za-z0-9]|[a-z]\.[a-z]`)
)

// live is what is left of a document that Markdown could take for markup: the
// text without escapes and without what this package writes itself.
func live(md string) string {
	md = ownLine.ReplaceAllString(ownLink.ReplaceAllString(md, ""), "\n")
	md = answers.ReplaceAllString(md, "$1")
	return escaped.ReplaceAllString(md, "\x00")
}

func checkMarkdown(t *testing.T, text, short string) {
	t.Helper()
	plain, got := string(wild("text", "short").Markdown()), string(wild(text, short).Markdown())
	for _, l := range strings.Split(live(got), "\n") {
		body := strings.TrimLeft(l, "#> -")
		body = strings.TrimSuffix(body, `\`) // our own hard line break
		if strings.ContainsAny(body, "<&[]*_`~|\\{}$^") || linked.MatchString(body) {
			t.Errorf("markup in %q of\n%s", l, got)
		}
	}
	for _, block := range []string{"# ", "## ", "### ", "#### ", "- "} {
		if countLines(plain, block) != countLines(got, block) {
			t.Errorf("%d lines begin with %q, not %d:\n%s", countLines(got, block), block, countLines(plain, block), got)
		}
	}
}

func countLines(text, prefix string) int {
	n := 0
	for _, l := range strings.Split(text, "\n") {
		if strings.HasPrefix(l, prefix) {
			n++
		}
	}
	return n
}

// TestMarkdownLinksAnswers: an address in an answer can be followed, one in a question cannot, and
// neither can be anything else.
func TestMarkdownLinksAnswers(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"See https://a.lv/b_(c)?d=1&e=2.": `See [https\://a\.lv/b\_(c)?d=1&amp;e=2](https://a.lv/b_%28c%29?d=1&amp;e=2).`,
		"Look!https://a.lv/onclick=x":     `Look\![https\://a\.lv/onclick=x](https://a.lv/onclick=x)`,
		"- www.a.lv":                      `\- [www\.a\.lv](https://www.a.lv)`,
		"[a](javascript:x)":               escapeLine("[a](javascript:x)"),
	} {
		if got := linkedLine(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestMarkdownKeepsStrangersOut(t *testing.T) {
	t.Parallel()
	checkMarkdown(t, session.CleanText(hostile), session.CleanLine(line))
}

func FuzzMarkdown(f *testing.F) {
	f.Add(hostile, line)
	for _, l := range strings.Split(hostile, "\n") {
		f.Add(l, l)
	}
	f.Add("a\r\n\r\n    b\u2028# c\n\t- d", "\\")
	f.Fuzz(func(t *testing.T, text, short string) {
		if !utf8.ValidString(text + short) {
			t.Skip() // cannot be stored
		}
		text, short = session.CleanText(text), session.CleanLine(short)
		if text == "" || short == "" {
			t.Skip() // facts without a text are left out
		}
		checkMarkdown(t, text, short)
	})
}
