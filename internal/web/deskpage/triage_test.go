package deskpage

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"experthour/internal/session"
)

var onTriage = regexp.MustCompile(`<article class="panel triage-question[^"]*" id="q(\d+)"`)

// TestSixtyQuestionsInSixtyOnePresses counts what a moderator presses: one to come
// here, then one a question, whatever the decision.
func TestSixtyQuestionsInSixtyOnePresses(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	for i := range 60 {
		k.ask(fmt.Sprintf("Question of citizen %d about taxes?", i))
	}
	a := k.as(anna)
	presses := 1
	a.loads = 0
	page := a.get(a.at()+"/triage").want(t, 200, "0 of 60")
	for {
		m := onTriage.FindStringSubmatch(page.body)
		if m == nil {
			break
		}
		action := a.at() + "/q/" + m[1] + "/accept"
		form := page.form(t, action)
		switch presses % 3 {
		case 1:
			action = a.at() + "/q/" + m[1] + "/decline"
			form = page.form(t, action)
			form.Set("reason", "off_topic")
		case 2:
			if into := regexp.MustCompile(`name="into" value="(\d+)"[^>]* checked`).FindStringSubmatch(page.body); into != nil {
				action = a.at() + "/q/" + m[1] + "/merge"
				form = page.form(t, action)
				form.Set("into", into[1])
			}
		}
		page = a.post(action, form).want(t, 200)
		presses++
	}
	if presses != 61 || a.loads > 62 {
		t.Errorf("%d presses, %d pages", presses, a.loads)
	}
	page.want(t, 200, "Nothing new", "60 of 60")
	counts, _ := k.store.Counts(t.Context(), slug)
	if counts.ByState[session.Received] != 0 || counts.ByState[session.Declined] == 0 || counts.ByState[session.Merged] == 0 ||
		counts.ByState[session.Queued] == 0 {
		t.Errorf("%v", counts.ByState)
	}
}

func TestTriageSkipsAndComesBack(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("First about land?")
	k.ask("Second about cars?")
	a := k.as(anna)
	a.get(a.at()+"/triage").want(t, 200, "First about land?", a.at()+"/triage?after=1")
	p := a.get(a.at()+"/triage?after=1").want(t, 200, "Second about cars?")
	p = a.press(2, session.Accept, p.form(t, a.at()+"/q/2/accept")).want(t, 200, "Q2: accepted", "1 question that you skipped")
	if !strings.Contains(p.body, `href="`+a.at()+`/triage"`) {
		t.Error("no way back to the skipped one")
	}
}

func TestTriageTellsWhoWasFasterAndGoesOn(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("First about land?")
	k.ask("Second about cars?")
	a := k.as(anna)
	form := a.get(a.at()+"/triage").form(t, a.at()+"/q/1/accept")
	k.do(olga, session.DeclineQuestion{On: k.on(1), Reason: "offensive"})
	a.press(1, session.Accept, form).want(t, 409, "Q1: Already declined by Olga Liepa.", "Second about cars?")
}

func TestTriageNamesTheMostAlikeFirst(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("When are the forms for the land tax due?")
	k.ask("Is there a discount for large families?")
	k.do(anna, session.AcceptQuestion{On: k.on(1)})
	k.do(anna, session.AcceptQuestion{On: k.on(2)})
	k.ask("When is the form for land tax due?")
	a := k.as(anna)
	a.get(a.at()+"/triage").want(t, 200, `<input type="radio" name="into" value="1" data-digit="1" checked>`, "Looks like")
	a.get(a.at()+"/q/3/merge").want(t, 200, `name="into" value="1"`)
	a.press(3, session.Merge, url.Values{"into": {"1"}}).want(t, 200, "Q3: merged", "Merged into Q1")
	j := k.as(janis)
	j.get(j.at()+"/triage").without(t, "/accept")
}

// TestTriageWarnsOfWhatReadsAlike, and only of that.
// TestTriageChoosesNothingThatOnlySoundsAlike: M and Enter merge nothing there.
func TestTriageChoosesNothingThatOnlySoundsAlike(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("What does an energy audit cost for a house of 120 square metres?")
	n := k.ask("Where is the list of energy auditors in Latgale?")
	k.do(anna, session.AcceptQuestion{On: k.on(1)})
	a := k.as(anna)
	p := a.get(a.at()+"/triage").want(t, 200, `name="into" value="1"`)
	if strings.Contains(p.body, " checked") {
		t.Error("something is chosen beforehand")
	}
	merge := a.at() + "/q/2/merge"
	a.post(merge, p.form(t, merge)).want(t, 422, "whole number")
	if got := k.question(n).State; got != session.Received {
		t.Errorf("it is %s", got)
	}
}

func TestTriageWarnsOfWhatReadsAlike(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	a := k.as(anna)
	k.do(anna, session.AcceptQuestion{On: k.on(k.ask("When is the income tax return due?"))})
	k.ask("Who pays for the audit when two owners are due to sign?")
	k.ask("When is my income tax return due?")
	a.get(a.at()+"/triage").want(t, 200, `id="q2"`).without(t, "card-flags", "Looks like")
	a.get(a.at()+"/triage?after=2").want(t, 200, `id="q3"`, "card-flags", "Looks like")
}
