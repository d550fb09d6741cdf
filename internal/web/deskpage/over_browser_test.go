package deskpage

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"experthour/internal/session"
	"experthour/internal/testenv"
)

// TestWhatIsOverHasNoButtons: on the pages on which one question is decided after another, what a
// colleague did to it takes the buttons off, says so, and leads to what is next.
func TestWhatIsOverHasNoButtons(t *testing.T) {
	t.Parallel()
	path := testenv.Need(t, "chromium")
	k := newKit(t).open()
	n := k.ask("Who pays the tax?")
	mux := http.NewServeMux()
	mux.Handle("/", k.server.Config.Handler)
	mux.HandleFunc("GET /static/{name}", k.desk.Site.ServeAsset)
	k.server = httptest.NewServer(mux) // with scripts
	t.Cleanup(k.server.Close)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.NoSandbox)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	open := func(path string) {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.Navigate(k.server.URL+path)); err != nil {
			t.Fatal(err)
		}
	}
	waits := func(what, condition string) {
		t.Helper()
		testenv.Until(t, what, func() bool { // not while it goes from one page to another
			is, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+condition+")"))
			return err == nil && is
		})
	}
	do := func(script string) {
		t.Helper()
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[string]("String("+script+")")); err != nil {
			t.Fatal(err)
		}
	}
	at := home(anna) + "/" + string(slug)
	for _, c := range k.as(anna).client.Jar.Cookies(mustURL(t, k.server.URL+at)) { // who is logged in elsewhere
		set := func(ctx context.Context, on *chromedp.Target) (v chromedp.Void, err error) {
			_, err = cdp.Call(ctx, on, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: k.server.URL, Path: home(anna)})
			return v, err
		}
		if err := chromedp.Do(ctx, set); err != nil {
			t.Fatal(err)
		}
	}

	stands := `document.getElementById("over")?.hidden && document.querySelector("[data-shown] button")`
	gone := `document.getElementById("over")?.hidden === false && !document.querySelector("[data-shown] button")`
	open(at + "/triage")
	waits("its buttons, and no word", stands)
	testenv.Until(t, "the page listens", func() bool { return k.desk.Hub.Readers() == 1 })
	k.do(olga, session.NoteQuestion{On: k.on(n), Text: "Look here."}) // which decides nothing
	k.do(olga, session.AcceptQuestion{On: k.on(n)})
	waits("the buttons are gone", gone)
	do(`document.querySelector("#over a").click()`)
	waits("what is next", `document.querySelector(".empty")`)

	k.do(janis, session.SubmitAnswer{On: k.on(n), Text: "It is so."})
	open(at + "/approve")
	waits("its buttons, and no word", stands)
	testenv.Until(t, "the page listens", func() bool { return k.desk.Hub.Readers() == 1 })
	k.do(janis, session.SubmitAnswer{On: k.on(n), Text: "It is not so.", Base: new(1)})
	waits("the buttons are gone", gone)
	do(`document.querySelector("#over a").click()`)
	waits("what is to be read now", `document.querySelector("article").innerText.includes("It is not so.")`)
}
