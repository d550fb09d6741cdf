package reception

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/wording"
)

var (
	noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	anna = session.Actor{Name: "Anna", Role: session.Moderator}
)

// kit is a reception over a store of its own, with an hour "tax" that takes early questions
// from noon, begins at one and ends at two.
type kit struct {
	*testing.T
	r     *Reception
	svc   *session.Service
	store *redistest.Store
	now   time.Time
	wrote int
	who   connector.Visitor
}

func desk(t *testing.T) *kit {
	t.Helper()
	k := &kit{T: t, now: noon, who: connector.Visitor{Connector: "tg", Place: "7", User: "7", Name: "Ilze", Language: session.English}}
	clock := func() time.Time { return k.now }
	k.store = redistest.New(t, clock)
	k.svc = &session.Service{Store: k.store, Now: clock,
		Staff: session.Directory{{Name: "Anna", Role: session.Moderator}, {Name: "Edgars", Role: session.ExpertRole}},
		Planner: routing.Planner{Limits: func(session.ConnectorID) (connector.Limits, bool) {
			return connector.Limits{Notices: true, Slots: true}, true
		}}}
	inbox := &routing.Inbox{Service: k.svc, Store: k.store, Now: clock}
	k.r = New(Options{Inbox: inbox, Sessions: k.store, Memory: connectortest.NewMemory(), Institution: "The Office", PublicURL: "https://x.lv",
		Staff: session.Directory{}, Language: session.Latvian, Now: clock})
	_, err := k.svc.Schedule(t.Context(), anna, session.Hour{Slug: "tax", Title: "Tax hour", Language: session.English, Zone: "Europe/Riga",
		Experts: []session.Expert{{Name: "Edgars"}}, Targets: []session.Target{
			{Connector: "tg"}}, AskFrom: noon, Start: noon.Add(time.Hour), End: noon.Add(2 * time.Hour)})
	k.must(err)
	return k
}

