package telegram

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

func TestWrote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.fake.User(13, "Eve").SetUsername("evelina")
	tg := w.start()
	at, card := w.post(tg, w.card())
	said := w.desk.Say(w.anna, "First line.\n@evelina what do you think?\n\n@desk_bot last 👍 line", telegramfake.ReplyTo(card))
	m := got(t, w.inbox, &w.inbox.wrote, 1)
	want := []session.ChatLine{{Text: "First line."}, {Text: "@evelina what do you think?", Mentions: true}, {}, {Text: "last 👍 line"}}
	if !slices.Equal(m.Lines, want) || m.Under != at || m.By.ID != "11" || string(m.Place) != w.opts.DeskChat {
		t.Errorf("the inbox got %+v", m)
	}
	if m.Message != (messageID{deskChat, said.ID()}).id() || m.At.Unix() == 0 || m.Deleted {
		t.Errorf("the inbox got %+v", m)
	}
	w.anna.EditText(said, "Second try.")
	if e := got(t, w.inbox, &w.inbox.wrote, 2); e.Message != m.Message || e.At != m.At || e.Lines[0].Text != "Second try." {
		t.Errorf("the edit is %+v", e)
	}
	w.desk.Say(w.anna, "look", telegramfake.With("photo"))
	if p := got(t, w.inbox, &w.inbox.wrote, 3); p.Under != "" || p.Lines[0].Text != "look" {
		t.Errorf("the caption is %+v", p)
	}
}

// TestWhomAnAnswerNames: only the staff's accounts make a line internal, by their @name or
// without one; a public account may be named, and what is code is content.
func TestWhomAnAnswerNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.fake.User(13, "Eve").SetUsername("evelina")
	w.fake.User(14, "Tax").SetUsername("tax_office")
	staff := []session.UserRef{"11", "13", "99"}
	tg := w.start(func(o *Options) { o.Staff = func() []session.UserRef { return staff } })
	_, card := w.post(tg, w.card())
	w.desk.Say(w.anna, "Write to @tax_office.\n@Evelina is that so?\nOr @nobody_knows.", telegramfake.ReplyTo(card))
	want := []session.ChatLine{{Text: "Write to @tax_office."}, {Text: "@Evelina is that so?", Mentions: true}, {Text: "Or @nobody_knows."}}
	if m := got(t, w.inbox, &w.inbox.wrote, 1); !slices.Equal(m.Lines, want) {
		t.Errorf("the inbox got %+v", m.Lines)
	}
	if m := (deskReader{staff: func(e models.MessageEntity, name string) bool { return tg.colleague(t.Context(), e, name) }}); true {
		for u, want := range map[int64]bool{13: true, 14: false} {
			e := models.MessageEntity{Type: models.MessageEntityTypeTextMention, Length: 3, User: &models.User{ID: u}}
			if l := m.lines(&models.Message{Text: "Eva?", Entities: []models.MessageEntity{e}})[0]; l.Mentions != want {
				t.Errorf("a mention of %d: %+v", u, l)
			}
		}
		pre := models.MessageEntity{Type: models.MessageEntityTypePre, Offset: 5, Length: 12}
		got := m.lines(&models.Message{Text: "// a\n// b\n  // c\n// d", Entities: []models.MessageEntity{pre}})
		want := []session.ChatLine{{Text: "// a"}, {Text: "// b", Code: true}, {Text: "// c", Code: true}, {Text: "// d"}}
		if !slices.Equal(got, want) {
			t.Errorf("code reads %+v", got)
		}
	}
	w.desk.Say(w.anna, strings.Repeat("word ", nearlyFull/5), telegramfake.ReplyTo(card))
	if m := got(t, w.inbox, &w.inbox.wrote, 2); !m.Full {
		t.Error("a message of 3,500 units is not full")
	}
}

