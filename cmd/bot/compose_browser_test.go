package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

const answerField = "#q1-submit-text"

// TestTypingInABrowser: what an expert types is kept at the server without a press, with how it would
// go out; another window goes on with it, and what two wrote side by side is lost in none.
func TestTypingInABrowser(t *testing.T) {
	t.Parallel()
	i := found(t, "embedded")
	b := openBrowser(t)
	i.schedule("homes")
	anna, edgars := b.desk("moderator", i.link("Anna Bērziņa")), b.desk("expert", i.link("Edgars Ozols"))
	public := b.tab("citizen", i.base+"/s/homes")
	anna.open(i.base + "/desk/anna-berzina/homes")
	edgars.open(i.base + "/desk/edgars-ozols/homes")
	ask(public, "Where is the office?")
	anna.press(`form[action$="/q/1/accept"] button`)
	edgars.press(`form[action$="/q/1/claim"] button`)

	edgars.write(answerField, "Brīvības iela 1. My number is 26123456.")
	edgars.see(".typed-saved", "Saved")
	edgars.see(".lengths", "goes out whole")
	edgars.see(".typed .card-flags", "phone")
	edgars.write(answerField, "A long answer.\n"+many("It needs more than one sentence. ", 40))
	edgars.see(".lengths", "short form")
	edgars.until("the field has grown", fmt.Sprintf(`document.querySelector(%q).clientHeight > 200`, answerField))
	anna.open(i.base + "/desk/anna-berzina/homes")
	anna.see("#q1 .writing", "Edgars Ozols is writing an answer")
	anna.see(".urgent", "Edgars Ozols is writing an answer")

	phone := b.desk("expert's telephone", i.link("Edgars Ozols"))
	phone.open(i.base + "/desk/edgars-ozols/homes")
	phone.until("the text is there", fmt.Sprintf(`document.querySelector(%q).value.startsWith("A long answer.")`, answerField))
	phone.write(answerField, "From the telephone.")
	phone.until("it is kept", `(() => { const r = new XMLHttpRequest(); r.open("GET", location.pathname, false); r.send();
		return r.responseText.includes("From the telephone."); })()`)
	edgars.write(answerField, "From the desk.")
	edgars.see(".typed details", "From the telephone.")
	edgars.press(".typed [data-take]")
	edgars.see(".typed details", "From the desk.")
	edgars.until("it was taken", fmt.Sprintf(`document.querySelector(%q).value === "From the telephone."`, answerField))

	// Leaving saves what no pause has sent yet.
	edgars.until("type and leave", fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.value = "Typed while leaving.";
		e.dispatchEvent(new Event("input", {bubbles: true})); location.href = "/static/nothing"; return true; })()`, answerField))
	edgars.path("/static/nothing")
	phone.until("it is there on the other device", fmt.Sprintf(`(() => { const e = document.querySelector(%q);
		if (e && e.value === "Typed while leaving.") return true;
		if (!window.asked) { window.asked = true; sessionStorage.clear(); location.reload(); } return false; })()`, answerField))
	phone.press("#q1-submit button[type=submit]")
	phone.see("#q1", "Typed while leaving.")
	anna.open(i.base + "/desk/anna-berzina/homes")
	anna.see("#q1", "Typed while leaving.")
	phone.do("scroll", chromedp.ScrollIntoView("#q1"))
}

func many(text string, n int) (all string) {
	for range n {
		all += text
	}
	return all
}
