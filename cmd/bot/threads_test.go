package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/threads/threadsfake"
	"experthour/internal/testenv"
)

// profile is an institution that holds its hours at Threads.
type profile struct {
	*clerks
	threads *threadsfake.Threads
	run     *running
}

func openProfile(t *testing.T) *profile {
	t.Helper()
	p, own := joinProfile(newClerks(t))
	p.configure(p.at.public(plain(realRedis(t), p.at) + own))
	p.begin()
	p.at.schedule("homes")
	return p
}

// joinProfile opens Threads for an institution, and says what the configuration has of it.
func joinProfile(c *clerks) (*profile, string) {
	p := &profile{clerks: c, threads: threadsfake.New(c.T, time.Now)}
	return p, fmt.Sprintf("[threads]\napi_url = %q\ntoken = %q\n[[public]]\nkind = \"threads\"\n", p.threads.URL, threadsfake.Token)
}

func (p *profile) begin() {
	p.Helper()
	p.run = start(p.T, p.at.dir, "run")
	p.at.await()
}

// kill ends the program without warning once a call has met what it was to meet, and begins anew.
func (p *profile) kill() {
	p.Helper()
	testenv.Until(p, "the program is at the call", func() bool { return p.threads.Waiting() == 0 })
	testenv.Kill(p.run.cmd)
	p.begin()
}

// own are the institution's posts with a text.
func (p *profile) own(text string) []threadsfake.Post {
	return slices.DeleteFunc(p.threads.Posts(), func(c threadsfake.Post) bool {
		return c.Author != threadsfake.SelfName || !strings.Contains(c.Text, text)
	})
}

// once waits for the one post of the institution with a text.
func (p *profile) once(text string) threadsfake.Post {
	p.Helper()
	testenv.Until(p, "a post with "+text, func() bool { return len(p.own(text)) > 0 })
	all := p.own(text)
	if len(all) != 1 {
		p.Fatalf("%q stands %d times", text, len(all))
	}
	return all[0]
}

const asksRound = "When is the next round?"

// asked announces the hour and has one question, whose answer is submitted.
func (p *profile) asked() (at string) {
	p.Helper()
	at = p.threads.Write("ilze.ozola", p.once("We have started").ID, asksRound)
	p.submit(p.question(1, asksRound), "In spring.")
	return at
}

// answered wants the answer once, right under its question.
func (p *profile) answered(at string) {
	p.Helper()
	p.becomes(1, asksRound, "published")
	if a := p.once("In spring."); a.ReplyTo != at {
		p.Errorf("the answer stands under %q", a.ReplyTo)
	}
	p.rests(1)
}

// TestThreads lives an hour at Threads, and ends the program in each call that makes something.
func TestThreads(t *testing.T) {
	t.Parallel()
	killed := func(fault func(*threadsfake.Threads)) func(*profile) {
		return func(p *profile) {
			at := p.asked()
			fault(p.threads)
			p.approve(janis, 1, asksRound)
			p.kill()
			p.answered(at)
		}
	}
	for name, live := range map[string]func(*profile){"hour": (*profile).hour, "changed": (*profile).changed,
		"prepared":    killed(func(f *threadsfake.Threads) { f.Hang("create") }),
		"unpublished": killed(func(f *threadsfake.Threads) { f.Stall("publish") }),
		"published":   killed(func(f *threadsfake.Threads) { f.Hang("publish") })} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live(openProfile(t))
		})
	}
}

// hour is one with a mention that was written while the program was away, and a reply that is
// declined.
func (p *profile) hour() {
	news := p.once("We have started")
	testenv.Kill(p.run.cmd)
	p.threads.Write("dina", "", "@"+threadsfake.SelfName+" Is it warm?")
	p.begin()
	p.question(1, "Is it warm?")
	at := p.threads.Write("janis_k", news.ID, "What does it cost?")
	p.threads.Write("dina", at, "I wonder too.")
	p.give(anna, p.question(2, "What does it cost?"), "decline", map[string]any{"reason": "off_topic"})
	p.becomes(2, "What does it cost?", "declined")
	p.submit(p.question(2, "Is it warm?"), "It is.")
	p.approve(janis, 2, "Is it warm?")
	p.once("It is.")
	p.tell(anna, "/stop", nil)
	p.close()
	if over := p.once("The expert hour is over"); !strings.Contains(over.Text, "/s/homes/transcript") || over.ReplyTo != "" {
		p.Errorf("the last post is %+v", over)
	}
}

// changed corrects an answer and takes it back, and ends the program at each deletion.
func (p *profile) changed() {
	at := p.asked()
	p.approve(janis, 1, asksRound)
	p.answered(at)
	q := p.question(1, asksRound)
	p.give(edgars, q, "correct", map[string]any{"text": "In March."})
	p.threads.Hang("delete")
	p.approve(anna, 1, asksRound)
	p.kill()
	if now := p.once("In March."); now.ReplyTo != at || len(p.own("In spring.")) > 0 {
		p.Errorf("the correction is %+v", now)
	}
	p.rests(1)
	p.threads.Stall("delete")
	p.give(anna, p.question(1, asksRound), "retract", map[string]any{"reason": "It is not decided."})
	p.kill()
	testenv.Until(p, "the answer is gone", func() bool { return len(p.own("In March.")) == 0 })
	p.becomes(1, asksRound, "retracted")
	p.rests(1)
}
