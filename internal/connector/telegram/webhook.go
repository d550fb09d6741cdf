package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"io"
	"net/http"
	"time"

	"github.com/go-telegram/bot"

	"experthour/internal/connector"
)

var _ connector.Hooked = (*Telegram)(nil)

// hookPath is where Telegram brings updates.
func (t *Telegram) hookPath() string { return "/webhooks/telegram/" + string(t.opts.ID) }

// Hooks is the handler for mode Webhook; in mode Polling there is none.
func (t *Telegram) Hooks() map[string]http.Handler {
	if t.opts.Mode != Webhook {
		return nil
	}
	return map[string]http.Handler{t.hookPath(): http.HandlerFunc(t.serveUpdate)}
}

// putTimeout bounds what Telegram waits for.
const putTimeout = 10 * time.Second

// serveUpdate stores an update and only then says so, with an empty body: one with a
// method in it would be done. What could not be stored is brought again. Junk that
// knows the secret is stored too: refused, it would hold up its whole chat for ever.
func (t *Telegram) serveUpdate(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	case !same(r.Header.Get("X-Telegram-Bot-Api-Secret-Token"), t.opts.WebhookSecret):
		http.Error(w, "not from Telegram", http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, connector.LongestLetter+1))
	if err != nil {
		http.Error(w, "not read", http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), putTimeout)
	defer cancel()
	if _, err := t.store(ctx, body); err != nil {
		t.log.Warn("telegram: an update was not stored and is left to come again", "error", err)
		w.Header().Set("Retry-After", "2")
		http.Error(w, "not stored", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// same compares secrets in a time that tells nothing about them.
func same(got, want string) bool {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want))
	return want != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// hang tells Telegram where to bring updates, and waits for the end.
func (t *Telegram) hang(ctx context.Context) {
	t.insist(ctx, func() error {
		err := t.setWebhook(ctx)
		if err != nil {
			t.troubles.Note(aboutWebhook, "telegram.webhook_refused")
		} else {
			t.troubles.Over(aboutWebhook)
		}
		return err
	})
	<-ctx.Done()
}

// setWebhook may be repeated: Telegram knows when nothing changed.
func (t *Telegram) setWebhook(ctx context.Context) error {
	p := &bot.SetWebhookParams{URL: t.opts.PublicURL + t.hookPath(), SecretToken: t.opts.WebhookSecret, AllowedUpdates: t.asked()}
	return t.call(ctx, "setWebhook", place{}, func(ctx context.Context) error {
		_, err := t.api.SetWebhook(ctx, p)
		return err
	})
}
