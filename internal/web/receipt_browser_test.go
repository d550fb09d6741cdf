package web

import (
	"net/http/httptest"
	"testing"

	"experthour/internal/session"
)

// TestLiveReceiptInABrowser: what became of a question appears by itself, in the title and
// where screen readers read it out, and the focus stays on its link.
func TestLiveReceiptInABrowser(t *testing.T) {
	w := newWorld(t).open()
	n := w.ask(session.Asked{Text: "Mine?"})
	w.accept(n)
	server := httptest.NewServer(w.handler)
	t.Cleanup(server.Close)
	b := newBrowser(t)
	b.open(server.URL + w.receiptOf(n))
	b.text(`(() => {
		window.told = document.getElementById("status");
		document.querySelector("#now .steps a").focus();
		window.look = () => document.dispatchEvent(new Event("visibilitychange"));
	})()`)
	w.submit(n, "The answer.")
	w.publish(n)
	b.text(`look()`)
	b.waits("the answer", `document.querySelector("#now .answer")`)
	b.waits("the title", `document.title.startsWith("Answered: ")`)
	b.waits("the status in the same element", `told.isConnected && told.textContent.includes("the answer is public")`)
	b.waits("the focus", `document.activeElement.getAttribute("href") === "/s/heating/q/1"`)
	w.do(session.Actor{Role: session.Asker}, session.WithdrawQuestion{On: on(n)})
	b.text(`look()`)
	b.waits("no way to withdraw once more", `!document.getElementById("withdraw") && told.textContent.includes("withdrawn")`)
}
