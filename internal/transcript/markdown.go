package transcript

import (
	"fmt"
	"strings"

	"experthour/internal/session"
)

// Markdown is the document as CommonMark that GitHub's dialect reads the same way.
// Only this file writes markup: every text goes through escape or quote first.
func (d Document) Markdown() []byte {
	m := &markdown{}
	p := d.words()
	m.block("# " + inline(p.Title))
	m.block(inline(p.Kind))
	m.facts(p.Facts)
	if len(p.Notices) > 0 {
		m.block("## " + inline(p.NoticesTitle))
	}
	for _, n := range p.Notices {
		m.block(inline(n))
	}
	m.items(p.AnsweredTitle, p.Answered)
	m.items(p.RestTitle, p.Rest)
	m.before(p.BeforeTitle, p.Before)
	m.block("## " + inline(p.NumbersTitle))
	m.facts(p.Numbers)
	m.block(inline(p.Check))
	m.facts(p.Seal)
	return []byte(strings.TrimSuffix(m.b.String(), "\n"))
}

type markdown struct{ b strings.Builder }

// block writes a block of its own; nothing for nothing.
func (m *markdown) block(text string) {
	if text != "" {
		m.b.WriteString(text + "\n\n")
	}
}

func (m *markdown) facts(fs []fact) {
	var lines []string
	for _, f := range fs {
		text := inline(f.Text)
		switch {
		case f.Link:
			text = "<" + f.Text + ">"
		case f.Code:
			text = "`" + f.Text + "`" // it has none itself
		}
		lines = append(lines, fmt.Sprintf("- %s: %s", inline(f.Label), text))
	}
	m.block(strings.Join(lines, "\n"))
}

func (m *markdown) items(title string, items []item) {
	if len(items) == 0 {
		return
	}
	m.block("## " + inline(title))
	for _, it := range items {
		m.item(it)
	}
}

func (m *markdown) item(it item) {
	m.block("### " + inline(it.Title))
	m.block(inline(it.Status))
	if it.Question != nil {
		m.said(*it.Question, escapeLine)
	}
	m.block(inline(it.Votes))
	m.block(inline(it.Also))
	for _, f := range it.Followers {
		m.said(f, escapeLine)
	}
	if it.Answer != nil {
		m.block("#### " + inline(it.AnswerTitle))
		m.said(*it.Answer, linkedLine)
		m.block(inline(it.ExceptionTitle))
	}
}

// before is what answers said that were corrected.
func (m *markdown) before(title string, items []item) {
	if len(items) == 0 {
		return
	}
	m.block("## " + inline(title))
	for _, it := range items {
		m.block("### " + inline(it.Title))
		for _, s := range it.Before {
			m.said(s, linkedLine)
		}
	}
}

// said writes a text whose lines are written by line.
func (m *markdown) said(s said, line func(string) string) {
	m.block(inline(s.Who + " · " + s.When))
	m.block(quote(s.Text, line))
	for _, p := range s.Pictures {
		alt := inline(p.Alt)
		if p.URL != "" {
			alt = "![" + alt + "](" + p.URL + ")"
		}
		m.block(alt + " " + inline(p.By))
	}
}

// inline escapes a text of one line.
func inline(text string) string { return escapeLine(session.CleanLine(text)) }

// quote puts a text of many lines into a block quote, its line breaks kept.
func quote(text string, line func(string) string) string {
	lines := strings.Split(session.CleanText(text), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight("> "+line(l), " ")
		if l != "" && i+1 < len(lines) && lines[i+1] != "" {
			lines[i] += `\` // a hard line break
		}
	}
	return strings.Join(lines, "\n")
}

// linkedLine is escapeLine, but for the addresses, which are links. They are not written between
// pointed brackets: a program that takes the file for HTML would find a tag there.
func linkedLine(line string) string {
	var b strings.Builder
	for _, p := range session.Pieces(strings.TrimSpace(line)) {
		text := escapePart(p.Text, b.Len() == 0)
		if p.URL == "" {
			b.WriteString(noImage(text))
		} else {
			b.WriteString("[" + text + "](" + inLink.Replace(p.URL) + ")")
		}
	}
	return b.String()
}

// inLink writes an address so that it ends where it ends.
var inLink = strings.NewReplacer("(", "%28", ")", "%29", "&", "&amp;")

// noImage keeps a link that follows from being taken for a picture.
func noImage(text string) string {
	if before, ok := strings.CutSuffix(text, "!"); ok {
		return before + `\!`
	}
	return text
}
