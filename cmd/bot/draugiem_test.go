package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/draugiem/draugiemfake"
	"experthour/internal/testenv"
)

// questionPage is an institution that answers the questions of its page.
type questionPage struct {
	*clerks
	page *draugiemfake.Draugiem
	run  *running
}

func openQuestionPage(t *testing.T) *questionPage {
	t.Helper()
	p, own := joinQuestionPage(newClerks(t))
	p.configure(p.at.public(plain(realRedis(t), p.at) + own))
	p.begin()
	return p
}

// joinQuestionPage opens a page for an institution, and says what the configuration has of it.
func joinQuestionPage(c *clerks) (*questionPage, string) {
	p := &questionPage{clerks: c, page: draugiemfake.New(c.T, time.Now)}
	return p, fmt.Sprintf("[draugiem]\nexperimental = true\napi_url = %q\npage_key = %q\nuser_key = %q\n"+
		"[[public]]\nkind = \"draugiem\"\npage = \"ministry\"\n", p.page.URL, draugiemfake.PageKey, draugiemfake.UserKey)
}

func (p *questionPage) begin() {
	p.Helper()
	p.run = start(p.T, p.at.dir, "run")
	p.at.await()
}

// kill ends the program without warning, and begins anew.
func (p *questionPage) kill() {
	p.Helper()
	testenv.Kill(p.run.cmd)
	p.begin()
}

// news are those with a text.
func (p *questionPage) news(text string) []draugiemfake.News {
	return slices.DeleteFunc(p.page.News(), func(n draugiemfake.News) bool { return !strings.Contains(n.Text, text) })
}

// announced waits for the one piece of news with a text.
func (p *questionPage) announced(text string) {
	p.Helper()
	testenv.Until(p, "news with "+text, func() bool { return len(p.news(text)) > 0 })
	if all := p.news(text); len(all) != 1 {
		p.Fatalf("%q stands %d times", text, len(all))
	}
}

// stands counts the questions that have an answer with a text.
func (p *questionPage) stands(text string) (n int) {
	for _, q := range p.page.Questions() {
		if q.Answer != "" && strings.Contains(q.Answer, text) {
			n++
		}
	}
	return n
}

// TestDraugiem lives an hour on a page, and ends the program when a question waits for it, when an
// answer, a correction and a take-back were sent, and when the end was announced, before any of
// it was recorded.
func TestDraugiem(t *testing.T) {
	t.Parallel()
	p := openQuestionPage(t)
	p.at.schedule("homes")
	p.announced("We have started")
	testenv.Kill(p.run.cmd)
	p.page.Ask("491171", "Ilze", "When is the next round?")
	p.begin()
	p.question(1, "When is the next round?")
	p.page.Ask("491172", "Dina", "Is it warm?")
	p.question(2, "Is it warm?")
	p.answeredOnce()
	p.takenBackOnce()
	p.tell(anna, "/stop", nil)
	p.page.Hang("pages/news add")
	p.close()
	p.announced("The expert hour is over")
	p.kill()
	before := p.page.Calls("pages/news list")
	testenv.Until(p, "it is looked for", func() bool { return p.page.Calls("pages/news list") > before })
	p.announced("The expert hour is over")
}

// answeredOnce answers and corrects both questions, which are one.
func (p *questionPage) answeredOnce() {
	p.Helper()
	const says, call = "When is the next round?", "pages/faq answer"
	q := p.question(2, says)
	p.give(anna, q, "accept", nil)
	p.give(anna, p.question(2, "Is it warm?"), "merge", map[string]any{"into": q["number"]})
	p.give(edgars, q, "submit", map[string]any{"text": "In spring."})
	for i, text := range []string{"In spring.", "In March."} {
		if i > 0 {
			p.give(edgars, p.question(2, says), "correct", map[string]any{"text": text})
		}
		p.page.Hang(call)
		p.approve(janis, 2, says)
		testenv.Until(p, "one has an answer with "+text, func() bool { return p.stands(text) > 0 })
		p.kill()
		testenv.Until(p, "both have an answer with "+text, func() bool { return p.stands(text) == 2 })
		p.becomes(2, says, "published")
		p.rests(1)
		if n := p.page.Calls(call); n != 2*(i+1) {
			p.Errorf("two questions have %q after %d calls", text, n)
		}
	}
}

// takenBackOnce retracts the answer, with the questions on the page.
func (p *questionPage) takenBackOnce() {
	p.Helper()
	p.page.Hang("pages/faq delete")
	p.give(anna, p.question(2, "When is the next round?"), "retract", map[string]any{"reason": "It is not decided."})
	testenv.Until(p, "one answer is gone", func() bool { return p.stands("") < 2 })
	p.kill()
	testenv.Until(p, "no answer stands", func() bool { return p.stands("") == 0 })
	p.becomes(2, "When is the next round?", "retracted")
	p.rests(1)
}
