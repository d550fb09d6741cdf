package deskpage

import (
	"strings"
	"testing"

	"experthour/internal/session"
)

// TestAPILog reads what became of a copy that nobody knew about, and finds no text.
func TestAPILog(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.reviewed("Who pays?", "The buyer.")
	k.approve(n)
	key := k.park(n, session.Unsure)
	k.do(anna, session.ResolveCopy{On: k.on(n), Decision: session.IsOut, Copy: key, Attempt: 1})
	k.ask("Another one")
	token := k.token(anna)
	status, raw := k.call(token, "GET", "/tax/log?question="+itoa(n), "")
	if status != 200 || strings.Contains(raw, "buyer") || strings.Contains(raw, "pays") {
		t.Errorf("%d %s", status, raw)
	}
	golden(t, "log_question", raw)
	_, whole := k.api(anna, "GET", "/tax/log", "")
	numbers := map[float64]int{}
	for _, e := range whole["entries"].([]any) {
		numbers[e.(map[string]any)["question"].(float64)]++
	}
	if copies := whole["copies"].([]any); len(copies) != 0 {
		t.Errorf("copies of the hour: %v", copies)
	}
	if numbers[0] == 0 || numbers[1] == 0 || numbers[2] == 0 {
		t.Errorf("entries by question: %v", numbers)
	}
}

// TestAPILogOfAnnouncements: what the public is told about the hour is a copy as well.
func TestAPILogOfAnnouncements(t *testing.T) {
	t.Parallel()
	k := announced(t)
	k.told(session.RefusedIt)
	_, whole := k.api(anna, "GET", "/tax/log", "")
	copies := whole["copies"].([]any)
	if len(copies) == 0 {
		t.Fatal("it has no announcement")
	}
	c := copies[0].(map[string]any)
	if c["kind"] != string(session.KindAnnouncement) || c["attempts"] != 1.0 || c["problem"] != "refused" || len(c["outcomes"].([]any)) != 1 {
		t.Errorf("got %v", c)
	}
}
