package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/flickr/flickrfake"
	"experthour/internal/testenv"
)

// photo is an institution that holds its hours under a photo.
type photo struct {
	*clerks
	flickr *flickrfake.Flickr
	run    *running
}

func openPhoto(t *testing.T) *photo {
	t.Helper()
	p, own := joinPhoto(newClerks(t))
	p.configure(p.at.public(plain(realRedis(t), p.at) + own))
	p.begin()
	return p
}

// joinPhoto opens a photo for an institution, and says what the configuration has of it.
func joinPhoto(c *clerks) (*photo, string) {
	p := &photo{clerks: c, flickr: flickrfake.New(c.T, time.Now)}
	return p, fmt.Sprintf("[flickr]\napi_url = %q\napi_key = %q\napi_secret = %q\ntoken = %q\ntoken_secret = %q\n"+
		"[[public]]\nkind = \"flickr\"\nphoto = %q\n", p.flickr.URL, flickrfake.Key, flickrfake.Secret, flickrfake.Token,
		flickrfake.TokenSecret, flickrfake.Photo)
}

func (p *photo) begin() {
	p.Helper()
	p.run = start(p.T, p.at.dir, "run")
	p.at.await()
}

// kill ends the program without warning, and begins anew.
func (p *photo) kill() {
	p.Helper()
	testenv.Kill(p.run.cmd)
	p.begin()
}

// own are the institution's comments with a text.
func (p *photo) own(text string) []flickrfake.Comment {
	return slices.DeleteFunc(p.flickr.Comments(), func(c flickrfake.Comment) bool {
		return c.Author != flickrfake.Self || !strings.Contains(c.Text, text)
	})
}

// once waits for the one comment of the institution with a text.
func (p *photo) once(text string) flickrfake.Comment {
	p.Helper()
	testenv.Until(p, "a comment with "+text, func() bool { return len(p.own(text)) > 0 })
	all := p.own(text)
	if len(all) != 1 {
		p.Fatalf("%q stands %d times", text, len(all))
	}
	return all[0]
}

// TestFlickr lives an hour under a photo, and ends the program when a question waits for it, when
// an answer was sent and when it was taken back, before either was recorded.
func TestFlickr(t *testing.T) {
	t.Parallel()
	p := openPhoto(t)
	p.at.schedule("homes")
	p.once("We have started")
	testenv.Kill(p.run.cmd)
	asked := p.flickr.Write("35468159852@N01", "Ilze", "When is the next round?")
	p.begin()
	p.question(1, "When is the next round?")
	other := p.flickr.Write("35468159853@N01", "Dina", "Is it warm?")
	p.question(2, "Is it warm?")
	p.flickr.Reword(other, "Is it warm enough?")
	p.question(2, "Is it warm enough?")
	p.answeredOnce(asked)
	p.takenBackOnce()
	p.tell(anna, "/stop", nil)
	p.give(anna, p.question(2, "Is it warm enough?"), "decline", map[string]any{"reason": "off_topic"})
	p.close()
	if over := p.once("The expert hour is over"); !strings.Contains(over.Text, "/s/homes/transcript") {
		t.Errorf("the last comment is %q", over.Text)
	}
}

// answeredOnce answers and corrects the first question.
func (p *photo) answeredOnce(asked string) {
	p.Helper()
	q := p.question(2, "When is the next round?")
	p.give(anna, q, "accept", nil)
	accepted := p.once("is accepted")
	p.give(edgars, q, "submit", map[string]any{"text": "In spring."})
	p.rests(1)
	p.flickr.Hang("flickr.photos.comments.editComment")
	p.approve(janis, 2, "When is the next round?")
	answer := p.once("In spring.")
	p.kill()
	p.becomes(2, "When is the next round?", "published")
	p.once("is answered ↑")
	link := "#comment" + asked[strings.LastIndex(asked, "-")+1:]
	if answer.ID != accepted.ID || !strings.HasPrefix(answer.Text, "Ilze: ") || !strings.Contains(answer.Text, link) {
		p.Errorf("the answer is %+v, the acceptance was %+v", answer, accepted)
	}
	p.give(edgars, q, "correct", map[string]any{"text": "In March."})
	p.approve(anna, 2, "When is the next round?")
	if now := p.once("In March."); now.ID != answer.ID || len(p.own("In spring.")) > 0 {
		p.Errorf("the correction is %+v, the answer was %+v", now, answer)
	}
	p.rests(1)
}

// takenBackOnce retracts its answer.
func (p *photo) takenBackOnce() {
	p.Helper()
	p.flickr.Hang("flickr.photos.comments.deleteComment")
	p.give(anna, p.question(2, "When is the next round?"), "retract", map[string]any{"reason": "It is not decided."})
	testenv.Until(p, "the answer is gone", func() bool { return len(p.own("In March.")) == 0 })
	p.kill()
	p.becomes(2, "When is the next round?", "retracted")
	p.rests(1)
}
