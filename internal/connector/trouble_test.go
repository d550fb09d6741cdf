package connector_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"experthour/internal/connector"
)

// TestTroubles: one thing for each subject, said in the log when it begins, changes and
// ends, and at no other time.
func TestTroubles(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	ts := connector.NewTroubles("x", slog.New(slog.NewTextHandler(&log, nil)))
	wants := func(lines int, troubles ...any) {
		t.Helper()
		var got []any
		for _, f := range ts.List() {
			got = append(got, f.ID, f.Args)
		}
		if n := strings.Count(log.String(), "connector=x"); n != lines || fmt.Sprint(got...) != fmt.Sprint(troubles...) {
			t.Errorf("%d lines, want %d: %v, want %v\n%s", n, lines, got, troubles, log.String())
		}
	}
	ts.Over("net")
	wants(0)
	ts.Note("token", "token_refused", "code", 401)
	ts.Note("token", "token_refused", "code", 401)
	ts.Note("net", "unreachable")
	wants(2, "unreachable", []any(nil), "token_refused", []any{"code", 401})
	ts.Note("token", "token_gone")
	wants(3, "unreachable", []any(nil), "token_gone", []any(nil))
	ts.Over("token", "net", "net")
	wants(5)
}
