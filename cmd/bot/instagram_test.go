package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/instagram/instagramfake"
	"experthour/internal/testenv"
)

// gallery is an institution that holds its hours under a post of its own at Instagram.
type gallery struct {
	*clerks
	instagram *instagramfake.Instagram
	run       *running
}

func openGallery(t *testing.T) *gallery {
	t.Helper()
	p, own := joinGallery(newClerks(t))
	p.configure(p.at.public(plain(realRedis(t), p.at) + own))
	p.begin()
	p.at.schedule("homes")
	return p
}

// joinGallery opens a post for an institution, and says what the configuration has of it.
func joinGallery(c *clerks) (*gallery, string) {
	p := &gallery{clerks: c, instagram: instagramfake.New(c.T, time.Now)}
	return p, fmt.Sprintf("[instagram]\napi_url = %q\ntoken = %q\n[[public]]\nkind = \"instagram\"\nmedia = %q\n",
		p.instagram.URL, instagramfake.Token, instagramfake.Media)
}

func (p *gallery) begin() {
	p.Helper()
	p.run = start(p.T, p.at.dir, "run")
	p.at.await()
}

// kill ends the program without warning once a call has met what it was to meet, and begins anew.
func (p *gallery) kill() {
	p.Helper()
	testenv.Until(p, "the program is at the call", func() bool { return p.instagram.Waiting() == 0 })
	testenv.Kill(p.run.cmd)
	p.begin()
}

// own are the institution's comments with a text.
func (p *gallery) own(text string) []instagramfake.Comment {
	return slices.DeleteFunc(p.instagram.Comments(), func(c instagramfake.Comment) bool {
		return c.Author != instagramfake.SelfName || !strings.Contains(c.Text, text)
	})
}

// once waits for the one comment of the institution with a text, under a question, whose asker it
// names.
func (p *gallery) once(text, under string) {
	p.Helper()
	testenv.Until(p, "a comment with "+text, func() bool { return len(p.own(text)) > 0 })
	all := p.own(text)
	if len(all) != 1 || all[0].Parent != under || !strings.HasPrefix(all[0].Text, "@ilze.ozola") {
		p.Fatalf("%q stands as %+v", text, all)
	}
}

// TestInstagram lives an hour under a post, and ends the program in each call that makes something.
func TestInstagram(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(*instagramfake.Instagram, string){"done": (*instagramfake.Instagram).Hang,
		"not done": (*instagramfake.Instagram).Stall} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openGallery(t)
			p.hour(func(op string) { fault(p.instagram, op) })
		})
	}
}

// hour has a question that was written while the program was away, answers it, corrects that,
// takes it back, and declines another.
func (p *gallery) hour(fault func(op string)) {
	testenv.Kill(p.run.cmd)
	asked := p.instagram.Write("ilze.ozola", "", asksRound)
	p.begin()
	p.submit(p.question(1, asksRound), "In spring.")
	fault("reply")
	p.approve(janis, 1, asksRound)
	p.kill()
	p.becomes(1, asksRound, "published")
	p.once("In spring.", asked)
	p.rests(1)
	p.give(edgars, p.question(1, asksRound), "correct", map[string]any{"text": "In March."})
	fault("delete")
	p.approve(anna, 1, asksRound)
	p.kill()
	p.once("In March.", asked)
	if all := p.own("In spring."); len(all) > 0 {
		p.Errorf("the former answer stands: %+v", all)
	}
	p.rests(1)
	p.give(anna, p.question(1, asksRound), "retract", map[string]any{"reason": "It is not decided."})
	testenv.Until(p, "the answer is gone", func() bool { return len(p.own("In March.")) == 0 })
	p.becomes(1, asksRound, "retracted")
	other := p.instagram.Write("ilze.ozola", "", "What does it cost?")
	p.give(anna, p.question(2, "What does it cost?"), "decline", map[string]any{"reason": "off_topic"})
	p.becomes(2, "What does it cost?", "declined")
	testenv.Until(p, "it is told", func() bool {
		return slices.ContainsFunc(p.own("@ilze.ozola"), func(c instagramfake.Comment) bool { return c.Parent == other })
	})
	p.tell(anna, "/stop", nil)
	p.close()
}
