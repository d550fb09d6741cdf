package deskpage

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/session"
)

// TestAnHourOnTheDesk walks the main path through the forms alone.
func TestAnHourOnTheDesk(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays the tax?")
	a, j := k.as(anna), k.as(janis)
	press := func(b *browser, verb session.Verb, typed url.Values) shown {
		form := b.get(b.at()).form(t, b.at()+"/q/"+itoa(n)+"/"+string(verb))
		for name, v := range typed {
			form[name] = v
		}
		p := b.press(n, verb, form).want(t, 200, `role="status" id="flash"`)
		if p.url.Fragment != "q"+itoa(n) {
			t.Errorf("%s leads to %s", verb, p.url)
		}
		return p
	}
	press(a, session.Accept, nil)
	press(j, session.Claim, nil)
	press(j, session.Submit, url.Values{"text": {"The seller."}})
	press(a, session.SendBack, url.Values{"comment": {"Is that so?"}})
	j.get(j.at()).want(t, 200, "Is that so?")
	press(j, session.Submit, url.Values{"text": {"The buyer."}})
	a.get(a.at()).want(t, 200, "<del>seller.</del>", "<ins>buyer.</ins>", "This is exactly what will be public", "of 500 characters")
	press(a, session.Approve, nil)
	for _, c := range k.question(n).Copies {
		k.record(session.RecordSent{On: k.on(n), Copy: c.Key(), Brought: c.Wanted, Message: "m", URL: "https://sandbox.example/p"})
	}
	a.get(a.at()).want(t, 200, "Published", `href="http://localhost/s/tax/q/1"`, `href="https://sandbox.example/p"`)
	press(j, session.Correct, url.Values{"text": {"The buyer, always."}})
	c := a.get(a.at()).want(t, 200, "Correction to approve", "<ins>")
	if strings.Index(c.body, "<ins>") > strings.Index(c.body, "This is exactly what will be public") {
		t.Error("what a correction changes stands under the heading of what will be public")
	}
	press(a, session.Keep, nil)
	press(a, session.AddNote, url.Values{"text": {"ask finance"}})
	press(a, session.Retract, url.Values{"reason": {"wrong"}})
	press(a, session.Restore, nil)
	press(a, session.Decline, url.Values{"reason": {"off_topic"}, "remark": {"third time"}})
	a.get(a.at()).want(t, 200, "Not about the topic.", "third time")
	press(a, session.Restore, nil)
	press(a, session.Redirect, url.Values{"institution": {"City of Riga"}})
	press(a, session.Withdraw, url.Values{"reason": {"asked by mail"}})
	a.get(a.at()).want(t, 200, "Removed at the asker’s request").without(t, "Who pays the tax?", "ask finance", "City of Riga")
}

func TestTheLoserReadsWhoWasFaster(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.reviewed("Who pays?", "The buyer.")
	a, o := k.as(anna), k.as(olga)
	forms := []url.Values{a.get(a.at()).form(t, a.at()+"/q/1/approve"), {"comment": {"No."}}}
	pages := make([]shown, 2)
	var ready, done sync.WaitGroup
	ready.Add(2)
	press := func(i int, b *browser, verb session.Verb) {
		ready.Done()
		ready.Wait() // both press at once
		pages[i] = b.press(n, verb, forms[i])
	}
	done.Go(func() { press(0, a, session.Approve) })
	done.Go(func() { press(1, o, session.SendBack) })
	done.Wait()
	q := k.question(n)
	switch {
	case q.By(session.Approve).Name == anna && pages[0].status == 200 && q.State == session.Approved:
		pages[1].want(t, 409, "Q1: Already approved by Anna Bērziņa.", `role="alert" id="flash"`, ">No.</textarea>")
	case q.By(session.SendBack).Name == olga && pages[1].status == 200 && q.By(session.Approve).Name == "":
		pages[0].want(t, 409, "Q1: Already sent back by Olga Liepa.", `role="alert" id="flash"`)
	case pages[0].status == 200 && pages[1].status == 200: // approved, then sent back from approved: both in order
	default:
		t.Errorf("%s: %d %d\n%s\n%s", q.State, pages[0].status, pages[1].status, pages[0].text(), pages[1].text())
	}
}

func TestTwoModeratorsDeclineAndAccept(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	a, o := k.as(anna), k.as(olga)
	a.press(n, session.Decline, url.Values{"reason": {"off_topic"}}).want(t, 200, "Q1: declined.")
	o.press(n, session.Accept, url.Values{"wording": {"1"}}).want(t, 409, "Q1: Already declined by Anna Bērziņa.", `href="#q1"`)
	o.press(n, session.Decline, url.Values{"reason": {"off_topic"}}).want(t, 200, "Q1: Already declined by Anna Bērziņa.")
}

