package wordpress

import (
	"context"
	"strings"
	"testing"

	"experthour/internal/connector"
)

// testLetters: what people wrote is read letter by letter in a document, however long it is.
func testLetters(t *testing.T, w *world) {
	try := func(html string) string {
		p := minutes(t, "h:t:"+html, nil)
		p.Document = func(context.Context) (connector.Document, error) {
			return connector.Document{Title: "T", HTML: html}, nil
		}
		sent, err := w.Reply(t.Context(), p)
		if err != nil {
			t.Error(err)
			return ""
		}
		return w.content(sent)
	}
	t.Run("shortcode in an address", func(t *testing.T) {
		got := try(`<p><a href="https://example.org/[caption width=&#34;1&#34;]x[/caption]?a=[gallery]" rel="noopener nofollow">` +
			`https://example.org/</a></p>`)
		if !strings.Contains(got, `[gallery]`) && !strings.Contains(got, `%5Bgallery`) && !strings.Contains(got, `#091;gallery`) {
			t.Errorf("a reader gets %s", got)
		}
		t.Log(got)
	})
	t.Run("texts", func(t *testing.T) {
		for _, text := range []string{"it's 'so' \"quoted\" -- and --- ... (c) (tm) 8x8 1/2 5' 6\"",
			"<!--more--> <!--nextpage--> <!-- wp:html -->",
			":) :-) ;-) :mrgreen: 8-)", "😀 👩‍👩‍👧 \u202Eright\u202C שלום", "wp-image-5 class=\"wp-image-5\"", "WordPress Wordpress",
			"&amp; &lt; &#91; &nbsp; %s %1$s \\n \\' $1", "[embed]https://youtu.be/x[/embed] [[gallery]]",
			"https://www.youtube.com/watch?v=dQw4w9WgXcQ",
			"a x b 1x2 ½ × – — “q”", "Rock & roll &copy 'n' roll '99", "0x1F 3x x4 2x2x2"} {
			r := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")
			got := try("<p dir=\"auto\">" + r.Replace(text) + "</p>\n")
			if plain(strings.ReplaceAll(got, "\n", "")) != text {
				t.Errorf("%q reads %q (%q)", text, plain(got), got)
			}
		}
	})
	t.Run("long", func(t *testing.T) {
		long := strings.Repeat(`&#34;&#39;--`, mostDocument/12-20)
		got := try("<p>" + long + "</p>")
		if len(plain(got)) < 4*(mostDocument/12-20) {
			t.Errorf("of %d letters a reader gets %d", 4*(mostDocument/12-20), len(plain(got)))
		}
	})
	t.Run("many", func(t *testing.T) {
		one := "<h3>12. jautājums</h3><blockquote lang=\"lv\" dir=\"auto\"><p>" +
			strings.Repeat("Vai (tā) -- \"ir\"? ", 20) + "</p></blockquote>\n"
		n := (mostDocument - 100) / len(one)
		got := try(strings.Repeat(one, n))
		if strings.Count(got, "<h3>") != n {
			t.Errorf("of %d questions a reader gets %d", n, strings.Count(got, "<h3>"))
		}
	})
}
