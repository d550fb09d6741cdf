package telegram

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
)

// store puts an update into the mailbox before Telegram is told that it arrived.
// Nothing of it is decoded but its id: what cannot be read is buried by whoever takes
// it, and stops no other.
func (t *Telegram) store(ctx context.Context, raw []byte) (id int64, err error) {
	key := rawKey(raw)
	var head struct {
		ID int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &head) == nil && head.ID > 0 {
		key = updateKey(head.ID)
	}
	if _, err := t.opts.Mailbox.Put(ctx, key, raw[:min(len(raw), connector.LongestLetter)]); err != nil {
		return head.ID, fmt.Errorf("put %s: %w", key, err)
	}
	return head.ID, nil
}

// handle does what a letter says. What was wrong with it is not in the error: that
// would quote it.
func (t *Telegram) handle(ctx context.Context, raw []byte) error {
	u := new(models.Update)
	if err := json.Unmarshal(raw, u); err != nil || u.ID == 0 {
		return fmt.Errorf("update: %w", connector.ErrUndecodable)
	}
	return t.dispatch(ctx, u)
}
