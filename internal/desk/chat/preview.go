package chat

import (
	"context"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// longestPiece is how much of a text one line of a form holds: nothing that will be
// public is ever cut, it goes on in the next line.
const longestPiece = 2500

// previewForm shows every public copy exactly as it will read. Its submit button approves
// exactly that, and is left out for whoever may not.
func (c *Chat) previewForm(ctx context.Context, p press) (*connector.Form, error) {
	r := c.Views.For(p.ses, p.by)
	v := r.Approval(p.q)
	if v == nil { // somebody came too late
		return &connector.Form{Title: r.Ref(p.Number), Lines: []connector.Line{say(c.text("no_preview", "state", r.Badge(p.q).Text))}}, nil
	}
	k := key{Do: p.what(), Session: p.Session, Number: p.Number,
		Seen: map[string]string{"stage": p.q.Stage(), "revision": itoa(v.Revision), "digest": v.Digest}}
	f := &connector.Form{Key: k.String(), Title: c.label(p.what()) + " " + r.Ref(p.Number), Submit: c.label(p.what()),
		Buttons: c.offered(p.ses, p.q, session.SendBack, session.Submit)}
	f.Lines = append(f.Lines, hinted(v.Hints)...)
	f.Fields = r.Form(p.q, session.Approve).Fields
	f.Lines = append(f.Lines, laterLines(r.Card(p.q, 0))...)
	if v.Blocked != "" {
		f.Submit = ""
		f.Lines = append(f.Lines, say("⚠ "+v.Blocked))
	}
	if err := c.show(ctx, p, v.Pictures); err != nil { // nobody approves what they cannot see
		f.Submit = ""
		f.Lines = append(f.Lines, connector.Line{Text: "⚠ " + c.words.Text("desk.blocked_pictures"),
			Link: link(c.words.Text("desk.on_page"), r.OnDeskPage(p.Number, view.Action(session.Approve)))})
	}
	if v.Was != "" {
		f.Lines = append(f.Lines, whole(c.words.Text("desk.public_now"), v.Was)...)
	}
	f.Lines = append(f.Lines, small(c.words.Text("desk.exactly"), connector.Link{}))
	for i, pic := range v.Pictures {
		f.Lines = append(f.Lines, whole(c.words.Text("desk.picture", "number", i+1), c.captioned(pic))...)
	}
	for _, e := range v.Copies {
		f.Lines = append(f.Lines, exactly(e)...)
	}
	return f, nil
}

// hinted are guidelines that an answer does not keep to.
func hinted(hs []view.Hint) (lines []connector.Line) {
	for _, h := range hs {
		mark := "• "
		if h.Tone == view.Bad {
			mark = "⚠ "
		}
		lines = append(lines, say(mark+h.Text))
	}
	return lines
}

// exactly is one copy: where, its every word, and how long it is.
func exactly(e view.Exact) []connector.Line {
	size := e.Size
	if e.Over > 0 {
		size = "⚠ " + size
	}
	lines := whole(titled(e.Name, e.Kind), e.Text)
	if size == "" {
		return lines
	}
	return append(lines, small(size, link(e.Name, e.URL)))
}

// readAll shows the whole texts of a card.
func (c *Chat) readAll(_ context.Context, p press) (*connector.Form, error) {
	v := c.everybody(p.ses).Card(p.q, 0)
	f := &connector.Form{Title: v.Ref, Lines: whole(c.text("question"), v.Text)}
	if n := len(v.Sent); n > 0 {
		page := c.Views.For(p.ses, p.by).OnDeskPage(v.Number, view.Read)
		f.Lines = append(f.Lines, small(c.words.Count("desk.came", n), link(c.text("look_on_page"), page)))
	}
	if v.Pending != "" {
		f.Lines = append(f.Lines, whole(c.words.Text("desk.pending"), v.Pending)...)
	}
	for _, t := range []*view.Passage{v.Draft, v.Answer} {
		if t != nil {
			f.Lines = append(f.Lines, whole(t.Title, t.Text)...)
		}
	}
	f.Lines = append(f.Lines, c.copyLines(v.Copies)...)
	f.Lines = append(f.Lines, c.remarks(v, len(v.Notes))...)
	return f, nil
}

// whole is a text with nothing left out.
func whole(title, text string) []connector.Line {
	lines := []connector.Line{head(title)}
	for _, piece := range pieces(text) {
		lines = append(lines, quote(piece))
	}
	return lines
}

// pieces cuts a text at line ends or spaces into parts that fit, and loses nothing.
func pieces(text string) []string {
	var parts []string
	for r := []rune(text); len(r) > 0; {
		if len(r) <= longestPiece {
			return append(parts, string(r))
		}
		part := string(r[:longestPiece])
		if i := strings.LastIndexAny(part, "\n "); i > len(part)/2 {
			part = part[:i+1]
		}
		parts = append(parts, part)
		r = r[len([]rune(part)):]
	}
	return parts
}
