package deskpage

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// flooded is a world with so many new questions of one text from one network, from 2 on, and
// one more with that text from elsewhere.
func flooded(t *testing.T, n int) *world {
	w := newWorld(t)
	for i := range n {
		_, _, err := w.svc.Ask(t.Context(), session.Asked{Session: slug, Key: fmt.Sprint("flood", i), Text: "Buy gold!", Network: "net",
			Origin: session.Origin{Connector: session.Page}})
		if err != nil {
			t.Fatal(err)
		}
	}
	w.ask("buy GOLD")
	w.pass(time.Second)
	return w
}

var hidden = regexp.MustCompile(`type="hidden" name="(\w+)" value="([^"]*)"`)

// TestDeclineTogetherOnThePage: the page says first how many there are and shows some, one
// press declines them, and what came of it is said, with what somebody accepted meanwhile.
func TestDeclineTogetherOnThePage(t *testing.T) {
	t.Parallel()
	w := flooded(t, 30)
	b := w.as(anna)
	p := b.get(b.at() + "/q/2/decline_alike")
	for _, want := range []string{"31 new questions with this text", "30 new questions from this network", "Q3", "Buy gold!"} {
		if !strings.Contains(p.text(), want) {
			t.Errorf("%q is not shown first:\n%s", want, p.text())
		}
	}
	form := url.Values{"same": {"network"}, "reason": {"off_topic"}}
	for _, m := range hidden.FindAllStringSubmatch(p.body, -1) {
		form.Set(m[1], m[2])
	}
	w.pass(time.Second)
	w.do(olga, session.AcceptQuestion{On: w.on(7)})
	said := b.press(2, session.DeclineTogether, form)
	for _, want := range []string{"29 questions were declined. Each asker is told why.", "meanwhile or they changed: Q7."} {
		if !strings.Contains(said.text(), want) {
			t.Errorf("%q is not said:\n%s", want, said.text())
		}
	}
	if c := w.question(31); c.State != session.Declined || c.By(session.Decline).Name != anna || w.question(32).State != session.Received {
		t.Errorf("the last of the network is %s, by %s", c.State, c.By(session.Decline).Name)
	}
	if p := w.as(janis).get(b.at() + "/q/32/decline_alike"); strings.Contains(p.text(), "with this text") {
		t.Error("an expert is shown what only moderators decline")
	}
}

// TestDeclineTogetherInAChat: the same in a form of a chat.
func TestDeclineTogetherInAChat(t *testing.T) {
	t.Parallel()
	w := flooded(t, 4)
	user := connector.User{Desk: talk, ID: session.UserRef(anna)}
	q := w.question(2)
	a := connector.Action{Do: string(session.DeclineTogether), Session: connector.TagOf(string(slug)), Number: 2,
		Seen: connector.TagOf(q.Stage())}
	data, err := a.Encode()
	if err != nil {
		t.Fatal(err)
	}
	shown, err := w.chat.Pressed(t.Context(), connector.Press{By: user, Action: data})
	if err != nil || !strings.Contains(read(shown), "5 new questions with this text") || !strings.Contains(read(shown), "Q3: Buy gold!") {
		t.Fatalf("%v\n%s", err, read(shown))
	}
	w.pass(time.Second)
	said, err := w.chat.Submitted(t.Context(), connector.Submission{By: user, Key: shown.Form.Key,
		Values: connector.Values{"same": {"text"}, "reason": {"off_topic"}}})
	if err != nil || !said.Close || said.Say != "5 questions were declined. Each asker is told why." {
		t.Errorf("%+v, %v", said, err)
	}
}

// TestDeclineTogetherByProgram: a preview says how many there are and since when, and the
// command says what became of them.
func TestDeclineTogetherByProgram(t *testing.T) {
	t.Parallel()
	w := flooded(t, 4)
	status, seen := w.api(anna, "POST", "/tax/questions/2/decline_alike/_preview", "")
	alike, _ := json.Marshal(seen["alike"])
	if status != 200 || !strings.Contains(string(alike), `"count":4,`) || !strings.Contains(string(alike), `"same":"network"`) {
		t.Fatalf("%d %v", status, seen)
	}
	w.pass(time.Second)
	status, done := w.api(anna, "POST", "/tax/questions/2/decline_alike",
		fmt.Sprintf(`{"same":"network","reason":"off_topic","shown":%q}`, seen["shown"]))
	if batch, _ := json.Marshal(done["batch"]); status != 200 || string(batch) != `{"declined":4,"kept":[],"more":false}` {
		t.Errorf("%d %v", status, done)
	}
}

// TestMergeTogether: triage says how many more read like a question; the list has them ticked,
// one press merges those that are, and what only sounds alike is not in it. In a chat it is the same.
func TestMergeTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.svc.Undo = 10 * time.Second
	for _, text := range []string{"What does an energy audit cost?", "How much does an energy audit cost?", // 2, 3
		"What does the energy audit cost?", "Where is the list of energy auditors?", "Energy audit: what cost?"} { // 4, 5, 6
		w.ask(text)
	}
	b := w.as(anna)
	b.get(b.at()+"/triage?after=1").want(t, 200, "3 more read like this", "/q/2/merge_alike")
	p := b.get(b.at()+"/q/2/merge_alike").want(t, 200, `value="3" checked`, `value="4" checked`)
	if strings.Contains(p.body, `name="also" value="5"`) {
		t.Error("what is about a list is in the list")
	}
	form := url.Values{"also": {"3", "4"}}
	for _, m := range hidden.FindAllStringSubmatch(p.body, -1) {
		form.Set(m[1], m[2])
	}
	w.pass(time.Second)
	b.press(2, session.MergeTogether, form).want(t, 200, "2 questions were merged. Each asker is told.", "/q/4/undo")
	a := connector.Action{Do: string(session.MergeTogether), Session: connector.TagOf(string(slug)), Number: 2,
		Seen: connector.TagOf(w.question(2).Stage())}
	data, _ := a.Encode()
	user := connector.User{Desk: talk, ID: session.UserRef(anna)}
	opened, err := w.chat.Pressed(t.Context(), connector.Press{By: user, Action: data})
	if err != nil || opened.Form == nil || len(opened.Form.Fields) != 1 || len(opened.Form.Fields[0].Value) != 1 {
		t.Fatalf("%+v, %v", opened, err)
	}
	done, err := w.chat.Submitted(t.Context(), connector.Submission{By: user, Key: opened.Form.Key,
		Values: connector.Values{"also": opened.Form.Fields[0].Value}})
	if err != nil || !strings.Contains(done.Say, "1 question was merged") ||
		!strings.Contains(done.Say, "on the card of ") || w.question(6).Into != 2 {
		t.Errorf("%+v, %v", done, err)
	}
}
