package main

import (
	"context"
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// TestAlertsInABrowser: nobody is alerted who did not ask for it; whoever did is, also in a hidden tab,
// when more waits, and still is after a reload.
func TestAlertsInABrowser(t *testing.T) {
	t.Parallel()
	i := found(t, "embedded")
	b := openBrowser(t)
	i.schedule("homes")
	public := b.tab("citizen", i.base+"/s/homes")
	anna := b.desk("moderator", i.link("Anna Bērziņa"))
	anna.allows("notifications", i.base)
	anna.open(i.base + "/desk/anna-berzina/homes")
	spy := `(() => { window.told = []; window.sounds = 0;
		window.Notification = class extends Notification { constructor(title, how) { super(title, how); told.push(title); } };
		const start = OscillatorNode.prototype.start;
		OscillatorNode.prototype.start = function (...a) { sounds++; return start.apply(this, a); }; return true; })()`
	anna.until("listen", spy)

	ask(public, "The first one?")
	anna.see("#q1", "The first one?")
	anna.until("nobody is alerted unasked", `told.length === 0 && sounds === 0 && !localStorage.getItem("alerts")`)

	anna.do("switch it on", chromedp.Click("#alerts"))
	anna.until("it is on, and heard", `document.getElementById("alerts").getAttribute("aria-pressed") === "true" && sounds === 1`)
	anna.until("hide the tab", `(() => { Object.defineProperty(document, "hidden", { value: true, configurable: true });
		document.dispatchEvent(new Event("visibilitychange")); return true; })()`)
	public.open(i.base + "/s/homes")
	ask(public, "The second one?")
	anna.until("a notification and a sound", `told.length === 1 && told[0].startsWith("(2) ") && sounds === 2`)
	anna.press(`form[action$="/q/1/accept"] button`)
	anna.until("it is still on", `document.readyState === "complete" &&
		document.getElementById("alerts")?.getAttribute("aria-pressed") === "true"`)
}

// allows is what somebody answers when the browser asks for a permission.
func (p *tab) allows(what, origin string) {
	p.t.Helper()
	p.do("allow "+what, func(ctx context.Context, t *chromedp.Target) (v chromedp.Void, err error) {
		_, err = cdp.Call(ctx, t, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{Origin: origin,
			Permission: &cdpbrowser.PermissionDescriptor{Name: what}, Setting: cdpbrowser.PermissionSettingGranted})
		return v, err
	})
}
