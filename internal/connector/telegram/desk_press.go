package telegram

import (
	"context"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// click is a button that somebody pressed.
type click struct {
	query string // to answer
	by    connector.User
	user  int64
	at    messageID
	where place // as Telegram knows it
	place session.PlaceID
	title string // the first line of the message
	data  string
	pressed
}

func (t *Telegram) readClick(ctx context.Context, q *models.CallbackQuery) click {
	c := click{query: q.ID, by: t.userOf(&q.From), user: q.From.ID, data: q.Data, pressed: readData(q.Data)}
	m := q.Message.Message
	if old := q.Message.InaccessibleMessage; old != nil { // one that is too old to be shown
		m = &models.Message{Chat: old.Chat, ID: old.MessageID}
	}
	if m != nil {
		c.at, c.where, c.place = messageID{m.Chat.ID, m.ID}, whereIs(m), t.placeOf(ctx, m)
		c.title, _, _ = strings.Cut(m.Text, "\n")
	}
	return c
}

// press hands a press to the inbox and answers it before anything is drawn.
func (t *Telegram) press(ctx context.Context, u *models.Update) error {
	c := t.readClick(ctx, u.CallbackQuery)
	if c.at == (messageID{}) {
		t.answer(ctx, c.query, "", "")
		return nil
	}
	switch {
	case c.data == showMore || c.data == showLess:
		return t.turn(ctx, c)
	case strings.HasPrefix(c.data, showCard):
		return t.showOne(ctx, c)
	case strings.HasPrefix(c.data, markOwn):
		return t.control(ctx, c)
	case c.ask && !t.confirmed(ctx, c):
		return nil
	case c.mark == markForm:
		return t.pressForm(ctx, c)
	}
	p := connector.Press{By: c.by, Place: c.place, Action: c.action}
	switch c.mark {
	case "":
		p.Message = c.at.id()
	case markSay:
		d, _ := t.recall(ctx, c.at)
		p.Message = d.Of
	}
	a, ok := t.ask(ctx, c, func(in connector.DeskInbox) (connector.Answer, error) { return in.Pressed(ctx, p) })
	if !ok {
		return nil
	}
	t.answerPress(ctx, c, a)
	return nil
}

// ask hands something to the inbox. When nothing is known to be stored, the person is
// asked to try again, and ok is false.
func (t *Telegram) ask(ctx context.Context, c click, do func(connector.DeskInbox) (connector.Answer, error)) (a connector.Answer, ok bool) {
	in, err := t.inbox()
	if err == nil {
		a, err = do(in)
	}
	if err == nil {
		return a, true
	}
	t.log.Warn("telegram: a press was not handled", "error", err, "kind", int(session.KindOf(err)))
	t.answer(ctx, c.query, t.words.Text("adapter.try_again"), "")
	return connector.Answer{}, false
}

// sureFor is how long a button waits to be pressed again.
const sureFor = time.Minute

// confirmed reports whether a button that asks first was pressed for the second time
// by this person. The first time the question is shown to them alone, which costs the
// group no edit. A press that comes twice for itself counts once.
func (t *Telegram) confirmed(ctx context.Context, c click) bool {
	key := memorySure + userKey(c.user) + " " + string(c.at.id()) + " " + c.data
	first, ok, err := t.opts.Memory.Recall(ctx, key)
	switch {
	case err != nil:
	case ok && string(first) != c.query:
		err = t.opts.Memory.Forget(ctx, key)
		if err == nil {
			return true
		}
	default:
		err = t.opts.Memory.Keep(ctx, key, []byte(c.query), sureFor)
	}
	text := t.question(ctx, c)
	if err != nil {
		t.log.Warn("telegram: a question was not remembered", "error", err)
		text = t.words.Text("adapter.try_again")
	}
	t.answer(ctx, c.query, text, "")
	return false
}

// question is what a button asks.
func (t *Telegram) question(ctx context.Context, c click) string {
	var all []connector.Button
	if c.mark == markForm {
		if top := t.topForm(ctx, c.user); top != nil {
			all = top.Offered()
		}
	} else if d, ok := t.recall(ctx, c.at); ok {
		all = append(d.Buttons, d.More...)
	}
	question := t.words.Text("adapter.sure")
	for _, b := range all {
		if b.Action == c.action && b.Confirm != "" {
			question = b.Confirm
		}
	}
	rest := " " + t.words.Text("telegram.press_twice")
	return cut(clean(question), longestNotice-units(rest)) + rest
}

// turn shows the rest of a card's buttons, or those that have room. When it is not the
// turn of the group soon, the rest is shown in private, which costs the group nothing.
func (t *Telegram) turn(ctx context.Context, c click) error {
	d, ok := t.recall(ctx, c.at)
	if !ok {
		t.answer(ctx, c.query, t.words.Text("telegram.forgotten"), "")
		return nil
	}
	t.answer(ctx, c.query, "", "")
	keys := t.paint.moreKeyboard(d)
	if c.data == showLess {
		keys = t.paint.cardKeyboard(d)
	}
	t.runner.After(ctx, string(c.at.id()), func(ctx context.Context) {
		err := t.soonTurn(ctx, c.where)
		switch {
		case err == nil:
			err = patiently(ctx, func() error { return t.editKeyboard(ctx, c.at, keys) })
		case c.data == showMore && t.reachable(ctx, c.user):
			err = t.showRest(ctx, c, d)
		default:
			err = t.inTurn(ctx, c.where, func() error { return t.editKeyboard(ctx, c.at, keys) })
		}
		if err != nil {
			t.log.Warn("telegram: other buttons were not shown", "message", string(c.at.id()), "error", err)
		}
	})
	return nil
}

// soonTurn is an error when it is not the turn of a group soon.
func (t *Telegram) soonTurn(ctx context.Context, at place) error {
	ctx, cancel := context.WithTimeout(ctx, t.waits.turn)
	defer cancel()
	return t.takeTurn(ctx, at)
}

// showRest sends the buttons that have no room on a card to one person.
func (t *Telegram) showRest(ctx context.Context, c click, d drawn) error {
	rest := drawn{Buttons: d.More}
	m := message{html: t.paint.say(c.title), keyboard: keyboard(rest.Buttons, markSay)}
	var at messageID
	err := patiently(ctx, func() (err error) { at, err = t.send(ctx, place{chat: c.user}, m); return err })
	if err == nil {
		t.remember(ctx, at, rest)
	}
	return err
}
