package web

import (
	"net/http"
	"strings"
	"testing"

	"experthour/internal/keyring"
	"experthour/internal/session"
)

const theSecret = "what the tests sign receipts with"

func receiptsOf(secrets ...string) Receipts {
	return Receipts{Keys: keyring.Ring(secrets).For(keyring.Receipts), Former: secrets}
}

func (w *world) receiptOf(n int) string { return w.server.receiptPath(w.question(n)) }

func (w *world) question(n int) session.Question {
	w.t.Helper()
	qs, err := w.store.Questions(w.t.Context(), hourID, n)
	w.must(err)
	return qs[0]
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
	another, q := receiptsOf("another secret"), w.question(n)
	q.Proof = another.Prove()
	other, _ := another.Make(q)
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

// TestANumberThatIsGivenAgain: after a backup was restored two people have the same
// number, and each a link of their own.
func TestANumberThatIsGivenAgain(t *testing.T) {
	t.Parallel()
	lost, restored := newWorld(t).open(), newWorld(t).open()
	first := lost.receiptOf(lost.ask(session.Asked{Text: "Asked before the backup was restored?"}))
	second := restored.receiptOf(restored.ask(session.Asked{Text: "Asked afterwards?"}))
	if first == second {
		t.Fatal("two people have one link")
	}
	if code := restored.get(first).Code; code != http.StatusNotFound {
		t.Errorf("the link of the first one opens the question of the second: %d", code)
	}
	contains(t, restored.page(second), "Asked afterwards?")
}

// TestReceiptOutlivesItsKey: it is recognised by its hash. Made again it can be only as
// long as one of the keys is the one that it was made with.
func TestReceiptOutlivesItsKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n := w.ask(session.Asked{Text: "Still mine?"})
	receipt, q := w.receiptOf(n), w.question(n)
	w.server.Receipts = receiptsOf("a newer secret", theSecret)
	if again := w.receiptOf(n); again != receipt {
		t.Errorf("%s again is %s", receipt, again)
	}
	w.server.Receipts = receiptsOf("a newer secret")
	contains(t, w.page(receipt), "Still mine?")
	if to := w.receiptOf(n); to != "/s/heating" {
		t.Errorf("the receipt cannot be made any more, and is %s", to)
	}
	if rs := receiptsOf(theSecret); rs.Opens(spell(q.Ref, former(theSecret, q.Ref)), q) {
		t.Error("a signature of the number opens a question with a proof")
	}
}

// TestFormerReceipts: links that citizens have keep working, and open what was asked on
// the page alone.
func TestFormerReceipts(t *testing.T) {
	t.Parallel()
	const printed = "/r/heating.1.2gtrhfygdr7sjhqirgfyaghbpi"
	w := newWorld(t).open()
	for _, c := range []session.ConnectorID{session.Page, "tg"} {
		_, _, err := w.service.Ask(t.Context(), session.Asked{Session: hourID, Key: "k", Text: "Asked last year?",
			Origin: session.Origin{Connector: c}})
		w.must(err)
	}
	if got := w.receiptOf(1); got != printed {
		t.Errorf("the receipt of then is %s now", got)
	}
	w.server.Receipts = receiptsOf("a newer secret", theSecret)
	contains(t, w.page(printed), "Asked last year?")
	if code := w.get("/r/" + spell(w.question(2).Ref, former(theSecret, w.question(2).Ref))).Code; code != http.StatusNotFound {
		t.Errorf("a receipt that nobody was given opens a question: %d", code)
	}
	w.server.Receipts = receiptsOf("a newer secret")
	if code := w.get(printed).Code; code != http.StatusNotFound {
		t.Errorf("the secret is gone, and the receipt opens with %d", code)
	}
}

// TestReceiptIsTrueAtATime: the title and the status say where the question stands, what
// happened stands in the order of time, and each link once.
func TestReceiptIsTrueAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n, target := w.ask(session.Asked{Text: "Mine?"}), w.answered("Target?", "For both.")
	receipt := w.receiptOf(n)
	contains(t, w.page(receipt), "<title>Your question no. 1", "not public yet", "You need not do anything")
	w.accept(n)
	contains(t, w.page(receipt), "<title>Accepted: your question no. 1", "waiting for an expert", "The answer appears on this page")
	w.do(anna, session.MergeQuestion{On: on(n), Into: target})
	body := w.page(receipt)
	contains(t, body, "<title>Answered: your question no. 1", "the answer is public", "please ask again", `href="/s/heating#ask"`)
	steps := body[strings.Index(body, `<ol class="steps">`):strings.Index(body, "</ol>")]
	if c := strings.Count(steps, "href="); c != 1 {
		t.Errorf("%d links in %s", c, steps)
	}
	last := ""
	for _, part := range strings.Split(steps, `datetime="`)[1:] {
		at, _, _ := strings.Cut(part, `"`)
		if at < last {
			t.Errorf("%s stands after %s", at, last)
		}
		last = at
	}
}

// TestReceiptOfACorrection names when the answer was public first, and when it was corrected.
func TestReceiptOfACorrection(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n := w.answered("Mine?", "First words.")
	w.do(ilze, session.CorrectAnswer{On: on(n), Text: "Better words."})
	w.publish(n)
	contains(t, w.page(w.receiptOf(n)), "The answer is approved and published", "The answer was corrected", "Better words.")
}

// TestReceiptOfAnHourThatWasCalledOff says that, and not that time ran out.
func TestReceiptOfAnHourThatWasCalledOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(session.Asked{Text: "Mine?"})
	w.session(session.CancelSession{})
	w.do(session.Program, session.ExpireQuestion{On: on(n)})
	body := w.page(w.receiptOf(n))
	contains(t, body, "has been called off", "<title>Dealt with", `href="/"`)
	lacks(t, body, "not enough time")
}
