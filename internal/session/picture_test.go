package session

import (
	"slices"
	"strings"
	"testing"
)

// TestPictures: they belong to the revision, are approved with it, and stay when only the
// text is changed.
func TestPictures(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.must(anna, AcceptQuestion{On: w.on(1)})
	map1 := Picture{Hash: Hash(strings.Repeat("a", 64)), Type: "image/png", Size: 9, Alt: "A map of the\nzones.", Author: "Ilze  Ozola"}
	w.must(edgars, SubmitAnswer{On: w.on(1), Text: "See the map.", Pictures: &[]Picture{map1}})
	map1.Author = "Ilze Ozola"
	if got := w.q(1).Latest().Pictures; !slices.Equal(got, []Picture{map1}) {
		t.Fatalf("pictures %+v", got)
	}
	_, seen := render(w.q(1), w.q(1).Latest())
	for what, change := range map[string]func(*Picture){
		"other words":  func(p *Picture) { p.Alt = "A map." },
		"other bytes":  func(p *Picture) { p.Hash = Hash(strings.Repeat("b", 64)) },
		"other author": func(p *Picture) { p.Author = "Anna" },
	} {
		q := w.q(1).clone()
		p := map1
		change(&p)
		q.Revisions[0].Pictures = []Picture{p}
		if _, digest := render(q, q.Latest()); digest == seen {
			t.Errorf("%s: the same digest", what)
		}
	}
	w.must(edgars, SubmitAnswer{On: w.on(1), Text: "See the map below."})
	if got := w.q(1).Latest().Pictures; !slices.Equal(got, []Picture{map1}) {
		t.Errorf("after another text: %+v", got)
	}
	w.approve(t, anna, 1)
	w.calm(t)
	w.must(edgars, CorrectAnswer{On: w.on(1), Text: "See the map below.", Pictures: &[]Picture{}})
	if got := w.q(1).Latest().Pictures; len(got) != 0 {
		t.Errorf("corrected to %+v", got)
	}
}

// TestPicturesRefused: what cannot be shown to everybody is no picture of an answer.
func TestPicturesRefused(t *testing.T) {
	t.Parallel()
	good := Picture{Hash: Hash(strings.Repeat("a", 64)), Type: "image/png", Size: 9, Alt: "A map.", Author: "Ilze"}
	for what, c := range map[string]struct {
		change func(*Picture)
		id     string
	}{
		"no words":         {func(p *Picture) { p.Alt = " \n" }, "picture_alt"},
		"too many words":   {func(p *Picture) { p.Alt = strings.Repeat("a", MaxAlt+1) }, "field_too_long"},
		"no author":        {func(p *Picture) { p.Author = " \n" }, "picture_author"},
		"no hash":          {func(p *Picture) { p.Hash = "../../etc/passwd" }, "picture_wrong"},
		"another type":     {func(p *Picture) { p.Type = "image/svg+xml" }, "picture_wrong"},
		"nothing":          {func(p *Picture) { p.Size = 0 }, "picture_wrong"},
		"too large":        {func(p *Picture) { p.Size = MostFile + 1 }, "picture_too_large"},
		"a long signature": {func(p *Picture) { p.Author = strings.Repeat("a", maxName+1) }, "field_too_long"},
	} {
		w := opened(t)
		w.must(anna, AcceptQuestion{On: w.on(1)})
		p := good
		c.change(&p)
		_, err := w.do(edgars, SubmitAnswer{On: w.on(1), Text: "See.", Pictures: &[]Picture{p}})
		if e, ok := err.(*Error); !ok || e.ID != c.id || e.Field != "pictures" {
			t.Errorf("%s: %v", what, err)
		}
		if len(w.q(1).Revisions) != 0 {
			t.Errorf("%s: there is a revision", what)
		}
	}
	w := opened(t)
	w.must(anna, AcceptQuestion{On: w.on(1)})
	_, err := w.do(edgars, SubmitAnswer{On: w.on(1), Text: "See.", Pictures: &[]Picture{good, good, good, good, good}})
	kind(t, err, TooMany)
}