func (k *kit) must(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

// says writes one message.
func (k *kit) says(text string) connector.Reply {
	k.Helper()
	k.wrote++
	return k.message(connector.Said{Message: session.MessageID(number(k.wrote)), At: k.now, Text: text})
}

func (k *kit) message(m connector.Said) connector.Reply {
	k.Helper()
	reply, err := k.r.Said(k.Context(), k.who, m)
	k.must(err)
	return reply
}

func (k *kit) press(action string) connector.Reply {
	k.Helper()
	reply, err := k.r.Pressed(k.Context(), k.who, action)
	k.must(err)
	return reply
}

func (k *kit) questions() []session.Question {
	k.Helper()
	qs, err := k.store.List(k.Context(), "tax", session.Listing{States: session.States})
	k.must(err)
	return qs
}

func (k *kit) reads(text string, wants ...string) {
	k.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			k.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// TestOneQuestionInThreeMessages: what follows within a minute belongs to the question,
// an edit of one part changes that part, and a repeat changes nothing.
func TestOneQuestionInThreeMessages(t *testing.T) {
	t.Parallel()
	k := desk(t)
	if reply := k.says("May I ask something?"); reply.Text != "" {
		t.Errorf("beside the receipt it says %q", reply.Text)
	}
	k.now = k.now.Add(50 * time.Second)
	k.says("About my car.")
	k.message(connector.Said{Message: "2", At: k.now, Text: "About my car."}) // handed over once more
	k.now = k.now.Add(61 * time.Second)
	k.says("And another one?")
	k.message(connector.Said{Message: "2", At: k.now, Text: "About my bicycle.", Edited: k.now}) // a part of a former question
	qs := k.questions()
	if len(qs) != 2 || qs[0].Text != "May I ask something?\nAbout my bicycle." || qs[1].Text != "And another one?" {
		t.Errorf("questions %+v", qs)
	}
	k.message(connector.Said{Message: "1", At: k.now, Text: "Hello!", Edited: k.now}) // and its original
	if got := k.questions()[0].Text; got != "Hello!\nAbout my bicycle." {
		t.Errorf("after the edit %q", got)
	}
	k.message(connector.Said{Message: "3", At: k.now, Text: "And a third one?", Edited: k.now})
	if got := k.questions()[1].Text; got != "And a third one?" {
		t.Errorf("after the edit %q", got)
	}
	if len(qs[0].Copies) != 1 || qs[0].Copies[0].Kind != session.KindReceipt {
		t.Errorf("receipt: %+v", qs[0].Copies)
	}
}

func TestBeforeAndAfter(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.now = noon.Add(-time.Hour)
	k.reads(k.says("/start").Text, "The Office", "Tax hour", "Edgars", "You can ask from")
	k.reads(k.says("Too early?").Text, "14:00")
	k.now = noon
	k.reads(k.says("/start tax").Text, "Just write your question")
	k.now = noon.Add(3 * time.Hour)
	for _, cmd := range []session.SessionCommand{session.StartSession{}, session.StopSession{}, session.CloseSession{}} {
		_, err := k.svc.DoSession(t.Context(), anna, "tax", cmd)
		k.must(err)
	}
	k.now = noon.Add(4 * time.Hour)
	reply := k.says("Too late?")
	k.reads(reply.Text+reply.Link.URL, "Tax hour", "https://x.lv/s/tax/transcript")
	if n := len(k.questions()); n != 0 {
		t.Errorf("%d questions", n)
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.says("My neighbour is Secret.")
	q := k.questions()[0]
	bs := k.r.ReceiptButtons(connector.Post{Language: session.English, Original: q.Origin})
	sure := k.press(bs[0].Action)
	if len(sure.Buttons) != 2 || k.questions()[0].State != session.Received {
		t.Fatalf("reply %+v", sure)
	}
	thief := k.who
	thief.Place, thief.User = "8", "8"
	if reply, err := k.r.Pressed(t.Context(), thief, sure.Buttons[0].Action); err != nil || reply.Text == "" {
		t.Errorf("somebody else: %+v, %v", reply, err)
	}
	if k.questions()[0].State != session.Received {
		t.Fatal("somebody else withdrew it")
	}
	if kept := k.press(sure.Buttons[1].Action); kept.Alert != "It stays." || !kept.Over {
		t.Errorf("kept: %+v", kept)
	}
	gone := k.press(sure.Buttons[0].Action)
	k.reads(gone.Alert, "Withdrawn")
	late := k.press(sure.Buttons[1].Action)
	if k.reads(late.Alert, "Withdrawn"); !gone.Over || !late.Over {
		t.Errorf("the buttons stay: %+v, %+v", gone, late)
	}
	if again := k.press(act(pressKeep, "")); !again.Over || again.Alert == "It stays." {
		t.Errorf("a button of an earlier version: %+v", again)
	}
	if q := k.questions()[0]; q.State != session.Withdrawn || q.Text != "" {
		t.Errorf("%s %q", q.State, q.Text)
	}
	k.reads(k.says("/my").Text, "#1", "withdrawn")
}

// TestNotAQuestion: one press takes back what nobody has accepted; after that it asks first.
func TestNotAQuestion(t *testing.T) {
	t.Parallel()
	for name, accepted := range map[string]bool{"new": false, "accepted": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := desk(t)
			k.says("Is it warm?")
			q := k.questions()[0]
			if accepted {
				_, err := k.svc.Do(t.Context(), anna, session.AcceptQuestion{On: session.On{Question: q.Ref}, Wording: 1})
				k.must(err)
			}
			reply := k.press(k.r.ReceiptButtons(connector.Post{Language: session.English, Original: q.Origin})[1].Action)
			if gone := k.questions()[0].State == session.Withdrawn; gone == accepted || len(reply.Buttons) > 0 != accepted {
				t.Fatalf("withdrawn is %v, the reply %+v", gone, reply)
			}
			if accepted {
				k.reads(reply.Text, "question #1", "accepted")
				k.reads(k.press(reply.Buttons[0].Action).Alert, "Withdrawn")
			}
		})
	}
}

// TestLetters: each is a question of its own, however soon it follows, and no command; what
// answers one of ours goes on about it, until it says that the question is withdrawn.
func TestLetters(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.who.Email, k.who.Place = "ilze@example.test", ""
	write := func(text string, about session.QuestionRef) string {
		k.wrote++
		return k.message(connector.Said{Message: session.MessageID(number(k.wrote)), At: k.now, Text: text, Letter: true, About: about}).Text
	}
	none := session.QuestionRef{}
	if got := write("When?", none) + write("/my question", none); got != "" {
		t.Errorf("beside the receipts it says %q", got)
	}
	k.reads(write(" \n", none), "no text")
	qs := k.questions()
	if len(qs) != 2 || qs[1].Text != "/my question" || qs[1].Email != "ilze@example.test" {
		t.Fatalf("questions %+v", qs)
	}
	k.reads(write("This year.", qs[0].Ref), "added to question #1")
	if got := k.questions()[0].Text; got != "When?\nThis year." {
		t.Errorf("it reads %q", got)
	}
	k.reads(write("„Noņemt“.", qs[0].Ref), "Withdrawn")
	if left, err := k.store.Questions(t.Context(), "tax", 1); err != nil || left[0].State != session.Withdrawn || left[0].Email != "" {
		t.Errorf("%+v, %v", left, err)
	}
	k.now = noon.Add(-time.Hour)
	k.reads(write("Too early?", none), "14:00")
}

func TestMine(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.reads(k.says("/my").Text, "nothing")
	k.says("What is new?")
	k.reads(k.says("/my").Text, "#1: What is new?")
}

func TestSettings(t *testing.T) {
	t.Parallel()
	k := desk(t)
	s := k.says("/settings")
	k.reads(s.Text, "not shown")
	s = k.press(s.Buttons[1].Action)
	k.reads(s.Text, "Ilze")
	k.says("With my name?")
	if got := k.questions()[0].Name; got != "Ilze" {
		t.Errorf("name %q", got)
	}
	k.reads(k.press(s.Buttons[0].Action).Text, "Izvēlieties")
	k.reads(k.says("/help").Text, "/my")
	for _, action := range []string{"lang:xx", "nonsense", ""} {
		if reply := k.press(action); reply.Alert == "" {
			t.Errorf("%q: %+v", action, reply)
		}
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.reads(k.says("/ask").Text, "Please write your question")
	k.reads(k.says("/ask@bot  ").Text, "Please write your question")
	k.reads(k.says("/nonsense").Text, "/settings")
	k.reads(k.says("!!!").Text, "Please write your question")
	k.reads(k.says(strings.Repeat("long ", 1000)).Text, "shorten")
	if n := len(k.questions()); n != 0 {
		t.Errorf("%d questions", n)
	}
}

// TestStoreAway: the platform keeps the message while nobody can store it.
func TestStoreAway(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.store.Break(context.DeadlineExceeded)
	if _, err := k.r.Said(t.Context(), k.who, connector.Said{Message: "1", At: k.now,
		Text: "Anybody there?"}); session.KindOf(err) != session.Unavailable {
		t.Errorf("error %v", err)
	}
}

// TestTextsExist reads the ids that this package asks for off its code.
func TestTextsExist(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	used := map[string]bool{}
	id := regexp.MustCompile(`v\.text\("([a-z_]+)"|"reception\.([a-z_]+)"`)
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range id.FindAllStringSubmatch(string(b), -1) {
			used["reception."+m[1]+m[2]] = true
		}
	}
	for u := range used {
		if !wording.Known(u) {
			t.Errorf("%s: no such message", u)
		}
	}
	for _, have := range wording.IDs() {
		if strings.HasPrefix(have, "reception.") && strings.Count(have, ".") == 1 && !used[have] {
			t.Errorf("%s: nothing uses it", have)
		}
	}
	for _, c := range commands {
		if !wording.Known("reception.command." + c.name) {
			t.Errorf("reception.command.%s: missing", c.name)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"/ask What?", "/ask@our_bot Kāpēc?", "/", "/ ", "//x", "/ask\nx", "/ā"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, rest, ok := parse(s)
		if ok == (name == "") || strings.ContainsAny(name, " \n\t@") || rest != strings.TrimSpace(rest) {
			t.Errorf("%q is %q, %q, %v", s, name, rest, ok)
		}
	})
}
