package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/testenv"
)

// telegramSettings are a bot that serves whatever else the file says.
const telegramSettings = `
[telegram]
token = %q
api_url = %q
mode = %q
webhook_secret = "a-secret-of-the-webhook"
desk_chat = -1001000
`

// chatPublic is the public place in Telegram.
const chatPublic = `
[[public]]
kind = "telegram"
id = "tg"
chat = -1002000
hashtag = "question"
`

// chatDesk is the desk in Telegram, with how long a draft waits for more.
const chatDesk = `
[desk]
kind = "telegram"
settle = %q
undo = "0s"
`

// square is Telegram with its people, and an institution that uses it.
type square struct {
	*testing.T
	at                *institution
	tg                *telegramfake.Server
	desk              *telegramfake.Chat
	channel, talk     *telegramfake.Chat
	anna, janis       *telegramfake.User // moderators
	edgars            *telegramfake.User // an expert
	ilze, maris, ruta *telegramfake.User // the public
	run               *running
	config            string
	asked             int
	token             string // of a moderator
}

// openSquare starts Telegram and, on top of it, the program. more is added to the
// configuration.
func openSquare(t *testing.T, mode, redisURL, more string, o telegramfake.Options) *square {
	t.Helper()
	s := newSquare(t, newInstitution(t), o)
	base := fmt.Sprintf(settings, redisURL, s.at.listen)
	if strings.Contains(more, "[desk]") {
		base = elsewhere(base)
	}
	text := base + s.settings(mode) + more
	for name, id := range map[string]string{"Anna Bērziņa": "telegram = 11", "Jānis Kalniņš": "telegram = 12",
		"Edgars Ozols": "telegram = 13"} {
		text = strings.Replace(text, `name = "`+name+"\"\n", `name = "`+name+"\"\n"+id+"\n", 1)
	}
	s.config = s.at.public(text)
	writeConfig(t, s.at.dir, s.config)
	s.begin()
	return s
}

// newSquare starts Telegram for an institution.
func newSquare(t *testing.T, at *institution, o telegramfake.Options) *square {
	t.Helper()
	o.LocalWebhooks = true
	o.CallbackLife = testenv.Patience // how quick a press is, a benchmark says
	o.Late = time.Second / 2          // four busy loops beside make it so
	s := &square{T: t, tg: telegramfake.New(t, o), at: at}
	s.people()
	t.Cleanup(s.dump)
	return s
}

// settings are what the configuration has of the bot.
func (s *square) settings(mode string) string {
	return fmt.Sprintf(telegramSettings, s.tg.Token(), s.tg.URL(), mode)
}

// people makes the chats and who is in them. The staff have pressed Start before.
func (s *square) people() {
	s.anna, s.janis, s.edgars = s.tg.User(11, "Anna"), s.tg.User(12, "Jānis"), s.tg.User(13, "Edgars")
	s.ilze, s.maris, s.ruta = s.tg.User(21, "Ilze"), s.tg.User(22, "Māris"), s.tg.User(23, "Rūta")
	s.talk = s.tg.Supergroup(-1002001, "Talk", telegramfake.BotAdmin(), telegramfake.Members(s.ilze, s.maris, s.ruta))
	s.channel = s.tg.Channel(-1002000, "Office", telegramfake.Linked(s.talk))
	s.desk = s.tg.Supergroup(-1001000, "Desk", telegramfake.BotAdmin(), telegramfake.Members(s.anna, s.janis, s.edgars))
	for _, u := range []*telegramfake.User{s.anna, s.janis, s.edgars} {
		u.Start("")
	}
}

// dump shows every chat of a test that failed.
func (s *square) dump() {
	if !s.Failed() {
		return
	}
	for _, c := range []*telegramfake.Chat{s.desk, s.channel, s.talk, s.anna.Chat(), s.janis.Chat(), s.edgars.Chat(), s.ilze.Chat(),
		s.maris.Chat(), s.ruta.Chat()} {
		s.Logf("chat %d at %s:\n%s", c.ID(), time.Now().Format(time.TimeOnly), c)
	}
}

func (s *square) begin() {
	s.Helper()
	s.run = start(s.T, s.at.dir, "run")
	s.at.await()
}

// patient bounds one wait.
func (s *square) patient() context.Context { return testenv.Soon(s) }

// await waits for a message in a chat that says all of it, and gives the newest.
func (s *square) await(c *telegramfake.Chat, says ...string) *telegramfake.Message {
	s.Helper()
	return c.Await(s.patient(), saying(says...))
}

func saying(says ...string) func(*telegramfake.Message) bool {
	var all []func(*telegramfake.Message) bool
	for _, text := range says {
		all = append(all, telegramfake.Says(text))
	}
	return telegramfake.All(all...)
}

// card waits for a card with that button.
func (s *square) card(n int, button string) *telegramfake.Message {
	s.Helper()
	return s.desk.Await(s.patient(), telegramfake.All(telegramfake.IsCard(n), telegramfake.Offers(button)))
}

