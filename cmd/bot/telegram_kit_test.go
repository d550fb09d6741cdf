package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"experthour/internal/connector/telegram/telegramfake"
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

// square is Telegram with its people, and an institution that uses it.
type square struct {
	*testing.T
	at              *institution
	tg              *telegramfake.Server
	desk            *telegramfake.Chat // nil when the desk is elsewhere
	channel, talk   *telegramfake.Chat
	anna, janis     *telegramfake.User // moderators
	edgars          *telegramfake.User // an expert
	citizen, second *telegramfake.User
	run             *running
	config          string
	asked           int
}

// openSquare starts Telegram and, on top of it, the program. more is added to the
// configuration.
func openSquare(t *testing.T, mode, redisURL, more string, o telegramfake.Options) *square {
	t.Helper()
	o.LocalWebhooks = true
	s := &square{T: t, tg: telegramfake.New(t, o)}
	s.anna, s.janis, s.edgars = s.tg.User(11, "Anna"), s.tg.User(12, "Jānis"), s.tg.User(13, "Edgars")
	s.citizen, s.second = s.tg.User(21, "Ilze"), s.tg.User(22, "Māris")
	s.talk = s.tg.Supergroup(-1002001, "Talk", telegramfake.BotAdmin(), telegramfake.Members(s.citizen, s.second))
	s.channel = s.tg.Channel(-1002000, "Office", telegramfake.Linked(s.talk))
	if strings.Contains(more, `kind = "telegram"`+"\nsettle") {
		s.desk = s.tg.Supergroup(-1001000, "Desk", telegramfake.BotAdmin(), telegramfake.Members(s.anna, s.janis, s.edgars))
	}
	for _, u := range []*telegramfake.User{s.anna, s.janis, s.edgars} {
		u.Start("")
	}
	s.at = &institution{t: t, dir: t.TempDir(), listen: free(t)}
	s.at.base = "http://" + s.at.listen
	text := fmt.Sprintf(settings, redisURL, s.at.listen) + fmt.Sprintf(telegramSettings, s.tg.Token(), s.tg.URL(), mode) + more
	for name, id := range map[string]string{"Anna Bērziņa": "telegram = 11", "Jānis Kalniņš": "telegram = 12", "Edgars Ozols": "telegram = 13"} {
		text = strings.Replace(text, `name = "`+name+"\"\n", `name = "`+name+"\"\n"+id+"\n", 1)
	}
	s.config = strings.Replace(text, "[http]\n", "[http]\npublic_url = \""+s.at.base+"\"\n", 1)
	writeConfig(t, s.at.dir, s.config)
	s.begin()
	return s
}

func (s *square) begin() {
	s.Helper()
	s.run = start(s.T, s.at.dir, "run")
	s.at.await()
}

func (s *square) patient() context.Context {
	ctx, cancel := context.WithTimeout(s.Context(), patience)
	s.Cleanup(cancel)
	return ctx
}

func (s *square) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// await waits for a message of the bot in a chat that says all of it, the newest.
func (s *square) await(c *telegramfake.Chat, says ...string) *telegramfake.Message {
	s.Helper()
	m := c.Await(s.patient(), func(m *telegramfake.Message) bool { return s.shows(m, says...) })
	if m == nil {
		s.Fatalf("nobody says %q in\n%s", says, c)
	}
	return m
}

func (s *square) shows(m *telegramfake.Message, says ...string) bool {
	for _, want := range says {
		if !strings.Contains(m.Text(), want) {
			return false
		}
	}
	return !m.Deleted()
}

// card waits for a card with that button.
func (s *square) card(n int, button string) *telegramfake.Message {
	s.Helper()
	m := s.desk.Await(s.patient(), func(m *telegramfake.Message) bool {
		return telegramfake.IsCard(n)(m) && (button == "" || telegramfake.Offers(button)(m))
	})
	if m == nil {
		s.Fatalf("no card %d with %q in\n%s", n, button, s.desk)
	}
	return m
}

// reads waits until the card says something.
func (s *square) reads(n int, text string) *telegramfake.Message {
	s.Helper()
	m := s.desk.Await(s.patient(), func(m *telegramfake.Message) bool { return telegramfake.IsCard(n)(m) && s.shows(m, text) })
	if m == nil {
		s.Fatalf("card %d never says %q in\n%s", n, text, s.desk)
	}
	return m
}

// ask sends a question from the public page.
func (s *square) ask(slug, text string) {
	s.Helper()
	s.asked++
	status, out := s.at.api("", http.MethodPost, "/api/v1/sessions/"+slug+"/questions", map[string]any{"text": text, "key": fmt.Sprint("k", s.asked)})
	if status != http.StatusCreated {
		s.Fatalf("asking: %d %v", status, out)
	}
}

// healthy fails when Telegram ever had to say "too many".
func (s *square) healthy() {
	s.Helper()
	if n := s.tg.Limited(); n > 0 {
		s.Errorf("Telegram said %d times that it is too much", n)
	}
}
