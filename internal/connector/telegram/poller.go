package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

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

// poll asks for updates until ctx ends. The offset lives here and nowhere else: what
// was put and not confirmed comes again, and the mailbox knows it.
func (t *Telegram) poll(ctx context.Context) {
	t.insist(ctx, func() error { return t.dropWebhook(ctx) })
	var offset int64
	for ctx.Err() == nil {
		batch, err := t.updates(ctx, offset)
		if err != nil {
			t.pollFailed(ctx, err)
			continue
		}
		t.troubles.over(aboutPoll)
		next, err := t.storeAll(ctx, batch)
		if err != nil {
			t.log.Warn("telegram: updates were not stored and are asked for again", "error", err)
			pause(ctx, t.waits.again)
			continue
		}
		offset = max(offset, next)
	}
}

// storeAll puts a batch, and gives the offset that confirms all of it.
func (t *Telegram) storeAll(ctx context.Context, batch []json.RawMessage) (next int64, err error) {
	for _, raw := range batch {
		id, err := t.store(ctx, raw)
		if err != nil {
			return 0, err
		}
		next = max(next, id+1)
	}
	return next, nil
}

// dropWebhook lets Telegram be asked; what waits stays.
func (t *Telegram) dropWebhook(ctx context.Context) error {
	return t.call(ctx, "deleteWebhook", place{}, func(ctx context.Context) error {
		_, err := t.api.DeleteWebhook(ctx, &bot.DeleteWebhookParams{})
		return err
	})
}

// pollError is an answer of getUpdates that is not ok.
type pollError struct {
	Code       int    `json:"error_code"`
	Text       string `json:"description"`
	Parameters struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

func (e *pollError) Error() string { return fmt.Sprintf("getUpdates: %d %s", e.Code, e.Text) }

// pollFailed waits as long as it should. That another replica polls too is no trouble,
// unless it goes on.
func (t *Telegram) pollFailed(ctx context.Context, err error) {
	wait := t.waits.again
	e, answered := errors.AsType[*pollError](err)
	switch {
	case ctx.Err() != nil:
		return
	case !answered:
		t.troubles.note(aboutPoll, "telegram.unreachable")
	case e.Code == http.StatusConflict:
		wait = t.waits.conflict
		t.log.Debug("telegram: somebody else polls too")
		if says(err, "webhook") {
			t.troubles.note(aboutPoll, "telegram.webhook_in_the_way")
		}
	case e.Code == http.StatusTooManyRequests:
		wait = max(time.Duration(e.Parameters.RetryAfter)*time.Second, wait)
	case e.Code == http.StatusUnauthorized || e.Code == http.StatusNotFound:
		t.troubles.note(aboutPoll, "telegram.token_refused")
		wait = 5 * t.waits.again
	default:
		t.troubles.note(aboutPoll, "telegram.poll_refused", "code", e.Code)
	}
	pause(ctx, wait)
}

// longestBatch bounds an answer of getUpdates, in bytes.
const longestBatch = 64 << 20

// updates asks once. The library's own way decodes a batch as a whole, so that one
// update which it cannot read holds up all others for ever.
func (t *Telegram) updates(ctx context.Context, offset int64) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, t.waits.poll+callTimeout)
	defer cancel()
	body, err := json.Marshal(map[string]any{"offset": offset, "timeout": int(min(t.waits.poll, mostWaits).Seconds()),
		"limit": 100, "allowed_updates": t.asked()})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.opts.APIURL+"/bot"+t.opts.Token+"/getUpdates", bytes.NewReader(body))
	if err != nil {
		return nil, t.safe(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := t.opts.Client.Do(r)
	if err != nil {
		return nil, t.safe(err)
	}
	defer func() { _ = resp.Body.Close() }()
	return t.batch(io.LimitReader(resp.Body, longestBatch))
}

func (t *Telegram) batch(body io.Reader) ([]json.RawMessage, error) {
	var answer struct {
		OK     bool              `json:"ok"`
		Result []json.RawMessage `json:"result"`
		pollError
	}
	if err := json.NewDecoder(body).Decode(&answer); err != nil {
		return nil, t.safe(err)
	}
	if !answer.OK {
		return nil, &answer.pollError
	}
	return answer.Result, nil
}
