package deskpage

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"experthour/internal/session"
)

// TestOneDamagedQuestion: the desk works, and says which question is damaged.
func TestOneDamagedQuestion(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("First question?")
	k.ask("Second question?")
	if err := k.store.Client.HSet(t.Context(), "eh:{tax}:q", "2.doc", "?").Err(); err != nil {
		t.Fatal(err)
	}
	b := k.as(anna)
	page := b.get(b.at()).body
	if !strings.Contains(page, "First question?") || !strings.Contains(page, "question no. 2 is damaged") {
		t.Errorf("the desk: %s", page)
	}
	code, answer := k.api(anna, http.MethodPost, "/tax/questions/2/accept", "{}")
	if code != http.StatusInternalServerError || !strings.Contains(fmt.Sprint(answer), "question no. 2 is damaged") {
		t.Errorf("accepting it: %d %v", code, answer)
	}
	k.do(anna, session.AcceptQuestion{On: k.on(1)})
}
