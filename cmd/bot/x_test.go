package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/x/xfake"
	"experthour/internal/testenv"
)

// xAccount is an institution that holds its hours at X.
type xAccount struct {
	*clerks
	x   *xfake.X
	run *running
}

func openAccount(t *testing.T) *xAccount {
	t.Helper()
	a, own := joinAccount(newClerks(t))
	a.configure(a.at.public(plain(realRedis(t), a.at) + own))
	a.begin()
	return a
}

// joinAccount opens X for an institution, and says what the configuration has of it.
func joinAccount(c *clerks) (*xAccount, string) {
	a := &xAccount{clerks: c, x: xfake.New(c.T, time.Now)}
	return a, fmt.Sprintf("[x]\napi_url = %q\napi_key = %q\napi_secret = %q\ntoken = %q\ntoken_secret = %q\n[[public]]\nkind = \"x\"\n",
		a.x.URL, xfake.Key, xfake.Secret, xfake.Token, xfake.TokenSecret)
}

func (a *xAccount) begin() {
	a.Helper()
	a.run = start(a.T, a.at.dir, "run")
	a.at.await()
}

// kill ends the program without warning, and begins anew.
func (a *xAccount) kill() {
	a.Helper()
	testenv.Kill(a.run.cmd)
	a.begin()
}

// own are the institution's posts with a text.
func (a *xAccount) own(text string) []xfake.Post {
	return slices.DeleteFunc(a.x.Posts(), func(p xfake.Post) bool {
		return p.Author != xfake.Self || !strings.Contains(p.Text, text)
	})
}

// once waits for the one post of the institution with a text.
func (a *xAccount) once(text string) xfake.Post {
	a.Helper()
	testenv.Until(a, "a post with "+text, func() bool { return len(a.own(text)) > 0 })
	all := a.own(text)
	if len(all) != 1 {
		a.Fatalf("%q stands %d times", text, len(all))
	}
	return all[0]
}

// TestX lives an hour at X, and ends the program when a question waits for it, when an answer was
// sent and when it was taken back, before either was recorded.
func TestX(t *testing.T) {
	t.Parallel()
	a := openAccount(t)
	a.at.schedule("homes")
	news := a.once("We have started")
	testenv.Kill(a.run.cmd)
	asked := a.x.Write("2244994945", "@iestade When is the next round?")
	a.begin()
	a.question(1, "When is the next round?")
	other := a.x.Under(news.ID, "2244994946", "Is it warm, @iestade?")
	a.question(2, "Is it warm, ?")
	a.x.Under(news.ID, "2244994947", "Is it far?")
	a.question(3, "Is it far?")
	a.answered(asked)
	a.takenBack()
	a.elsewhere()
	a.tell(anna, "/stop", nil)
	a.give(anna, a.question(3, "Is it warm, ?"), "decline", map[string]any{"reason": "off_topic"})
	testenv.Until(a, "who asked is told", func() bool {
		return slices.ContainsFunc(a.x.Posts(), func(p xfake.Post) bool { return p.Author == xfake.Self && p.ReplyTo == other })
	})
}

// answered answers the first question, and corrects the answer, which is a new post.
func (a *xAccount) answered(asked string) {
	a.Helper()
	q := a.question(3, "When is the next round?")
	a.give(anna, q, "accept", nil)
	a.give(edgars, q, "submit", map[string]any{"text": "In spring."})
	a.x.Hang(xfake.Create)
	a.approve(janis, 3, "When is the next round?")
	answer := a.once("In spring.")
	a.kill()
	a.becomes(3, "When is the next round?", "published")
	if a.once("In spring."); answer.ReplyTo != asked {
		a.Errorf("the answer is %+v", answer)
	}
	a.give(edgars, q, "correct", map[string]any{"text": "In March."})
	a.approve(anna, 3, "When is the next round?")
	if now := a.once("In March."); now.ReplyTo != asked || now.ID == answer.ID || len(a.own("In spring.")) > 0 {
		a.Errorf("the correction is %+v, the answer was %+v", now, answer)
	}
	a.rests(1)
}

// takenBack retracts its answer.
func (a *xAccount) takenBack() {
	a.Helper()
	a.x.Hang(xfake.Delete)
	a.give(anna, a.question(3, "When is the next round?"), "retract", map[string]any{"reason": "It is not decided."})
	testenv.Until(a, "the answer is gone", func() bool { return len(a.own("In March.")) == 0 })
	a.kill()
	a.becomes(3, "When is the next round?", "retracted")
	a.rests(1)
}

// elsewhere answers one who did not mention the account: X refuses, and a person is told what to do.
func (a *xAccount) elsewhere() {
	a.Helper()
	q := a.question(3, "Is it far?")
	a.give(anna, q, "accept", nil)
	a.give(edgars, q, "submit", map[string]any{"text": "Nearby."})
	a.approve(janis, 3, "Is it far?")
	testenv.Until(a, "the desk is told", func() bool { return strings.Contains(fmt.Sprint(a.question(3, "Is it far?")), "Answer elsewhere") })
	if len(a.own("Nearby.")) > 0 {
		a.Error("it stands at X")
	}
}
