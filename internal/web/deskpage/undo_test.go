package deskpage

import (
	"net/url"
	"testing"
	"time"

	"experthour/internal/session"
)

// TestUndoInTheLineThatConfirms: the line has the button for as long as it works, on the desk
// and in triage, and leads the question back to where it was.
func TestUndoInTheLineThatConfirms(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.svc.Undo = 10 * time.Second
	n := k.ask("Who pays the tax?")
	a, path := k.as(anna), "/q/"+itoa(n)+"/"
	page := a.press(n, session.Decline, decline(a.get(a.at()).form(t, a.at()+path+"decline"))).want(t, 200, "<kbd>Z</kbd>", `data-for="10000"`)
	undo := page.form(t, a.at()+path+"undo")
	a.press(n, session.Undo, undo).want(t, 200, "undone").without(t, `id="undo"`)
	if q := k.question(n); q.State != session.Received {
		t.Errorf("undone, and it is %s", q.State)
	}

	page = a.post(a.at()+path+"accept", a.get(a.at()+"/triage").form(t, a.at()+path+"accept")).want(t, 200, "Nothing new", "<kbd>Z</kbd>")
	undo = page.form(t, a.at()+path+"undo")
	k.pass(time.Second)
	k.do(olga, session.DeclineQuestion{On: k.on(n), Reason: "off_topic"})
	a.post(a.at()+path+"undo", undo).want(t, 409, "Already declined by")
	if q := k.question(n); q.State != session.Declined {
		t.Errorf("a colleague’s decision was undone unawares: %s", q.State)
	}
	k.pass(10 * time.Second)
	k.do(olga, session.NoteQuestion{On: k.on(n), Text: "spam"})
	undo.Set("stage", k.question(n).Stage())
	a.post(a.at()+path+"undo", undo).want(t, 409, "can no longer be undone")
}

func decline(form map[string][]string) map[string][]string {
	form["reason"] = []string{"off_topic"}
	return form
}

// TestOnePressUndoesAFlood: the line that says how many were declined together has the button
// that takes all of them back; in a chat it is on the card that was pressed, and says how many.
func TestOnePressUndoesAFlood(t *testing.T) {
	t.Parallel()
	w := flooded(t, 4)
	w.svc.Undo = 10 * time.Second
	b := w.as(anna)
	form := url.Values{"same": {"text"}, "reason": {"off_topic"}}
	for _, m := range hidden.FindAllStringSubmatch(b.get(b.at()+"/q/2/decline_alike").body, -1) {
		form.Set(m[1], m[2])
	}
	w.pass(time.Second)
	said := b.press(2, session.DeclineTogether, form)
	said.want(t, 200, "5 questions were declined.", "<kbd>Z</kbd>")
	b.get(b.at()).want(t, 200, "Undo all 5")
	undo := said.form(t, b.at()+"/q/2/undo")
	w.pass(time.Second)
	b.press(2, session.Undo, undo).want(t, 200, "5 questions are where they were.")
	for n := 2; n <= 6; n++ {
		if q := w.question(n); q.State != session.Received {
			t.Errorf("#%d is %s", n, q.State)
		}
	}
}
