package telegram

import (
	"context"
	"fmt"

	"github.com/go-telegram/bot/models"
)

// Telegram's app cuts what is too long for a message, and only the first part of it has a
// trigger then. What the same person writes right behind a question that nearly fills its
// message is the rest of that.

// restKey names what somebody wrote last at a place, if that was nearly full.
func (p *Public) restKey(ctx context.Context, m *models.Message) string {
	return memoryLong + string(p.placeOf(ctx, whereIs(m))) + " " + userKey(m.From.ID)
}

// isRest reports whether a message is what the app cut off from the one before.
func (p *Public) isRest(ctx context.Context, m *models.Message) (bool, error) {
	raw, ok, err := p.t.opts.Memory.Recall(ctx, p.restKey(ctx, m))
	if err != nil || !ok {
		return false, err
	}
	var id, date int
	_, err = fmt.Sscan(string(raw), &id, &date)
	return err == nil && m.ID > id && m.Date-date <= secondsApart, nil
}

// awaitRest remembers a message that may have a rest, and forgets the one before when its
// rest came.
func (p *Public) awaitRest(ctx context.Context, m *models.Message, was bool) error {
	text, _ := textOf(m)
	switch {
	case units(text) >= nearlyFull:
		return p.t.opts.Memory.Keep(ctx, p.restKey(ctx, m), fmt.Append(nil, m.ID, " ", m.Date), restFor)
	case was:
		return p.t.opts.Memory.Forget(ctx, p.restKey(ctx, m))
	}
	return nil
}
