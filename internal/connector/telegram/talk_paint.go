package telegram

import (
	"slices"
	"strings"

	"experthour/internal/connector"
)

const (
	// pageRoom is how much of a message a form takes, in units, and pageBytes in bytes of
	// HTML; a piece of a text takes at most half of it.
	pageRoom  = 4000
	pageBytes = 30 << 10
	pieceRoom = 2000
	// longestValue is how much of a value is shown that is not asked for now.
	longestValue = 300
)

// pages draws a form as messages: whatever its length, nothing of its lines is cut. The
// last one carries the keyboard.
func (p painter) pages(s *sheet) []string {
	b := &pager{pages: []*frag{p.heading(s.Form.Title)}}
	if s.Note != "" {
		b.add(new(frag).text("⚠ "+s.Note, p.own))
	}
	for _, l := range s.Form.Lines {
		p.piecewise(b, l)
	}
	if f := s.field(); f != nil {
		p.prompt(b, s, *f)
	} else {
		p.summary(b, s)
	}
	var all []string
	for _, f := range b.pages {
		all = append(all, f.b.String())
	}
	return all
}

// pager fills one message after the other.
type pager struct{ pages []*frag }

func (b *pager) add(f *frag) {
	last := b.pages[len(b.pages)-1]
	if last.units+f.units+1 > pageRoom || last.b.Len()+f.b.Len() > pageBytes {
		b.pages = append(b.pages, f)
		return
	}
	last.text("\n", "").add(f)
}

// piecewise draws a line, in several pieces when it is long.
func (p painter) piecewise(b *pager, l connector.Line) {
	for text := clean(l.Text); ; {
		part, rest := firstPart(text, pieceRoom)
		piece := connector.Line{Kind: l.Kind, Text: part}
		if rest == "" {
			piece.Link = l.Link
		}
		b.add(p.line(piece, 0, longestText))
		if rest == "" {
			return
		}
		text = rest
	}
}

// summary lists the fields with what is filled in.
func (p painter) summary(b *pager, s *sheet) {
	for i, f := range s.Form.Fields {
		if i == s.taking() {
			p.prompt(b, s, f)
			continue
		}
		line := new(frag).tag("<b>").text(f.Label+":", "").tag("</b> ").text(cut(clean(p.shown(f, s)), longestValue), "")
		if wrong := s.Wrong[f.ID]; wrong != "" {
			line.text("\n⚠ "+wrong, p.own)
		}
		b.add(line)
	}
}

// shown is a value as people read it.
func (p painter) shown(f connector.Field, s *sheet) string {
	var all []string
	for _, v := range s.Values[f.ID] {
		all = append(all, labelOf(slices.Concat(f.Options, s.Found), v))
	}
	if len(all) == 0 {
		return "—"
	}
	return strings.Join(all, ", ")
}

func labelOf(options []connector.Option, value string) string {
	for _, o := range options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

// prompt asks for one field.
func (p painter) prompt(b *pager, s *sheet, f connector.Field) {
	b.add(new(frag).tag("<b>").text("▸ "+cut(oneLine(clean(f.Label)), longTitle), "").tag("</b>"))
	if f.Hint != "" {
		p.piecewise(b, connector.Line{Kind: connector.Small, Text: f.Hint})
	}
	if wrong := s.Wrong[f.ID]; wrong != "" {
		p.piecewise(b, connector.Line{Text: "⚠ " + wrong})
	}
	if text := s.Values.First(f.ID); text != "" && isWritten(f.Kind) {
		p.piecewise(b, connector.Line{Kind: connector.Quote, Text: text})
	}
	b.add(new(frag).text(p.ask(f), ""))
}

// isWritten is a field whose value people write.
func isWritten(k connector.FieldKind) bool {
	switch k {
	case connector.ChoiceField, connector.ChoicesField, connector.SearchField, connector.PeopleField:
		return false
	}
	return true
}

// ask says how a field is filled in.
func (p painter) ask(f connector.Field) string {
	switch f.Kind {
	case connector.TextField:
		return p.words.Text("telegram.write")
	case connector.ChoiceField:
		return p.words.Text("telegram.choose_one")
	case connector.ChoicesField, connector.PeopleField:
		return p.words.Text("telegram.choose_any")
	case connector.SearchField:
		return p.words.Text("telegram.choose_or_search")
	case connector.DateField:
		return p.words.Text("telegram.write_date")
	case connector.ClockField:
		return p.words.Text("telegram.write_clock")
	}
	return p.words.Text("telegram.write_word")
}
