package x

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
)

// counted are texts with their weightedLength by npm twitter-text 3.1.0, parseTweet, run once.
//
//go:embed testdata/twitter-text.json
var counted []byte

// dearer are those of which ours is known to count more: joined emoji, what is almost an address,
// addresses with rare signs.
var dearer = []string{"👩‍👩‍👧‍👦", "👨🏽‍💻", "🏳️‍🌈", "a.lv/b,c", "https://a.lv/b_(c)", "https://ā.lv/", "āa.lv", "ā.lv", "a_b.lv", "a.b_c.lv",
	"-a.lv", "a-.lv", "ftp://a.lv/abcdefghijklmnopqrstuvwxyz", "みんな.みんな", "пример.рф", "你好.世界", "https://t.co/abcdefghijklmnop",
	"https://t.co/abc-defghijklmnopqrstuvwxyz", "https://a.lv/!abcdefghijklmnopqrstuvwxyz", "https://a.lv/a@bcdefghijklmnopqrstuvwxyz"}

// TestWeight: never less than X's own library, and the same but for what is listed.
func TestWeight(t *testing.T) {
	t.Parallel()
	var all []struct {
		Text   string
		Length int
	}
	if err := json.Unmarshal(counted, &all); err != nil || len(all) < 100 {
		t.Fatalf("%d texts, %v", len(all), err)
	}
	for _, c := range all {
		if got := weight(c.Text); got < c.Length || got != c.Length && !slices.Contains(dearer, c.Text) {
			t.Errorf("%q is %d, and %d as X counts", c.Text, got, c.Length)
		}
	}
}

// TestPriceOf: a link makes a post dear, also one without "https://".
func TestPriceOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][4]int{
		"Pavasarī.": {15, 15, 10, 10}, "Skat. https://vid.gov.lv/x": {200, 15, 200, 10}, "Skat. vid.gov.lv.": {200, 15, 200, 10},
		"Tas ir viss.Un cits.": {15, 15, 10, 10}, "MK not. Nr.445 u.c.": {15, 15, 10, 10},
	} {
		var got [4]int
		got[0], got[1] = PriceOf(text, 0, false)
		got[2], got[3] = PriceOf(text, 0, true)
		if price, plain := PriceOf(text, 2, true); price != got[2]+10 || plain != got[3]+10 {
			t.Errorf("%q with two pictures costs %d, %d", text, price, plain)
		}
		if got != want {
			t.Errorf("%q costs %v, want %v", text, got, want)
		}
	}
}

// FuzzWeight: whatever is written is counted, at least once for each two letters, and a text with
// more behind a space weighs more.
func FuzzWeight(f *testing.F) {
	f.Add("Skat. https://a.lv/b?c=d. 🇱🇻 👍🏽")
	f.Add("a..lv-.ee@b.lv")
	limit := connector.Limit{Unit: weighted, Most: longest, Count: weight}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "")
		if limit.Measure(s) < 0 || weight(s+" a") < weight(s) || s != "" && weight(s) == 0 {
			t.Errorf("%q is %d, with more %d", s, weight(s), weight(s+" a"))
		}
	})
}
