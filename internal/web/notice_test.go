package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

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
	if code := w.leaves(receipt, "later@example.com"); code != http.StatusSeeOther || w.email(n) != "later@example.com" {
		t.Errorf("a later one, from another window: %d, %q", code, w.email(n))
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
	for _, bad := range []string{"", "janis", "a@b, c@d", "Jānis <janis@example.com>",
		"janis@example.com\r\nBcc: eve@example.com", "janis@example.com\neve@example.com", strings.Repeat("a", 250) + "@example.com"} {
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
		"answered": func(w *world, n int) { w.accept(n); w.submit(n, "Yes."); w.publish(n) },
		"approved": func(w *world, n int) { w.accept(n); w.submit(n, "Yes."); w.approve(n) },
		"over": func(w *world, _ int) {
			w.session(session.StopSession{})
			w.session(session.CloseSession{Force: true, Reason: "Late."})
		},
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
			rec := w.post(receipt+"/email", url.Values{"email": {"janis@example.com"}})
			if rec.Code != http.StatusConflict || w.email(n) != "" {
				t.Errorf("%d, %q", rec.Code, w.email(n))
			}
			contains(t, rec.Body.String(), "too late to leave an address")
			lacks(t, rec.Body.String(), "Anna", "janis@")
		})
	}
}

// TestAnAddressBeforeADecisionIsTold: the receipt tells nothing of it, and neither does what it says to an address.
func TestAnAddressBeforeADecisionIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.service.Undo = time.Minute
	n := w.ask(session.Asked{Text: "Will it be warm?"})
	receipt := w.receiptOf(n)
	w.do(anna, session.DeclineQuestion{On: on(n), Reason: "off_topic"})
	contains(t, w.page(receipt), `name="email"`)
	if code := w.leaves(receipt, "janis@example.com"); code != http.StatusSeeOther || w.email(n) != "janis@example.com" {
		t.Errorf("%d, %q", code, w.email(n))
	}
}

// TestAnAddressOfWhoWasMerged: until what is answered for both has its answer.
func TestAnAddressOfWhoWasMerged(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	into, n := w.ask(session.Asked{Text: "Is it warm?"}), w.ask(session.Asked{Text: "Will it be warm?"})
	receipt := w.receiptOf(n)
	w.accept(into)
	w.do(anna, session.MergeQuestion{On: on(n), Into: into})
	contains(t, w.page(receipt), `name="email"`)
	if code := w.leaves(receipt, "janis@example.com"); code != http.StatusSeeOther || !w.question(into).Followers[0].Letters {
		t.Errorf("%d, %+v", code, w.question(into).Followers)
	}
	w.post(receipt+"/email/forget", nil)
	w.submit(into, "Yes.")
	w.publish(into)
	lacks(t, w.page(receipt), `name="email"`)
	if code := w.leaves(receipt, "janis@example.com"); code != http.StatusConflict || w.email(n) != "" {
		t.Errorf("answered: %d, %q", code, w.email(n))
	}
}

// TestAddressesAreCounted: by themselves, so that leaving one keeps nobody from asking.
func TestAddressesAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.server = w.limited(1)
	w.handler = w.server.Handler()
	n := w.ask(session.Asked{Text: "Will it be warm?"})
	receipt := w.receiptOf(n)
	for i, want := range []int{http.StatusSeeOther, http.StatusTooManyRequests} {
		if code := w.leaves(receipt, strconv.Itoa(i)+"@example.com"); code != want || w.email(n) != "0@example.com" {
			t.Errorf("%d: %d, %q", i, code, w.email(n))
		}
	}
	if rec := w.api("/api/v1/sessions/heating/questions", `{"text":"One?"}`); rec.Code != http.StatusCreated {
		t.Errorf("asking: %d %s", rec.Code, rec.Body)
	}
	if code := w.post(receipt+"/email/forget", nil).Code; code != http.StatusSeeOther || w.email(n) != "" {
		t.Errorf("deleting: %d", code)
	}
}
