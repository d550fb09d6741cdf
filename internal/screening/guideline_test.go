package screening

import (
	"slices"
	"testing"
)

func TestGuideline(t *testing.T) {
	for text, want := range map[string][]AdviceKind{
		"":                               nil,
		"Cik maksā pase?":                nil,
		"KĀPĒC TIK DĀRGI?!":              {AllCaps},
		"PVN un VID":                     nil,
		"PMLP VSAA VID":                  nil, // abbreviations, too few letters
		"#a #b #c":                       nil,
		"#a #b #c #d":                    {ManyHashtags},
		"# #1 #2 #3 #4":                  nil,
		"a#b c#d e#f g#h":                nil,
		"1/3 Sākums":                     {Chain},
		"Sākums (1/2)":                   {Chain},
		"[2/3] vidus":                    {Chain},
		"1/n sākums":                     {Chain},
		"lasiet 🧵":                       {Chain},
		"Beigas 3/3":                     {Chain},
		"Saņēmu 1/2 summas":              nil,
		"22/5 ir diena":                  nil,
		"Ēdiens labs, 7/10":              nil,
		"Viss (7/10)":                    {Chain},
		"0/3":                            nil,
		"1/1":                            nil,
		"4/3":                            nil,
		"www.a.lv www.b.lv":              nil,
		"www.a.lv www.b.lv www.c.lv":     {SeveralLinks},
		"Jautājiet @anna@x.lv":           {CallsSomeone},
		"@vid atbild":                    {CallsSomeone},
		"vai.@vid":                       {CallsSomeone},
		"Rakstiet uz info@vid.gov.lv":    nil,
		"https://x.lv/@vid un 2 @ 3":     nil,
		"HTTPS://A.LV/ABCDEFGHIJ":        nil,
		"1/2 #a #b #c #d KĀPĒC TIK ILGI": {ManyHashtags, Chain},
	} {
		if got := Guideline(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func TestUncalled(t *testing.T) {
	for text, want := range map[string]string{
		"@a, @@b un @c@x.lv":    "a, b un c@x.lv",
		"info@vid.gov.lv 2 @ 3": "info@vid.gov.lv 2 @ 3",
		"https://x.lv/@vid":     "https://x.lv/@vid",
		"x@@a":                  "x@a",
		"@_@b":                  "_@b",
		"＠anna":                 "anna",
	} {
		got := Uncalled(text)
		if got != want || called.MatchString(got) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
