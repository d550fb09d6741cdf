package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/facebook/facebookfake"
	"experthour/internal/testenv"
)

// fanPage is an institution that holds its hours on a Page.
type fanPage struct {
	*clerks
	page *facebookfake.Page
	run  *running
}

func openFanPage(t *testing.T) *fanPage {
	t.Helper()
	p, own := joinFanPage(newClerks(t))
	p.configure(p.at.public(plain(realRedis(t), p.at) + own))
	p.begin()
	return p
}

// joinFanPage opens a Page for an institution, and says what the configuration has of it.
func joinFanPage(c *clerks) (*fanPage, string) {
	p := &fanPage{clerks: c, page: facebookfake.New(c.T, time.Now)}
	return p, fmt.Sprintf("[facebook]\napi_url = %q\napp_id = %q\napp_secret = %q\npage_token = %q\nverify_token = %q\n"+
		"[[public]]\nkind = \"facebook\"\npage = %q\n", p.page.URL, facebookfake.AppID, facebookfake.AppSecret,
		facebookfake.Token, facebookfake.VerifyToken, facebookfake.Self)
}

func (p *fanPage) begin() {
	p.Helper()
	p.run = start(p.T, p.at.dir, "run")
	p.at.await()
}

// kill ends the program without warning, and begins anew.
func (p *fanPage) kill() {
	p.Helper()
	testenv.Kill(p.run.cmd)
	p.begin()
}

// own is what the Page wrote with a text.
func (p *fanPage) own(text string) []facebookfake.Node {
	return slices.DeleteFunc(p.page.Nodes(), func(n facebookfake.Node) bool {
		return n.From != facebookfake.Self || !strings.Contains(n.Text, text)
	})
}

// once waits for the one post or comment of the Page with a text.
func (p *fanPage) once(text string) facebookfake.Node {
	p.Helper()
	testenv.Until(p, "a post with "+text, func() bool { return len(p.own(text)) > 0 })
	all := p.own(text)
	if len(all) != 1 {
		p.Fatalf("%q stands %d times", text, len(all))
	}
	return all[0]
}

// call has Facebook call the webhook, and gives the status and what is answered.
func (p *fanPage) call(method, query, signature string, body []byte) (int, string) {
	p.Helper()
	r, err := http.NewRequestWithContext(p.Context(), method, p.at.base+"/webhooks/facebook/facebook"+query, bytes.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set("X-Hub-Signature-256", signature)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	said, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(said)
}

// TestFacebook lives an hour on a Page, and ends the program when it was announced, when a question
// waits for it, when an answer was sent and when it was taken back, before any of that was recorded.
func TestFacebook(t *testing.T) {
	t.Parallel()
	p := openFanPage(t)
	p.page.Hang("POST page/feed")
	p.at.schedule("homes")
	p.once("We have started")
	p.kill()
	post := p.once("We have started")
	testenv.Kill(p.run.cmd)
	asked := p.page.Write(post.ID, "7100000000000000001", "Ilze", "When is the next round?")
	p.begin()
	p.question(1, "When is the next round?")
	p.toldOf(post)
	p.answeredOnce(asked)
	p.takenBackOnce()
	p.tell(anna, "/stop", nil)
	p.give(anna, p.question(2, "Is it warm enough?"), "decline", map[string]any{"reason": "off_topic"})
	p.close()
	if over := p.once("The expert hour is over"); !strings.Contains(over.Text, "/s/homes/transcript") || over.Post != "" {
		t.Errorf("the last post is %+v", over)
	}
}

// toldOf brings the second question, and its edit, by the webhook, which is repeated, out of order, and called by somebody else too.
func (p *fanPage) toldOf(post facebookfake.Node) {
	p.Helper()
	q := "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
	if status, said := p.call(http.MethodGet, q+facebookfake.VerifyToken, "", nil); status != http.StatusOK || said != "1158201444" {
		p.Errorf("the challenge is answered %d %q", status, said)
	}
	if status, _ := p.call(http.MethodGet, q+"x", "", nil); status != http.StatusForbidden {
		p.Errorf("another word is answered %d", status)
	}
	other := p.page.Write(post.ID, "7100000000000000002", "Dina", "Is it warm?")
	first, signed := p.page.Call(p.page.Happened(other, "add"))
	p.page.Reword(other, "Is it warm enough?")
	then, signature := p.page.Call(p.page.Happened(other, "edited"))
	if status, _ := p.call(http.MethodPost, "", signed, then); status != http.StatusUnauthorized {
		p.Errorf("a wrong signature is answered %d", status)
	}
	for range 2 {
		_, _ = p.call(http.MethodPost, "", signature, then)
		if status, _ := p.call(http.MethodPost, "", signed, first); status != http.StatusOK {
			p.Errorf("a call is answered %d", status)
		}
	}
	p.question(2, "Is it warm enough?")
}

// answeredOnce answers and corrects the first question.
func (p *fanPage) answeredOnce(asked string) {
	p.Helper()
	q := p.question(2, "When is the next round?")
	p.give(anna, q, "accept", nil)
	accepted := p.once("is accepted")
	p.give(edgars, q, "submit", map[string]any{"text": "In spring."})
	p.rests(1)
	p.page.Hang("POST comment")
	p.approve(janis, 2, "When is the next round?")
	answer := p.once("In spring.")
	p.kill()
	p.becomes(2, "When is the next round?", "published")
	p.once("is answered ↑")
	if answer.ID != accepted.ID || answer.Parent != asked {
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
func (p *fanPage) takenBackOnce() {
	p.Helper()
	p.page.Hang("DELETE comment")
	p.give(anna, p.question(2, "When is the next round?"), "retract", map[string]any{"reason": "It is not decided."})
	testenv.Until(p, "the answer is gone", func() bool { return len(p.own("In March.")) == 0 })
	p.kill()
	p.becomes(2, "When is the next round?", "retracted")
	p.rests(1)
}
