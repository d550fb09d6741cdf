package main

import (
	"fmt"
	"strings"
	"testing"

	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/connector/telegram/telegramfake"
)

// TestTelegramSecondReplica polls on when the first is killed, and the two never fight
// about the polls.
func TestTelegramSecondReplica(t *testing.T) {
	t.Parallel()
	s := openSquare(t, "polling", realRedis(t), chatPublic+fmt.Sprintf(chatDesk, "1s"), telegramfake.Options{})
	s.openHour()
	first := s.run
	other := s.replica()
	s.ilze.Start("")
	s.ilze.Write("Who is there?")
	s.await(s.ilze.Chat(), "Question #1 has arrived")
	s.press(1, s.anna, "Accept")
	s.maris.Start("")
	s.await(s.maris.Chat(), "Just write")
	first.cmd.Process.Kill()
	first.cmd.Wait()
	s.at = other
	before := len(s.tg.Calls("getUpdates"))
	s.maris.Write("Is anybody still there?")
	s.await(s.maris.Chat(), "Question #2 has arrived")
	s.card(2, "Accept")
	s.reply(1, "Yes, another one.")
	s.reads(1, "revision 1")
	if n, asked := s.tg.Conflicts(), len(s.tg.Calls("getUpdates"))-before; n > 2 || asked > 40 {
		t.Errorf("%d conflicts, and %d polls during the takeover", n, asked)
	}
	s.once(s.ilze.Chat(), "Question #1 has arrived")
	s.once(s.maris.Chat(), "Question #2 has arrived")
	s.healthy()
}

// replica starts one more program on the same store.
func (s *square) replica() *institution {
	s.Helper()
	other := *s.at
	other.dir, other.listen = s.TempDir(), free(s.T)
	other.base = "http://" + other.listen
	writeConfig(s.T, other.dir, strings.Replace(s.config, `listen = "`+s.at.listen, `listen = "`+other.listen, 1))
	start(s.T, other.dir, "run")
	other.await()
	return &other
}

// publicAlone is Telegram for the public only, where the desk is elsewhere.
const publicAlone = `
[telegram]
token = %q
api_url = %q
mode = "polling"
`

// TestSlackDeskTelegramPublic: people ask in Telegram, and those who answer work in Slack.
func TestSlackDeskTelegramPublic(t *testing.T) {
	t.Parallel()
	s := &square{T: t, tg: telegramfake.New(t, telegramfake.Options{LocalWebhooks: true})}
	s.people()
	t.Cleanup(s.dump)
	f := openOffice(t, "socket", "embedded", "1s", slackfake.Options{}, fmt.Sprintf(publicAlone, s.tg.Token(), s.tg.URL())+chatPublic)
	f.open("homes")
	s.await(s.channel, "We have started")
	s.ilze.Start("homes")
	s.await(s.ilze.Chat(), "Warmer homes", "Just write")
	s.ilze.Write("May I begin?")
	s.await(s.ilze.Chat(), "Question #1 has arrived")
	f.click(f.card(1, "Accept"), f.anna, "Accept")
	f.edgars.Reply(f.card(1, "Claim"), "No, wait for the decision.")
	f.reads(1, "revision 1")
	f.click(f.card(1, "Approve"), f.anna, "Approve")
	f.submit(f.modal(f.anna, "wait for the decision"))
	s.await(s.ilze.Chat(), "Question #1 is answered ↑")
	s.became(s.await(s.ilze.Chat(), "wait for the decision"), "Question #1 has arrived", "No, wait for the decision.")
	s.once(s.ilze.Chat(), "has arrived", "wait for the decision.", "is answered ↑")
	f.reads(1, "Published")
	if n := len(s.desk.FromBot()); n > 0 {
		t.Errorf("it says %d things in a group that is nobody's desk", n)
	}
	s.healthy()
	f.healthy()
}

// TestBurstInTelegram: many questions at once never make Telegram refuse anything, the
// board says how many wait, and whoever presses meanwhile is answered.
func TestBurstInTelegram(t *testing.T) {
	t.Parallel()
	s := openSquare(t, "polling", "embedded", chatPublic+fmt.Sprintf(chatDesk, "1s"), telegramfake.Options{})
	s.openHour()
	const many = 25
	crowd := s.arrive(0, many)
	card := s.shownAlone(1)
	card.Press(s.anna, "Accept")
	s.card(1, "Claim")
	for _, u := range crowd {
		s.tg.Await(s.patient(), "the receipt of "+u.Name(), func() bool { return s.receipts(u.Chat()) > 0 })
		if n := s.receipts(u.Chat()); n != 1 {
			t.Errorf("%s got %d receipts", u.Name(), n)
		}
	}
	s.board(fmt.Sprintf("Next (%d new)", many-1))
	for _, u := range crowd {
		s.await(s.desk, "I am "+u.Name()+".")
	}
	s.healthy()
}

// shownAlone is a new question as somebody can decide about it: its card, or when it
// shares a message with others, a copy in private.
func (s *square) shownAlone(n int) *telegramfake.Message {
	s.Helper()
	card := telegramfake.All(telegramfake.IsCard(n), telegramfake.Offers("Accept"))
	m := s.desk.Await(s.patient(), func(m *telegramfake.Message) bool { return card(m) || telegramfake.Offers(number(n))(m) })
	if card(m) {
		return m
	}
	m.Press(s.anna, number(n))
	return s.anna.Await(s.patient(), card)
}
