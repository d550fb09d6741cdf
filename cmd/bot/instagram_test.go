package main

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/instagram/instagramfake"
	"experthour/internal/testenv"
)

// gallery is an institution that holds its hours under posts of its own at Instagram.
type gallery struct {
	*clerks
	instagram *instagramfake.Instagram
	run       *running
}

// openGallery opens one with the lines of its place: the number of a post, or none.
func openGallery(t *testing.T, place string, fault func(*instagramfake.Instagram)) *gallery {
	t.Helper()
	p, own := joinGallery(newClerks(t), place)
	fault(p.instagram)
	p.configure(p.at.public(plain(realRedis(t), p.at) + own))
	p.begin()
	p.at.schedule("homes")
	return p
}

// ownPicture is the place of hours that are held under a post of its own.
var ownPicture = fmt.Sprintf("media = %q\n", instagramfake.Media)

// joinGallery opens an account for an institution, and says what the configuration has of it.
func joinGallery(c *clerks, place string) (*gallery, string) {
	p := &gallery{clerks: c, instagram: instagramfake.New(c.T, time.Now)}
	return p, fmt.Sprintf("[instagram]\napi_url = %q\ntoken = %q\n[[public]]\nkind = \"instagram\"\n", p.instagram.URL,
		instagramfake.Token) + place
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
			p := openGallery(t, ownPicture, func(*instagramfake.Instagram) {})
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

// TestInstagramAnnounces announces an hour by a post with a picture, ends the program while that is
// published, and has a question under it.
func TestInstagramAnnounces(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(*instagramfake.Instagram, string){"done": (*instagramfake.Instagram).Hang,
		"not done": (*instagramfake.Instagram).Stall} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openGallery(t, "", func(f *instagramfake.Instagram) { fault(f, "publish") })
			p.kill()
			p.announced()
		})
	}
}

// announced wants one post, and answers a question under it; the end of the hour is not told.
func (p *gallery) announced() {
	p.Helper()
	testenv.Until(p, "the hour is announced", func() bool { return len(p.instagram.Posts()) > 0 })
	post := p.instagram.Posts()[0]
	drawn, err := jpeg.DecodeConfig(bytes.NewReader(post.Picture))
	if err != nil || drawn.Width != 1080 || !strings.Contains(post.Caption, "We have started") ||
		!strings.Contains(post.Alt, "Ministry of Examples") {
		p.Errorf("it has a picture of %d (%v), %q and %q", drawn.Width, err, post.Caption, post.Alt)
	}
	asked := p.instagram.Write("ilze.ozola", post.ID, asksRound)
	p.submit(p.question(1, asksRound), "In spring.")
	p.approve(janis, 1, asksRound)
	p.once("In spring.", asked)
	p.rests(1)
	p.tell(anna, "/stop", nil)
	p.close()
	if n := len(p.instagram.Posts()); n != 1 {
		p.Errorf("%d posts stand", n)
	}
}
