package redisstore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

// privately is an hour with two questions, asked in private on a platform whose receipts are
// slots; their receipts stand.
func privately(t *testing.T) *author {
	a := newAuthor(t, hourAt.Add(time.Hour))
	h := session.Hour{Slug: "tax", Title: "Tax", Zone: "UTC", Experts: []session.Expert{{Name: "Erika"}},
		Targets: []session.Target{{Connector: "tg", Place: "g"}}, Desk: session.Desk(hourDesk), Start: a.now, End: a.now.Add(time.Hour)}
	_, err := a.s.Schedule(t.Context(), mods[0], h)
	check(t, err)
	a.hour(session.StartSession{})
	for n := 1; n <= 2; n++ {
		mark := fmt.Sprint("MARK", n)
		a.ask(session.Asked{Text: mark + "text?", Origin: session.Origin{Connector: "tg", Place: session.PlaceID(mark + "place"),
			Message: session.MessageID(mark + "message"), User: session.UserRef(mark + "user"), Private: true}})
		a.do(session.Program, session.GreetAsker{On: on(n)})
		a.deliver(chatOf(n), 1, false)
	}
	return a
}

// chatOf is the chat of whoever asked question n.
func chatOf(n int) session.Lane {
	return session.Lane{Connector: "tg", Place: session.PlaceID(fmt.Sprintf("MARK%dplace", n))}
}

func (a *author) tick() {
	a.Helper()
	ses, err := a.store.Session(a.Context(), "tax")
	check(a, err)
	check(a, a.s.Tick(a.Context(), ses))
}

// knows fails unless the store holds something of whoever asked question n, or nothing.
func (a *author) knows(n int, want bool) {
	a.Helper()
	dump, mark := redistest.Dump(a, a.store.Client), fmt.Sprint("MARK", n)
	dump = strings.ReplaceAll(dump, "key:tg:"+mark+"text?", "") // a repeat must be known; see TestRefsNameNobody
	if strings.Contains(dump, mark) == want {
		return
	}
	a.Errorf("of the asker of question %d something is stored: %t", n, !want)
	for _, line := range strings.Split(dump, "\n") {
		if strings.Contains(line, mark) {
			a.Log(line)
		}
	}
}

func (a *author) withdraw(n int) {
	a.Helper()
	a.do(session.Actor{Role: session.Asker}, session.WithdrawQuestion{On: on(n)})
}

func (a *author) verifies() {
	a.Helper()
	r, err := a.store.Record(a.Context(), "tax")
	check(a, err)
	if fs := session.Verify(r, hourKeys); len(fs) > 0 {
		a.Errorf("the record: %v", fs)
	}
}

// TestWithdrawnLeadsToNobody: once what stood in the chat of whoever withdrew is taken back,
// nothing stored leads there: no document, record, list, or name of a key.
func TestWithdrawnLeadsToNobody(t *testing.T) {
	t.Parallel()
	a := privately(t)
	a.withdraw(1)
	a.tick()
	a.knows(1, true) // its receipt stands
	a.deliver(chatOf(1), 1, false)
	if ns, err := a.store.ByAsker(t.Context(), "tax", "tg", "MARK1user"); err != nil || len(ns) != 1 {
		t.Errorf("before it is forgotten its asker finds %v, %v", ns, err)
	}
	a.tick()
	a.knows(1, false)
	a.knows(2, true)
	before := a.now
	a.ask(session.Asked{Text: "MARK1text?", Origin: session.Origin{Connector: "tg", Place: "p"}}) // handed over once more
	if qs, err := a.store.List(t.Context(), "tax", session.Listing{States: session.States}); err != nil || len(qs) != 2 {
		t.Errorf("a repeat made %d questions of 2, %v", len(qs), err)
	}
	a.now = before
	a.tick() // and nothing more is done
	qs, err := a.store.Questions(t.Context(), "tax", 1)
	if check(t, err); qs[0].Leaving() || qs[0].Origin != (session.Origin{Connector: "tg", Private: true}) || len(qs[0].Copies) > 0 {
		t.Errorf("it is %+v", qs[0])
	}
	a.verifies()
}

// TestWithdrawnFollowerLeadsToNobody: of whoever withdrew a question that was merged nothing
// stays in its target either, and the answer to that stands.
func TestWithdrawnFollowerLeadsToNobody(t *testing.T) {
	t.Parallel()
	a := privately(t)
	a.do(mods[0], session.AcceptQuestion{On: on(1)}, session.MergeQuestion{On: on(2), Into: 1})
	a.do(erika, session.SubmitAnswer{On: on(1), Text: "Yes."})
	a.approve(1)
	for _, lane := range []session.Lane{{Connector: session.Page}, chatOf(1), chatOf(2)} {
		a.deliver(lane, 9, false)
	}
	a.withdraw(2)
	a.deliver(chatOf(2), 9, false)
	a.tick()
	a.knows(2, false)
	a.knows(1, true)
	qs, err := a.store.Questions(t.Context(), "tax", 1)
	if check(t, err); qs[0].State != session.Published || len(qs[0].Copies) == 0 || qs[0].Origin.User != "MARK1user" {
		t.Errorf("its target is %+v", qs[0])
	}
	a.verifies()
	a.withdraw(1)
	a.deliver(chatOf(1), 9, false)
	a.tick()
	a.knows(1, true) // the page still has it
	a.deliver(session.Lane{Connector: session.Page}, 9, false)
	a.tick()
	a.knows(1, false)
	a.verifies()
}

// TestNobodyIsForgottenWhileSending: a receipt that was on its way when its question was
// withdrawn is taken back before anything is forgotten, and a late fence opens nothing.
func TestNobodyIsForgottenWhileSending(t *testing.T) {
	t.Parallel()
	a := privately(t)
	a.do(mods[0], session.AcceptQuestion{On: on(2)})
	a.do(erika, session.SubmitAnswer{On: on(2), Text: "Yes."})
	a.ask(session.Asked{Text: "MARK3text?", Origin: session.Origin{Connector: "tg", Place: "MARK3place", Message: "MARK3message",
		User: "MARK3user", Private: true}})
	a.do(session.Program, session.GreetAsker{On: on(3)})
	l, _, ok, err := a.store.Lease(t.Context(), "tax", chatOf(3), time.Minute)
	if check(t, err); !ok {
		t.Fatal("no receipt waits")
	}
	a.withdraw(3)
	a.tick()
	a.knows(3, true)
	sent := session.RecordSent{On: on(3), Copy: l.Copy, Brought: l.Wanted, Message: "r"}
	_, err = a.s.Record(t.Context(), sent, l.Finish)
	check(t, err)
	a.tick()
	a.knows(3, true)
	a.deliver(chatOf(3), 9, false)
	a.tick()
	a.knows(3, false)
	a.verifies()
	a.now = a.now.Add(time.Second)
	a.ask(session.Asked{Text: "MARK3 again?", Origin: session.Origin{Connector: "tg", Place: "MARK3place", Message: "m", User: "u",
		Private: true}})
	a.do(session.Program, session.GreetAsker{On: on(4)})
	next, _, ok, err := a.store.Lease(t.Context(), "tax", chatOf(3), time.Minute)
	if check(t, err); !ok || next.Fence <= l.Fence {
		t.Errorf("after fence %d comes %d", l.Fence, next.Fence)
	}
}
