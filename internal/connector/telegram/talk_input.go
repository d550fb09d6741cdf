package telegram

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"experthour/internal/connector"
)

// write takes what somebody wrote for the field that is asked for, which is none for a
// text. Where it cannot be the value, the form says why and goes on asking.
func (t *Telegram) write(ctx context.Context, user int64, s *sheet, text string) {
	f := *s.field()
	text = strings.TrimSpace(clean(text))
	if f.Kind == connector.SearchField {
		t.search(ctx, user, s, text)
		return
	}
	value, wrong := t.read(f, text)
	if wrong != "" {
		s.Note = wrong
		return
	}
	if f.Kind == connector.ChoicesField || f.Kind == connector.PeopleField {
		s.toggle(f, value)
		return
	}
	t.fill(ctx, user, s, value)
}

// read makes a value of a text, or says what is wrong with it.
func (t *Telegram) read(f connector.Field, text string) (value, wrong string) {
	switch f.Kind {
	case connector.ChoiceField, connector.ChoicesField, connector.PeopleField:
		if value, ok := match(f.Options, text); ok {
			return value, ""
		}
		return "", t.words.Text("telegram.not_offered")
	case connector.DateField:
		if value, ok := readDate(text); ok {
			return value, ""
		}
		return "", t.words.Text("telegram.no_date")
	case connector.ClockField:
		if value, ok := readClock(text); ok {
			return value, ""
		}
		return "", t.words.Text("telegram.no_clock")
	case connector.WordField:
		text = oneLine(text)
	}
	switch {
	case text == "":
		return "", t.words.Text("telegram.missing")
	case f.Most > 0 && utf8.RuneCountInString(text) > f.Most:
		return "", t.words.Text("telegram.too_long", "limit", f.Most)
	}
	return text, ""
}

// match finds the option that somebody spelt out.
func match(options []connector.Option, text string) (value string, ok bool) {
	i := slices.IndexFunc(options, func(o connector.Option) bool { return strings.EqualFold(oneLine(o.Label), oneLine(text)) })
	if i < 0 {
		return "", false
	}
	return options[i].Value, true
}

// readDate takes a day as 2026-12-31 or 31.12.2026.
func readDate(text string) (string, bool) {
	for _, form := range []string{dateForm, "2.1.2006"} {
		if day, err := time.Parse(form, strings.TrimRight(text, ".")); err == nil && day.Year() >= 2000 {
			return day.Format(dateForm), true
		}
	}
	return "", false
}

// readClock takes a time of the day as 14:30, 14.30 or 14.
func readClock(text string) (string, bool) {
	text = strings.ReplaceAll(text, ".", ":")
	for _, form := range []string{clockForm, "15"} {
		if at, err := time.Parse(form, text); err == nil {
			return at.Format(clockForm), true
		}
	}
	return "", false
}

// fill sets the value of the field that is asked for, and goes on to the next one that
// has to be filled in.
func (t *Telegram) fill(ctx context.Context, user int64, s *sheet, value string) {
	f := s.field()
	s.Values[f.ID] = []string{value}
	if label := labelOf(s.Found, value); f.Kind == connector.SearchField && !offers(f.Options, value) {
		f.Options = append(f.Options, connector.Option{Value: value, Label: label}) // so that it can be named later
	}
	t.leave(ctx, user, s)
}

// leave goes on from a field that is filled in.
func (t *Telegram) leave(ctx context.Context, user int64, s *sheet) {
	s.Filled = true
	delete(s.Wrong, s.field().ID)
	t.enter(ctx, user, s, s.missing(0))
}

func offers(options []connector.Option, value string) bool {
	return slices.ContainsFunc(options, func(o connector.Option) bool { return o.Value == value })
}

// toggle chooses one of several, or takes the choice back.
func (s *sheet) toggle(f connector.Field, value string) {
	chosen := slices.Clone(s.Values[f.ID])
	if i := slices.Index(chosen, value); i >= 0 {
		chosen = slices.Delete(chosen, i, i+1)
	} else {
		chosen = append(chosen, value)
	}
	s.Filled, s.Note = true, ""
	if s.Values[f.ID] = chosen; len(chosen) == 0 {
		delete(s.Values, f.ID)
	}
}

// refuse says at the fields what is wrong, and asks for the first of them. What is
// about no field of the form stands on top.
func (t *Telegram) refuse(ctx context.Context, user int64, s *sheet, wrong map[string]string) {
	s.Wrong = map[string]string{}
	first := -1
	for i, f := range s.Form.Fields {
		if wrong[f.ID] != "" {
			s.Wrong[f.ID] = wrong[f.ID]
			if first < 0 {
				first = i
			}
		}
	}
	t.askFor(ctx, user, s, first)
	var others []string
	for id, text := range wrong {
		if s.Wrong[id] == "" {
			others = append(others, text)
		}
	}
	slices.Sort(others)
	if len(others) > 0 {
		s.Note = strings.Join(others, " ")
	}
}
