package telegram

import (
	"context"
	"errors"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
)

// mostInto is how many fields are offered for a text.
const mostInto = 4

// into are the fields of somebody's forms that a text could be meant for when none of
// them waits for it, the form that is shown before the others.
func (t *Telegram) into(ctx context.Context, user int64) ([]connector.Option, error) {
	if t.deskChat == 0 || !t.isStaff(user) {
		return nil, nil
	}
	k, err := t.talk(ctx, user)
	if err != nil {
		return nil, err
	}
	var all []connector.Option
	k.find(func(s *sheet) bool {
		all = append(all, s.into()...)
		return false
	})
	return all[:min(len(all), mostInto)], nil
}

func (s *sheet) into() (all []connector.Option) {
	for i, f := range s.Form.Fields {
		if s.Form.Submit != "" && takesText(f) {
			all = append(all, connector.Option{Value: s.name(i), Label: s.Form.Title + ": " + f.Label})
		}
	}
	return all
}

// name names a field among all that somebody may have before them.
func (s *sheet) name(field int) string {
	return string(connector.TagOf(s.Form.Key)) + "." + s.Form.Fields[field].ID
}

// named is the field of that name, -1 for one of another form.
func (s *sheet) named(name string) int {
	for i := range s.Form.Fields {
		if s.name(i) == name {
			return i
		}
	}
	return -1
}

// put writes a message into the field that its author chose, and shows its form. Where
// that was left meanwhile the person is told so, and may choose again.
func (t *Telegram) put(ctx context.Context, q *models.CallbackQuery, p connector.Put) {
	err := t.putInto(ctx, q, p)
	switch {
	case errors.Is(err, errOver):
		t.answer(ctx, q.ID, t.words.Text("telegram.over"), "")
	case err != nil:
		t.log.Warn("telegram: a text was not put into a form", "error", err)
		t.answer(ctx, q.ID, t.words.Text("adapter.try_again"), "")
	default:
		t.answer(ctx, q.ID, "", "")
		t.show(ctx, q.From.ID, true)
	}
}

// errOver says that a form is not open any more.
var errOver = errors.New("the form is over")

func (t *Telegram) putInto(ctx context.Context, q *models.CallbackQuery, p connector.Put) error {
	k, err := t.talk(ctx, q.From.ID)
	if err != nil {
		return err
	}
	s := k.raise(func(s *sheet) bool { return s.named(p.Into) >= 0 })
	if s == nil {
		return errOver
	}
	if k.repeated(q.ID) {
		return nil
	}
	if at := s.named(p.Into); at != s.taking() {
		t.askFor(ctx, q.From.ID, s, at)
	}
	for _, m := range p.Said {
		at, _ := parseMessageID(m.Message) // which was made here
		t.take(ctx, q.From.ID, s, typed{Message: at.message, Text: m.Text, At: int(m.At.Unix())})
	}
	return t.save(ctx, q.From.ID, k)
}
