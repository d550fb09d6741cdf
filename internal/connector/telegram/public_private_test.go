package telegram

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// TestConversation: what is written in private goes to the reception, and what it says
// comes back, below what was said before.
func TestConversation(t *testing.T) {
	t.Parallel()
	for _, desk := range []bool{false, true} {
		q := newSquare(t, publicSetup{desk: desk})
		q.carl.SetLanguage("lv-LV")
		q.reception.onSaid = func(s saidBy) (connector.Reply, error) {
			return connector.Reply{Text: "You said <" + s.Text + ">", Buttons: []connector.Button{{Label: "Yes", Action: "yes|1"}},
				Link: connector.Link{Label: "The page", URL: "https://hour.example/s/a"}}, nil
		}
		q.reception.onPressed = func(pressBy) (connector.Reply, error) {
			return connector.Reply{Alert: "Noted", Text: "More."}, nil
		}
		q.start()
		m := q.write("Why?")
		s := got(t, &q.reception.inbox, &q.reception.said, 2) // after /start
		want := connector.Visitor{Connector: publicID, Place: "13", User: "13", Name: "Carl", Language: session.Latvian}
		if s.Visitor != want || s.Text != "Why?" || s.Message != (messageID{13, m.ID()}).id() || !s.Edited.IsZero() || s.At.IsZero() {
			t.Errorf("the reception heard %+v", s)
		}
		r := q.carl.Await(testenv.Soon(t), says2("You said <Why?>\n\nThe page"))
		if data := actions(r); !slices.Equal(data, []string{"p:yes|1"}) {
			t.Errorf("buttons %q", data)
		}
		if text := r.Press(q.carl, "Yes"); text != "Noted" {
			t.Errorf("the press was answered %q", text)
		}
		if p := got(t, &q.reception.inbox, &q.reception.presses, 1); p.action != "yes|1" || p.Visitor != want {
			t.Errorf("the reception got %+v", p)
		}
		q.carl.Await(testenv.Soon(t), says2("More."))
		q.carl.EditText(m, "Why not?")
		if s := got(t, &q.reception.inbox, &q.reception.said, 3); s.Edited.IsZero() || s.Text != "Why not?" ||
			s.Message != (messageID{13, m.ID()}).id() {
			t.Errorf("the reception heard %+v", s)
		}
	}
}

// TestPressesAreAnswered: also those that nobody waits for.
func TestPressesAreAnswered(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	q.reception.onSaid = func(saidBy) (connector.Reply, error) {
		return connector.Reply{Text: "Settings", Buttons: []connector.Button{
			{Label: "Delete", Action: "del", Confirm: "Delete all?"}, {Label: "Try", Action: "try"},
			{Label: "Long", Action: strings.Repeat("x", 70)}, {Label: "Page", URL: "https://hour.example"}}}, nil
	}
	var failed error
	q.reception.onPressed = func(pressBy) (connector.Reply, error) { return connector.Reply{}, failed }
	q.start()
	q.write("/settings") // after /start
	q.carl.Await(testenv.Soon(t), says2("Settings"))
	q.await("the second reply", func() bool { return len(q.carl.Chat().FromBot()) == 2 })
	r := q.carl.Chat().FromBot()[0] // whose buttons are kept by now
	if !slices.Equal(r.Labels(), []string{"Delete", "Try", "Page"}) {
		t.Errorf("buttons %q", r.Labels())
	}
	if text := r.Press(q.carl, "Delete"); text != "Delete all? "+english.Text("telegram.press_twice") {
		t.Errorf("asked %q", text)
	}
	if n := q.reception.count(func() int { return len(q.reception.presses) }); n != 0 {
		t.Errorf("%d presses before it was confirmed", n)
	}
	if text := r.Press(q.carl, "Delete"); text != "" || got(t, &q.reception.inbox, &q.reception.presses, 1).action != "del" {
		t.Errorf("confirmed: %q", text)
	}
	for _, failed = range []error{session.Fail(session.Unavailable, "x"), errors.New("x")} {
		if text := r.Press(q.carl, "Try"); text != english.Text("adapter.try_again") {
			t.Errorf("%v: answered %q", failed, text)
		}
	}
	for _, data := range []string{"p:", "1.accept", "~more", "?p:del", ""} {
		_ = r.ClickData(q.carl, data).Await(testenv.Soon(t))
	}
}

