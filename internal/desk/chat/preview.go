package chat

import (
	"context"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/screening"
	"experthour/internal/session"
)

// longestPiece is how much of a text one line of a form holds: nothing that will be
// public is ever cut, it goes on in the next line.
const longestPiece = 2500

// preview shows every public copy exactly as it will read. Its submit button approves
// exactly that, and is left out for whoever may not.
func (c *Chat) preview(_ context.Context, p press) (*connector.Form, error) {
	if p.q.State != session.Review {
		return c.notNow(p), nil
	}
	copies, digest := c.Service.Preview(p.ses, p.q)
	rev := p.q.Latest()
	k := key{Verb: session.Approve, Session: p.Session, Number: p.Number, Mark: rev.Number, Digest: digest, Stage: p.q.Stage()}
	f := &connector.Form{Key: k.String(), Title: c.label(session.Approve) + " " + hash(p.Number), Submit: c.label(session.Approve),
		Buttons: []connector.Button{c.button(p.ses.ID, p.q, session.SendBack), c.button(p.ses.ID, p.q, session.Submit)}}
	f.Lines = append(c.warnings(rev.Text), c.saidLines(p.q)...)
	if why := c.blocked(p, rev, copies); why != "" {
		f.Submit = ""
		f.Lines = append(f.Lines, say("⚠ "+why))
	}
	f.Lines = append(f.Lines, small(c.words.Text("desk.exactly"), connector.Link{}))
	for _, r := range copies {
		f.Lines = append(f.Lines, c.exactly(p.q, r)...)
	}
	return f, nil
}

// notNow is what somebody sees who comes too late.
func (c *Chat) notNow(p press) *connector.Form {
	return &connector.Form{Title: hash(p.Number), Lines: []connector.Line{say(c.text("no_preview", "state", c.badge(p.q)))}}
}

// exactly is one copy: where, how long, and its every word.
func (c *Chat) exactly(q session.Question, r session.Rendered) []connector.Line {
	lines := []connector.Line{head(c.copyName(q, session.Copy{Slot: r.Slot}))}
	for _, piece := range pieces(r.Text) {
		lines = append(lines, quote(piece))
	}
	length := c.words.Text("desk.length_free", "length", r.Length)
	switch {
	case r.TooLong():
		length = "⚠ " + c.words.Text("desk.length_over", "length", r.Length, "limit", r.Limit, "over", r.Length-r.Limit)
	case r.Limit > 0:
		length = c.words.Text("desk.length_of", "length", r.Length, "limit", r.Limit)
	}
	return append(lines, small(length, connector.Link{}))
}

// warnings are what somebody should look at before they approve.
func (c *Chat) warnings(text string) []connector.Line {
	var lines []connector.Line
	if found := c.findings(text); found != "" {
		lines = append(lines, say("⚠ "+found))
	}
	for _, a := range screening.Guideline(text, 0) {
		lines = append(lines, say("• "+c.words.Text("advice."+string(a))))
	}
	return lines
}

// blocked says why this person cannot approve. Who decides in the end is package session.
func (c *Chat) blocked(p press, rev session.Revision, copies []session.Rendered) string {
	may := false
	for _, v := range session.Allowed(p.ses, p.q, p.by) {
		may = may || v == session.Approve
	}
	switch {
	case rev.Author == p.by.Name && !(p.by.Role == session.Moderator && p.ses.SelfApproval != nil):
		return c.words.Text("desk.blocked_own")
	case !may:
		return c.words.Text("desk.blocked_role")
	}
	for _, r := range copies {
		if r.TooLong() {
			return c.words.Text("desk.blocked_long")
		}
	}
	return ""
}

// readAll shows the whole texts of a card.
func (c *Chat) readAll(_ context.Context, p press) (*connector.Form, error) {
	f := &connector.Form{Title: hash(p.Number)}
	for _, t := range []struct{ title, text string }{
		{c.text("question"), p.q.Text}, {c.words.Text("desk.pending"), p.q.Pending},
		{c.words.Text("desk.draft_rests", "name", p.q.Holder), p.q.Draft()}, {c.text("field.answer"), p.q.Latest().Text},
	} {
		if t.text == "" {
			continue
		}
		f.Lines = append(f.Lines, head(t.title))
		for _, piece := range pieces(t.text) {
			f.Lines = append(f.Lines, quote(piece))
		}
	}
	f.Lines = append(f.Lines, c.copyLines(p.ses, p.q)...)
	f.Lines = append(f.Lines, c.notes(p.q, len(p.q.Notes))...)
	return f, nil
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
