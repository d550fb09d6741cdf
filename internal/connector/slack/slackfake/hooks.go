package slackfake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

func deliveryClient() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 8},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// UseHTTP switches to HTTP mode: from now on everything goes, signed, to these URLs. The zero value switches back.
func (w *Workspace) UseHTTP(urls URLs) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.urls = urls
}

// VerifyURL does what Slack does when somebody enters the events URL: it sends a challenge and wants it back.
func (w *Workspace) VerifyURL(ctx context.Context) error {
	challenge := "challenge-0123456789abcdef"
	body := encode(obj{"token": w.opts.VerificationToken, "challenge": challenge, "type": "url_verification"})
	answer, err := w.post(ctx, w.mode().Events, "application/json", body, nil)
	if err != nil {
		return fmt.Errorf("url_verification: %w", err)
	}
	var named struct{ Challenge string }
	_ = json.Unmarshal(answer.body, &named)
	if answer.status != http.StatusOK || string(answer.body) != challenge && named.Challenge != challenge {
		return fmt.Errorf("url_verification: status %d, body %q", answer.status, answer.body)
	}
	return nil
}

// Sign gives the value of X-Slack-Signature for a body sent at the given time.
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:%s", timestamp, body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

type httpAnswer struct {
	status int
	header http.Header
	body   []byte
}

// post makes one signed request and reads the answer within AckWithin.
func (w *Workspace) post(ctx context.Context, to, kind string, body []byte, header map[string]string) (*httpAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, w.opts.AckWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(w.opts.Now().Unix(), 10)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", Sign(w.opts.SigningSecret, stamp, body))
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	for key, value := range header {
		r.Header.Set(key, value)
	}
	resp, err := w.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return &httpAnswer{status: resp.StatusCode, header: resp.Header, body: data}, err
}

// postEvent makes one attempt to deliver an event and says why it failed, if it did.
func (w *Workspace) postEvent(d *delivery, reason string) string {
	header := map[string]string{}
	if d.attempt > 0 {
		header["X-Slack-Retry-Num"], header["X-Slack-Retry-Reason"] = strconv.Itoa(d.attempt), reason
	}
	w.mu.Lock()
	d.sent++
	w.mu.Unlock()
	answer, err := w.post(w.ctx, w.mode().Events, "application/json", encode(d.payload), header)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "http_timeout"
	case err != nil:
		return "connection_failed"
	case answer.status < 200 || answer.status > 299:
		d.stop = answer.header.Get("X-Slack-No-Retry") == "1"
		return "http_error"
	}
	w.ack(d)
	return ""
}

// postInteractive sends a command or an interaction once.
func (w *Workspace) postInteractive(urls URLs, kind string, payload obj) (json.RawMessage, error) {
	to, form := urls.Interactions, url.Values{"payload": {string(encode(payload))}}
	if kind == slashCommands {
		to, form = urls.Commands, url.Values{}
		for key, value := range payload {
			form.Set(key, fmt.Sprint(value))
		}
	}
	answer, err := w.post(w.ctx, to, "application/x-www-form-urlencoded", []byte(form.Encode()), nil)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, &Shown{Code: "operation_timeout"}
	case err != nil:
		return nil, &Shown{Code: "dispatch_failed"}
	case answer.status != http.StatusOK:
		return nil, w.badStatus(kind, answer.status)
	}
	return readAnswer(answer), nil
}

func (w *Workspace) badStatus(kind string, status int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.complain("%s was answered with the status %d", kind, status)
	return &Shown{Code: fmt.Sprintf("http_%d", status)}
}

// readAnswer turns a body into what would have been the payload of an acknowledgement: plain text answers a command.
func readAnswer(answer *httpAnswer) json.RawMessage {
	text := strings.TrimSpace(string(answer.body))
	switch {
	case text == "":
		return nil
	case strings.HasPrefix(answer.header.Get("Content-Type"), "application/json"):
		return answer.body
	}
	return encode(obj{"text": text})
}