// TestSpentButtonsGo: what came of a confirmation stands in its place; where nothing is said, it goes.
func TestSpentButtonsGo(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	q.reception.onSaid = func(s saidBy) (connector.Reply, error) {
		return connector.Reply{Text: "Sure? " + s.Text, Buttons: []connector.Button{
			{Label: "Keep", Action: "keep"}, {Label: "Quiet", Action: "quiet"}}}, nil
	}
	q.reception.onPressed = func(p pressBy) (connector.Reply, error) {
		if p.action == "quiet" {
			return connector.Reply{Over: true}, nil
		}
		return connector.Reply{Alert: "It stays.", Over: true}, nil
	}
	q.start()
	for text, label := range map[string]string{"one": "Keep", "two": "Quiet"} {
		q.write(text)
		m := q.carl.Await(testenv.Soon(t), says2("Sure? "+text))
		before := len(q.carl.Chat().FromBot())
		m.Press(q.carl, label)
		q.await("the buttons to go", func() bool { return m.Deleted() || m.Text() == "It stays." && len(m.Labels()) == 0 })
		if m.Deleted() != (label == "Quiet") || len(q.carl.Chat().FromBot()) > before {
			t.Errorf("%s: deleted %t", label, m.Deleted())
		}
	}
}

// TestLettersComeAgain: what could not be stored is handed over once more, in order.
func TestLettersComeAgain(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	tries := 0
	q.reception.onSaid = func(s saidBy) (connector.Reply, error) {
		if tries++; tries < 3 {
			return connector.Reply{}, session.Fail(session.Unavailable, "away")
		}
		return connector.Reply{Alert: "Got " + s.Text}, nil
	}
	q.start()
	q.write("one")
	q.carl.Await(testenv.Soon(t), says2("Got one"))
	q.public.fail = []error{session.Fail(session.Unavailable, "away")}
	q.talk.Say(q.carl, "@desk_bot Why?")
	if a := got(t, &q.public.inbox, &q.public.asked, 1); a.Text != "Why?" {
		t.Errorf("asked %+v", a)
	}
}

// TestStaffInPrivate: what neither a form nor a command of the desk is for goes to the
// reception, which knows who works there.
func TestStaffInPrivate(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{desk: true})
	q.start()
	q.anna.Write("/next now")
	if s := got(t, q.inbox, &q.inbox.spoken, 1); s.Text != "next now" {
		t.Errorf("the desk got %+v", s)
	}
	for i, text := range []string{"/ask Why?", "Why not?"} {
		q.anna.Write(text)
		if s := got(t, &q.reception.inbox, &q.reception.said, i+1); s.Text != text || s.User != "11" {
			t.Errorf("the reception heard %+v", s)
		}
	}
	q.anna.EditText(q.anna.Chat().Last(), "Why indeed?")
	if s := got(t, &q.reception.inbox, &q.reception.said, 3); s.Text != "Why indeed?" || s.Edited.IsZero() {
		t.Errorf("the reception heard %+v", s)
	}
	q.bob.Start("")
	q.bob.Write("/next")
	if s := got(t, &q.reception.inbox, &q.reception.said, 5); s.Text != "/next" || s.User != "12" {
		t.Errorf("the reception heard %+v", s)
	}
}

// TestWhatBelongsTogether: the reception hears what Telegram's apps send together.
func TestWhatBelongsTogether(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	q.start()
	q.write("One.") // after /start
	q.carl.Write("Two.", telegramfake.With("photo"), telegramfake.InAlbum("77"))
	q.carl.Write("", telegramfake.With("photo"), telegramfake.InAlbum("77"))
	q.carl.Write(strings.Repeat("x", 4000))
	for i, want := range []connector.Said{{Text: "One."}, {Text: "Two.", Album: "77"}, {Album: "77"},
		{Text: strings.Repeat("x", 4000), Full: true}} {
		s := got(t, &q.reception.inbox, &q.reception.said, i+2)
		if s.Text != want.Text || s.Album != want.Album || s.Full != want.Full || s.At.IsZero() {
			t.Errorf("%d: the reception heard %+v", i, s)
		}
	}
}

