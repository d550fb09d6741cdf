package web

import (
	"net/http"
	"strings"
	"testing"

	"experthour/internal/session"
)

func (w *world) receiptOf(n int) string {
	return "/r/" + w.server.receipts.Make(session.QuestionRef{Session: hourID, Number: n})
}

func TestReceiptTellsWhatBecame(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n := w.ask(session.Asked{Text: "First wording?"})
	receipt := w.receiptOf(n)
	contains(t, w.page(receipt), "A moderator looks at it", "only you and the moderators")
	w.accept(n)
	contains(t, w.page(receipt), "Accepted by a moderator", `href="/s/heating/q/1"`)
	w.submit(n, "The answer.")
	body := w.page(receipt)
	contains(t, body, "being checked")
	lacks(t, body, "The answer.", "Ilze")
	w.publish(n)
	contains(t, w.page(receipt), "The answer is approved and published", "The answer.", "Ilze Kalniņa")
}

func TestReceiptOfOtherOutcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	declined, merged, target, elsewhere := w.ask(session.Asked{Text: "Declined?"}), w.ask(session.Asked{Text: "Merged?"}),
		w.ask(session.Asked{Text: "Target?"}), w.ask(session.Asked{Text: "Elsewhere?"})
	w.do(anna, session.DeclineQuestion{On: on(declined), Reason: "off_topic", Remark: "free words"})
	body := w.page(w.receiptOf(declined))
	contains(t, body, "Not about the topic.", "Declined?")
	lacks(t, body, "free words")
	w.do(anna, session.MergeQuestion{On: on(merged), Into: target})
	lacks(t, w.page(w.receiptOf(merged)), "Target?", "/q/3")
	w.accept(target)
	w.submit(target, "For both.")
	w.publish(target)
	contains(t, w.page(w.receiptOf(merged)), "For both.", "/s/heating/q/3")
	w.do(anna, session.RedirectQuestion{On: on(elsewhere), Forward: session.Forward{Institution: "the tax office"}})
	contains(t, w.page(w.receiptOf(elsewhere)), "the tax office")
}

func TestWithdrawing(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n := w.answered("Take it back?", "Published answer.")
	w.session(session.StopSession{})
	w.session(session.CloseSession{})
	receipt := w.receiptOf(n)
	for range 2 { // a second press is a success
		if rec := w.post(receipt+"/withdraw", nil); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != receipt {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
	}
	body := w.page(receipt)
	contains(t, body, "withdrawn on request")
	lacks(t, body, "Take it back?", "Published answer.", "<form")
	for _, path := range addresses(n) {
		lacks(t, w.get(path).Body.String(), "Take it back?", "Published answer.")
	}
	contains(t, w.page("/s/heating/q/1"), "removed at the asker’s request")
}

func TestForgedReceipts(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n := w.ask(session.Asked{Text: "Mine?"})
	good := w.receiptOf(n)
	other := Receipts{Secret: []byte("another secret")}.Make(session.QuestionRef{Session: hourID, Number: n})
	mac := good[strings.LastIndex(good, "."):]
	for _, bad := range []string{"/r/x", "/r/heating.1.", "/r/heating.1", "/r/" + other, "/r/heating.2" + mac, "/r/other.1" + mac, good + "a",
		strings.ToUpper(good[3:])} {
		if !strings.HasPrefix(bad, "/r/") {
			bad = "/r/" + bad
		}
		if code := w.get(bad).Code; code != http.StatusNotFound {
			t.Errorf("%s: %d", bad, code)
		}
		if code := w.post(bad+"/withdraw", nil).Code; code != http.StatusNotFound {
			t.Errorf("%s withdraw: %d", bad, code)
		}
	}
	contains(t, w.page(good), "Mine?")
}
