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
		m.said(*it.Question)
	}
	m.block(inline(it.Votes))
	m.block(inline(it.Also))
	for _, f := range it.Followers {
		m.said(f)
	}
	if it.Answer != nil {
		m.block("#### " + inline(it.AnswerTitle))
		m.said(*it.Answer)
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
			m.said(s)
		}
	}
}

func (m *markdown) said(s said) {
	m.block(inline(s.Who + " · " + s.When))
	m.block(quote(s.Text))
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
func quote(text string) string {
	lines := strings.Split(session.CleanText(text), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight("> "+escapeLine(l), " ")
		if l != "" && i+1 < len(lines) && lines[i+1] != "" {
			lines[i] += `\` // a hard line break
		}
	}
	return strings.Join(lines, "\n")
}