// TestWhatIsNoMessage stops nothing: media without words, blocking, services, junk.
func TestWhatIsNoMessage(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	q.start()
	q.carl.Start("")
	q.carl.Write("", telegramfake.With("sticker"))
	q.carl.Write("", telegramfake.With("photo"))
	q.carl.Write("What is this?", telegramfake.With("photo"))
	q.carl.Block()
	q.carl.Unblock()
	q.carl.React(q.carl.Chat().Last(), "👍")
	q.fake.Inject("message", `{"message_id":5,"date":1,"chat":{"id":13,"type":"private"},"from":{"id":13,"is_bot":false,"first_name":"Carl"},`+
		`"pinned_message":{"message_id":1,"date":0,"chat":{"id":13,"type":"private"}}}`)
	q.fake.Inject("callback_query", `{"id":"77","from":{"id":13,"is_bot":false,"first_name":"Carl"},"data":"p:x"}`)
	q.fake.Inject("callback_query", `{"id":"78","from":{"id":13,"is_bot":false,"first_name":"Carl","language_code":"xx"},`+
		`"message":{"chat":{"id":13,"type":"private"},"message_id":2,"date":0},"data":"p:old"}`)
	q.fake.Inject("message_reaction", `{"chat":{"id":-1002000000001,"type":"supergroup"},"message_id":4,"date":1,"old_reaction":[],`+
		`"new_reaction":[{"type":"emoji","emoji":"👍"}]}`)
	q.carl.Write("Last")
	if p := got(t, &q.reception.inbox, &q.reception.presses, 1); p.action != "old" || p.Language != "" {
		t.Errorf("the reception got %+v", p)
	}
	var texts []string
	for i := range 5 {
		texts = append(texts, got(t, &q.reception.inbox, &q.reception.said, i+1).Text)
	}
	if !slices.Equal(texts, []string{"/start", "", "", "What is this?", "Last"}) || len(q.public.votes) > 0 {
		t.Errorf("the reception heard %q; votes %q", texts, q.public.votes)
	}
}

// TestOneReceives: whichever side runs first receives for both, and the other one goes
// on when it ends.
func TestOneReceives(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{desk: true})
	p := q.make()
	q.run(p.t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	q.write("one")
	got(t, &q.reception.inbox, &q.reception.said, 2)
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	q.write("two")
	got(t, &q.reception.inbox, &q.reception.said, 3)
	if p.Hooks() != nil || p.Trouble() != nil {
		t.Error("what is the desk's is told twice")
	}
}

func TestPublicOptions(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*PublicOptions){
		"no id":        func(o *PublicOptions) { o.ID = "" },
		"the desk's":   func(o *PublicOptions) { o.ID = "telegram" },
		"no inbox":     func(o *PublicOptions) { o.Inbox = nil },
		"no reception": func(o *PublicOptions) { o.Reception = nil },
		"chat's name":  func(o *PublicOptions) { o.Chat = "@news" },
		"a person":     func(o *PublicOptions) { o.Chat = "13" },
		"desk's chat":  func(o *PublicOptions) { o.Chat = "-1001000000001" },
		"trigger":      func(o *PublicOptions) { o.Triggers = []Trigger{"mentoin"} },
	} {
		q := newSquare(t, publicSetup{desk: true, change: change})
		if _, err := q.world.make().Public(q.opts); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	q := newSquare(t, publicSetup{})
	p := q.make()
	if _, err := p.t.Public(q.opts); err == nil || !strings.Contains(err.Error(), "one only") {
		t.Errorf("a second public side: %v", err)
	}
}

// TestPublicMenus: everybody is shown what they can type, the staff also what the desk takes.
func TestPublicMenus(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{desk: true})
	q.start()
	names := func(s telegramfake.Scope, language string) (all []string) {
		for _, c := range q.fake.Commands(s, language) {
			all = append(all, c.Command+" "+c.Description)
		}
		return all
	}
	for _, c := range []struct {
		scope    telegramfake.Scope
		language string
		want     []string
	}{
		{telegramfake.Scope{Type: "chat", Chat: publicChat}, "", []string{"ask Ask in lv"}}, // the last that is set
		{telegramfake.Scope{Type: "all_private_chats"}, "", []string{"ask Ask in lv", "my Your questions"}},
		{telegramfake.Scope{Type: "all_private_chats"}, "en", []string{"ask Ask in en", "my Your questions"}},
		{telegramfake.Scope{Type: "chat", Chat: 11}, "", []string{"home What waits for you", "ask Ask in lv", "my Your questions"}},
	} {
		q.await("a menu", func() bool { return len(names(c.scope, c.language)) > 0 })
		if has := names(c.scope, c.language); !slices.Equal(has, c.want) {
			t.Errorf("%+v %s: %q", c.scope, c.language, has)
		}
	}
}
