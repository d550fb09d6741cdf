package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
)

// TestLetters: a person's talk with the bot is one sender in one line, whether they write,
// edit, press or work at the desk; what they do in another group is not.
func TestLetters(t *testing.T) {
	t.Parallel()
	tg := newSquare(t, publicSetup{desk: true}).make().t
	const desk, group = `"chat":{"id":-1001000000001}`, `"chat":{"id":-1002000000001}`
	for body, want := range map[string]string{
		`"message":{` + desk + `,"from":{"id":12}}`:                                   "staff 12",
		`"edited_message":{` + desk + `,"from":{"id":12}}`:                            "staff 12",
		`"my_chat_member":{` + desk + `,"from":{"id":12}}`:                            "staff 12",
		`"callback_query":{"from":{"id":12},"message":{"message_id":5,` + desk + `}}`: "staff 12",
		`"callback_query":{"from":{"id":11},"message":{"chat":{"id":11}}}`:            "staff 11",
		`"callback_query":{"from":{"id":11}}`:                                         "staff 11",
		`"callback_query":{"from":{"id":99},"message":{"chat":{"id":99}}}`:            "public 99",
		`"callback_query":{"from":{"id":99}}`:                                         "public 99",
		`"message":{"chat":{"id":11},"from":{"id":11}}`:                               "staff 11",
		`"message":{"chat":{"id":99},"from":{"id":99}}`:                               "public 99",
		`"edited_message":{"chat":{"id":99},"from":{"id":99}}`:                        "public 99",
		`"message":{` + group + `,"from":{"id":11},"text":"talk"}`:                    "public -1002000000001 11",
		`"message_reaction":{` + group + `,"message_id":7,` +
			`"user":{"id":11}}`: "public -1002000000001/7 11",
		`"message":{` + group + `}`:                          "public ",
		`"message":{"chat":"odd","from":{"id":99}}`:          "public 0 99",
		`"message":[],"callback_query":{"from":{"id":"11"}}`: "public ",
		`"message":{"chat":{"id":-9},"from":{"id":1e3},"message":"odd"},"message_reaction":3,"edited_message":{"x":`: "public ",
	} {
		raw := []byte(`{"update_id":1,` + body + `}`)
		e := tg.letter(readHead(raw), raw)
		if got := string(e.Line) + " " + e.From; got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

// TestMovedBeforeTheNext: what is written in the supergroup that the desk's group became is
// the desk's at once, for every replica, although nobody has handled that it moved.
func TestMovedBeforeTheNext(t *testing.T) {
	t.Parallel()
	for _, move := range []string{`"chat":{"id":-77},"migrate_to_chat_id":-1005`, `"chat":{"id":-1005},"migrate_from_chat_id":-77`} {
		w := newWorld(t, setup{basic: true})
		tg, other := w.make(), w.make()
		updates := []json.RawMessage{json.RawMessage(`{"update_id":7,"message":{` + move + `,"from":{"id":11}}}`),
			json.RawMessage(`{"update_id":8,"message":{"chat":{"id":-1005},"from":{"id":12}}}`)}
		next, err := tg.store(t.Context(), tg.runner.Put, updates...)
		if err != nil || next != 9 {
			t.Errorf("%s: next %d, %v", move, next, err)
		}
		for _, replica := range []*Telegram{tg, other} {
			if !replica.isDesk(t.Context(), -1005) {
				t.Errorf("%s: somebody does not know the desk", move)
			}
		}
		ls, err := w.mailbox.Take(t.Context(), connector.StaffLine, 9, 0)
		if err != nil || len(ls) == 0 || ls[len(ls)-1].Key != "u:8" {
			t.Errorf("%s: at the desk wait %v, %v", move, ls, err)
		}
		w.memory.Break(errors.New("away"))
		if _, err := tg.store(t.Context(), tg.runner.Put, updates...); err == nil {
			t.Errorf("%s: stored, and nobody knows the new group", move)
		}
	}
}

// TestEarlyVote: a like that comes before its question is not lost, also where its question
// is never asked.
func TestEarlyVote(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	p := q.make()
	like := func() error {
		thumb := models.ReactionType{Type: models.ReactionTypeTypeEmoji, ReactionTypeEmoji: &models.ReactionTypeEmoji{Emoji: "👍"}}
		return p.reacted(t.Context(), &models.MessageReactionUpdated{Chat: models.Chat{ID: publicChat}, MessageID: 2,
			User: &models.User{ID: 11}, NewReaction: []models.ReactionType{thumb}})
	}
	if err := like(); !errors.Is(err, receive.ErrEarly) {
		t.Errorf("before its question: %v", err)
	}
	raw := fmt.Sprintf(`{"update_id":1,"message":{"message_id":2,"date":1,"text":"/ask Why?","chat":{"id":%d,"type":"supergroup"},
		"from":{"id":13,"first_name":"Carl"}}}`, publicChat)
	if err := p.t.Handle(t.Context(), []byte(raw)); err != nil {
		t.Fatal(err)
	}
	if err := like(); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	got(t, &q.public.inbox, &q.public.votes, 1)
}
