package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/slack-go/slack"

	"experthour/internal/connector/receive"
)

// hooked is called by Slack.
type hooked struct{ *Slack }

var (
	_ receive.Fetcher = hooked{}
	_ receive.Hooker  = hooked{}
)

// mostBody bounds a request of Slack's.
const mostBody = 1 << 20

// Handlers take what Slack brings.
func (h hooked) Handlers(put receive.Put) map[string]http.Handler {
	events := func(w http.ResponseWriter, r *http.Request, body []byte) { h.serveEvent(w, r, body, put) }
	return map[string]http.Handler{
		PathEvents:       h.signed(events),
		PathCommands:     h.signed(h.serveCommand),
		PathInteractions: h.signed(h.serveInteraction),
	}
}

// signed lets through what Slack signed. A copy of a signed request passes for five
// minutes: the keys of events and presses catch it.
func (s *Slack) signed(serve func(http.ResponseWriter, *http.Request, []byte)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "POST only", http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
		if _, long := errors.AsType[*http.MaxBytesError](err); long {
			http.Error(w, "too long", http.StatusRequestEntityTooLarge)
			return
		}
		if err != nil || s.verify(r.Header, body) != nil {
			http.Error(w, "not signed by Slack", http.StatusUnauthorized)
			return
		}
		serve(w, r, body)
	})
}

func (s *Slack) verify(h http.Header, body []byte) error {
	v, err := slack.NewSecretsVerifier(h, s.opts.SigningSecret)
	if err != nil {
		return err
	}
	if _, err := io.Copy(&v, bytes.NewReader(body)); err != nil {
		return err
	}
	return v.Ensure()
}

// serveEvent stores an event and only then says so. Slack brings back what could not
// be stored.
func (s *Slack) serveEvent(w http.ResponseWriter, r *http.Request, body []byte, put receive.Put) {
	if e, err := parseEnvelope(body); err == nil && e.Type == urlVerification {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, e.Challenge)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), putTimeout)
	defer cancel()
	if err := s.store(ctx, put, body); err != nil {
		s.log.Warn("slack: an event was not stored and is left to come again", "error", err)
		http.Error(w, "not stored", http.StatusServiceUnavailable)
	}
}

func (s *Slack) serveCommand(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(w, "no form", http.StatusBadRequest)
		return
	}
	c := slack.SlashCommand{ChannelID: form.Get("channel_id"), UserID: form.Get("user_id"), UserName: form.Get("user_name"),
		Command: form.Get("command"), Text: form.Get("text"), ResponseURL: form.Get("response_url"), TriggerID: form.Get("trigger_id")}
	s.serveOutcome(w, r, func(ctx context.Context) outcome { return s.commanded(ctx, c) })
}

// serveInteraction reads the payload from the signed body and from nowhere else.
func (s *Slack) serveInteraction(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	var cb slack.InteractionCallback
	if err == nil {
		err = json.Unmarshal([]byte(form.Get("payload")), &cb)
	}
	if err != nil {
		s.log.Warn("slack: a press or form cannot be decoded")
		http.Error(w, "no payload", http.StatusBadRequest)
		return
	}
	s.serveOutcome(w, r, func(ctx context.Context) outcome { return s.interact(ctx, cb) })
}

// serveOutcome answers in time; what follows the answer goes on after it.
func (s *Slack) serveOutcome(w http.ResponseWriter, r *http.Request, do func(context.Context) outcome) {
	ctx, cancel := context.WithTimeout(r.Context(), s.waits.inbox)
	defer cancel()
	o := do(ctx)
	defer s.beside(r.Context(), o.after)
	if o.ack == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(o.ack); err != nil {
		s.log.Warn("slack: an answer did not go out", "error", err)
	}
}
