package telegram

import (
	"testing"

	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
)

// TestDesk is what every desk promises, in a group and in a topic.
func TestDesk(t *testing.T) {
	t.Parallel()
	for name, forum := range map[string]bool{"group": false, "topic": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connectortest.RunDesk(t, func(t *testing.T) connectortest.DeskHarness { return harness(t, forum) })
		})
	}
}

func harness(t *testing.T, forum bool) connectortest.DeskHarness {
	s := setup{chat: []telegramfake.Setup{telegramfake.BotAdmin()}}
	if forum {
		s.chat = append(s.chat, telegramfake.Forum)
	}
	w := newWorld(t, s)
	h := connectortest.DeskHarness{Connector: w.make(), Place: session.PlaceID(w.opts.DeskChat)}
	if forum {
		h.Place = place{deskChat, w.desk.NewTopic(w.anna, "Hour")}.id()
	}
	h.Cards = func() (cards []connectortest.SeenCard) {
		for _, m := range w.desk.FromBot() {
			if m.ReplyTo() == nil {
				cards = append(cards, connectortest.SeenCard{ID: messageID{deskChat, m.ID()}.id(), Text: m.Text(), Actions: actions(m)})
			}
		}
		return cards
	}
	h.Calls = func() (calls []connectortest.SeenCall) {
		for _, m := range w.desk.FromBot() {
			if to := m.ReplyTo(); to != nil {
				calls = append(calls, connectortest.SeenCall{Under: messageID{deskChat, to.ID()}.id(), Text: m.Text()})
			}
		}
		return calls
	}
	h.Remove = func(at session.MessageID) {
		s, _ := parseMessageID(at)
		w.anna.Delete(w.desk.Find(func(m *telegramfake.Message) bool { return m.ID() == s.message }))
	}
	h.Refuse = func() { w.fake.Fault("sendMessage", 1, telegramfake.Refuse(400, "Bad Request: no")) }
	h.Silence = func() {
		held := w.fake.Fault("sendMessage", 1, telegramfake.HangAfter)
		t.Cleanup(held.Release)
	}
	return h
}
