package web

import (
	"net/http"
	"strings"
	"testing"

	"experthour/internal/session"
)

// TestOneDamagedQuestion: the page, the API, the feed and the transcripts show the others.
func TestOneDamagedQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.answered("First question?", "First answer.")
	spoiled := w.answered("Second question?", "Second answer.")
	w.must(w.store.Client.HSet(t.Context(), "eh:{"+string(hourID)+"}:q", "2.doc", "?").Err())
	w.service.Changed(hourID)
	at := "/s/" + string(hourID)
	for _, path := range []string{at, at + "/feed.atom", at + "/feed.rss", at + "/feed.json",
		"/api/v1/sessions/" + string(hourID), "/feed.atom", "/"} {
		res := w.get(path)
		body := res.Body.String()
		if res.Code != http.StatusOK || strings.Contains(body, "Second") {
			t.Errorf("%s: %d %s", path, res.Code, body)
		}
	}
	if body := w.page(at); !strings.Contains(body, "First answer.") {
		t.Error("the page lacks the other question")
	}
	w.session(session.StopSession{})
	w.session(session.CloseSession{Force: true, Reason: "late"})
	for _, path := range []string{at + "/transcript", at + "/transcript.json", at + "/transcript.md"} {
		if res := w.get(path); res.Code != http.StatusOK || !strings.Contains(res.Body.String(), "First answer.") {
			t.Errorf("%s: %d", path, res.Code)
		}
	}
	if ns := w.store.Damaged(hourID); len(ns) != 1 || ns[0] != spoiled {
		t.Errorf("damaged: %v", ns)
	}
}
