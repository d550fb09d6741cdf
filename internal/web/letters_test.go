package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"experthour/internal/session"
)

func (w *world) email(n int) string {
	w.t.Helper()
	qs, err := w.store.Questions(w.t.Context(), hourID, n)
	w.must(err)
	return qs[0].Email
}

// TestWithoutLetters: where nobody writes to askers, none is asked for an address, and one
// that is sent all the same is not kept.
func TestWithoutLetters(t *testing.T) {
	t.Parallel()
	contains(t, newWorld(t).open().page("/s/heating"), `name="email"`, "Name and e-mail (optional)")
	w := newWorld(t).open()
	w.server.Letters = Letters{} // before its page is made, which is kept
	lacks(t, w.page("/s/heating"), `name="email"`, "e-mail")
	w.askForm(url.Values{"text": {"Is it warm?"}, "email": {"janis@example.com"}})
	if got := w.email(1); got != "" {
		t.Errorf("it keeps %q", got)
	}
}

// TestLeave: a look at the link ends nothing, a press does, and only the signed link of
// that question.
func TestLeave(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	for range 2 {
		w.ask(session.Asked{Key: w.token(), Text: "Is it warm?", Email: "janis@example.com"})
	}
	link, other := w.server.Letters.Leave(on(1).Question), w.server.Letters.Leave(on(2).Question)
	contains(t, w.get(link).Body.String(), "Stop the e-mails", "noindex")
	forged := other[:strings.LastIndexByte(other, '.')] + link[strings.LastIndexByte(link, '.'):]
	for _, bad := range []string{forged, "/leave/x", "/leave/" + string(hourID) + ".1.", link + "a"} {
		if got := w.post(bad, url.Values{}).Code; got != http.StatusNotFound {
			t.Errorf("%s: %d", bad, got)
		}
	}
	if w.email(1) == "" || w.email(2) == "" {
		t.Fatal("an address is gone")
	}
	for range 2 {
		rec := w.post(link, url.Values{"List-Unsubscribe": {"One-Click"}})
		if rec.Code != http.StatusOK {
			t.Errorf("%d", rec.Code)
		}
		contains(t, rec.Body.String(), "Your address is deleted")
	}
	if w.email(1) != "" || w.email(2) == "" {
		t.Errorf("addresses %q and %q", w.email(1), w.email(2))
	}
}
