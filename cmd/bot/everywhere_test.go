package main

import (
	"fmt"
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

// originally is at how many places the same is asked, and platformed on how many platforms.
const (
	originally = 14
	platformed = "asked 14 times on 13 platforms"
)

// TestEverywhere holds one hour in which the same is asked on the page, with an address for a
// letter, in private and in a group in Telegram, on Bluesky, on Mastodon, at WordPress, by e-mail,
// and at each of customs. It is merged, answered once and approved once, and the answer stands in
// each place, once, under what it answers.
func TestEverywhere(t *testing.T) {
	t.Parallel()
	e := openEverywhere(t)
	e.announced()
	o := e.asked(0, "When is the next round?", "When will there be another round?")
	e.gathered(originally, "When is the next round?", "In spring.")
	e.previewed()
	e.killed(o, "When is the next round?")
	all := e.places(o)
	e.stands(all, "In spring.")
	e.becomes(originally, "When is the next round?", "published")
	e.reads("/s/homes", platformed)
	e.changed(all)

	e.timed()
	e.tell(anna, "/stop", nil)
	e.close()
	e.over()
}

// changed corrects the answer and takes it back.
func (e *everyPlace) changed(all []place) {
	e.Helper()
	e.rests(originally)
	e.stands(all, "In spring.")
	before := map[string]string{}
	for _, p := range e.more {
		before[p.kind] = p.once(e.T, "In spring.").at
	}
	e.give(edgars, e.question(originally, "When is the next round?"), "correct", map[string]any{"text": "In March."})
	e.approve(anna, originally, "When is the next round?")
	e.stands(all, "In March.")
	e.becomes(originally, "When is the next round?", "published")
	e.gone(all, "In spring.")
	for _, p := range e.more {
		if now := p.once(e.T, "In March."); (now.at != before[p.kind]) != p.anew {
			e.Errorf("%s corrects by another post: %v; it was %s and is %s", p.name, p.anew, before[p.kind], now.at)
		}
	}
	e.give(anna, e.question(originally, "When is the next round?"), "retract", map[string]any{"reason": "It is not decided."})
	e.gone(all, "In March.")
	e.becomes(originally, "When is the next round?", "retracted")
}

// announced wants the hour at each place.
func (e *everyPlace) announced() {
	e.Helper()
	e.at.schedule("homes")
	e.sky.once("Warmer homes")
	e.town.once("Warmer homes")
	e.blog.announced("We have started")
	e.tg.await(e.tg.channel, "We have started")
	for _, p := range e.more {
		p.announces(e.T, "We have started")
	}
}

// previewed reads at the desk what an approval makes public: every copy, with its length and its
// limit, and where it goes.
func (e *everyPlace) previewed() {
	e.Helper()
	page := e.reads("/desk/janis-kalnins/homes/approve", platformed)
	if n := strings.Count(page, `<p class="copy-target">`); n != originally+1 {
		e.Errorf("the preview has %d copies", n)
	}
	parts := []string{"Bluesky</strong>", "reply to Q4", " of 300 ", "Mastodon</strong>", "reply to Q5", " of 500 ",
		"WordPress</strong>", "reply to Q6", "Telegram</strong>", "reply to Q2", "reply to Q3", " of 4096 ", "E-mail</strong>", "reply to Q7"}
	for i, p := range e.more {
		parts = append(parts, p.name+"</strong>", fmt.Sprintf("reply to Q%d", 8+i))
	}
	for _, part := range parts {
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
	return e.blog.at.reads(desk, path, text, true)
}

// killed approves an answer and ends the program when some places have it and some have not; of
// most that have it nobody said so.
func (e *everyPlace) killed(o originals, question string) {
	e.Helper()
	e.rests(originally)
	unsaid := []string{"bluesky", "mastodon", "wordpress"}
	for i, p := range e.more {
		p.tells(e.T, o.more[i])
		p.lose()
		unsaid = append(unsaid, p.kind)
	}
	held, posted := e.sky.gate.Before(e.sky.calls().posts), e.town.gate.After(e.town.calls().posts)
	written := e.blog.gate.hold(moment{http.MethodPost, "/comments", "In spring", true})
	e.approve(janis, originally, question)
	e.sky.reach(held)
	e.town.reach(posted)
	select {
	case <-written:
	case <-testenv.Soon(e).Done():
		e.Fatal("nothing was written at WordPress")
	}
	for _, p := range e.more {
		p.once(e.T, "In spring.")
	}
	testenv.Until(e, "the other places have it", func() bool { // which can not all be asked for it
		return !slices.ContainsFunc(e.due(1), func(at string) bool { return !slices.Contains(unsaid, at) })
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
	all := e.places(e.asked(originally, "Who decides?", "Who is it that decides?"))
	e.presses = 0
	e.gathered(2*originally, "Who decides?", "The board does.")
	e.approve(janis, 2*originally, "Who decides?")
	for name, took := range e.stands(all, "The board does.") {
		e.Logf("approved and at %s after %v", name, took.Round(10*time.Millisecond))
	}
	e.becomes(2*originally, "Who decides?", "published")
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
	for range originally - 1 {
		c.at.askByForm("Who is it that decides?", "")
	}
	c.gathered(originally, "Who decides?", "The board does.")
	c.approve(janis, originally, "Who decides?")
	c.becomes(originally, "Who decides?", "published")
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
	if p := e.blog.announced(platformed); !strings.Contains(p.Content.Rendered, "/s/homes") {
		e.Errorf("the last post leads nowhere: %s", p.Content.Rendered)
	}
	for _, p := range e.more {
		if last := p.announces(e.T, "The expert hour is over"); !p.silent && !strings.Contains(last.text, "homes/transcript") {
			e.Errorf("the last post at %s leads nowhere: %s", p.name, last.text)
		}
	}
	e.reads("/s/homes/transcript", platformed)
}
