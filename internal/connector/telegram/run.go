package telegram

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// receiver makes what brings the updates in, in the one way of the mode. One replica polls:
// the mailbox knows what comes twice, and this only keeps replicas from ending each other's
// polls.
func (t *Telegram) receiver() *receive.Runner {
	r := receive.Runner{Name: t.opts.ID, Source: hooked{t}, Mailbox: t.opts.Mailbox, Memory: t.opts.Memory, Leases: t.opts.Leases,
		Owner: t.opts.Owner, Troubles: t.troubles, Now: t.now, Log: t.log}
	if t.opts.Mode == Polling {
		r.Source, r.Lease = &polling{Telegram: t}, "telegram:poll:"+userKey(t.self)
	}
	return receive.New(r)
}

var _ connector.Hooked = (*Telegram)(nil)

// Hooks is the handler for mode Webhook; in mode Polling there is none.
func (t *Telegram) Hooks() map[string]http.Handler { return t.runner.Hooks() }

// Run receives until ctx ends, and handles the letters of the mailbox.
func (t *Telegram) Run(ctx context.Context) error {
	select {
	case t.running <- struct{}{}: // the public side's Run is this one too
		defer func() { <-t.running }()
	case <-ctx.Done():
		return nil
	}
	var preparing sync.WaitGroup
	preparing.Go(func() { t.prepare(ctx) })
	defer preparing.Wait()
	return t.runner.Run(ctx)
}

// insist repeats something until it is done or ctx ends.
func (t *Telegram) insist(ctx context.Context, do func() error) {
	_ = backoff.Insist(ctx, t.runner.Again, waitMended, func(error) bool { return true }, do) // every call notes its trouble
}

// asked are the kinds of updates that Telegram is asked for, by name: the list sticks
// on its side.
func (t *Telegram) asked() []string {
	kinds := []string{models.AllowedUpdateMessage, models.AllowedUpdateEditedMessage, models.AllowedUpdateCallbackQuery,
		models.AllowedUpdateMyChatMember}
	if t.public != nil {
		kinds = append(kinds, t.public.kinds()...)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// prepare does what is needed once: it finds out what the bot is called and whether the
// desk's group moved, and sets the menus of commands.
func (t *Telegram) prepare(ctx context.Context) {
	t.insist(ctx, func() error { _, err := t.username(ctx); return err })
	if t.public != nil {
		t.public.prepare(ctx)
	}
	if t.deskChat != 0 {
		t.insist(ctx, func() error { return t.touch(ctx, t.deskChat) })
		t.menu(ctx, t.opts.Commands, &models.BotCommandScopeChat{ChatID: t.moves.now(ctx, t.deskChat)}, "")
	}
	if t.public == nil {
		t.menu(ctx, t.opts.Private, &models.BotCommandScopeAllPrivateChats{}, "")
	}
}

// touch shows for a moment that the bot types: it finds out whether it may write in a
// chat, and where the chat went.
func (t *Telegram) touch(ctx context.Context, chat int64) error {
	id := t.moves.now(ctx, chat)
	err := t.request(ctx, "sendChatAction", place{chat: id}, func(ctx context.Context) error {
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

// menu insists until Telegram has said yes or no.
func (t *Telegram) menu(ctx context.Context, commands []connector.PublicCommand, scope models.BotCommandScope, l session.Language) {
	if len(commands) == 0 {
		return
	}
	p := &bot.SetMyCommandsParams{Scope: scope, LanguageCode: string(l)}
	for _, c := range commands {
		p.Commands = append(p.Commands, models.BotCommand{Command: c.Name, Description: cut(oneLine(c.Does), 256)})
	}
	t.insist(ctx, func() error {
		err := t.request(ctx, "setMyCommands", place{}, func(ctx context.Context) error {
			_, err := t.api.SetMyCommands(ctx, p)
			return err
		})
		if err != nil && connector.OutcomeOf(publicError(err)).Outcome == connector.Refused {
			t.log.Warn("telegram: a menu of commands was refused", "error", err)
			return nil
		}
		return err
	})
}
