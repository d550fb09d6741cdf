package main

import (
	"net/http"
	"strings"
	"testing"

	"experthour/internal/connector/wordpress/wordpressfake"
	"experthour/internal/connector/wordpress/wordpresstest"
	"experthour/internal/testenv"
)

const (
	anna   = "Anna Bērziņa"
	janis  = "Jānis Kalniņš"
	edgars = "Edgars Ozols"
)

// TestWordPress holds an hour at a real WordPress and kills the program at each step of
// it: when something was received, stored, about to be sent, sent, and recorded. What
// stands there stands once.
func TestWordPress(t *testing.T) {
	t.Parallel()
	s := wordpresstest.Start(t)
	b := openBlog(t, blogSite{s.URL, wordpresstest.Admin, s.Password}, realRedis(t))
	b.dies(moment{http.MethodPost, "/posts", "", true}, func() { b.at.schedule("homes") })
	b.begin()
	post := b.announced("We have started")
	held, plain := b.asked(post)
	receipt := b.accepted(held, plain)
	b.answered(held, receipt)
	b.corrected(held, receipt)
	b.retracted(held, receipt)
	b.withdrawn(plain)
	b.closed(post)
}

// asked: a comment that the site holds and one that it shows are questions, once each,
// although the program ends before and after it has stored them; what was edited
// meanwhile is a new wording.
func (b *blog) asked(post blogged) (held, plain blogged) {
	b.Helper()
	b.dies(moment{http.MethodGet, "/comments", "round", true}, func() {
		held = b.ask(post, "ilze@example.test", "When is the <b>next</b> round?", false)
	})
	b.begin()
	b.question(1, "received", "When is the next round?")
	b.kill()
	b.change(held, map[string]any{"content": "When is the next round for flats?"})
	b.begin()
	b.question(1, "received", "for flats")
	plain = b.ask(post, "juris@example.test", "Is this private?", true)
	b.question(2, "received", "private")
	return held, plain
}

// accepted: the site shows what it held, and one receipt, although the program ends when
// it has asked for the one, before it has sent the other, and after.
func (b *blog) accepted(held, plain blogged) (receipt blogged) {
	b.Helper()
	b.give(2, anna, "accept", nil)
	b.once(plain, "accepted")
	b.dies(moment{http.MethodPost, held.path(), "approve", true}, func() { b.give(1, anna, "accept", nil) })
	b.dies(moment{http.MethodPost, "/comments", "accepted", false}, b.begin)
	b.dies(moment{http.MethodPost, "/comments", "accepted", true}, b.begin)
	b.begin()
	return b.recorded(1, held, "accepted")
}

// recorded ends the program when nothing is on its way any more; what stands there stays.
func (b *blog) recorded(n int, at blogged, text string) blogged {
	b.Helper()
	b.settled(n)
	b.kill()
	b.begin()
	return b.once(at, text)
}

// answered: the answer takes the place of the receipt, once, although the program ends
// before and after the site has it.
func (b *blog) answered(held, receipt blogged) {
	b.Helper()
	b.give(1, edgars, "submit", map[string]any{"text": "In spring -- \"soon\"."})
	b.dies(moment{http.MethodPost, receipt.path(), "In spring", false}, func() { b.approve(1, janis) })
	b.dies(moment{http.MethodPost, receipt.path(), "In spring", true}, b.begin)
	b.begin()
	if at := b.recorded(1, held, "In spring"); at.ID != receipt.ID {
		b.Errorf("the answer is comment %d, and the receipt was %d", at.ID, receipt.ID)
	}
	b.rung(held, "is answered")
}

func (b *blog) corrected(held, answer blogged) {
	b.Helper()
	b.give(1, edgars, "correct", map[string]any{"text": "In spring, in March."})
	b.dies(moment{http.MethodPost, answer.path(), "in March", true}, func() { b.approve(1, anna) })
	b.begin()
	if at := b.recorded(1, held, "in March"); at.ID != answer.ID {
		b.Errorf("the correction is comment %d, and the answer was %d", at.ID, answer.ID)
	}
	b.rung(held, "has been corrected")
}