// reads waits until the card says something.
func (s *square) reads(n int, text string) *telegramfake.Message {
	s.Helper()
	return s.desk.Await(s.patient(), telegramfake.All(telegramfake.IsCard(n), telegramfake.Says(text)))
}

// press presses a button of a card that has it.
func (s *square) press(n int, who *telegramfake.User, label string) string {
	s.Helper()
	return s.card(n, label).Press(who, label)
}

// more presses a button for which a card that says something may have no room: it comes
// in place of the others, or in private when the group has no turn for that.
func (s *square) more(n int, says string, who *telegramfake.User, label string) {
	s.Helper()
	if card := s.reads(n, says); !telegramfake.Offers(label)(card) {
		card.Press(who, "⋯")
	}
	has := telegramfake.All(telegramfake.IsCard(n), telegramfake.Offers(label))
	var m *telegramfake.Message
	s.tg.Await(s.patient(), "the button "+label, func() bool {
		if m = s.desk.Find(has); m == nil {
			m = who.Chat().Find(has)
		}
		return m != nil
	})
	m.Press(who, label)
}

// board waits for the board to offer something.
func (s *square) board(button string) *telegramfake.Message {
	s.Helper()
	return s.desk.Await(s.patient(), telegramfake.All((*telegramfake.Message).Pinned, telegramfake.Offers(button)))
}

// choose presses the option of a form in private whose label begins so.
func (s *square) choose(who *telegramfake.User, begins string) {
	s.Helper()
	var label string
	m := who.Await(s.patient(), func(m *telegramfake.Message) bool {
		i := slices.IndexFunc(m.Labels(), func(l string) bool { return strings.HasPrefix(l, begins) })
		if i >= 0 {
			label = m.Labels()[i]
		}
		return i >= 0
	})
	m.Press(who, label)
}

// submit presses the button of a form in private that says something.
func (s *square) submit(who *telegramfake.User, says, label string) {
	s.Helper()
	who.Await(s.patient(), telegramfake.All(saying(says), telegramfake.Offers(label))).Press(who, label)
}

// approve approves a question's answer after a look at the preview.
func (s *square) approve(n int, who *telegramfake.User, says ...string) {
	s.Helper()
	s.press(n, who, "Approve")
	who.Await(s.patient(), telegramfake.All(saying(append(says, "Approve "+number(n))...), telegramfake.Offers("Approve"))).Press(who,
		"Approve")
}

func number(n int) string { return fmt.Sprint("#", n) }

// reply is what the expert writes under a card.
func (s *square) reply(n int, texts ...string) {
	s.Helper()
	card := s.card(n, "Claim")
	for _, text := range texts {
		s.desk.Say(s.edgars, text, telegramfake.ReplyTo(card))
	}
}

// ask sends a question from the public page.
func (s *square) ask(slug, text string) {
	s.Helper()
	s.asked++
	status, out := s.at.api("", http.MethodPost, "/api/v1/sessions/"+slug+"/questions",
		map[string]any{"text": text, "key": fmt.Sprint("k", s.asked)})
	if status != http.StatusCreated {
		s.Fatalf("asking: %d %v", status, out)
	}
}

// times counts how often the bot wrote a text in a chat: posts and edits.
func (s *square) times(c *telegramfake.Chat, text string) (n int) {
	for _, e := range s.tg.Ledger("sendMessage", "editMessageText") {
		if e.Chat == c.ID() && strings.Contains(e.Text, text) {
			n++
		}
	}
	return n
}

// once fails for each text that the bot did not write exactly once in a chat.
func (s *square) once(c *telegramfake.Chat, texts ...string) {
	s.Helper()
	for _, text := range texts {
		if n := s.times(c, text); n != 1 {
			s.Errorf("%q was written %d times in chat %d", text, n, c.ID())
		}
	}
}

// became fails unless a message read as each of the texts, one after the other. In between a
// receipt may say that its question is accepted, if the answer leaves the time for that.
func (s *square) became(m *telegramfake.Message, texts ...string) {
	s.Helper()
	vs := slices.DeleteFunc(m.Versions(), func(v telegramfake.Version) bool {
		return strings.Contains(v.Text, "is accepted") && !strings.Contains(texts[0], "is accepted")
	})
	if len(vs) != len(texts) {
		s.Errorf("%d versions, want %d: %v", len(vs), len(texts), vs)
		return
	}
	for i, text := range texts {
		if !strings.Contains(vs[i].Text, text) {
			s.Errorf("version %d is %q, want %q in it", i, vs[i].Text, text)
		}
	}
}

// healthy fails when Telegram ever had to say "too many".
func (s *square) healthy() {
	s.Helper()
	if n := s.tg.Limited(); n > 0 {
		s.Errorf("Telegram said %d times that it is too much", n)
	}
}
