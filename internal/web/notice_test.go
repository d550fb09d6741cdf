package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"experthour/internal/session"
)

// leaves leaves an address at a receipt, and gives the status.
func (w *world) leaves(receipt, address string) int {
	w.t.Helper()
	return w.post(receipt+"/email", url.Values{"email": {address}}).Code
}

// TestAnAddressIsLeftLater: at the receipt, once, is never shown whole, and can be deleted and left anew.
func TestAnAddressIsLeftLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n := w.ask(session.Asked{Text: "Will it be warm?"})
	receipt := w.receiptOf(n)
	contains(t, w.page(receipt), "News by e-mail", `name="email"`)
	for range 2 {
		if code := w.leaves(receipt, " janis@example.com "); code != http.StatusSeeOther {
			t.Errorf("leaving it: %d", code)
		}
	}
	body := w.page(receipt)
	contains(t, body, "j…@example.com", "Delete this address")
	lacks(t, body, "janis@", `name="email"`)
	if code := w.leaves(receipt, "else@example.com"); code != http.StatusConflict || w.email(n) != "janis@example.com" {
		t.Errorf("another: %d, %q", code, w.email(n))
	}
	for range 2 {
		if code := w.post(receipt+"/email/forget", nil).Code; code != http.StatusSeeOther || w.email(n) != "" {
			t.Errorf("deleting it: %d, %q", code, w.email(n))
		}
	}
	if code := w.leaves(receipt, "else@example.com"); code != http.StatusSeeOther || w.email(n) != "else@example.com" {
		t.Errorf("anew: %d, %q", code, w.email(n))
	}
	w.do(session.Program, session.ForgetQuestion{On: on(n), What: session.Emails})
	if w.email(n) != "" {
		t.Error("it is not forgotten a second time")
	}
}

// TestAddressesThatAreNotTaken: nothing of them is kept.
func TestAddressesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n := w.ask(session.Asked{Text: "Will it be warm?"})
	receipt := w.receiptOf(n)
	for _, bad := range []string{"", "janis", "a@b, c@d", "Jānis <janis@example.com>", strings.Repeat("a", 250) + "@example.com"} {
		if code := w.leaves(receipt, bad); code != http.StatusUnprocessableEntity || w.email(n) != "" {
			t.Errorf("%q: %d, %q", bad, code, w.email(n))
		}
	}
	forged := receipt[:len(receipt)-4] + "aaaa"
	if code := w.leaves(forged, "janis@example.com"); code != http.StatusNotFound {
		t.Errorf("a forged receipt: %d", code)
	}
	w.server.Letters = Letters{}
	lacks(t, w.page(receipt), `name="email"`)
	if code := w.leaves(receipt, "janis@example.com"); code < 400 || w.email(n) != "" {
		t.Errorf("nobody writes letters: %d, %q", code, w.email(n))
	}
}

// TestTooLateForAnAddress: what nobody would be told any more is not asked for.
func TestTooLateForAnAddress(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *world, n int){
		"answered":  func(w *world, n int) { w.accept(n); w.submit(n, "Yes."); w.publish(n) },
		"declined":  func(w *world, n int) { w.do(anna, session.DeclineQuestion{On: on(n), Reason: "off_topic"}) },
		"withdrawn": func(w *world, n int) { w.post(w.receiptOf(n)+"/withdraw", nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).open()
			n := w.ask(session.Asked{Text: "Will it be warm?"})
			receipt := w.receiptOf(n)
			end(w, n)
			lacks(t, w.page(receipt), `name="email"`)
			if code := w.leaves(receipt, "janis@example.com"); code != http.StatusConflict || w.email(n) != "" {
				t.Errorf("%d, %q", code, w.email(n))
			}
		})
	}
}
