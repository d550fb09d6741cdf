package telegramfake

import (
	"context"
	"slices"
	"strconv"
	"time"
)

const longestNotice = 200 // units of a callback answer

// Answer is what a person sees after pressing a button.
type Answer struct {
	Text  string
	Alert bool // a box to close, instead of a line that goes away
	URL   string
}

// Click is a button that somebody pressed.
type Click struct {
	srv     *Server
	id      string
	who     *User
	message *Message
	pressed time.Time
	over    bool
	answer  *Answer
}

// Press presses the button with this label and waits until the bot answers; the text
// of the answer is returned. Without that button, or without an answer in time, the
// test fails.
func (m *Message) Press(who *User, label string) string {
	if m.chat.srv.t != nil {
		m.chat.srv.t.Helper()
	}
	ctx, cancel := context.WithTimeout(context.Background(), m.chat.srv.o.Patience)
	defer cancel()
	return m.Click(who, label).Await(ctx).Text
}

// Click presses the button with this label and does not wait.
func (m *Message) Click(who *User, label string) *Click {
	s := m.chat.srv
	defer s.lock()()
	all := slices.Concat(m.markup.copy()...)
	i := slices.IndexFunc(all, func(b Button) bool { return b.Label == label })
	if m.deleted || i < 0 || all[i].Data == "" {
		s.fail("message %d has no button %q to press; it has %q (deleted: %t)", m.id, label, m.markup.labels(), m.deleted)
	}
	return s.click(who, m, all[i].Data)
}

// ClickData presses a button that is not, or no longer, there: an old keyboard on
// somebody's screen sends its data too.
func (m *Message) ClickData(who *User, data string) *Click {
	defer m.chat.srv.lock()()
	return m.chat.srv.click(who, m, data)
}

func (s *Server) click(who *User, m *Message, data string) *Click {
	id := strconv.FormatInt(s.botID<<20+int64(len(s.clicks)+1), 10)
	k := &Click{srv: s, id: id, who: who, message: m, pressed: s.now()}
	s.clicks[id] = k
	who.met = true
	s.push("callback_query", lane{"callback", who.id}, map[string]any{
		"id": id, "from": who.json(), "message": m.json(true), "data": data,
		"chat_instance": strconv.FormatInt(m.chat.id, 10),
	}, s.now())
	return k
}

// ID is the id of the callback query.
func (k *Click) ID() string { return k.id }

// Expire makes the press too old for an answer.
func (k *Click) Expire() {
	defer k.srv.lock()()
	k.over = true
}

// Await blocks until the bot answers; when the context ends first the test fails.
func (k *Click) Await(ctx context.Context) Answer {
	if k.srv.t != nil {
		k.srv.t.Helper()
	}
	var a *Answer
	k.srv.Await(ctx, "the answer to a button", func() bool { a = k.Answered(); return a != nil })
	if a == nil {
		return Answer{}
	}
	return *a
}

// Answered is the answer so far, nil while the person waits.
func (k *Click) Answered() *Answer {
	defer k.srv.lock()()
	return k.answer
}

// answerCallbackQuery counts for no limit. A query is answered once, and in time.
func answerCallbackQuery(s *Server, p params) (any, error) {
	k := s.clicks[p["callback_query_id"]]
	if k == nil || k.over || k.answer != nil || s.now().Sub(k.pressed) > s.o.CallbackLife {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	if units(p["text"]) > longestNotice {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	k.answer = &Answer{Text: p["text"], Alert: p.yes("show_alert"), URL: p["url"]}
	s.record(Entry{
		Did: "answerCallbackQuery", Chat: k.message.chat.id, Message: k.message.id, Thread: k.message.thread,
		Text: k.answer.Text, Silent: true, User: k.who.id,
	})
	return true, nil
}
