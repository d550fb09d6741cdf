package telegram

import (
	"context"
	"slices"

	"experthour/internal/connector"
)

// inTalk loads the conversation that a button belongs to. Buttons of forms that are
// over say so and go away; one that comes twice does nothing.
func (t *Telegram) inTalk(ctx context.Context, c click, belongs func(*talk) bool) (*talk, bool) {
	k, err := t.talk(ctx, c.user)
	switch {
	case err != nil:
		t.log.Warn("telegram: a form was not found in time", "error", err)
		t.answer(ctx, c.query, t.words.Text("adapter.try_again"), "")
		return nil, false
	case k.top() != nil && slices.Contains(k.Seen, c.query):
		t.answer(ctx, c.query, "", "")
		t.show(ctx, c.user, false)
		return nil, false
	case k.top() == nil || !belongs(k):
		t.answer(ctx, c.query, t.words.Text("telegram.over"), "")
		t.putAway(ctx, c)
		return nil, false
	}
	k.repeated(c.query)
	return k, true
}

// putAway takes the buttons off a message of a form that is over. One that shows the form of now
// is drawn anew.
func (t *Telegram) putAway(ctx context.Context, c click) {
	now, err := t.view(ctx, c.user)
	switch {
	case err != nil || !isPrivate(c.at.chat):
	case slices.Contains(now.Messages, c.at.message):
		t.show(ctx, c.user, false)
	default:
		t.runner.After(ctx, userKey(c.user), func(ctx context.Context) {
			if err := patiently(ctx, func() error { return t.editKeyboard(ctx, c.at, nil) }); err != nil && !isGone(err) {
				t.log.Warn("telegram: old buttons stay", "error", err)
			}
		})
	}
}

// control does what a control of a form says.
func (t *Telegram) control(ctx context.Context, c click) error {
	o, ok := parseControl(c.data)
	k, ok := t.inTalk(ctx, c, func(k *talk) bool { return ok && o.step == k.Step })
	if !ok {
		return nil
	}
	if o.op == opSubmit {
		return t.submit(ctx, c, k)
	}
	t.operate(ctx, c.user, k, o)
	return t.conclude(ctx, c, k, connector.Answer{})
}

// conclude keeps a conversation, answers the press and shows what came of it.
func (t *Telegram) conclude(ctx context.Context, c click, k *talk, a connector.Answer) error {
	if err := t.save(ctx, c.user, k); err != nil {
		t.log.Warn("telegram: a form was not kept", "error", err)
		t.answer(ctx, c.query, t.words.Text("adapter.try_again"), "")
		return nil
	}
	t.answerSay(ctx, c, a.Say, a.Buttons)
	t.show(ctx, c.user, false)
	return nil
}

// operate does everything that needs no inbox.
func (t *Telegram) operate(ctx context.Context, user int64, k *talk, o controlling) {
	s := k.top()
	f := s.field()
	switch {
	case o.op == opCancel:
		k.End = ""
		if s.Form.Submit != "" {
			k.End = t.words.Text("adapter.unchanged", "what", s.Form.Title)
		}
		k.pop()
	case o.op == opBack:
		t.enter(ctx, user, s, -1)
	case o.op == opField:
		if n, ok := o.number(len(s.Form.Fields)); ok {
			t.askFor(ctx, user, s, n)
		}
	case f != nil:
		t.operateField(ctx, user, s, *f, o)
	}
}

func (t *Telegram) operateField(ctx context.Context, user int64, s *sheet, f connector.Field, o controlling) {
	options := s.options(f)
	switch o.op {
	case opPage:
		if n, ok := o.number(len(options)/onPage + 1); ok {
			s.Page = n
		}
	case opEmpty:
		delete(s.Values, f.ID)
		s.Typed = typing{}
		t.leave(ctx, user, s)
	case opReady:
		t.leave(ctx, user, s)
	case opOption:
		n, ok := o.number(len(options))
		switch {
		case !ok:
		case f.Kind == connector.ChoicesField || f.Kind == connector.PeopleField:
			s.toggle(f, options[n].Value)
		default:
			t.fill(ctx, user, s, options[n].Value)
		}
	case opValue:
		t.write(ctx, user, s, o.arg)
	}
}

// pressForm is a button of the form that somebody has before them.
func (t *Telegram) pressForm(ctx context.Context, c click) error {
	offers := func(s *sheet) bool {
		return slices.ContainsFunc(s.Form.Offered(), func(b connector.Button) bool { return b.Action == c.action })
	}
	k, ok := t.inTalk(ctx, c, func(k *talk) bool { return offers(k.top()) || offers(t.renewed(ctx, c.user, k.top())) })
	if !ok {
		return nil
	}
	p := connector.Press{By: c.by, Place: c.place, Action: c.action, Key: k.top().Form.Key, Values: k.top().Values}
	a, ok := t.ask(ctx, c, func(in connector.DeskInbox) (connector.Answer, error) { return in.Pressed(ctx, p) })
	if !ok {
		return nil
	}
	return t.turnTo(ctx, c, k, a)
}

// submit hands a form to the inbox when everything is filled in.
func (t *Telegram) submit(ctx context.Context, c click, k *talk) error {
	s := k.top()
	if n := s.missing(0); n >= 0 || s.Form.Submit == "" {
		t.enter(ctx, c.user, s, n)
		return t.conclude(ctx, c, k, connector.Answer{})
	}
	sub := connector.Submission{By: c.by, Key: s.Form.Key, Values: s.Values}
	a, ok := t.ask(ctx, c, func(in connector.DeskInbox) (connector.Answer, error) { return in.Submitted(ctx, sub) })
	if !ok {
		return nil
	}
	if len(a.Wrong) == 0 && a.Form == nil && a.Say == "" {
		a.Close = true
	}
	return t.turnTo(ctx, c, k, a)
}

// turnTo goes on as the inbox says. What is said at the end of a form stands in its
// place, where a form below does not need it.
func (t *Telegram) turnTo(ctx context.Context, c click, k *talk, a connector.Answer) error {
	switch {
	case a.Home:
		return t.goHome(ctx, c, k, a)
	case len(a.Wrong) > 0:
		t.refuse(ctx, c.user, k.top(), a.Wrong)
	case a.Form != nil && a.Push:
		k.push(t.sheet(ctx, c.user, *a.Form))
	case a.Form != nil:
		k.replace(t.sheet(ctx, c.user, *a.Form))
	case a.Close:
		k.End = t.words.Text("adapter.finished", "what", k.top().Form.Title)
		k.close()
		if a.Say != "" && len(a.Buttons) == 0 && k.top() == nil {
			k.End, a.Say = a.Say, ""
		}
	}
	return t.conclude(ctx, c, k, a)
}
