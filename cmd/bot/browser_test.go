package main

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"experthour/internal/testenv"

	"github.com/chromedp/chromedp"
)

// browser is one headless Chromium, in which several people have a tab each.
type browser struct {
	t   *testing.T
	ctx context.Context
}

func openBrowser(t *testing.T) *browser {
	t.Helper()
	testenv.Need(t, "chromium")
	o := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)
	ctx, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), o...)
	t.Cleanup(stop)
	ctx, closeBrowser := chromedp.NewContext(ctx)
	t.Cleanup(closeBrowser)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	return &browser{t, ctx}
}

// tab is what one person looks at.
type tab struct {
	t   *testing.T
	who string
	ctx context.Context
}

func (b *browser) tab(who, url string) *tab {
	b.t.Helper()
	ctx, closeTab := chromedp.NewContext(b.ctx)
	b.t.Cleanup(closeTab)
	// The first action makes the tab, which lives as long as that action's context.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		b.t.Fatal(err)
	}
	p := &tab{b.t, who, ctx}
	p.open(url)
	return p
}

// desk is a tab in which somebody follows a link to the desk. Where the browser is logged
// in already, there is nothing to press.
func (b *browser) desk(who, link string) *tab {
	b.t.Helper()
	p := b.tab(who, link)
	p.until("log in", `(() => { const e = document.querySelector("form[action$='/_login'] button"); if (e) e.click();
		return !e && document.readyState === "complete" && !location.search.includes("token"); })()`)
	return p
}

func (p *tab) open(url string) {
	p.t.Helper()
	p.do("open "+url, chromedp.Navigate(url))
}

func (p *tab) do(what string, a chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, testenv.Patience)
	defer cancel()
	if err := chromedp.Do(ctx, a); err != nil {
		ctx, cancel := context.WithTimeout(p.ctx, testenv.Patience)
		defer cancel()
		text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.pathname + "\n" + document.body.innerText`))
		p.t.Fatalf("%s: %s: %v\nThe page reads:\n%s", p.who, what, err, text)
	}
}

// until waits for a condition of the page; whatever makes it true happens by itself.
// A page that is just being replaced by another one answers with an error: it is
// asked again.
func (p *tab) until(what, js string) {
	p.t.Helper()
	p.do(what, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		for {
			if ok, err := chromedp.Evaluate[bool]("Boolean("+js+")")(ctx, t); ok || ctx.Err() != nil {
				return chromedp.Void{}, errors.Join(err, ctx.Err())
			}
			select {
			case <-ctx.Done():
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
}

// see waits until an element that a person can see holds text.
func (p *tab) see(css, text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("see %q in %s", text, css), showing(css, text))
}

// shows reports whether it holds text now.
func (p *tab) shows(css, text string) bool {
	p.t.Helper()
	ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](showing(css, text)))
	if err != nil {
		p.t.Fatalf("%s: %v", p.who, err)
	}
	return ok
}

func showing(css, text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].some(e => e.checkVisibility() && e.innerText.includes(%q))`, css, text)
}

// gone waits until no element like that is left.
func (p *tab) gone(css string) {
	p.t.Helper()
	p.until(css+" is gone", fmt.Sprintf(`!document.querySelector(%q)`, css))
}

// reveal opens the details that hide an element.
const reveal = `for (let d = e.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;`

// press presses a button as soon as it is there.
func (p *tab) press(css string) {
	p.t.Helper()
	p.until("press "+css, fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (!e) return false; %s
		if (!e.checkVisibility() || e.disabled) return false; e.click(); return true; })()`, css, reveal))
}

// write types into a field, as far as the page can tell.
func (p *tab) write(css, text string) {
	p.t.Helper()
	p.until("write into "+css, fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (!e) return false; %s
		e.focus(); e.value = %q; e.dispatchEvent(new Event("input", {bubbles: true})); return true; })()`, css, reveal, text))
}

// path waits until the address begins with prefix and returns it.
func (p *tab) path(prefix string) string {
	p.t.Helper()
	p.until("be at "+prefix, fmt.Sprintf(`location.pathname.startsWith(%q)`, prefix))
	path, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("location.pathname"))
	if err != nil {
		p.t.Fatal(err)
	}
	return path
}
