package session

import (
	"slices"
	"strings"
	"testing"
)

// links are the addresses that a text has.
func links(text string) []string {
	var all []string
	for _, p := range Pieces(text) {
		if p.URL != "" {
			all = append(all, p.URL)
		}
	}
	return all
}

func TestPieces(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"See https://www.em.gov.lv/lv/zinas?id=1&x=2#a.": {"https://www.em.gov.lv/lv/zinas?id=1&x=2#a"},
		"www.vid.gov.lv, http://likumi.lv/ta/id/1!":      {"https://www.vid.gov.lv", "http://likumi.lv/ta/id/1"},
		"(https://lv.wikipedia.org/wiki/Rīga_(pilsēta))": {"https://lv.wikipedia.org/wiki/Rīga_(pilsēta)"},
		"[see https://a.lv/x]; “https://b.lv/y”":         {"https://a.lv/x", "https://b.lv/y"},
		"„https://a.lv” «https://b.lv» <https://c.lv>":   {"https://a.lv", "https://b.lv", "https://c.lv"},
		"HTTPS://A.LV/B":                     {"HTTPS://A.LV/B"},
		"https://nīca.lv/x":                  {"https://nīca.lv/x"},
		"https://a.lv:8443/x":                {"https://a.lv:8443/x"},
		"https://a.lv/x…":                    {"https://a.lv/x"},
		"https://a.lv\nhttps://b.lv":         {"https://a.lv", "https://b.lv"},
		"https://a.lv/?q=\"onload=x":         {"https://a.lv/?q="},
		"https://a.lv/@anna":                 {"https://a.lv/@anna"},
		"https://a.lv\\@b.lv":                {"https://a.lv"},
		"javascript:alert(1)":                nil,
		"data:text/html,x vbscript:x":        nil,
		"ftp://a.lv mailto:x@a.lv tel:112":   nil,
		"https://anna:x@evil.lv":             nil,
		"https://em.gov.lv@evil.lv/":         nil,
		"https://em.gov.lv%40evil.lv/":       nil,
		"https://localhost/ http://a":        nil,
		"https:// https://.lv https://a..b":  nil,
		"https://[::1]/":                     nil,
		"https://a.lv/\u202egro.live":        nil,
		"https://a.lv/\u200bx":               nil,
		"https://еm.gov.lv":                  nil, // a Cyrillic letter
		"xhttps://a.lv awww.b.lv x@www.c.lv": nil,
		"e-mail janis@em.gov.lv, em.gov.lv":  nil,
		"":                                   nil,
	} {
		if got := links(text); !slices.Equal(got, want) {
			t.Errorf("%q has %q, want %q", text, got, want)
		}
	}
}

// FuzzPieces: no text is lost or invented, and whatever is linked is of the web and shown whole.
func FuzzPieces(f *testing.F) {
	for _, text := range []string{"see https://a.lv.", "www.a.lv", "\xff https://a.lv\xff", "https://a.lv/(x)"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var b strings.Builder
		for _, p := range Pieces(text) {
			b.WriteString(p.Text)
			if p.URL == "" {
				continue
			}
			low := strings.ToLower(p.URL)
			if !strings.HasPrefix(low, "https://") && !strings.HasPrefix(low, "http://") || !strings.HasSuffix(p.URL, p.Text) ||
				strings.ContainsAny(p.URL, "<> \"\n") {
				t.Errorf("%q links %q to %q", text, p.Text, p.URL)
			}
		}
		if b.String() != text {
			t.Errorf("%q became %q", text, b.String())
		}
	})
}
