package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
)

// hooked has Telegram call the program.
type hooked struct{ *Telegram }

var (
	_ receive.Preparer = hooked{}
	_ receive.Hooker   = hooked{}
	_ receive.Fetcher  = hooked{}
)

func (o Options) hookPath() string { return "/webhooks/telegram/" + string(o.ID) }

// hookURL is where Telegram brings updates.
func (o Options) hookURL() string { return o.PublicURL + o.hookPath() }

// Prepare tells Telegram where to bring updates, and may be repeated: Telegram knows when
// nothing changed.
func (h hooked) Prepare(ctx context.Context) error {
	p := &bot.SetWebhookParams{URL: h.opts.hookURL(), SecretToken: h.opts.WebhookSecret, AllowedUpdates: h.asked()}
	err := h.request(ctx, "setWebhook", place{}, func(ctx context.Context) error {
		_, err := h.api.SetWebhook(ctx, p)
		return err
	})
	if err != nil {
		return &receive.Trouble{ID: "telegram.webhook_refused", Wait: connector.OutcomeOf(err).Wait, Cause: err}
	}
	return nil
}

var errNotCalled = errors.New("telegram does not call the program")

// Fetch looks whether Telegram still calls, for nothing can be asked for meanwhile. A webhook
// that somebody took away is set again; one that leads elsewhere is left to people.
func (h hooked) Fetch(ctx context.Context, _ receive.Look, _ receive.Put) (receive.Next, error) {
	info, err := h.webhookInfo(ctx)
	if err != nil {
		return receive.Next{}, receive.Told(err)
	}
	if info.URL == "" {
		return receive.Next{Wait: time.Minute}, h.Prepare(ctx)
	}
	if f := h.arrival(info); f.Bad {
		return receive.Next{}, &receive.Trouble{ID: f.ID, Args: f.Args, Wait: time.Minute, Cause: errNotCalled}
	}
	return receive.Next{Wait: time.Minute}, nil
}

// Handlers take what Telegram brings.
func (h hooked) Handlers(put receive.Put) map[string]http.Handler {
	return map[string]http.Handler{h.opts.hookPath(): http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.serve(w, r, put) })}
}

// putTimeout bounds what Telegram waits for.
const putTimeout = 10 * time.Second

// serve stores an update and only then says so, with an empty body: one with a method in
// it would be done. What could not be stored is brought again. Junk that knows the secret
// is stored too: refused, it would hold up its whole chat for ever.
func (h hooked) serve(w http.ResponseWriter, r *http.Request, put receive.Put) {
	switch {
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	case !same(r.Header.Get("X-Telegram-Bot-Api-Secret-Token"), h.opts.WebhookSecret):
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
	if _, err := h.store(ctx, put, body); err != nil {
		h.log.Warn("telegram: an update was not stored and is left to come again", "error", err)
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

func (t *Telegram) webhookInfo(ctx context.Context) (info *models.WebhookInfo, err error) {
	err = t.request(ctx, "getWebhookInfo", place{}, func(ctx context.Context) (err error) {
		info, err = t.api.GetWebhookInfo(ctx)
		return err
	})
	return info, err
}

// arrival compares the webhook that Telegram has with the mode.
func (t *Telegram) arrival(info *models.WebhookInfo) connector.Finding {
	switch {
	case t.opts.Mode == Polling && info.URL != "":
		return bad("telegram.webhook_in_the_way")
	case t.opts.Mode == Webhook && info.URL == "":
		return bad("telegram.webhook_missing", "url", t.opts.hookURL())
	case t.opts.Mode == Webhook && info.URL != t.opts.hookURL():
		return bad("telegram.webhook_elsewhere", "url", t.opts.hookURL())
	case info.LastErrorMessage != "" && info.PendingUpdateCount > 0:
		return bad("telegram.webhook_failing", "detail", cut(info.LastErrorMessage, 200), "waiting", info.PendingUpdateCount)
	}
	return good("telegram.receives", "mode", string(t.opts.Mode), "waiting", info.PendingUpdateCount)
}
