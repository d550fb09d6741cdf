package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/youtube/youtubefake"
	"experthour/internal/connector/youtube/youtubetest"
	"experthour/internal/testenv"
)

// tube is an institution that holds its hours under a video.
type tube struct {
	*clerks
	youtube *youtubefake.YouTube
	run     *running
}

// tubeSettings need no token: "bot connect" gets one.
const tubeSettings = `[youtube]
api_url = %[1]q
token_url = "%[1]s/token"
login_url = "%[1]s/o/oauth2/v2/auth"
client_id = %[2]q
client_secret = %[3]q
%[5]s[[public]]
kind = "youtube"
video = %[4]q
look_every = 2
`

// openTube makes one; more is what its place has besides.
func openTube(t *testing.T, more string) *tube {
	t.Helper()
	c, own := joinTube(newClerks(t), "")
	c.configure(c.at.public(plain(realRedis(t), c.at) + own + more))
	c.begin()
	return c
}

// joinTube opens a video for an institution, and says what the configuration has of it, besides
// the line with a token.
func joinTube(of *clerks, token string) (*tube, string) {
	c := &tube{clerks: of, youtube: youtubefake.New(of.T, time.Now)}
	return c, fmt.Sprintf(tubeSettings, youtubetest.Judge(of.T, c.youtube.URL), youtubefake.ClientID, youtubefake.ClientSecret,
		youtubefake.Video, token)
}

func (c *tube) begin() {
	c.Helper()
	c.run = start(c.T, c.at.dir, "run")
	c.at.await()
}

// kill ends the program without warning, and begins anew.
func (c *tube) kill() {
	c.Helper()
	testenv.Kill(c.run.cmd)
	c.begin()
}

// connect lets the program in, as a person does with a browser, while it runs.
func (c *tube) connect() {
	c.Helper()
	if out, _, code := bot(c.T, c.at.dir, "check"); !strings.Contains(out, "bot connect youtube") || code != exitFailed {
		c.Errorf("the check ends with %d:\n%s", code, out)
	}
	by := launch(c.T, command(c.T, c.at.dir, "connect", "youtube"))
	resp, err := http.PostForm("http"+by.line("http"), url.Values{})
	if err != nil || resp.StatusCode != http.StatusOK {
		c.Fatalf("the browser comes back to %v, %v", resp, err)
	}
	_ = resp.Body.Close()
	if err := by.cmd.Wait(); err != nil {
		c.Fatalf("it is not connected: %v", err)
	}
}

// own are the institution's comments with a text.
func (c *tube) own(text string) []youtubefake.Comment {
	return slices.DeleteFunc(c.youtube.Comments(), func(x youtubefake.Comment) bool {
		return x.Author != youtubefake.Self || !strings.Contains(x.Text, text)
	})
}

// once waits for the one comment of the institution with a text.
func (c *tube) once(text string) youtubefake.Comment {
	c.Helper()
	testenv.Until(c, "a comment with "+text, func() bool { return len(c.own(text)) > 0 })
	all := c.own(text)
	if len(all) != 1 {
		c.Fatalf("%q stands %d times", text, len(all))
	}
	return all[0]
}

// TestYouTube lives an hour under a video, and ends the program when a question waits for it, when an
// answer was sent, corrected and taken back, before any of it was recorded.
func TestYouTube(t *testing.T) {
	t.Parallel()
	c := openTube(t, "")
	c.connect()
	c.at.schedule("homes")
	began := c.once("We have started")
	testenv.Kill(c.run.cmd)
	asked := c.youtube.Write("UCilze_0123456789abcdefg", "@ilze", "When is the next round?", "")
	c.begin()
	c.question(1, "When is the next round?")
	other := c.youtube.Write("UCdina_0123456789abcdefg", "@dina", "Is it warm?", began.ID)
	c.question(2, "Is it warm?")
	c.answeredOnce(asked)
	c.takenBackOnce()
	c.tell(anna, "/stop", nil)
	c.give(anna, c.question(2, "Is it warm?"), "decline", map[string]any{"reason": "off_topic"})
	if told := c.once("@dina"); told.Parent != began.ID || !strings.HasPrefix(other, told.Parent) {
		t.Errorf("who asked below the announcement is told %+v", told)
	}
	c.close()
	if over := c.once("The expert hour is over"); !strings.Contains(over.Text, "/s/homes/transcript") || over.Parent != "" {
		t.Errorf("the last comment is %+v", over)
	}
}

// answeredOnce answers and corrects the first question.
func (c *tube) answeredOnce(asked string) {
	c.Helper()
	q := c.question(2, "When is the next round?")
	c.give(anna, q, "accept", nil)
	c.give(edgars, q, "submit", map[string]any{"text": "In spring."})
	c.youtube.Hang("POST /youtube/v3/comments")
	c.approve(janis, 2, "When is the next round?")
	answer := c.once("In spring.")
	c.kill()
	c.becomes(2, "When is the next round?", "published")
	if c.once("In spring."); answer.Parent != asked {
		c.Errorf("the answer is %+v", answer)
	}
	c.give(edgars, q, "correct", map[string]any{"text": "In March."})
	c.youtube.Hang("PUT /youtube/v3/comments")
	c.approve(anna, 2, "When is the next round?")
	c.once("In March.")
	c.kill()
	c.rests(1)
	if now := c.once("In March."); now.ID != answer.ID || len(c.own("In spring.")) > 0 {
		c.Errorf("the correction is %+v, the answer was %+v", now, answer)
	}
}

// takenBackOnce retracts its answer.
func (c *tube) takenBackOnce() {
	c.Helper()
	c.youtube.Hang("DELETE /youtube/v3/comments")
	c.give(anna, c.question(2, "When is the next round?"), "retract", map[string]any{"reason": "It is not decided."})
	testenv.Until(c, "the answer is gone", func() bool { return len(c.own("In March.")) == 0 })
	c.kill()
	c.becomes(2, "When is the next round?", "retracted")
	c.rests(1)
}
