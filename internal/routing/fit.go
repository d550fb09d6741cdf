package routing

import (
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// frame is what stands around a body.
type frame struct{ before, after string }

func (f frame) around(body string) string {
	var parts []string
	for _, p := range []string{f.before, body, f.after} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "\n\n")
}

// text is one post before it is fitted to a platform: a body, the frames that may
// stand around it, the richest first, and those for when there is hardly room.
type text struct {
	to          string // who is called by it, before all else; never cut
	body        string
	pictures    []session.Picture
	under       bool // it replies to the question
	rich, tight []frame
}

// leastWords is how many bytes of a cut answer are worth giving up a part of the
// frame for.
const leastWords = 60

// below is the text as it stands with its first n pictures, whose words are a part of it; ok is false where
// there is no room for all of the body.
func (t text) below(n int, l connector.Longest, lang session.Language) (below text, ok bool) {
	words := []string{t.body}
	for _, p := range t.pictures[:n] {
		words = append(words, wording.In(lang).Text("answer.picture", "alt", p.Alt, "author", p.Author))
	}
	t.body = strings.Join(words, "\n\n")
	if t.to != "" {
		if l, ok = l.Without(t.to + " "); !ok {
			return t, false
		}
	}
	_, ok = t.whole(l)
	return t, ok
}

// addressed is fit behind the name of whom it calls. A name that leaves no room is left out.
func (t text) addressed(l connector.Longest, lang session.Language) string {
	rest, ok := l.Without(t.to + " ")
	if t.to == "" || !ok {
		return t.fit(l, lang)
	}
	return t.to + " " + t.fit(rest, lang)
}

// fit writes the post so that it is within the limits whatever they are: whole; or
// up to the end of a sentence; or up to the end of a word; and in the last resort
// only the frame. What is cut says so with "…".
func (t text) fit(l connector.Longest, lang session.Language) string {
	if post, ok := t.whole(l); ok {
		return post
	}
	s := scan(t.body)
	all := append(append([]frame{}, t.rich...), t.tight...)
	tries := []struct {
		frames []frame
		ends   []int
		mark   string
	}{
		{t.rich, s.sentences(lang), " …"},
		{all, atLeast(s.words(), leastWords), "…"},
		{all, s.words(), "…"},
		{all, s.clusters(), "…"},
		{all, []int{0}, "…"},
		{[]frame{{}}, []int{0}, "…"},
	}
	for _, try := range tries {
		for _, f := range try.frames {
			if post, ok := longest(f, t.body, try.ends, try.mark, l); ok {
				return post
			}
		}
	}
	return ""
}

// whole writes the uncut body in the richest frame that leaves room for it. Most
// answers fit, and then their characters need no looking at one by one.
func (t text) whole(l connector.Longest) (post string, ok bool) {
	for _, f := range t.rich {
		if post, ok = longest(f, t.body, []int{len(t.body)}, "", l); ok {
			return post, true
		}
	}
	return "", false
}

// longest finds the last end at which the cut body fits into the frame. Whatever
// it returns was measured; that a longer cut costs more only makes it quick.
func longest(f frame, body string, ends []int, mark string, l connector.Longest) (post string, ok bool) {
	low, high := 0, len(ends)
	for low < high {
		mid := (low + high) / 2
		try := f.around(body[:ends[mid]] + mark)
		if !l.Fits(try) {
			high = mid
			continue
		}
		post, ok, low = try, true, mid+1
	}
	return post, ok
}

func atLeast(ends []int, least int) []int {
	for i, e := range ends {
		if e >= least {
			return ends[i:]
		}
	}
	return nil
}

// clip cuts a text of one line to at most limit characters, at a word if it can.
func clip(line string, limit int) string {
	beyond := offset(line, limit)
	if beyond == len(line) {
		return line
	}
	line = line[:beyond+offset(line[beyond:], 1)] // no later end can fit
	s := scan(line)
	for _, ends := range [][]int{s.words(), s.clusters(), {0}} {
		if cut, ok := longest(frame{}, line, ends, "…", connector.Longest{{Most: limit}}); ok {
			return cut
		}
	}
	return ""
}

// offset is where in a text so many characters end, in bytes; its length when it has fewer.
func offset(text string, characters int) int {
	for i := range text {
		if characters == 0 {
			return i
		}
		characters--
	}
	return len(text)
}
