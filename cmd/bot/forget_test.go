package main

import (
	"net/http"
	"strings"
	"testing"
)

// TestErase answers a request of somebody who asked: the question is gone from everything
// that the program has, and the operator reads what is left to do.
func TestErase(t *testing.T) {
	t.Parallel()
	i := found(t, realRedis(t))
	i.schedule("tax")
	for _, text := range []string{"Where is my secret sauce?", "And mine?"} {
		asked := map[string]any{"text": text, "key": text}
		if status, out := i.api("", http.MethodPost, "/api/v1/sessions/tax/questions", asked); status != http.StatusCreated {
			t.Fatalf("%d %v", status, out)
		}
	}
	for _, s := range []struct {
		args []string
		says string
		code int
	}{
		{[]string{"forget", "--dry-run"}, "Nothing has expired", exitOK},
		{[]string{"erase"}, "either --asker", exitMisused},
		{[]string{"erase", "--session", "tax"}, "either --asker", exitMisused},
		{[]string{"erase", "--asker", "x@example.lv", "--session", "tax", "--question", "1"}, "either --asker", exitMisused},
		{[]string{"erase", "--asker", "Jānis"}, "no e-mail address", exitMisused},
		{[]string{"erase", "--asker", "nobody@example.lv"}, "nothing is known", exitFailed},
		{[]string{"erase", "--session", "tax", "--question", "9"}, "no question", exitFailed},
		{[]string{"erase", "--session", "tax", "--question", "1"}, "tax/1: text, name, e-mail address", exitOK},
		{[]string{"erase", "--session", "tax", "--question", "1"}, "Not reached by this", exitOK},
		{[]string{"forget"}, "Nothing has expired", exitOK},
	} {
		out, errs, code := bot(t, i.dir, s.args...)
		if code != s.code || !strings.Contains(out+errs, s.says) {
			t.Errorf("bot %s: exit code %d (want %d)\n%s%s", strings.Join(s.args, " "), code, s.code, out, errs)
		}
	}
	status, out := i.api(i.token("Anna Bērziņa"), http.MethodGet, "/api/v1/desk/sessions/tax/questions", nil)
	qs, _ := out["questions"].([]any)
	if status != http.StatusOK || len(qs) != 2 {
		t.Fatalf("%d %v", status, out)
	}
	for _, q := range qs {
		if q := q.(map[string]any); q["number"] == 1.0 && (q["text"] != "" || q["state"] != "withdrawn") {
			t.Errorf("the desk shows %v", q)
		}
	}
}
