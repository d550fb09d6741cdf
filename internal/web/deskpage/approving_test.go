package deskpage

import (
	"fmt"
	"strings"
	"testing"

	"experthour/internal/session"
)

// TestApproveOneAfterAnother: each approval brings the next preview, which names where each
// copy goes and what a correction changes; what is one's own is left out, and so is what a
// colleague has before them.
func TestApproveOneAfterAnother(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	for i := range 3 {
		k.reviewed(fmt.Sprintf("Who pays %d?", i), "The buyer.")
	}
	own := k.ask("Whose?")
	k.do(anna, session.AcceptQuestion{On: k.on(own)})
	k.do(anna, session.SubmitAnswer{On: k.on(own), Text: "Mine."})
	k.approve(1)
	for _, c := range k.question(1).Copies {
		if c.Due() {
			k.record(session.RecordSent{On: k.on(1), Copy: c.Key(), Brought: c.Wanted, Message: "x"})
		}
	}
	k.do(janis, session.CorrectAnswer{On: k.on(1), Text: "The seller, see https://a.lv/x.", Base: new(1)})
	a := k.as(anna)
	a.get(a.at()).want(t, 200, "/approve", "Approve 4 answers")
	p := a.get(a.at()+"/approve").want(t, 200, "3 answers wait for your approval", `id="q1"`, "<del>buyer", "<ins>seller",
		`<a href="https://a.lv/x" rel="noopener nofollow">https://a.lv/x</a>.`,
		"https://sandbox.example/1", "http://localhost/s/tax/q/1", `data-key="A"`, `data-key="B"`, `data-key="S"`)
	k.as(olga).get(k.as(olga).at()+"/approve").want(t, 200, `id="q2"`)
	for _, n := range []string{"1", "2", "3"} {
		if p = a.get(a.at() + "/approve"); !strings.Contains(p.body, `id="q`+n+`"`) {
			if n == "2" { // Olga has it
				continue
			}
			t.Fatalf("Q%s is not next", n)
		}
		path := a.at() + "/q/" + n + "/approve"
		p = a.post(path, p.form(t, path)).want(t, 200)
		if p.url.Path != a.at()+"/approve" {
			t.Fatalf("leads to %s", p.url)
		}
	}
	if k.question(1).State != session.Approved || k.question(3).State != session.Approved || k.question(2).State != session.Review {
		t.Errorf("%s, %s, %s", k.question(1).State, k.question(2).State, k.question(3).State)
	}
	a.get(a.at()+"/approve?after=2").want(t, 200, "What is left is the 1 answer that you skipped")
	back := a.at() + "/q/2/send_back"
	p = a.get(a.at() + "/approve")
	a.post(back, p.form(t, back)).want(t, 422, `id="q2"`)
}
