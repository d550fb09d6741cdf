package screening

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"experthour/internal/session"
)

// broken are the guidelines that a post does not keep to.
func (p Post) broken() (all []Guideline) {
	for _, b := range append(OfAnswer(p.Answer, session.Latvian), p.Breaches()...) {
		all = append(all, b.Guideline)
	}
	return all
}

func TestGuidelinesOfAnAnswer(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]Guideline{
		"Cik maksā pase?":                        nil,
		"KĀPĒC TIK DĀRGI?!":                      {AllCaps},
		"PVN un VID":                             nil,
		"PMLP VSAA VID":                          nil, // abbreviations, too few letters
		"#a #b #c":                               nil,
		"#a #b #c #d":                            {ManyHashtags},
		"# #1 #2 #3 #4":                          nil,
		"a#b c#d e#f g#h":                        nil,
		"1/3 Sākums":                             {Chain},
		"Sākums (1/2)":                           {Chain},
		"[2/3] vidus":                            {Chain},
		"1/n sākums":                             {Chain},
		"lasiet 🧵":                               {Chain},
		"Beigas 3/3":                             {Chain},
		"Saņēmu 1/2 summas":                      nil,
		"22/5 ir diena":                          nil,
		"Ēdiens labs, 7/10":                      nil,
		"Viss (7/10)":                            {Chain},
		"0/3":                                    nil,
		"1/1":                                    nil,
		"4/3":                                    nil,
		"https://a.lv https://b.lv":              nil,
		"https://a.lv https://b.lv https://c.lv": {SeveralLinks},
		"@vid atbild":                            {CallsSomeone},
		"vai.@vid":                               {CallsSomeone},
		"https://x.lv/@vid un 2 @ 3":             nil,
		"HTTPS://A.LV/ABCDEFGHIJ":                nil,
		"1/2 #a #b #c #d KĀPĒC TIK ILGI":         {Chain, ManyHashtags},
	} {
		if got := (Post{Text: text, Answer: text}).broken(); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestAddressesAreReachableAsWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Skat. https://vid.gov.lv/pvn.":             "",
		"Skat. (https://vid.gov.lv/pvn), 3. punkts": "",
		"http://vid.gov.lv/pvn":                     "http://vid.gov.lv/pvn",
		"www.vid.gov.lv":                            "www.vid.gov.lv",
		"Skat. vid.gov.lv/pvn.":                     "vid.gov.lv/pvn",
		"https:/vid.gov.lv":                         "https:/vid.gov.lv",
		"https://vid":                               "https://vid",
		"https://user@vid.gov.lv":                   "https://user@vid.gov.lv",
		"htps://vid.gov.lv":                         "htps://vid.gov.lv",
		"Līdz 1.12.2026. maksā 3.50 eiro u.c.":      "",
		"https://vid.gov.lv un www.a.lv":            "www.a.lv",
	} {
		b, broken := unreachable(answer{text: text})
		if b.Detail != want || broken != (want != "") {
			t.Errorf("%q: %q, want %q", text, b.Detail, want)
		}
	}
}

func TestGuidelinesOfACopy(t *testing.T) {
	t.Parallel()
	question := "Vai es drīkstu  sākt būvēt, kamēr\nlēmuma vēl nav? @vid"
	whole := Post{Question: question, Answer: "Jā, drīkstat.", Hashtags: []string{"EkspertaStunda"}, Link: "https://x.lv/s/a/q/1",
		Text: "Jautājums: Vai es drīkstu sākt būvēt, kamēr lēmuma vēl nav? vid\n\nJā, drīkstat.\n\n#ekspertastunda"}
	change := func(f func(*Post)) Post {
		p := whole
		f(&p)
		return p
	}
	for name, c := range map[string]struct {
		post Post
		want []Guideline
	}{
		"as it should be": {whole, nil},
		"no question":     {change(func(p *Post) { p.Text = "Jautājums Nr. 1\nJā, drīkstat. #EkspertaStunda" }), []Guideline{SelfContained}},
		"no hashtag":      {change(func(p *Post) { p.Text = strings.Replace(p.Text, "#", "", 1) }), []Guideline{Hashtag}},
		"cut":             {change(func(p *Post) { p.Answer += " Bet tikai līdz pavasarim." }), []Guideline{Fits}},
		"cut with a link": {change(func(p *Post) { p.Answer += " Bet."; p.Text += "\n" + p.Link }), nil},
		"too long":        {change(func(p *Post) { p.TooLong = true }), []Guideline{Fits}},
		"no author":       {change(func(p *Post) { p.Pictures = []session.Picture{{Alt: "Karte"}} }), []Guideline{Illustrated}},
		"no words":        {change(func(p *Post) { p.Pictures = []session.Picture{{Author: "Ilze"}} }), []Guideline{Illustrated}},
	} {
		if got := c.post.broken(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	b := OfAnswer("Zvaniet man: 26123456, ilze@example.com, 26123457", session.Latvian)
	if len(b) == 0 || !slices.Equal(b[0].Kinds, []Kind{Phone, Email}) {
		t.Errorf("personal data: %v", b)
	}
}

func TestPlainLanguage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]Plainer{
		"Lai saņemtu naudu, rakstiet mums.": nil,
		"Pamatojoties uz likumu, Jums ir nepieciešams veikt maksājumu.": {{"Pamatojoties uz", "pēc"}, {"ir nepieciešams", "vajag"},
			{"veikt maksājumu", "maksāt"}},
		"Iesniegšanas termiņš.":                nil,
		"Fiziskām personām un fizisku personu": {{"Fiziskām personām", "cilvēks"}, {"fizisku personu", "cilvēks"}},
		"veikt  maksājumu, veikt\nmaksājumu":   {{"veikt  maksājumu", "maksāt"}, {"veikt\nmaksājumu", "maksāt"}},
		"neveikt maksājumus":                   nil,
	} {
		if got := officialese(text, session.Latvian); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if got := officialese("Prior to this, utilise the form.", session.English); len(got) != 2 {
		t.Errorf("English: %v", got)
	}
	if got := officialese("Prior to this", "ar"); got != nil {
		t.Errorf("a language without a list: %v", got)
	}
	for l, g := range glossaries() {
		if len(g.entries) < 60 {
			t.Errorf("%s has %d words", l, len(g.entries))
		}
	}
	long := strings.Repeat("vārds ", longSentence-1)
	for text, want := range map[string]bool{long + ".": false, long + "beigas.": true, long + ". " + long: false, long + "\n" + long: false,
		long + "12 34 – 5": false} {
		if _, got := wordy(answer{text: text}); got != want {
			t.Errorf("%d words: %v", longest(text), got)
		}
	}
}

// FuzzBreaches: no text of anybody's makes the checks fail or take long.
func FuzzBreaches(f *testing.F) {
	f.Add("Pamatojoties uz https://vid.gov.lv #a 1/2")
	f.Fuzz(func(_ *testing.T, text string) {
		for _, l := range session.Languages {
			OfAnswer(text, l)
			Post{Text: text, Answer: text, Question: text, Hashtags: []string{text}}.Breaches()
		}
	})
}
