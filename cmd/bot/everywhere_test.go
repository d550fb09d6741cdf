package main

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/testenv"

	"github.com/chromedp/chromedp"
)

// TestEverywhere holds one hour in which the same is asked on the page, with an address for a
// letter, in private and in a group in Telegram, on Bluesky, on Mastodon, at WordPress and by
// e-mail. It is merged, answered once and approved once, and the answer stands in each place, once.
func TestEverywhere(t *testing.T) {
	t.Parallel()
	e := openEverywhere(t)
	e.announced()
	o := e.asked(0, "When is the next round?", "When will there be another round?")
	e.gathered(7, "When is the next round?", "In spring.")
	e.previewed()
	e.killed("When is the next round?")
	all := e.places(o)
	e.stands(all, "In spring.")
	e.becomes(7, "When is the next round?", "published")
	e.reads("/s/homes", "asked 7 times on 6 platforms")

	e.give(edgars, e.question(7, "When is the next round?"), "correct", map[string]any{"text": "In March."})
	e.approve(anna, 7, "When is the next round?")
	e.stands(all, "In March.")
	e.becomes(7, "When is the next round?", "published")
	e.gone(all, "In spring.")
	e.give(anna, e.question(7, "When is the next round?"), "retract", map[string]any{"reason": "It is not decided."})
	e.gone(all, "In March.")
	e.becomes(7, "When is the next round?", "retracted")

	e.timed()
	e.tell(anna, "/stop", nil)
	e.close()
	e.over()
}

// announced wants the hour at each place.
func (e *everyPlace) announced() {
	e.Helper()
	e.at.schedule("homes")
	e.sky.once("Warmer homes")
	e.town.once("Warmer homes")
	e.blog.announced("We have started")
	e.tg.await(e.tg.channel, "We have started")
}

// previewed reads at the desk what an approval makes public: every copy, with its length and its
// limit, and where it goes.
func (e *everyPlace) previewed() {
	e.Helper()
	page := e.reads("/desk/janis-kalnins/homes/approve", "asked 7 times on 6 platforms")
	if n := strings.Count(page, `<p class="copy-target">`); n != 8 {
		e.Errorf("the preview has %d copies", n)
	}
	for _, part := range []string{"Bluesky</strong>", "reply to Q4", " of 300 ", "Mastodon</strong>", "reply to Q5", " of 500 ",
		"WordPress</strong>", "reply to Q6", "Telegram</strong>", "reply to Q2", "reply to Q3", " of 4096 ", "E-mail</strong>", "reply to Q7"} {
		if !strings.Contains(page, part) {
			e.Errorf("the preview has no %q", part)
		}
	}
	if e.Failed() {
		e.Log(page)
	}
	if *update {
		e.pictured()
	}
}

// pictured is how docs/preview.png was made.
func (e *everyPlace) pictured() {
	e.Helper()
	p := openBrowser(e.T).desk("moderator", e.at.link(janis))
	p.do("make room", chromedp.EmulateViewport(1000, 700))
	p.open(e.at.base + "/desk/janis-kalnins/homes/approve")
	p.see(".copies", "Mastodon")
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join("..", "..", "docs", "preview.png"), picture, 0o644)
	}
	if err != nil {
		e.Fatal(err)
	}
}

// reads waits until a page says something to a moderator, and gives it.
func (e *everyPlace) reads(path, text string) string {
	e.Helper()
	desk := &http.Client{Jar: cookies{}}
	enter(e.T, desk, e.at.link(janis))
	return e.blog.reads(desk, path, text, true)
}

// killed approves an answer and ends the program when some places have it and some have not.
func (e *everyPlace) killed(question string) {
	e.Helper()
	e.rests(7)
	held, posted := e.sky.gate.Before(e.sky.calls().posts), e.town.gate.After(e.town.calls().posts)
	written := e.blog.gate.hold(moment{http.MethodPost, "/comments", "In spring", true})
	e.approve(janis, 7, question)
	e.sky.reach(held)
	e.town.reach(posted)
	select {
	case <-written:
	case <-testenv.Soon(e).Done():
		e.Fatal("nothing was written at WordPress")
	}
	testenv.Until(e, "the other places have it", func() bool { // which can not all be asked for it
		return slices.Equal(e.due(1), []string{"bluesky", "mastodon", "wordpress"})
	})
	testenv.Kill(e.run.cmd)
	e.sky.gate.Let()
	e.town.gate.Let()
	e.blog.gate.release()
	e.begin()
}

// timed answers another question that was asked everywhere, and logs how long after the approval
// the answer stands at each place.
func (e *everyPlace) timed() {
	e.Helper()
	all := e.places(e.asked(7, "Who decides?", "Who is it that decides?"))
	e.presses = 0
	e.gathered(14, "Who decides?", "The board does.")
	e.approve(janis, 14, "Who decides?")
	for name, took := range e.stands(all, "The board does.") {
		e.Logf("approved and at %s after %v", name, took.Round(10*time.Millisecond))
	}
	e.becomes(14, "Who decides?", "published")
	if want := pressesOnThePage(e.T); e.presses != want {
		e.Errorf("%d presses, and %d for the page alone", e.presses, want)
	}
	mb, err := memory(e.run.cmd.Process.Pid)
	e.Logf("%d presses; %.0f MB, %v", e.presses, mb, err)
}

// pressesOnThePage is how many decisions the same takes where the page is the only place.
func pressesOnThePage(t *testing.T) int {
	t.Helper()
	c := newClerks(t)
	c.configure(plain("embedded", c.at))
	start(t, c.at.dir, "run")
	c.at.await()
	c.at.schedule("homes")
	c.at.askByForm("Who decides?", "")
	c.question(1, "Who decides?")
	for range 6 {
		c.at.askByForm("Who is it that decides?", "")
	}
	c.gathered(7, "Who decides?", "The board does.")
	c.approve(janis, 7, "Who decides?")
	c.becomes(7, "Who decides?", "published")
	return c.presses
}

// over wants the way to the transcript at each place.
func (e *everyPlace) over() {
	e.Helper()
	for _, s := range []*social{e.sky, e.town} {
		if p := s.once("The expert hour is over"); !strings.Contains(p.text, "homes/transcript") {
			e.Errorf("the last post leads nowhere: %s", p.text)
		}
	}
	e.tg.await(e.tg.channel, "is over", "homes/transcript")
	if p := e.blog.announced("asked 7 times on 6 platforms"); !strings.Contains(p.Content.Rendered, "/s/homes") {
		e.Errorf("the last post leads nowhere: %s", p.Content.Rendered)
	}
	e.reads("/s/homes/transcript", "asked 7 times on 6 platforms")
}
