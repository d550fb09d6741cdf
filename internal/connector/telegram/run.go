package telegram

import (
	"context"
	"sync"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/connector/receive"
)

// Run receives until ctx ends: it polls, or takes what Telegram brings to the handler
// of Hooks. It handles the letters of the mailbox as well.
func (t *Telegram) Run(ctx context.Context) error {
	select {
	case t.receiver <- struct{}{}: // the public side's Run is this one too
		defer func() { <-t.receiver }()
	case <-ctx.Done():
		return nil
	}
	var wg sync.WaitGroup
	room := receive.Mailroom{Mailbox: t.opts.Mailbox, Handle: t.handle, Name: t.opts.ID, Log: t.log}
	wg.Go(func() { room.Run(ctx) })
	wg.Go(func() { t.prepare(ctx) })
	if t.opts.Mode == Polling {
		t.polling().Keep(ctx, t.poll)
	} else {
		t.hang(ctx)
	}
	wg.Wait()
	t.follow.wait.Wait()
	return nil
}

// insist repeats something until it is done or ctx ends.
func (t *Telegram) insist(ctx context.Context, do func() error) {
	_ = backoff.Insist(ctx, t.waits.again, waitMended, func(error) bool { return true }, do) // every call notes its trouble
}

// prepare does what is needed once: it finds out what the bot is called and whether the
// desk's group moved, and sets the menus of commands.
func (t *Telegram) prepare(ctx context.Context) {
	t.insist(ctx, func() error { _, err := t.username(ctx); return err })
	if t.public != nil {
		t.public.prepare(ctx)
	}
	if t.desk != 0 {
		t.insist(ctx, func() error { return t.touch(ctx, t.desk) })
		if len(t.opts.Commands) > 0 {
			t.insist(ctx, func() error {
				return t.menu(ctx, t.opts.Commands, &models.BotCommandScopeChat{ChatID: t.moves.now(ctx, t.desk)})
			})
		}
	}
	if t.public == nil && len(t.opts.Private) > 0 {
		t.insist(ctx, func() error { return t.menu(ctx, t.opts.Private, &models.BotCommandScopeAllPrivateChats{}) })
	}
}

// touch shows for a moment that the bot types: it finds out whether it may write in a
// chat, and where the chat went.
func (t *Telegram) touch(ctx context.Context, chat int64) error {
	id := t.moves.now(ctx, chat)
	err := t.call(ctx, "sendChatAction", place{chat: id}, func(ctx context.Context) error {
		_, err := t.api.SendChatAction(ctx, &bot.SendChatActionParams{ChatID: id, Action: models.ChatActionTyping})
		return err
	})
	if _, moved := t.learnMove(ctx, chat, err); moved {
		return nil
	}
	if err == nil {
		t.troubles.Over(aboutChat(id))
	}
	return err
}

func (t *Telegram) menu(ctx context.Context, commands []connector.PublicCommand, scope models.BotCommandScope) error {
	p := &bot.SetMyCommandsParams{Scope: scope}
	for _, c := range commands {
		p.Commands = append(p.Commands, models.BotCommand{Command: c.Name, Description: cut(oneLine(c.Does), 256)})
	}
	err := t.call(ctx, "setMyCommands", place{}, func(ctx context.Context) error {
		_, err := t.api.SetMyCommands(ctx, p)
		return err
	})
	if connector.OutcomeOf(err).Outcome == connector.Refused {
		t.log.Warn("telegram: a menu of commands was refused", "error", err)
		return nil
	}
	return err
}
