package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
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
		t.troubles.Over(aboutPoll)
		next, err := t.store(ctx, batch...)
		if err != nil {
			t.log.Warn("telegram: updates were not stored and are asked for again", "error", err)
			backoff.Pause(ctx, t.waits.again)
			continue
		}
		offset = max(offset, next)
	}
}

// dropWebhook lets Telegram be asked; what waits stays.
func (t *Telegram) dropWebhook(ctx context.Context) error {
	return t.call(ctx, "deleteWebhook", place{}, func(ctx context.Context) error {
		_, err := t.api.DeleteWebhook(ctx, &bot.DeleteWebhookParams{})
		return err
	})
}

// pollFailed waits as long as it should. That another replica polls too is no trouble,
// unless it goes on.
func (t *Telegram) pollFailed(ctx context.Context, err error) {
	wait := t.waits.again
	status := httpapi.ErrorOf(err).Status
	switch {
	case ctx.Err() != nil:
		return
	case status < http.StatusBadRequest: // no answer, or not Telegram's
		t.troubles.Note(aboutPoll, "telegram.unreachable")
	case status == http.StatusConflict:
		wait = t.waits.conflict
		t.log.Debug("telegram: somebody else polls too")
		if says(err, "webhook") {
			t.troubles.Note(aboutPoll, "telegram.webhook_in_the_way")
		}
	case status == http.StatusTooManyRequests:
		wait = max(connector.OutcomeOf(err).Wait, wait)
	case status == http.StatusUnauthorized || status == http.StatusNotFound:
		t.troubles.Note(aboutPoll, "telegram.token_refused")
		wait = 5 * t.waits.again
	default:
		t.troubles.Note(aboutPoll, "telegram.poll_refused", "code", status)
	}
	backoff.Pause(ctx, wait)
}

// longestBatch bounds an answer of getUpdates, in bytes.
const longestBatch = 64 << 20

// updates asks once. The library's own way decodes a batch as a whole, so that one
// update which it cannot read holds up all others for ever.
func (t *Telegram) updates(ctx context.Context, offset int64) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, t.waits.poll+callTimeout)
	defer cancel()
	var answer struct {
		Result []json.RawMessage `json:"result"`
	}
	_, err := t.http.Do(ctx, httpapi.Request{Method: http.MethodPost, To: "/getUpdates", Into: &answer, Body: httpapi.JSON(map[string]any{
		"offset": offset, "timeout": int(min(t.waits.poll, mostWaits).Seconds()), "limit": 100, "allowed_updates": t.asked()})})
	return answer.Result, err
}