// retracted: the answer is gone, and one reply says why.
func (b *blog) retracted(held, answer blogged) {
	b.Helper()
	b.dies(moment{http.MethodDelete, answer.path(), "", true}, func() {
		b.give(1, anna, "retract", map[string]any{"reason": "It is not decided."})
	})
	b.begin()
	b.recorded(1, held, "retracted")
	b.rung(held, "")
}

// withdrawn: who takes a comment away takes the question back, and the receipt goes too.
func (b *blog) withdrawn(plain blogged) {
	b.Helper()
	b.change(plain, map[string]any{"status": "trash"})
	b.question(2, "withdrawn", "")
	testenv.Until(b, "the receipt is gone", func() bool { return len(b.replies(plain)) == 0 })
}

// closed: the transcript is a post, once, with the picture of an answer, and what is corrected
// afterwards is corrected there. Nothing that the bot wrote became a question.
func (b *blog) closed(post blogged) {
	b.Helper()
	b.ask(post, "liga@example.test", "Where is it?", true)
	b.question(3, "received", "Where")
	b.give(3, anna, "accept", nil)
	illustrate(b.T, b.at, 3, "On the map.")
	b.approve(3, janis)
	b.question(3, "published", "Where")
	b.give(0, anna, "stop", nil)
	b.dies(moment{http.MethodPost, "/posts", "On the map", true}, func() {
		b.give(0, anna, "close", map[string]any{"force": true, "reason": "The end of the test"})
	})
	b.begin()
	last := b.announced("On the map")
	if said := last.Content.Rendered; !strings.Contains(said, `alt="A map`) || !strings.Contains(said, "/wp-content/uploads/") ||
		strings.Contains(said, "In spring") {
		b.Errorf("the transcript reads %s", said)
	}
	b.settled(0)
	b.give(3, edgars, "correct", map[string]any{"text": "On the other map."})
	b.approve(3, anna)
	if now := b.announced("On the other map"); now.ID != last.ID || !strings.Contains(now.Content.Rendered, "wp-image-") {
		b.Errorf("post %d reads %s; the transcript was post %d", now.ID, now.Content.Rendered, last.ID)
	}
	b.settled(0)
	seen := map[string]int{}
	for _, p := range b.posts("homes") {
		seen[p.Content.Rendered]++
	}
	for text, n := range seen {
		if n > 1 {
			b.Errorf("%d times: %s", n, text)
		}
	}
	if n := len(b.questions()); n != 3 {
		b.Errorf("%d questions", n)
	}
}

// TestWordPressInTrouble: when the password is taken back in mid-hour the desk says what to
// do, and the page goes on; with the password again the answer stands there once, and so does
// the correction that the site did and broke at.
func TestWordPressInTrouble(t *testing.T) {
	t.Parallel()
	fake := wordpressfake.New(t)
	b := openBlog(t, blogSite{fake.URL, wordpressfake.User, wordpressfake.Password}, "embedded")
	b.at.schedule("homes")
	asked := b.ask(b.announced("We have started"), "ilze@example.test", "When is the next round?", false)
	b.question(1, "received", "next round")
	b.give(1, anna, "accept", nil)
	b.give(1, edgars, "submit", map[string]any{"text": "In spring."})
	b.once(asked, "accepted")

	fake.Revoke()
	b.approve(1, janis)
	desk := &http.Client{Jar: cookies{}}
	enter(t, desk, b.at.link(anna))
	b.at.reads(desk, "/desk/anna-berzina", "WordPress refuses the user or the application password", true)
	b.at.reads(http.DefaultClient, "/s/homes", "In spring.", true)
	b.once(asked, "accepted")
	fake.Restore()
	b.once(asked, "In spring")
	b.at.reads(desk, "/desk/anna-berzina", "WordPress refuses", false)

	b.give(1, edgars, "correct", map[string]any{"text": "In spring, in March."})
	fake.Break(http.MethodPost, http.StatusInternalServerError, "<html>Internal Server Error</html>")
	b.approve(1, anna)
	b.once(asked, "in March")
	b.settled(1)
	b.once(asked, "in March")
	b.question(1, "published", "next round")
}
