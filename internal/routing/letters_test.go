package routing

import (
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// byLetter is a question that was asked by letter.
func byLetter(n int) session.Question {
	q := questionAt(n, "mail", "")
	q.Origin.Private, q.Email = true, "ilze@example.test"
	return q
}

// TestLettersOfWhoAskedByOne: one receipt for each question, then the outcome, and nothing to
// an address that was forgotten.
func TestLettersOfWhoAskedByOne(t *testing.T) {
	t.Parallel()
	p := planner()
	p.Letters = "mail"
	for state, want := range map[session.State]string{session.Received: "receipt:mail::12", session.Queued: "receipt:mail::12",
		session.Published: "receipt:mail::12", session.Declined: "outcome:mail::12", session.Approved: "", session.Withdrawn: ""} {
		q := byLetter(12)
		q.State, q.Reason = state, "off_topic"
		if got := keys(p.Notices(hour(), q)); got != want {
			t.Errorf("%s: %q, want %q", state, got, want)
		}
		if q.Email = ""; keys(p.Notices(hour(), q)) != "" {
			t.Errorf("%s: a letter to nobody", state)
		}
	}
	q := byLetter(12)
	q.State, q.Reason = session.Declined, "off_topic"
	receipt := session.Slot{Kind: session.KindReceipt, Connector: "mail", Original: 12}
	q.Copies = session.Copies{{Slot: receipt, Wanted: 1, Out: 1, Message: "m"}}
	if got := keys(p.Notices(hour(), q)); got != "receipt:mail::12 outcome:mail::12" {
		t.Errorf("with a receipt that is out: %q", got)
	}
	q = byLetter(12)
	q.Followers = []session.Follow{{Number: 13, Origin: byLetter(13).Origin, Language: session.Latvian}, {Number: 14, Origin: session.Origin{
		Connector: "mail", Private: true}}}
	if got := keys(p.Copies(hour(), q, q.Revisions[0])); got != "answer:page::12 answer:mail::13 answer:announce::12 answer:mail::12" {
		t.Errorf("copies %s", got)
	}
	if q.Email = ""; keys(p.Copies(hour(), q, q.Revisions[0])) != "answer:page::12 answer:mail::13 answer:announce::12" {
		t.Error("a copy to nobody")
	}
}

// TestLettersOfWhoWasMerged: whoever left an address on the page gets the answer of what their question was merged into,
// and is told if it is retracted, once it was out.
func TestLettersOfWhoWasMerged(t *testing.T) {
	t.Parallel()
	p := planner()
	q := questionAt(12, session.Page, "")
	q.Followers = []session.Follow{{Number: 13, Origin: session.Origin{Connector: session.Page}, Language: session.Latvian, Letters: true},
		{Number: 14, Origin: session.Origin{Connector: session.Page}}}
	if got := keys(p.Copies(hour(), q, q.Revisions[0])); strings.Contains(got, "::13") {
		t.Errorf("nobody writes letters: %s", got)
	}
	p.Letters = "mail"
	if got := keys(p.Copies(hour(), q, q.Revisions[0])); !strings.Contains(got, "answer:mail::13") || strings.Contains(got, "::14") {
		t.Errorf("copies %s", got)
	}
	q.State = session.Retracted
	if got := keys(p.Notices(hour(), q)); got != "" {
		t.Errorf("of what never was out: %s", got)
	}
	for _, state := range []session.State{session.Declined, session.Expired, session.Redirected} {
		q.State, q.Reason = state, "off_topic"
		if got := keys(p.Notices(hour(), q)); got != "outcome:mail::13" {
			t.Errorf("%s: %q", state, got)
		}
	}
	q.State = session.Retracted
	answer := session.Slot{Kind: session.KindAnswer, Connector: "mail", Original: 13}
	q.Copies = session.Copies{{Slot: answer, At: noon}}
	if got := keys(p.Notices(hour(), q)); got != "outcome:mail::13" {
		t.Errorf("retracted: %s", got)
	}
}

// TestWritingBack: only from the address with which a question was asked; from another one
// it is a question of its own.
func TestWritingBack(t *testing.T) {
	t.Parallel()
	now := noon
	about := session.QuestionRef{Session: "open", Number: 7}
	a := connector.Asked{Origin: session.Origin{Connector: sandbox, Message: "b@example.test"}, Key: "k", Text: "More.", At: noon,
		Email: "Ilze@example.test"}
	d := &desk{all: []session.Session{at("open", session.Open, 0)}, email: "ilze@example.test"}
	in := inboxOn(d, &now)
	ref, joined, err := in.Answered(t.Context(), about, a)
	want := session.RewordQuestion{On: session.On{Question: about}, Message: "b@example.test", At: noon, Text: "More."}
	if err != nil || !joined || ref != about || len(d.done) != 1 || d.done[0] != session.Command(want) {
		t.Errorf("%v %v %v; done %+v", ref, joined, err, d.done)
	}
	a.Email = "eve@example.test"
	if _, joined, err := in.Answered(t.Context(), about, a); err != nil || joined || len(d.done) != 1 || len(d.asked) != 1 ||
		d.asked[0].Email != a.Email {
		t.Errorf("from elsewhere: %v %v, asked %+v", joined, err, d.asked)
	}
	if err := in.TakenBack(t.Context(), about, a.Email); session.KindOf(err) != session.NotFound || len(d.done) != 1 {
		t.Errorf("withdrawn from elsewhere: %v", err)
	}
	if err := in.TakenBack(t.Context(), about, d.email); err != nil || len(d.done) != 2 ||
		d.done[1] != session.Command(session.WithdrawQuestion{On: session.On{Question: about}}) {
		t.Errorf("withdrawn: %v, %+v", err, d.done)
	}
}

// TestReturned: what came back is noted at its copy; an address that there is not is forgotten.
func TestReturned(t *testing.T) {
	t.Parallel()
	now := noon
	slot := session.Slot{Kind: session.KindReceipt, Connector: "mail", Original: 7}
	d := &desk{all: []session.Session{at("open", session.Open, 0)}, copies: session.Copies{{Slot: slot, Wanted: 2, Out: 2, Message: "m@x"}}}
	in := inboxOn(d, &now)
	r := connector.Returned{Connector: "mail", About: session.QuestionRef{Session: "open", Number: 7}, Message: "m@x", Detail: "5.2.2"}
	on := session.On{Question: r.About}
	noted := session.RecordParked{On: on, Copy: slot.Key(), Problem: session.RefusedIt, Detail: "5.2.2", Returned: "m@x"}
	if err := in.Returned(t.Context(), r); err != nil || len(d.done) != 1 || d.done[0] != session.Command(noted) || d.by != session.Program {
		t.Errorf("%v, %+v", err, d.done)
	}
	r.Lasting, r.Message, noted.Problem, d.done = true, "", session.Dropped, nil
	if err := in.Returned(t.Context(), r); err != nil || len(d.done) != 2 || d.done[0] != session.Command(noted) ||
		d.done[1] != session.Command(session.ForgetQuestion{On: on, What: session.Emails}) {
		t.Errorf("lasting: %v, %+v", err, d.done)
	}
	r.Lasting, r.Message, d.done = false, "older@x", nil
	if err := in.Returned(t.Context(), r); session.KindOf(err) != session.NotFound || len(d.done) != 0 {
		t.Errorf("of another letter: %v, %+v", err, d.done)
	}
}
