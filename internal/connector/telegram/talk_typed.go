package telegram

import (
	"context"
	"slices"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// typing are the messages that make up the value of a field: people write in several,
// and edit them.
type typing struct {
	Field string  `json:"f"`
	Parts []typed `json:"p"`
}

type typed struct {
	Message int    `json:"m"`
	Text    string `json:"t"`
	At      int    `json:"a"`           // as Telegram dates messages
	On      bool   `json:"o,omitempty"` // Telegram cut it off from the one before
}

const (
	// nearlyFull is from how many units on a message may be the first part of a longer
	// text, and secondsApart how long its other part may take.
	nearlyFull   = 3500
	secondsApart = 3
	// longestTyped bounds, in characters, what a form remembers of one field.
	longestTyped = 15_000
)

func (y typing) text() string {
	text := ""
	for i, p := range y.Parts {
		switch {
		case i == 0:
			text = p.Text
		case p.On:
			text = session.JoinCut(text, p.Text)
		default:
			text += "\n\n" + p.Text
		}
	}
	return text
}

// with is the text with a part more, or with its new version.
func (y typing) with(p typed) typing {
	y.Parts = slices.Clone(y.Parts)
	if i := y.index(p.Message); i >= 0 {
		p.On = y.Parts[i].On
		y.Parts[i] = p
	} else {
		y.Parts = append(y.Parts, p)
	}
	return y
}

func (y typing) index(message int) int {
	return slices.IndexFunc(y.Parts, func(p typed) bool { return p.Message == message })
}

// without is the text without its last message, and all that Telegram cut it into.
func (y typing) without() typing {
	n := len(y.Parts) - 1
	for n > 0 && y.Parts[n].On {
		n--
	}
	y.Parts = y.Parts[:max(n, 0)]
	return y
}

// goesOn reports whether a message of that date may be the other part of a long one.
func (s *sheet) goesOn(date int) bool {
	n := len(s.Typed.Parts) - 1
	return n >= 0 && date-s.Typed.Parts[n].At <= secondsApart && units(s.Typed.Parts[n].Text) >= nearlyFull
}

func takesText(f connector.Field) bool {
	return f.Kind == connector.TextField || f.Kind == connector.WordField
}

// textField is the only field of a form that takes a text, -1 when there is none or
// more than one.
func (s *sheet) textField() int {
	i := slices.IndexFunc(s.Form.Fields, takesText)
	if i < 0 || s.Form.Submit == "" || slices.ContainsFunc(s.Form.Fields[i+1:], takesText) {
		return -1
	}
	return i
}

// taking is the field that takes what is written now: the one that is asked for, or
// the only one for a text where the whole form is shown; -1 is none.
func (s *sheet) taking() int {
	if s.At >= 0 {
		return s.At
	}
	return s.textField()
}

// take takes a message for the field that waits for one. What follows the first message
// of a text belongs to it, as near a card; a text that Telegram cut is refused as one.
func (t *Telegram) take(ctx context.Context, user int64, s *sheet, p typed) {
	at, y := s.taking(), s.Typed
	if p.On = s.goesOn(p.At); p.On {
		at = s.index(y.Field)
	}
	f := s.Form.Fields[at]
	if !takesText(f) {
		t.write(ctx, user, s, p.Text)
		return
	}
	if more := s.At < 0 && f.Kind == connector.TextField && y.Field == f.ID; !more && !p.On {
		y = typing{Field: f.ID}
	}
	wrong := t.retype(s, f, y.with(p))
	switch {
	case wrong == "" && s.At == at:
		t.leave(ctx, user, s)
	case wrong != "" && p.On:
		t.untype(ctx, user, s, at)
	}
	s.Note = wrong
}

// retype makes a text the value of its field, or says why it cannot be.
func (t *Telegram) retype(s *sheet, f connector.Field, y typing) (wrong string) {
	if f.Most == 0 {
		f.Most = longestTyped
	}
	value, wrong := t.read(f, clean(y.text()))
	if wrong == "" {
		s.Typed, s.Values[f.ID], s.Filled = y, []string{value}, true
		delete(s.Wrong, f.ID)
	}
	return wrong
}

// untype takes the last text out again, all that Telegram cut it into.
func (t *Telegram) untype(ctx context.Context, user int64, s *sheet, at int) {
	s.Typed = s.Typed.without()
	if len(s.Typed.Parts) > 0 {
		s.Values[s.Typed.Field] = []string{s.Typed.text()}
		return
	}
	delete(s.Values, s.Typed.Field)
	s.Typed = typing{}
	t.enter(ctx, user, s, at)
}

// askFor asks for a field anew: what is written for it next is all of it.
func (t *Telegram) askFor(ctx context.Context, user int64, s *sheet, at int) {
	s.Typed = typing{}
	t.enter(ctx, user, s, at)
}
