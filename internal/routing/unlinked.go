package routing

import (
	"slices"
	"strconv"
	"strings"

	"experthour/internal/session"
	"experthour/internal/wording"
)

// unlinked is a text for a place that takes no links: words say where the page is that an address would lead to.
// An answer that is there as a whole needs none.
func (p Planner) unlinked(t text, kind session.CopyKind, lang session.Language) text {
	if kind == session.KindAnswer {
		t.complete = p.swap(t.rich, func(string) string { return "" })
	}
	say := func(address string) string { return elsewhere(kind, address, lang) }
	t.rich, t.tight = p.swap(t.rich, say), p.swap(t.tight, say)
	return t
}

// swap puts something in place of the addresses of our page, which are lines of their own.
func (p Planner) swap(frames []frame, instead func(address string) string) []frame {
	frames = slices.Clone(frames)
	for i := range frames {
		ls := strings.Split(frames[i].after, "\n")
		for j, l := range ls {
			if p.ours(l) {
				ls[j] = instead(l)
			}
		}
		frames[i].after = lines(ls...)
	}
	return frames
}

func (p Planner) ours(line string) bool {
	return p.PublicURL != "" && strings.HasPrefix(line, strings.TrimRight(p.PublicURL, "/")+"/s/")
}

// elsewhere says in words where an address leads.
func elsewhere(kind session.CopyKind, address string, lang session.Language) string {
	w := wording.In(lang)
	_, number, _ := strings.Cut(address, "/q/")
	n, err := strconv.Atoi(number)
	switch {
	case err != nil:
		return w.Text("answer.page")
	case kind == session.KindAnswer:
		return w.Text("answer.page_whole", "number", n)
	}
	return w.Text("answer.page_question", "number", n)
}

// pointer is that by which readers of a text find the whole of it.
func (p Planner) pointer(t text, kind session.CopyKind, lang session.Language, linkless bool) string {
	for _, f := range slices.Concat(t.rich, t.tight) {
		for l := range strings.Lines(f.after) {
			switch l = strings.TrimSpace(l); {
			case p.ours(l) && linkless:
				return elsewhere(kind, l, lang)
			case p.ours(l):
				return l
			}
		}
	}
	return ""
}
