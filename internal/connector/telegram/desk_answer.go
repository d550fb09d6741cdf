package telegram

import (
	"context"
	"errors"
	"time"

	"github.com/go-telegram/bot"

	"experthour/internal/connector"
)

// answerPress shows the person what came of a press on a card or on a message to them.
func (t *Telegram) answerPress(ctx context.Context, c click, a connector.Answer) {
	switch {
	case a.Form != nil:
		t.answerForm(ctx, c, a)
	case c.mark == markSay && a.Say == "":
		t.answer(ctx, c.query, "", "")
		t.runner.After(ctx, userKey(c.user), func(ctx context.Context) { t.remove(ctx, c.at.chat, c.at.message) })
	case c.mark == markSay && isPrivate(c.at.chat):
		t.answer(ctx, c.query, "", "")
		t.runner.After(ctx, userKey(c.user), func(ctx context.Context) { t.sayInstead(ctx, c.at, a) })
	default:
		t.answerSay(ctx, c, a.Say, a.Buttons)
	}
}

// answerForm opens a form in private. It is kept first: whoever has yet to press Start
// finds it then.
func (t *Telegram) answerForm(ctx context.Context, c click, a connector.Answer) {
	if err := t.open(ctx, c.user, *a.Form); err != nil {
		t.log.Warn("telegram: a form was not opened", "error", err)
		t.answer(ctx, c.query, t.words.Text("adapter.try_again"), "")
		return
	}
	if !t.reachable(ctx, c.user) {
		address := t.botAddress(ctx)
		t.answer(ctx, c.query, t.words.Text("telegram.open_bot", "address", address), address)
		return
	}
	t.answerSay(ctx, c, a.Say, a.Buttons)
	t.show(ctx, c.user, true)
}

// answerSay shows a text in a box where it has room, and else as a message.
func (t *Telegram) answerSay(ctx context.Context, c click, say string, buttons []connector.Button) {
	if len(buttons) == 0 && units(say) <= longestNotice {
		t.answer(ctx, c.query, say, "")
		return
	}
	if len(buttons) == 0 && !t.reachable(ctx, c.user) {
		t.answer(ctx, c.query, say, "") // what has room of it
		return
	}
	t.answer(ctx, c.query, "", "")
	t.tell(ctx, aside{user: c.user, where: c.where, message: c.at.message}, say, buttons)
}

// sayInstead puts what was said in place of the message whose button was pressed.
func (t *Telegram) sayInstead(ctx context.Context, at messageID, a connector.Answer) {
	m := message{html: t.paint.say(a.Say), keyboard: keyboard(a.Buttons, markSay)}
	err := patiently(ctx, func() error { return t.edit(ctx, at, m) })
	if err != nil {
		t.log.Warn("telegram: a private answer did not arrive", "error", err)
	}
}

// aside is where somebody did something, and so where they can be answered when they
// cannot be written to in private.
type aside struct {
	user    int64
	where   place
	message int
}

// tell says something to one person: in private, or else as a reply in the group, with
// buttons of which the inbox knows who may press them.
func (t *Telegram) tell(ctx context.Context, to aside, say string, buttons []connector.Button) {
	if say == "" {
		return
	}
	t.runner.After(ctx, userKey(to.user), func(ctx context.Context) {
		if t.reachable(ctx, to.user) && t.whisper(ctx, to.user, say, buttons) {
			return
		}
		if isPrivate(to.where.chat) {
			return
		}
		m := message{html: t.paint.say(say), keyboard: keyboard(buttons, markSay), replyTo: to.message, anyway: true, silent: true}
		err := t.inTurn(ctx, to.where, func() error { _, err := t.send(ctx, to.where, m); return err })
		if err != nil {
			t.log.Warn("telegram: an answer in the group did not arrive", "error", err)
		}
	})
}

// whisper writes to somebody in private, and reports whether they can be written to.
func (t *Telegram) whisper(ctx context.Context, user int64, say string, buttons []connector.Button) bool {
	m := message{html: t.paint.say(say), keyboard: keyboard(buttons, markSay)}
	err := patiently(ctx, func() error { _, err := t.send(ctx, place{chat: user}, m); return err })
	if err == nil {
		return true
	}
	t.log.Warn("telegram: a private answer did not arrive", "error", err)
	return !t.lost(ctx, user, err)
}

// lost reports that an error says that somebody cannot be written to, and remembers it.
func (t *Telegram) lost(ctx context.Context, user int64, err error) bool {
	if !isForbidden(err) {
		return false
	}
	t.mu.Lock()
	delete(t.met, user)
	t.mu.Unlock()
	if err := t.opts.Memory.Forget(ctx, memoryMet+userKey(user)); err != nil {
		t.log.Info("telegram: that a bot was blocked was not kept", "error", err)
	}
	return true
}

// isForbidden is what Telegram says of people who have not pressed Start, or who
// blocked the bot.
func isForbidden(err error) bool {
	return errors.Is(err, bot.ErrorForbidden) || says(err, "chat not found")
}

// metFor is how long it is remembered that somebody can be written to.
const metFor = 7 * 24 * time.Hour

// reachable reports whether somebody can be written to. Telegram is asked where nothing
// is known, and whoever it says nothing about in time counts as reachable.
func (t *Telegram) reachable(ctx context.Context, user int64) bool {
	t.mu.Lock()
	known := t.met[user]
	t.mu.Unlock()
	if known {
		return true
	}
	if _, ok, err := t.opts.Memory.Recall(ctx, memoryMet+userKey(user)); ok && err == nil {
		t.setMet(user)
		return true
	}
	in, cancel := context.WithTimeout(ctx, t.waits.reach)
	defer cancel()
	err := t.touch(in, user)
	if err == nil {
		t.meet(ctx, user)
	}
	return !isForbidden(err)
}

func (t *Telegram) setMet(user int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.met[user] = true
}

// meet remembers that somebody can be written to.
func (t *Telegram) meet(ctx context.Context, user int64) {
	t.mu.Lock()
	known := t.met[user]
	t.met[user] = true
	t.mu.Unlock()
	if known {
		return
	}
	if err := t.opts.Memory.Keep(ctx, memoryMet+userKey(user), []byte("1"), metFor); err != nil {
		t.log.Info("telegram: that somebody pressed Start was not kept", "error", err)
	}
}