func TestClaimCarriesTheHolderThatWasSeen(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	a := k.as(anna)
	form := a.get(a.at()).form(t, a.at()+"/q/1/claim")
	k.do(janis, session.ClaimQuestion{On: k.on(n)})
	a.press(n, session.Claim, form).want(t, 409, "Jānis Kalniņš is already answering this.", "Take over from Jānis Kalniņš")
}

func TestStalePreviewSaysWhatChanged(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.reviewed("Who pays?", "The buyer.")
	a := k.as(anna)
	form := a.get(a.at()).form(t, a.at()+"/q/1/approve")
	k.do(anna, session.MergeQuestion{On: k.on(k.ask("And who pays?")), Into: n})
	p := a.press(n, session.Approve, form).want(t, 409, "has changed since you looked", "New: Sandbox place.")
	if k.question(n).Wanted != 0 {
		t.Error("approved all the same")
	}
	again := p.form(t, a.at()+"/q/1/approve")
	k.do(janis, session.SubmitAnswer{On: k.on(n), Text: "The seller."})
	a.press(n, session.Approve, again).want(t, 409, "Jānis Kalniņš has written a newer version",
		"Another text: Public page.", "<ins>seller.</ins>")
}

func TestWhatWasTypedIsKept(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	j := k.as(janis)
	form := j.get(j.at()).form(t, j.at()+"/q/1/submit")
	k.do(anna, session.SubmitAnswer{On: k.on(n), Text: "Anna was faster."})
	form.Set("text", "My <b>long</b> answer.\nSecond line.")
	p := j.press(n, session.Submit, form)
	if p.status != 409 || !strings.Contains(p.body, html.EscapeString("My <b>long</b> answer.\nSecond line.")) {
		t.Errorf("%d: the text was lost:\n%s", p.status, p.body)
	}
	a := k.as(anna)
	a.press(n, session.Submit, url.Values{"text": {"Mine."}, "base": {"0"}}).want(t, 409, ">\nMine.</textarea>",
		"Anna was faster.", `name="base" value="1"`)
	a.press(n, session.SendBack, url.Values{"comment": {" "}}).want(t, 422, "Please say what should change.")
	a.press(n, session.Decline, url.Values{"reason": {"none"}, "remark": {"keep me"}}).want(t, 422, `value="keep me"`)
	a.press(n, session.Redirect, url.Values{"institution": {strings.Repeat("x", 201)}}).want(t, 422, strings.Repeat("x", 201),
		`<p class="field-error" id="q1-redirect-institution-error">`)
	a.press(n, session.Merge, url.Values{"other": {"abc"}}).want(t, 422, `value="abc"`, "whole number")
	a.press(n, session.Merge, nil).want(t, 422, "whole number")
}

func TestStoreAwayKeepsTheText(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	j := k.as(janis)
	k.store.Break(errBroken)
	p := j.press(n, session.Submit, url.Values{"text": {"A long\nanswer"}, "base": {"0"}}).want(t, 503, "This was not saved", "A long\nanswer",
		`name="base" value="0"`, "Try again")
	if p.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	j.get(j.at()).want(t, 503, "cannot save")
	k.store.Break(nil)
	j.press(n, session.Submit, url.Values{"text": {"A long\nanswer"}, "base": {"0"}}).want(t, 200, "submitted")
}

var errBroken = session.Fail(session.Unavailable, "unavailable")

func TestParkedCopiesAreSettled(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	for _, c := range []struct {
		problem session.Problem
		verb    session.Verb
		want    string
	}{
		{session.Unsure, session.IsOut, "noted that it is out"},
		{session.Unsure, session.SendAgain, "being sent again"},
		{session.RefusedIt, session.Retry, "being sent again"},
		{session.RefusedIt, session.Drop, "nothing more is sent"},
	} {
		n := k.reviewed("Who pays?", "The buyer.")
		k.approve(n)
		key := k.park(n, c.problem)
		a, j := k.as(anna), k.as(janis)
		j.get(j.at()).without(t, "/q/"+itoa(n)+"/"+string(c.verb))
		form := a.get(a.at()+"?show=parked").want(t, 200, "no answer").form(t, a.at()+"/q/"+itoa(n)+"/"+string(c.verb))
		form.Set("url", "https://sandbox.example/found")
		a.press(n, c.verb, form).want(t, 200, c.want)
		cp, _ := k.question(n).Copy(key)
		if cp.Parked() {
			t.Errorf("%s: still parked", c.verb)
		}
		if c.verb == session.IsOut && cp.URL != "https://sandbox.example/found" {
			t.Errorf("link %q", cp.URL)
		}
		a.press(n, c.verb, form).want(t, 409, "already decided")
	}
}

