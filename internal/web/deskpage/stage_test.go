package deskpage

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
)

// TestNothingIsDecidedOnAnOldPage: two moderators have the same question before them;
// the slower one reads what became of it, and may then decide again.
func TestNothingIsDecidedOnAnOldPage(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	a, o := k.as(anna), k.as(olga)
	old := o.get(o.at())
	a.press(n, session.Accept, a.get(a.at()).form(t, a.at()+"/q/1/accept")).want(t, 200)
	form := old.form(t, o.at()+"/q/1/decline")
	form.Set("reason", "off_topic")
	p := o.press(n, session.Decline, form).want(t, 409, "Already accepted by Anna Bērziņa. The question is now: Waiting for an expert.")
	if q := k.question(n); q.State != session.Queued {
		t.Fatalf("it is %s", q.State)
	}
	again := p.form(t, o.at()+"/q/1/decline")
	again.Set("reason", "off_topic")
	o.press(n, session.Decline, again).want(t, 200, "declined")
}

// TestTheSlowerOneReadsItAtTheCard: who was faster stands at the card that was pressed, also
// where the same was done already and where the card would be folded.
func TestTheSlowerOneReadsItAtTheCard(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	a, o := k.as(anna), k.as(olga)
	old := o.get(o.at())
	form := a.get(a.at()).form(t, a.at()+"/q/1/decline")
	form.Set("reason", "off_topic")
	a.press(n, session.Decline, form).want(t, 200)
	atCard := func(p shown, text string) {
		t.Helper()
		_, card, _ := strings.Cut(p.body, `id="q1"`)
		_, problem, ok := strings.Cut(card, `id="problem"`)
		problem, _, _ = strings.Cut(problem, "</article>")
		if folded := strings.Contains(card, `<summary><span class="number">Q1`); !ok || folded || !strings.Contains(problem, text) {
			t.Errorf("at the card stands %q, want %q", problem, text)
		}
	}
	same := old.form(t, o.at()+"/q/1/decline")
	same.Set("reason", "off_topic")
	atCard(o.press(n, session.Decline, same).want(t, 200), "Anna Bērziņa")
	atCard(o.press(n, session.Accept, old.form(t, o.at()+"/q/1/accept")).want(t, 409), "Already declined by Anna Bērziņa")
}

// TestEveryFormCarriesWhatWasSeen reads the pages of a question in every state.
func TestEveryFormCarriesWhatWasSeen(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("Received about land?")
	k.do(anna, session.AcceptQuestion{On: k.on(k.ask("Queued about cars?"))})
	claimed := k.ask("Claimed about bread?")
	k.do(anna, session.AcceptQuestion{On: k.on(claimed)})
	k.do(janis, session.ClaimQuestion{On: k.on(claimed)})
	k.reviewed("In review about fish?", "Perhaps.")
	k.approve(k.reviewed("Approved about wood?", "Yes."))
	k.published("Published about boats?", "No.")
	k.do(anna, session.DeclineQuestion{On: k.on(k.ask("Declined about the weather?")), Reason: "off_topic"})
	parked := k.published("Parked about dogs?", "Yes.")
	k.park(parked, session.RefusedIt)
	form := regexp.MustCompile(`(?s)<form[^>]*action="[^"]*/q/(\d+)/([a-z_]+)".*?</form>`)
	for _, who := range []session.PersonName{anna, janis} {
		b := k.as(who)
		for _, path := range []string{"", "?show=published", "?show=settled", "?show=parked", "/triage", "/q/1/merge"} {
			p := b.get(b.at()+path).want(t, 200)
			for _, m := range form.FindAllStringSubmatch(p.body, -1) {
				q := k.question(atoi(t, m[1]))
				if want := fmt.Sprintf(`name="stage" value="%s"`, q.Stage()); !strings.Contains(m[0], want) {
					t.Errorf("%s, %s: the form for %s of Q%s lacks %s", who, path, m[2], m[1], want)
				}
			}
		}
	}
}

// TestNothingIsDecidedAboutAnHourOnAnOldPage: every form about the hour carries what its
// reader saw, so that the slower of two people reads what became of it and decides again.
func TestNothingIsDecidedAboutAnHourOnAnOldPage(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("Who pays?")
	a, o := k.as(anna), k.as(olga)
	old := o.get(o.at())
	for _, verb := range []string{"extend", "pause", "stop", "allow_self_approval"} {
		if old.form(t, o.at()+"/"+verb).Get("stage") == "" {
			t.Errorf("the form for %s does not say what was seen", verb)
		}
	}
	const faster = "Already extended by Anna Bērziņa. The expert hour is now: Open, Sunday, 22 November 2026, 14:00–15:30."
	k.pass(time.Second)
	longer := a.get(a.at()).form(t, a.at()+"/extend")
	longer.Set("minutes", "30")
	a.post(a.at()+"/extend", longer).want(t, 200, "has been extended")
	a.post(a.at()+"/extend", longer).want(t, 200, "That was already done.") // not twice
	p := o.post(o.at()+"/stop", old.form(t, o.at()+"/stop")).want(t, 409, faster)
	o.post(o.at()+"/stop", p.form(t, o.at()+"/stop")).want(t, 200, "No more questions are taken.")
	list := a.get(a.at() + "/close")
	k.pass(time.Second)
	o.post(o.at()+"/pause", old.form(t, o.at()+"/pause")).want(t, 200, "Publishing is paused")
	force := list.form(t, a.at()+"/close")
	force.Set("reason", "Fire alarm")
	a.post(a.at()+"/settle", list.form(t, a.at()+"/settle")).want(t, 409, "Already paused by Olga Liepa.")
	a.post(a.at()+"/close", force).want(t, 409, "Publishing is paused, so", `value="Fire alarm"`)
}

