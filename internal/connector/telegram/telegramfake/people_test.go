package telegramfake

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// failing is a test that fails in place of the real one.
type failing struct {
	testing.TB
	said string
}

func (f *failing) Helper()                        {}
func (f *failing) Fatalf(say string, args ...any) { f.said = fmt.Sprintf(say, args...); panic(f) }

// refuses fails unless people cannot do it; says must be part of the reason.
func refuses(t *testing.T, s *Server, says string, do func()) {
	t.Helper()
	f := &failing{TB: t}
	s.t = f
	defer func() {
		s.t = t
		if r := recover(); r != nil && r != any(f) {
			panic(r)
		}
		if !strings.Contains(f.said, says) || f.said == "" {
			t.Errorf("got %q, want it to say %q", f.said, says)
		}
	}()
	do()
}

func TestWhatPeopleCannotDo(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true, Patience: time.Millisecond})
	anna, bob := s.User(1, "Anna"), s.User(2, "Bob")
	refuses(t, s, "cannot write", func() { anna.Write("x") })
	hers := anna.Start("")
	send(t, s, 1, "card", "reply_markup", one(`{"text":"Link","url":"a.lv"}`))
	card := anna.Chat().Last()
	refuses(t, s, `no button "Go" to press; it has ["Link"]`, func() { card.Press(anna, "Go") })
	refuses(t, s, "no button", func() { card.Press(anna, "Link") })
	refuses(t, s, "waited for the answer", func() {
		want(t, raw(t, s, "editMessageText", "chat_id", 1, "message_id", card.ID(), "text", "x", "reply_markup", keyboard("Go")), 200, "")
		card.Press(anna, "Go")
	})
	refuses(t, s, "cannot edit", func() { bob.EditText(hers, "x") })
	refuses(t, s, "no reaction", func() { anna.React(hers, "x") })
	desk := s.Supergroup(-1, "Desk")
	refuses(t, s, "is elsewhere", func() { desk.Say(anna, "x", ReplyTo(hers)) })
	desk.Restrict(anna, bob)
	refuses(t, s, "cannot write in Desk", func() { desk.Say(bob, "x") })
	refuses(t, s, "no channel", func() { desk.Post("x") })
	refuses(t, s, "no topic 5", func() { desk.CloseTopic(anna, 5) })
	refuses(t, s, "must be new", func() { s.Group(-1, "again") })
	over, cancel := context.WithCancel(t.Context())
	cancel()
	refuses(t, s, "no such message in Anna", func() { anna.Await(over, Says("never")) })
	anna.Block()
	refuses(t, s, "blocked true", func() { anna.Write("x") })
}

func TestFinding(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	anna := s.User(1, "Anna")
	desk := s.Supergroup(-1, "Desk")
	desk.Say(anna, "#3 is mine")
	send(t, s, -1, "Question #3: old")
	send(t, s, -1, "Question #3 · new\nlike #4", "reply_markup", keyboard("Go"))
	send(t, s, -1, "Question #33")
	if got := desk.Card(3); got == nil || !strings.Contains(got.Text(), "new") {
		t.Errorf("card 3 is %v", got)
	}
	if got := desk.Card(4); got != nil {
		t.Errorf("card 4 is %v", got)
	}
	if got := desk.Find(All(Offers("Go"), Says("like"))); got != desk.Card(3) {
		t.Errorf("found %v", got)
	}
	if got := len(desk.Messages()); got != 4 || desk.Last().Text() != "Question #33" {
		t.Errorf("%d messages, the last is %v", got, desk.Last())
	}
}

// Waiting for what is still to come takes no sleeps.
func TestAwaitWakes(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	desk := s.Supergroup(-1, "Desk")
	m := send(t, s, -1, "first")
	done := make(chan *Message)
	go func() { done <- desk.Await(t.Context(), Says("second")) }()
	want(t, raw(t, s, "editMessageText", "chat_id", -1, "message_id", m.ID, "text", "second"), 200, "")
	if got := <-done; got.ID() != m.ID {
		t.Errorf("got %v", got)
	}
}

func TestStart(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	anna := s.User(1, "Anna")
	anna.SetUsername("anna1")
	anna.SetLanguage("lv")
	anna.Start("hour-1")
	m := newest[struct {
		Text string
		From map[string]any
		Chat map[string]any
	}](t, s, "message")
	if m.Text != "/start hour-1" || m.From["username"] != "anna1" || m.From["language_code"] != "lv" || m.Chat["type"] != "private" {
		t.Errorf("got %+v", m)
	}
	anna.Block()
	if got := changed(t, s); got != "member kicked" {
		t.Errorf("blocking is %s", got)
	}
	anna.Start("")
	if got := changed(t, s); got != "kicked member" {
		t.Errorf("unblocking is %s", got)
	}
}

// changed is the newest my_chat_member.
func changed(t *testing.T, s *Server) string {
	t.Helper()
	u := newest[struct {
		Old struct{ Status string } `json:"old_chat_member"`
		New struct{ Status string } `json:"new_chat_member"`
	}](t, s, "my_chat_member")
	return u.Old.Status + " " + u.New.Status
}

func TestEditsOfPeople(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := New(t, Options{Now: clock.now})
	anna := s.User(1, "Anna")
	anna.Start("")
	m := anna.Write("one @two")
	clock.add(time.Minute)
	anna.EditText(m, "two")
	got := newest[message](t, s, "edited_message")
	if got.ID != m.ID() || got.Text != "two" || got.EditDate != got.Date+60 || len(got.Entities) != 0 {
		t.Errorf("got %+v", got)
	}
	anna.Delete(m)
	if got := len(peek(t, s)); got != 3 {
		t.Errorf("a deletion made an update: %d", got)
	}
	photo := anna.Write("look", With("photo"))
	if got := newest[message](t, s, "message"); got.ID != photo.ID() || got.Text != "" || got.Caption != "look" {
		t.Errorf("got %+v", got)
	}
}