// TestNobodysMessages: bots, anonymous administrators, channels and notes about the group
// never reach the inbox; of what has no words it hears what it was.
func TestNobodysMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.inbox.onWrote = func(connector.Written) (connector.Answer, error) { return connector.Answer{Say: "hm"}, nil }
	channel := w.fake.Channel(-1002, "News")
	tg := w.start()
	w.post(tg, w.card())
	w.desk.Say(w.anna, "anonymous", telegramfake.Anonymously())
	w.desk.Say(w.anna, "/next", telegramfake.Anonymously())
	w.desk.Say(w.anna, "as a channel", telegramfake.AsChannel(channel))
	w.desk.Say(w.fake.Robot(99, "Other"), "beep")
	w.desk.Say(w.anna, "", telegramfake.With("sticker"))
	w.desk.Add(w.anna, w.fake.User(14, "Newcomer"))
	w.fake.Supergroup(-1003, "Elsewhere", telegramfake.BotAdmin()).Say(w.anna, "elsewhere")
	w.desk.Say(w.anna, "mine")
	w.awaitTexts("sticker", "mine")
	if n := w.inbox.count(func() int { return len(w.inbox.spoken) }); n != 0 {
		t.Errorf("%d commands", n)
	}
}

func TestForumMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{chat: []telegramfake.Setup{telegramfake.BotAdmin(), telegramfake.Forum}})
	tg := w.start()
	thread := w.desk.NewTopic(w.anna, "Hour")
	c := w.card()
	c.Place = place{deskChat, thread}.id()
	at, card := w.post(tg, c)
	w.desk.Say(w.anna, "alone", telegramfake.InTopic(thread))
	if m := got(t, w.inbox, &w.inbox.wrote, 1); m.Under != "" || m.Place != c.Place {
		t.Errorf("alone in a topic: %+v", m)
	}
	w.desk.Say(w.anna, "answer", telegramfake.ReplyTo(card))
	if m := got(t, w.inbox, &w.inbox.wrote, 2); m.Under != at || m.Place != c.Place {
		t.Errorf("an answer in a topic: %+v", m)
	}
	w.desk.Say(w.anna, "general")
	if m := got(t, w.inbox, &w.inbox.wrote, 3); m.Under != "" || string(m.Place) != w.opts.DeskChat {
		t.Errorf("in General: %+v", m)
	}
	card.Press(w.anna, "Accept")
	if p := got(t, w.inbox, &w.inbox.presses, 1); p.Place != c.Place {
		t.Errorf("a press in a topic: %+v", p)
	}
}

func TestWroteAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.inbox.onWrote = func(m connector.Written) (connector.Answer, error) {
		if strings.HasPrefix(m.Lines[0].Text, "take") {
			return connector.Answer{Taken: true}, nil
		}
		return connector.Answer{Say: "Use it?", Buttons: []connector.Button{{Label: "Yes", Action: "1.yes"}}}, nil
	}
	w.start()
	said := w.desk.Say(w.anna, "take this")
	w.await("the mark", func() bool { return slices.Equal(said.BotReactions(), []string{taken}) })
	w.desk.Say(w.anna, "perhaps")
	w.anna.Await(testenv.Soon(t), says2("Use it?"))
	bobs := w.desk.Say(w.bob, "perhaps")
	m := w.desk.Await(testenv.Soon(t), says2("Use it?"))
	if m.ReplyTo() != bobs {
		t.Errorf("it answers %v", m.ReplyTo())
	}
	m.Press(w.bob, "Yes")
	w.await("the question to go", m.Deleted)
}

// TestReactionsRefused: without the right to react the desk works, and says so once.
func TestReactionsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.inbox.onWrote = func(connector.Written) (connector.Answer, error) { return connector.Answer{Taken: true}, nil }
	w.fake.Fault("setMessageReaction", 1, telegramfake.Refuse(400, "Bad Request: REACTIONS_DISABLED"))
	tg := w.make()
	stop := w.run(tg)
	w.desk.Say(w.anna, "one")
	w.awaitTexts("one")
	stop()
	if ts := tg.Trouble(); len(ts) != 1 || ts[0].ID != "telegram.reactions_refused" {
		t.Errorf("troubles: %v", ts)
	}
	stop = w.run(tg)
	said := w.desk.Say(w.anna, "two")
	w.await("the mark", func() bool { return len(said.BotReactions()) == 1 })
	stop()
	if ts := tg.Trouble(); len(ts) != 0 {
		t.Errorf("troubles: %v", ts)
	}
}

