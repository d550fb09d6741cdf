package web

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"

	"experthour/internal/session"
	"experthour/internal/testenv"
)

// A browser reads the page of a world, with scripts.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// newBrowser starts Chromium, or skips where there is none; where CI=true there
// must be one.
func newBrowser(t *testing.T) browser {
	t.Helper()
	path := testenv.Need(t, "chromium")
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1000, 700))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return browser{t, ctx}
}

func (b browser) open(url string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Navigate(url)); err != nil {
		b.t.Fatal(err)
	}
}

// waits polls until a condition of the page holds.
func (b browser) waits(what, condition string) {
	b.t.Helper()
	script := `new Promise(yes => { const look = () => { if (` + condition + `) yes(true); else setTimeout(look, 25); }; look(); })`
	ctx, cancel := context.WithTimeout(b.ctx, testenv.Patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise)); err != nil {
		b.t.Fatalf("%s: %v\n%s", what, err, b.text(`document.body.innerText`))
	}
}

func (b browser) text(expression string) string {
	b.t.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// connected waits until so many pages hear of changes.
func (w *world) connected(readers int) {
	w.t.Helper()
	testenv.Until(w.t, fmt.Sprintf("%d pages are connected", readers), func() bool { return w.server.Hub.Readers() == readers })
}

// TestAHiddenTabGivesItsConnectionBack: browsers allow six to one site, and a tab
// that is shown again catches up.
func TestAHiddenTabGivesItsConnectionBack(t *testing.T) {
	w := newWorld(t).open()
	w.accept(w.ask(session.Asked{Text: "First?"}))
	server := httptest.NewServer(w.handler)
	t.Cleanup(server.Close)
	b := newBrowser(t)
	b.open(server.URL + "/s/heating")
	w.connected(1)
	b.text(`(() => {
		const wait = window.setTimeout;
		window.setTimeout = (f, ms) => wait(f, ms === 20000 ? 10 : ms);
		window.show = (yes) => {
			Object.defineProperty(document, "hidden", { value: !yes, configurable: true });
			document.dispatchEvent(new Event("visibilitychange"));
		};
		show(false);
	})()`)
	w.connected(0)
	w.accept(w.ask(session.Asked{Text: "While nobody looked?"}))
	w.submit(1, "The first answer.")
	w.publish(1)
	b.text(`show(true)`)
	w.connected(1)
	b.waits("what happened meanwhile", `document.querySelector("#answered #q1 .answer") && document.querySelector("#waiting #q2")`)
}

func TestLivePageInABrowser(t *testing.T) {
	w := newWorld(t).open()
	for _, text := range []string{"First?", "Second?", "Third?", "Fourth?", "Fifth?"} {
		w.accept(w.ask(session.Asked{Text: text}))
	}
	server := httptest.NewServer(w.handler)
	t.Cleanup(server.Close)
	b := newBrowser(t)
	b.open(server.URL + "/s/heating")
	w.connected(1)

	b.text(`document.getElementById("q4").scrollIntoView({behavior: "instant", block: "center"})`)
	b.text(`(window.top4 = () => document.getElementById("q4").getBoundingClientRect().top, window.was = top4())`)
	w.submit(1, "The first answer.")
	w.publish(1)
	b.waits("the answer by itself", `document.querySelector("#answered #q1 .answer")`)
	if moved := b.text(`Math.abs(top4() - was) > 1`); moved != "false" { // browsers scroll by whole pixels
		t.Errorf("the reader was moved to %s from %s", b.text(`top4()`), b.text(`was`))
	}
	b.waits("the status line", `document.getElementById("status").textContent === "Question 1 was answered."`)
	b.waits("the counts", `document.querySelector("#answered .count").textContent === "1" && document.querySelector("#waiting `+
		`.count").textContent === "4" && document.querySelector(".ways [data-count=waiting]").textContent === "4"`)

	b.text(`document.querySelector("#q2 .vote button").click()`)
	b.waits("the vote in place", `document.querySelector("#q2 .vote button").getAttribute("aria-pressed") === "true" && `+
		`document.querySelector("#q2 .count").textContent === "1"`)

	b.text(`document.getElementById("pause").click()`)
	w.accept(w.ask(session.Asked{Text: "While paused?"}))
	w.do(session.Actor{Role: session.Asker}, session.WithdrawQuestion{On: on(3)})
	b.waits("nothing while paused", `!document.getElementById("q6") && document.getElementById("q3")`)
	b.text(`document.getElementById("pause").click()`)
	b.waits("what was missed", `document.getElementById("q6") && !document.getElementById("q3")`)
	b.waits("still voted", `document.querySelector("#q2 .vote button").getAttribute("aria-pressed") === "true"`)

	w.session(session.StopSession{})
	b.waits("the end of asking", `document.querySelector(".hero").textContent.includes("no longer taken") && !document.getElementById("text")`)
}
