package graph

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

const word = "0123456789abcdef"

// hook is a webhook, and how many calls it took.
func hook(full bool) (h Webhook, taken *int) {
	taken = new(int)
	return Webhook{Verify: word, Secret: "s", Log: slog.New(slog.DiscardHandler), Take: func(context.Context, []byte) error {
		if full {
			return errors.New("no room")
		}
		*taken++
		return nil
	}}, taken
}

func called(h http.Handler, method, query string, body []byte, signature string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/?"+query, bytes.NewReader(body))
	r.Header.Set("X-Hub-Signature-256", signature)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestChallenge: only who knows the word gets the challenge back.
func TestChallenge(t *testing.T) {
	t.Parallel()
	h, _ := hook(false)
	for _, c := range []struct {
		mode, word, challenge string
		want                  int
	}{
		{"subscribe", word, "1158201444", 200}, {"subscribe", "x", "1158201444", 403},
		{"subscribe", "", "1158201444", 403}, {"", word, "1", 403},
		{"subscribe", word, "<script>alert(1)</script>", 403}, {"subscribe", word, "", 403},
	} {
		q := url.Values{"hub.mode": {c.mode}, "hub.verify_token": {c.word}, "hub.challenge": {c.challenge}}
		w := called(h, http.MethodGet, q.Encode(), nil, "")
		if w.Code != c.want || (w.Body.String() == c.challenge) != (c.want == 200) {
			t.Errorf("%+v: %d %q", c, w.Code, w.Body)
		}
	}
	if w := called(h, http.MethodPut, "", nil, ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", w.Code)
	}
	h.Verify = ""
	if w := called(h, http.MethodGet, "hub.mode=subscribe&hub.challenge=1", nil, ""); w.Code != http.StatusForbidden {
		t.Errorf("without a word: %d", w.Code)
	}
}

// TestSigned: what is not signed over the very bytes is refused, and nothing of it is taken.
func TestSigned(t *testing.T) {
	t.Parallel()
	h, taken := hook(false)
	body := []byte(`{"entry":[]}`)
	mac := hmac.New(sha256.New, []byte("s"))
	mac.Write(body)
	signature := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	for what, c := range map[string]struct {
		body      []byte
		signature string
	}{
		"none":          {body, ""},
		"of more bytes": {append(slices.Clone(body), ' '), signature},
		"no prefix":     {body, strings.TrimPrefix(signature, "sha256=")},
		"half":          {body, signature[:20]},
		"no hex":        {body, "sha256=xyz"},
		"SHA-1":         {body, strings.Replace(signature, "sha256", "sha1", 1)},
	} {
		if w := called(h, http.MethodPost, "", c.body, c.signature); w.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", what, w.Code)
		}
	}
	if w := called(h, http.MethodPost, "", make([]byte, MostCall+1), signature); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("too long: %d", w.Code)
	}
	if w := called(h, http.MethodPost, "", body, signature); w.Code != http.StatusOK || *taken != 1 {
		t.Errorf("signed: %d, %d are taken", w.Code, *taken)
	}
	full, _ := hook(true)
	w := called(full, http.MethodPost, "", body, signature)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("what was not stored is acknowledged: %d", w.Code)
	}
}
