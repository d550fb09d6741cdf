package telegram

import (
	"context"
	"fmt"
	"strconv"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Shower = (*Telegram)(nil)

// Show sends pictures to somebody in private, each with its words: those that are too long for a
// caption stand below it. They come before the form that is drawn next.
func (t *Telegram) Show(ctx context.Context, to session.UserRef, ps []connector.Shown) error {
	user, err := strconv.ParseInt(string(to), 10, 64)
	if err != nil {
		return fmt.Errorf("account %q: %w", to, err)
	}
	at := place{chat: user}
	for _, p := range ps {
		below := ""
		if units(p.Words) > longestCaption {
			p.Words, below = "", p.Words
		}
		if _, err := t.send(ctx, at, message{html: literal(p.Words), picture: p.Bytes}); err != nil {
			t.lost(ctx, user, err)
			return err
		}
		if below != "" {
			if _, err := t.send(ctx, at, message{html: t.paint.say(below)}); err != nil {
				return err
			}
		}
	}
	return nil
}