func TestSelfApprovalIsAnExceptionThatEverybodySees(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	k.do(anna, session.SubmitAnswer{On: k.on(n), Text: "I know."})
	a := k.as(anna)
	a.get(a.at()).want(t, 200, "nobody approves their own answer").without(t, "/q/1/approve")
	a.post(a.at()+"/allow_self_approval", url.Values{"reason": {""}}).want(t, 422, "give a reason")
	p := a.post(a.at()+"/allow_self_approval", url.Values{"reason": {"colleague is ill"}}).want(t, 200, "“colleague is ill”",
		"Approve my own answer (exception)")
	a.press(n, session.Approve, p.form(t, a.at()+"/q/1/approve")).want(t, 200, "approved")
}

func TestAnExpertApprovesAnEditOfTheirAnswer(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.reviewed("Who pays?", "The byer.")
	k.do(anna, session.SubmitAnswer{On: k.on(n), Text: "The buyer."})
	j := k.as(janis)
	j.press(n, session.Approve, j.get(j.at()).form(t, j.at()+"/q/1/approve")).want(t, 200, "approved")
}

func TestTheBoardWatchesTheClock(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	a := k.as(anna)
	a.get(a.at()).want(t, 200, "60 min left", "waits less than a minute").without(t, "wait late", "board-prompt")
	k.pass(4 * time.Minute)
	a.get(a.at()).want(t, 200, "56 min left", "waits 4 min", `href="#q1">Q1, 4 min`).without(t, "wait late")
	k.pass(5 * time.Minute)
	a.get(a.at()).want(t, 200, "51 min left", "waits 9 min, too long", `href="#q1">Q1, 9 min`)
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	k.do(janis, session.ClaimQuestion{On: k.on(n)})
	k.pass(4 * time.Minute)
	a.get(a.at()).want(t, 200, "waits 4 min", "Jānis Kalniņš: Q1").without(t, "wait late")
	k.pass(42 * time.Minute)
	a.get(a.at()).want(t, 200, "5 min left", "board-prompt", "Extend 15 min", "Stop now")
	a.post(a.at()+"/extend", url.Values{"minutes": {"15"}}).want(t, 200, "20 min left").without(t, "board-prompt")
	a.post(a.at()+"/pause", nil).want(t, 200, "Publishing is paused: only withdrawals and retractions go out", "Resume publishing")
	a.post(a.at()+"/pause", nil).want(t, 200, "That was already done.")
	k.as(olga).post("/desk/olga-liepa/tax/pause", nil).want(t, 200, "Already paused by Anna Bērziņa.")
}

func TestACorrectionKeepsThePublicText(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.published("Who pays?", "The byer.")
	j := k.as(janis)
	form := j.get(j.at()+"?show=published").want(t, 200, "The public text stays until").form(t, j.at()+"/q/1/correct")
	j.press(n, session.Correct, form).want(t, 422, "Please write the answer.")
	form.Set("text", "The byer.")
	j.press(n, session.Correct, form).want(t, 422, "the text that is public now")
	form.Set("text", "The buyer.")
	j.press(n, session.Correct, form).want(t, 200, "correction submitted")
	if text, _, ok := k.question(n).Public(); text != "The byer." || !ok {
		t.Errorf("public: %q", text)
	}
}

// TestWithdrawingForSomebodyAsksFirst: what cannot be undone lies behind a fold of
// its own, with a button that says so.
func TestWithdrawingForSomebodyAsksFirst(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	a := k.as(anna)
	fold := regexp.MustCompile(`(?s)<details><summary>Withdraw …</summary><form method="post" id="q1-withdraw" action="` + a.at() +
		`/q/1/withdraw">.*?Withdraw the question</button>`)
	if p := a.get(a.at()).want(t, 200, "cannot be undone"); !fold.MatchString(p.body) {
		t.Error("the button that withdraws stands in the open")
	}
	a.press(n, session.Withdraw, url.Values{"reason": {"asked by mail"}}).want(t, 200, "withdrawn. Its text and data are erased.")
}