// TestWroteAgain: a message is handed over again until it is stored.
func TestWroteAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	fails := 2
	w.inbox.onWrote = func(connector.Written) (connector.Answer, error) {
		if fails--; fails >= 0 {
			return connector.Answer{}, session.Fail(session.Unavailable, "unavailable").Because(errors.New("away"))
		}
		return connector.Answer{}, nil
	}
	w.start()
	w.desk.Say(w.anna, "one")
	got(t, w.inbox, &w.inbox.wrote, 3)
}

func TestParseCommand(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]*spoken{
		"/next":                       {name: "next"},
		"/hour schedule now":          {name: "hour", rest: "schedule now"},
		"/Hour@Desk_bot list":         {name: "hour", bot: "Desk_bot", rest: "list"},
		"/hour\nschedule\nx y":        {name: "hour", rest: "schedule\nx y"},
		"/hour\u00A0start":            {name: "hour", rest: "start"},
		"/extend 15 минут 👍":          {name: "extend", rest: "15 минут 👍"},
		"next":                        nil,
		"":                            nil,
		"/":                           nil,
		"/@desk_bot":                  nil,
		"/next@":                      nil,
		"/next@a@b":                   nil,
		"/стоп":                       nil,
		"👍 /next":                     nil,
		" /next":                      nil,
		"/usr/bin":                    nil,
		"/" + strings.Repeat("a", 33): nil,
	} {
		got, ok := parseCommand(text)
		if ok != (want != nil) || ok && got != *want {
			t.Errorf("%q reads %+v, %v; want %+v", text, got, ok, want)
		}
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.inbox.onSpoken = func(s connector.Spoken) (connector.Answer, error) {
		return connector.Answer{Say: "heard " + s.Text}, nil
	}
	w.start()
	w.desk.Say(w.anna, "/hour@other_bot list")
	w.desk.Say(w.anna, "/unknown")
	edited := w.desk.Say(w.anna, "hello")
	w.anna.EditText(edited, "/next")
	w.desk.Say(w.anna, "/hour@desk_bot list")
	w.anna.Write("/schedule")
	w.anna.Write("/whatever")
	w.anna.Await(testenv.Soon(t), says2("heard whatever"))
	w.desk.Say(w.bob, "/next tax")
	w.desk.Await(testenv.Soon(t), says2("heard next tax")) // he cannot be written to
	var all []string
	for _, s := range w.inbox.spoken {
		all = append(all, string(s.By.ID)+" "+s.Text)
	}
	if want := []string{"11 list", "11 schedule", "11 whatever", "12 next tax"}; !slices.Equal(all, want) {
		t.Errorf("the inbox heard %q, want %q", all, want)
	}
	w.anna.Await(testenv.Soon(t), says2("heard list"))
}

func TestMenus(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.start()
	w.await("the menus", func() bool {
		return len(w.fake.Commands(telegramfake.Scope{Type: "chat", Chat: deskChat}, "")) == 2 &&
			len(w.fake.Commands(telegramfake.Scope{Type: "all_private_chats"}, "")) == 1
	})
}

func TestHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.inbox.home = connector.Form{Title: "Your page", Lines: []connector.Line{
		{Text: "#3 waits", Link: connector.Link{Label: "card", Message: messageID{deskChat, 5}.id()}}}}
	w.start()
	w.anna.Start("")
	page := w.anna.Await(testenv.Soon(t), says2("Your page", "#3 waits card"))
	if e := page.Entities(); e[len(e)-1].URL != "https://t.me/c/1000000001/5" {
		t.Errorf("entities %+v", e)
	}
	w.anna.Write("/home")
	w.await("the old one to go", page.Deleted)
	next := w.anna.Await(testenv.Soon(t), says2("Your page"))
	next.Press(w.anna, "Close")
	w.await("it to go", next.Deleted)
	w.anna.Write("hello")
	w.anna.Await(testenv.Soon(t), says2(english.Text("telegram.idle")))
}

func TestSentAtOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{fake: telegramfake.Options{Now: func() time.Time { return time.Unix(1_800_000_000, 0) }}})
	w.start()
	w.desk.Say(w.anna, "one")
	w.desk.Say(w.anna, "two")
	a, b := got(t, w.inbox, &w.inbox.wrote, 1), got(t, w.inbox, &w.inbox.wrote, 2)
	if !b.At.After(a.At) || a.At.Unix() != 1_800_000_000 {
		t.Errorf("at %v and %v", a.At, b.At)
	}
}