// TestClosingSettlesOnlyWhatWasSeen: a question that somebody answers while the list is
// read does not get "not reached".
func TestClosingSettlesOnlyWhatWasSeen(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	k.session(session.StopSession{})
	a := k.as(anna)
	list := a.get(a.at()+"/close").form(t, a.at()+"/settle")
	list.Set("q", itoa(n))
	list.Set("outcome", session.NotReached)
	k.do(janis, session.SubmitAnswer{On: k.on(n), Text: "The buyer."})
	a.post(a.at()+"/settle", list).want(t, 409, "To approve")
	if q := k.question(n); q.State != session.Review {
		t.Errorf("it is %s", q.State)
	}
}

// TestDraftsOfTheChatAreOnThePage, and a form that was filled in without them waits
// until its writer has seen them.
func TestDraftsOfTheChatAreOnThePage(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	k.do(janis, session.ClaimQuestion{On: k.on(n)})
	a, j := k.as(anna), k.as(janis)
	old := j.get(j.at()).form(t, j.at()+"/q/1/submit")
	k.do(janis, session.WriteMessage{On: k.on(n), Message: "m1", At: k.now(),
		Lines: []session.ChatLine{{Text: "The buyer pays, says the chat."}}})
	a.get(a.at()).want(t, 200, "Draft by Jānis Kalniņš", "The buyer pays, says the chat.")
	old.Set("text", "The seller.")
	p := j.press(n, session.Submit, old).want(t, 409, "has written more since you opened this", "The buyer pays, says the chat.",
		">\nThe seller.</textarea>")
	if q := k.question(n); q.State != session.Claimed || q.Draft() == "" {
		t.Fatalf("it is %s with the draft %q", q.State, q.Draft())
	}
	again := p.form(t, j.at()+"/q/1/submit")
	again.Set("text", "The seller.")
	j.press(n, session.Submit, again).want(t, 200, "submitted")
}

// TestAnOldCommentIsGone with the revision that it was about, whatever made the next one.
func TestAnOldCommentIsGone(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.reviewed("Who pays?", "The buyer.")
	k.do(anna, session.SendBackAnswer{On: k.on(n), Comment: "Is that so?"})
	j := k.as(janis)
	j.get(j.at()).want(t, 200, "Is that so?")
	k.pass(time.Second)
	k.do(janis, session.WriteMessage{On: k.on(n), Message: "m1", At: k.now(), Lines: []session.ChatLine{{Text: "It is."}}})
	k.do(janis, session.SettleDraft{On: k.on(n)})
	k.do(janis, session.TakeBackAnswer{On: k.on(n)})
	j.get(j.at()).want(t, 200, "It is.").without(t, "Is that so?")
}

// TestTheAPINamesAndTakesTheStage that a program saw.
func TestTheAPINamesAndTakesTheStage(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	_, list := k.api(anna, "GET", "/tax/questions", "")
	seen := list["questions"].([]any)[0].(map[string]any)["stage"]
	k.do(olga, session.AcceptQuestion{On: k.on(n)})
	status, p := k.api(anna, "POST", "/tax/questions/1/decline", fmt.Sprintf(`{"reason":"off_topic","stage":%q}`, seen))
	if status != 409 || p["code"] != "already" || !strings.Contains(fmt.Sprint(p["detail"]), "Already accepted by Olga Liepa.") {
		t.Errorf("%d %v", status, p)
	}
	if status, p = k.api(anna, "POST", "/tax/questions/1/send_back", `{}`); status == 200 {
		t.Errorf("%d %v", status, p)
	}
	k.do(janis, session.SubmitAnswer{On: k.on(n), Text: "The buyer."})
	if status, p = k.api(anna, "POST", "/tax/questions/1/send_back", `{"comment":" "}`); status != 422 ||
		p["code"] != "comment_missing" || p["field"] != "comment" {
		t.Errorf("%d %v", status, p)
	}
}

// TestTriageHandsOutDifferentQuestions to people who triage at the same time, and
// nothing is hidden from the last of them.
func TestTriageHandsOutDifferentQuestions(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	for _, text := range []string{"First about land?", "Second about cars?"} {
		k.ask(text)
	}
	a, o := k.as(anna), k.as(olga)
	at := func(b *browser) string {
		t.Helper()
		m := onTriage.FindStringSubmatch(b.get(b.at() + "/triage").body)
		if m == nil {
			t.Fatal("nothing to triage")
		}
		return m[1]
	}
	var got []string
	for _, b := range []*browser{a, o, a, o} {
		got = append(got, at(b))
	}
	if !slices.Equal(got, []string{"1", "2", "1", "2"}) {
		t.Errorf("handed out %v", got)
	}
	k.do(olga, session.AcceptQuestion{On: k.on(2)})
	if n := at(o); n != "1" {
		t.Errorf("the only one left is hidden: %s", n)
	}
	k.ask("Third about boats?")
	if n := at(o); n != "3" {
		t.Errorf("the one of a colleague comes before a free one: %s", n)
	}
	k.pass(2 * time.Minute) // both went away
	if n := at(o); n != "1" {
		t.Errorf("an abandoned question is still somebody's: %s", n)
	}
}

func atoi(t *testing.T, s string) int {
	t.Helper()
	var n int
	if _, err := fmt.Sscan(s, &n); err != nil {
		t.Fatal(err)
	}
	return n
}
