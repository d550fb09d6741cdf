package telegram

import (
	"context"
	"strings"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// spoken is a command that somebody typed: its name, and the rest as they wrote it.
type spoken struct {
	name, bot, rest string
}

const longestCommand = 32

// parseCommand reads "/name rest" and "/name@bot rest". The entities that Telegram
// sends along count in other units than strings do, so the text is read.
func parseCommand(text string) (s spoken, ok bool) {
	after, ok := strings.CutPrefix(text, "/")
	if !ok {
		return spoken{}, false
	}
	word, rest := after, ""
	if i := strings.IndexFunc(after, isBlank); i >= 0 {
		word, rest = after[:i], strings.TrimSpace(after[i:])
	}
	name, at, addressed := strings.Cut(word, "@")
	if !isName(name) || addressed && !isName(at) {
		return spoken{}, false
	}
	return spoken{strings.ToLower(name), at, rest}, true
}

func isBlank(r rune) bool { return strings.ContainsRune(" \t\r\n\u00A0", r) }

func isName(s string) bool {
	return s != "" && len(s) <= longestCommand && !strings.ContainsFunc(s, func(r rune) bool { return !isASCIIWord(r) })
}

// meant reports whether a command is for this bot: by its name, or without a name.
func (t *Telegram) meant(ctx context.Context, s spoken) (bool, error) {
	if s.bot == "" {
		return true, nil
	}
	name, err := t.username(ctx)
	return strings.EqualFold(s.bot, name), err
}

// text is what follows Options.Command: a command of its own is its word as well.
func (t *Telegram) text(s spoken) (text string, known bool) {
	if s.name == t.opts.Command {
		return s.rest, true
	}
	for _, c := range t.opts.Commands {
		if c.Name == s.name {
			return strings.TrimSpace(s.name + " " + s.rest), true
		}
	}
	return strings.TrimSpace(s.name + " " + s.rest), false
}

// command gives a command to the inbox and tells the person what came of it.
func (t *Telegram) command(ctx context.Context, m *models.Message, text string) error {
	by := t.userOf(m.From)
	to := aside{user: m.From.ID, where: whereIs(m), message: m.ID}
	a, err := t.commanded(ctx, connector.Spoken{By: by, Place: t.placeOf(ctx, m), Text: text})
	if err != nil {
		t.log.Warn("telegram: a command was not handled", "error", err, "kind", int(session.KindOf(err)))
		t.tell(ctx, to, t.words.Text("adapter.try_again"), nil)
		return nil
	}
	t.tell(ctx, to, a.Say, a.Buttons)
	if a.Form != nil {
		return t.openFor(ctx, to, *a.Form)
	}
	return nil
}

func (t *Telegram) commanded(ctx context.Context, s connector.Spoken) (connector.Answer, error) {
	in, err := t.inbox()
	if err != nil {
		return connector.Answer{}, err
	}
	return in.Commanded(ctx, s)
}

// openFor opens a form in private for somebody who wrote something. Who cannot be
// written to is told where to press Start.
func (t *Telegram) openFor(ctx context.Context, to aside, f connector.Form) error {
	if err := t.open(ctx, to.user, f); err != nil {
		return err
	}
	if t.reachable(ctx, to.user) {
		t.show(ctx, to.user, true)
		return nil
	}
	t.tell(ctx, to, t.words.Text("telegram.open_bot", "address", t.botAddress(ctx)), nil)
	return nil
}
