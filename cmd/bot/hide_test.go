package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/connector/wordpress/wordpressfake"
	"experthour/internal/testenv"
)

// tidy is a blog that is kept clean from a desk in a chat.
type tidy struct {
	*blog
	again func() // starts the program again
	push  push
}

// push presses a button of the only question's card, which says something; with a reason it is given in the form that opens.
type push func(says, button, form, reason string)

// ownedPlace is how a site is used whose owner pins, and tells who asked what became of it.
const ownedPlace = "pin = true\ntell_declined = true\n"

// tidyDesks open the desk, with what the configuration has besides.
var tidyDesks = map[string]func(b *tidy, more string){
	"slack": func(b *tidy, more string) {
		f := openOffice(b.T, "socket", realRedis(b), "1s", slackfake.Options{}, more)
		b.at, b.run, b.push = f.at, f.run, f.push
		b.again = func() { f.begin(); b.run = f.run }
	},
	"telegram": func(b *tidy, more string) {
		s := openSquare(b.T, "polling", realRedis(b), fmt.Sprintf(chatDesk, "1s")+more, telegramfake.Options{})
		b.at, b.run, b.push = s.at, s.run, s.push
		b.again = func() { s.begin(); b.run = s.run }
	},
}

func (f *chatOffice) push(says, button, form, reason string) {
	f.Helper()
	f.reads(1, says)
	m := f.card(1, button)
	if reason == "" {
		f.must(m.Click(f.anna, button))
		return
	}
	f.click(m, f.anna, button)
	f.submit(f.modal(f.anna, form).Fill("Reason", reason))
}

func (s *square) push(says, button, _, reason string) {
	s.Helper()
	s.more(1, says, s.anna, button)
	if reason != "" {
		s.choose(s.anna, reason)
		s.submit(s.anna, button+" #1", button)
	}
}

func openTidy(t *testing.T, desk func(*tidy, string)) *tidy {
	site := wordpressfake.New(t)
	b := &tidy{blog: newBlog(t, nil, blogSite{site.URL, wordpressfake.User, wordpressfake.Password})}
	desk(b, b.settings()+ownedPlace)
	return b
}

// sticky are the posts that stand before all others.
func (b *tidy) sticky() (ids []int) {
	b.Helper()
	var all []struct {
		ID     int
		Sticky bool
	}
	b.call(http.MethodGet, "/posts?per_page=100", nil, &all)
	for _, p := range all {
		if p.Sticky {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// pinned waits until just that post is pinned, or none for 0.
func (b *tidy) pinned(id int) {
	b.Helper()
	testenv.Until(b, fmt.Sprint("pinned is ", id), func() bool {
		ids := b.sticky()
		return id == 0 && len(ids) == 0 || len(ids) == 1 && ids[0] == id
	})
}

// shown waits until readers find a comment, or do not.
func (b *tidy) shown(c blogged, want bool) {
	b.Helper()
	testenv.Until(b, fmt.Sprintf("the comment is shown: %t", want), func() bool {
		var all []blogged
		b.call(http.MethodGet, fmt.Sprintf("/comments?post=%d&parent=0&per_page=100", c.Post), nil, &all)
		return strings.Contains(fmt.Sprint(all), c.Content.Rendered) == want
	})
}

// TestKeptClean: from a desk in a chat a question is declined, of which its asker is told, and hidden for one of the
// published reasons; restoring it shows it again and takes back what was told. The announcement is pinned while the
// hour lasts. The program ends whenever the site has done one of that, before it was recorded.
func TestKeptClean(t *testing.T) {
	t.Parallel()
	for name, desk := range tidyDesks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			openTidy(t, desk).keptClean()
		})
	}
}

func (b *tidy) keptClean() {
	b.Helper()
	b.as[anna] = b.at.token(anna)
	b.dies(moment{http.MethodPost, "/posts/*", `"sticky":true`, true}, func() { b.at.schedule("homes") })
	b.again()
	post := b.announced("We have started")
	b.pinned(post.ID)
	asked := b.ask(post, "ilze@example.test", "Who is a thief?", false)
	b.change(asked, map[string]any{"status": "approve"})
	b.question(1, "received", "thief")
	b.push("thief", "Decline", "Decline", "The question is not about the topic of this expert hour.")
	b.once(asked, "not about the topic")
	b.dies(moment{http.MethodPost, asked.path(), "hold", true}, func() {
		b.push("Declined", "Hide there", "Hide", "The question contains offensive language.")
	})
	b.again()
	b.shown(asked, false)
	b.settled(1)
	b.question(1, "declined", "thief")
	b.dies(moment{http.MethodPost, asked.path(), "approve", true}, func() { b.push("Declined", "Restore", "", "") })
	b.again()
	b.shown(asked, true)
	testenv.Until(b, "nothing is told any more", func() bool { return len(b.replies(asked)) == 0 })
	b.settled(1)
	b.give(0, anna, "stop", nil)
	b.pinned(post.ID)
	b.give(0, anna, "close", map[string]any{"force": true, "reason": "The end of the test"})
	b.pinned(0)
}
