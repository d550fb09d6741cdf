package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/go-telegram/bot"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
)

// polling asks Telegram for updates.
type polling struct {
	*Telegram
	// offset confirms what was put. It lives here and nowhere else, for Telegram's ids may
	// begin again: what was put and not confirmed comes again, and the mailbox knows it.
	offset int64
}

var (
	_ receive.Preparer = (*polling)(nil)
	_ receive.Fetcher  = (*polling)(nil)
)

// Prepare lets Telegram be asked; what waits stays.
func (p *polling) Prepare(ctx context.Context) error {
	p.offset = 0
	return receive.Told(p.request(ctx, "deleteWebhook", place{}, func(ctx context.Context) error {
		_, err := p.api.DeleteWebhook(ctx, &bot.DeleteWebhookParams{})
		return err
	}))
}

// Fetch asks once, and holds until there is something. After an answer with nothing in it
// all is confirmed, and the next ids may be lower ones.
func (p *polling) Fetch(ctx context.Context, _ receive.Look, put receive.Put) (receive.Next, error) {
	batch, err := p.updates(ctx)
	if err != nil {
		return receive.Next{}, p.pollTrouble(err)
	}
	next, err := p.store(ctx, put, batch...)
	if err == nil {
		p.offset = next
	}
	return receive.Next{}, err
}

// longestBatch bounds an answer of getUpdates, in bytes.
const longestBatch = 64 << 20

// updates asks once. The library's own way decodes a batch as a whole, so that one
// update which it cannot read holds up all others for ever.
func (p *polling) updates(ctx context.Context) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, p.waits.poll+requestTimeout)
	defer cancel()
	var answer struct {
		Result []json.RawMessage `json:"result"`
	}
	_, err := p.http.Do(ctx, httpapi.Request{Method: http.MethodPost, To: "/getUpdates", Into: &answer, Body: httpapi.JSON(map[string]any{
		"offset": p.offset, "timeout": int(min(p.waits.poll, mostWaits).Seconds()), "limit": 100, "allowed_updates": p.asked()})})
	return answer.Result, err
}

// pollTrouble says what people can do about a failed poll. That another replica polls too
// is no trouble, unless it goes on.
func (p *polling) pollTrouble(err error) *receive.Trouble {
	e := &receive.Trouble{Cause: err}
	switch status := httpapi.ErrorOf(err).Status; {
	case status < http.StatusBadRequest: // no answer, or not Telegram's
		e.ID = "telegram.unreachable"
	case status == http.StatusConflict:
		e.Wait = 3 * p.runner.Again
		if says(err, "webhook") {
			e.ID = "telegram.webhook_in_the_way"
		}
	case status == http.StatusTooManyRequests:
		e.Wait = connector.OutcomeOf(err).Wait
	case status == http.StatusUnauthorized || status == http.StatusNotFound:
		e.ID, e.Wait = "telegram.token_refused", 5*p.runner.Again
	default:
		e.ID, e.Args = "telegram.poll_refused", []any{"code", status}
	}
	return e
}

// longPoll is how long Telegram may hold a poll. Where replicas take turns it is short: the
// next one waits for it.
func (o Options) longPoll() time.Duration {
	if o.Leases != nil {
		return 5 * time.Second
	}
	return 25 * time.Second
}
