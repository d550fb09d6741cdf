package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"experthour/internal/session"
	"experthour/internal/testenv"
)

// afternoon is an hour with so many questions, two of three answered, in sentences as people write.
func (w *world) afternoon(questions int) *world {
	w.t.Helper()
	words := strings.Fields("kad varēs saņemt atbalstu mājas siltināšanai ja dzīvokļu īpašnieki vēl nav nobalsojuši " +
		"cik ilgi jāgaida lēmums par projektu vai pašvaldība palīdz sagatavot dokumentus un kur tos iesniegt")
	say := func(seed, count int) string {
		var b strings.Builder
		for i := range count {
			b.WriteString(words[(seed*7+i*(seed%5+1))%len(words)] + " ")
		}
		return fmt.Sprintf("%s%d?", b.String(), seed)
	}
	for i := range questions {
		n := w.ask(session.Asked{Key: fmt.Sprint("afternoon ", i), Text: say(i, 20)})
		w.accept(n)
		if i%3 > 0 {
			w.submit(n, say(i, 80))
			w.publish(n)
		}
	}
	return w
}

// TestTheFirstViewIsSmall: page, style and script of an hour with 500 questions come in less than
// 20 KB together, and the second time not at all.
func TestTheFirstViewIsSmall(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open().afternoon(500)
	total := 0
	asset := w.server.Site.Asset
	for _, path := range []string{"/s/heating", asset("site.css"), asset("site.js"), asset("icon.svg")} {
		rec := w.getAs(path, "Accept-Encoding", "gzip, br")
		if rec.Code != http.StatusOK || rec.Header().Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: %d %v", path, rec.Code, rec.Header())
		}
		total += rec.Body.Len()
		t.Logf("%s: %d bytes", path, rec.Body.Len())
		again := w.getAs(path, "Accept-Encoding", "gzip, br", "If-None-Match", rec.Header().Get("ETag"))
		if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s, the second time: %d, %d bytes", path, again.Code, again.Body.Len())
		}
	}
	if total >= 20_000 {
		t.Errorf("%d bytes", total)
	}
	for _, path := range []string{"/answered", "/waiting?sort=newest&page=3"} {
		rec := w.getAs("/s/heating"+path, "Accept-Encoding", "gzip")
		if rec.Body.Len() >= 20_000 {
			t.Errorf("%s: %d bytes", path, rec.Body.Len())
		}
		z, err := gzip.NewReader(bytes.NewReader(rec.Body.Bytes()))
		w.must(err)
		if b, err := io.ReadAll(z); err != nil || len(articles(string(b))) != listPage {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// telephone is a window of 390 by 844 pixels.
func (b browser) telephone() browser {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(390, 844))
	return b
}

func (b browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// comes is waits for a page that another one follows.
func (b browser) comes(what, condition string) {
	b.t.Helper()
	testenv.Until(b.t, what, func() bool {
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("Boolean("+condition+")"))
		return ok && err == nil
	})
}

// told gives the browser a command that answers nothing.
func told[P any](b browser, command cdp.Command[P, cdp.Empty], params P) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	}))
}

// served is the world as a server, and how often its hour's page was read.
func (w *world) served() (address string, reads *atomic.Int64) {
	reads = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/s/heating" {
			reads.Add(1)
		}
		w.handler.ServeHTTP(rw, r)
	}))
	w.t.Cleanup(server.Close)
	return server.URL, reads
}

// TestTheListsAreOneTapAway on a telephone, wherever the reader is on the page, and nothing is
// wider than it, also in letters of twice the size.
func TestTheListsAreOneTapAway(t *testing.T) {
	w := newWorld(t).open().afternoon(60)
	w.do(ilze, session.ClaimQuestion{On: on(1)})
	address, _ := w.served()
	b := newBrowser(t).telephone()
	wide := `document.documentElement.scrollWidth > 390`
	for _, path := range []string{"/s/heating", "/s/heating?lang=lv", "/s/heating/waiting", "/s/heating/answered?page=2&lang=lv",
		"/s/heating/search?q=kad&lang=lv", "/s/heating/q/1", "/?lang=lv"} {
		b.open(address + path)
		if b.text(wide) == "true" {
			t.Errorf("%s is wider than the telephone: %s", path, b.text(widest))
		}
		b.text(`document.documentElement.style.fontSize = "200%"`)
		if b.text(wide) == "true" {
			t.Errorf("%s in large letters is wider than the telephone: %s", path, b.text(widest))
		}
	}
	b.open(address + "/s/heating")
	for _, to := range []string{"0", "document.body.scrollHeight / 2", "document.body.scrollHeight - 900"} {
		b.text(`scrollTo({ top: ` + to + `, behavior: "instant" })`)
		for _, name := range []string{"answered", "waiting", "search"} {
			hit := b.text(`(() => { const a = document.querySelector('.ways a[href="/s/heating/` + name + `"]');
				const r = a.getBoundingClientRect();
				return a.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)); })()`)
			if hit != "true" {
				t.Errorf("%s cannot be tapped at %s", name, to)
			}
		}
	}
	if smooth := b.text(`getComputedStyle(document.documentElement).scrollBehavior`); smooth != "auto" {
		t.Errorf("it scrolls %s", smooth)
	}
}

// widest names what sticks out.
const widest = `[...document.querySelectorAll("main *, header *, footer *")].filter((e) => e.getBoundingClientRect().right > 391)
	.map((e) => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 30)).slice(0, 5).join(" | ")`

// TestTheCurrentTabIsSeenInForcedColours, in which backgrounds and borders of ours are gone.
func TestTheCurrentTabIsSeenInForcedColours(t *testing.T) {
	w := newWorld(t).open().afternoon(3)
	address, _ := w.served()
	b := newBrowser(t)
	told(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}})
	b.open(address + "/s/heating/waiting")
	edge := func(list string) string {
		return b.text(`getComputedStyle(document.querySelector('.ways a[href$="/` + list + `"]')).borderBottomColor`)
	}
	if edge("waiting") == edge("answered") {
		t.Errorf("both are %s", edge("waiting"))
	}
}

// TestAnHourThatIsExtendedOrStoppedRefreshesOnlyThat: the clock and the form change by what the
// event says, and no reader reads the page anew.
func TestAnHourThatIsExtendedOrStoppedRefreshesOnlyThat(t *testing.T) {
	w := newWorld(t).open().afternoon(3)
	address, reads := w.served()
	b := newBrowser(t)
	b.open(address + "/s/heating")
	w.connected(1)
	b.text(`(window.first = document.querySelector(".question"), window.asking = document.getElementById("text"))`)
	before := reads.Load()
	w.session(session.ExtendSession{Minutes: 30})
	b.waits("the new end", `document.querySelector(".clock").textContent.includes("16:30")`)
	if b.text(`document.getElementById("text") === asking && document.querySelector(".question") === first`) != "true" {
		t.Error("the form or the lists were drawn anew")
	}
	w.after(time.Second)
	w.session(session.StopSession{})
	b.waits("the end", `!document.getElementById("text") && document.getElementById("ask").textContent.includes("Asking has ended")`)
	if b.text(`document.querySelector(".question") === first`) != "true" || reads.Load() != before {
		t.Errorf("the page was read %d times more", reads.Load()-before)
	}
}

// TestTheFocusStaysInSight when the question that has it is answered, and when it is taken away.
func TestTheFocusStaysInSight(t *testing.T) {
	w := newWorld(t).open()
	for n := range 8 {
		w.accept(w.ask(session.Asked{Text: fmt.Sprint("Question ", n+1, "?")}))
	}
	address, _ := w.served()
	b := newBrowser(t)
	told(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}) // else nothing is left
	b.open(address + "/s/heating")
	w.connected(1)
	inSight := `(() => { const r = document.activeElement.getBoundingClientRect();
		return document.activeElement !== document.body && r.bottom > 0 && r.top < innerHeight; })()`
	focused := func(what string) {
		t.Helper()
		if b.text(inSight) != "true" {
			t.Errorf("%s: the focus is at %s", what, b.text(`document.activeElement.outerHTML.slice(0, 80)`))
		}
	}
	b.text(`document.querySelector("#q7 .vote button").focus()`)
	w.submit(7, "The answer.")
	b.waits("it is being answered", `document.querySelector("#q7 .badge")`)
	if b.text(`document.activeElement.matches("#q7 .vote button")`) != "true" {
		t.Error("the focus left the button")
	}
	w.publish(7)
	b.waits("the answer in place", `document.querySelector("#waiting #q7 .answer")`)
	if b.text(`document.getElementById("q7").contains(document.activeElement)`) != "true" {
		t.Error("the focus left the question")
	}
	focused("answered")
	b.text(`document.querySelector("#q5 .vote button").focus()`)
	b.waits("it goes where it belongs", `document.querySelector("#answered #q7")`)
	w.do(session.Actor{Role: session.Asker}, session.WithdrawQuestion{On: on(5)})
	b.waits("it is taken away", `!document.getElementById("q5")`)
	focused("withdrawn")
}

// TestAReloadLosesNothing: neither what is typed nor that one voted; and what was sent does not
// come back.
func TestAReloadLosesNothing(t *testing.T) {
	w := newWorld(t).open()
	w.accept(w.ask(session.Asked{Text: "First?"}))
	address, _ := w.served()
	b := newBrowser(t)
	b.open(address + "/s/heating")
	b.do(chromedp.SendKeys("#text", "Is it wa"))
	b.text(`document.querySelector("#q1 .vote button").click()`)
	b.waits("the vote", `document.querySelector("#q1 .vote button").value === "0"`)
	b.open(address + "/s/heating?lang=lv")
	b.waits("what was typed", `document.getElementById("text").value === "Is it wa"`)
	b.open(address + "/s/heating")
	if got := b.text(`document.querySelector("#q1 .vote .label").textContent`); got != "You voted. Undo" {
		t.Errorf("the button says %q", got)
	}
	b.do(chromedp.SendKeys("#text", "rm? Call 26123456."), chromedp.Click("#ask-form .primary"))
	b.comes("the summary has the focus", `document.activeElement.id === "form-errors"`)
	b.waits("what was typed", `document.getElementById("text").value === "Is it warm? Call 26123456."`)
	b.do(chromedp.Click(`#ask-form [name="anyway"]`))
	b.comes("the receipt", `location.pathname.startsWith("/r/")`)
	b.open(address + "/s/heating")
	b.waits("an empty form", `document.getElementById("text").value === ""`)
	if w.received() != 2 {
		t.Errorf("%d questions", w.received())
	}
}
