package telegramfake

import (
	"strings"
	"testing"
)

type topicJSON struct {
	ID   int `json:"message_thread_id"`
	Name string
}

func TestTopics(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	anna := s.User(1, "Anna")
	desk := s.Supergroup(-1, "Desk", Forum, BotAdmin())
	g := raw(t, s, "createForumTopic", "chat_id", -1, "name", "Hour 1")
	want(t, g, 200, "")
	topic := decode[topicJSON](t, g.Result)
	if m := newest[message](t, s, "message"); m.Created == nil || m.Created.Name != "Hour 1" || m.ID != topic.ID ||
		m.Thread != topic.ID || !m.InTopic {
		t.Errorf("the service message reaches the bot: %+v", m)
	}
	in := send(t, s, -1, "card", "message_thread_id", topic.ID)
	if in.Thread != topic.ID || !in.InTopic || !in.Chat.Forum || in.ReplyTo == nil || in.ReplyTo.Created == nil {
		t.Errorf("in the topic: %+v", in)
	}
	if general := send(t, s, -1, "all"); general.Thread != 0 || general.InTopic || general.ReplyTo != nil {
		t.Errorf("in General: %+v", general)
	}
	const missing = "Bad Request: message thread not found"
	want(t, raw(t, s, "sendMessage", "chat_id", -1, "text", "x", "message_thread_id", 1), 400, missing)
	want(t, raw(t, s, "sendMessage", "chat_id", -1, "text", "x", "message_thread_id", 99), 400, missing)

	card := desk.find(in.ID)
	said := desk.Say(anna, "answer", ReplyTo(card))
	if m := newest[message](t, s, "message"); m.Thread != topic.ID || !m.InTopic || m.ReplyTo.ID != card.ID() {
		t.Errorf("a reply is in the topic: %+v", m)
	}
	desk.Say(anna, "talk", InTopic(topic.ID))
	if m := newest[message](t, s, "message"); m.ReplyTo == nil || m.ReplyTo.Created == nil {
		t.Errorf("without a reply the topic itself is shown: %+v", m)
	}
	if out := send(t, s, -1, "x", "reply_parameters", encoded(map[string]any{"message_id": said.ID()})); out.ReplyTo != nil ||
		out.Thread != 0 {
		t.Errorf("a reply from another topic: %+v", out)
	}
	if got := len(desk.In(topic.ID)); got != 4 {
		t.Errorf("%d messages in the topic", got)
	}

	want(t, raw(t, s, "editForumTopic", "chat_id", -1, "message_thread_id", topic.ID, "name", "Hour 2"), 200, "")
	want(t, raw(t, s, "editForumTopic", "chat_id", -1, "message_thread_id", topic.ID, "name", "Hour 2"), 400,
		"Bad Request: TOPIC_NOT_MODIFIED")
	if got := desk.Topics(); len(got) != 1 || got[0].Name != "Hour 2" || got[0].Closed {
		t.Errorf("topics %+v", got)
	}
	want(t, raw(t, s, "deleteForumTopic", "chat_id", -1, "message_thread_id", topic.ID), 200, "")
	want(t, raw(t, s, "deleteForumTopic", "chat_id", -1, "message_thread_id", topic.ID), 400, "Bad Request: TOPIC_ID_INVALID")
	want(t, raw(t, s, "sendMessage", "chat_id", -1, "text", "x", "message_thread_id", topic.ID), 400, missing)
	want(t, raw(t, s, "editMessageText", "chat_id", -1, "message_id", card.ID(), "text", "x"), 400, "Bad Request: message to edit not found")
}

func TestClosedTopics(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	anna := s.User(1, "Anna")
	desk := s.Supergroup(-1, "Desk", Forum)
	thread := desk.NewTopic(anna, "Hour")
	try := func() got { return raw(t, s, "sendMessage", "chat_id", -1, "text", "x", "message_thread_id", thread) }
	want(t, try(), 200, "")
	desk.CloseTopic(anna, thread)
	want(t, try(), 400, "Bad Request: TOPIC_CLOSED")
	desk.ReopenTopic(anna, thread)
	want(t, try(), 200, "")
	desk.CloseTopic(anna, thread)
	desk.Promote(anna, s.Bot(), CanManageTopics)
	want(t, try(), 200, "") // who manages topics writes in closed ones
	call := func(method string) got { return raw(t, s, method, "chat_id", -1, "message_thread_id", thread) }
	want(t, call("closeForumTopic"), 400, "Bad Request: TOPIC_NOT_MODIFIED")
	want(t, call("reopenForumTopic"), 200, "")
	want(t, call("closeForumTopic"), 200, "")
	if !desk.Topics()[0].Closed {
		t.Error("it is open")
	}
	desk.DeleteTopic(thread)
	want(t, try(), 400, "Bad Request: message thread not found")
}

func TestTopicRights(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	s.Supergroup(-1, "Desk", Forum, BotAdmin(CanPinMessages))
	s.Supergroup(-2, "Flat", BotAdmin())
	s.Supergroup(-3, "Good", Forum, BotAdmin(CanManageTopics))
	s.User(1, "Anna").Start("")
	create := func(chat int64, name string) got { return raw(t, s, "createForumTopic", "chat_id", chat, "name", name) }
	want(t, create(-1, "x"), 400, "Bad Request: not enough rights to create a topic")
	want(t, create(-2, "x"), 400, "Bad Request: the chat is not a forum")
	want(t, create(-3, " "), 400, "Bad Request: name must be non-empty")
	if got := decode[topicJSON](t, create(-3, strings.Repeat("ā", 129)).Result); got.Name != strings.Repeat("ā", 128) {
		t.Errorf("got %s", got.Name)
	}
	want(t, raw(t, s, "closeForumTopic", "chat_id", -1, "message_thread_id", 1), 400,
		"Bad Request: not enough rights to close or open the topic")
	// Without topics the thread of a supergroup is ignored; a private chat has none.
	if m := send(t, s, -2, "x", "message_thread_id", 77); m.Thread != 0 {
		t.Errorf("thread %d", m.Thread)
	}
	want(t, raw(t, s, "sendMessage", "chat_id", 1, "text", "x", "message_thread_id", 77), 400, "Bad Request: message thread not found")
}

func TestCommandMenus(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	s.Supergroup(-1, "Desk")
	set := func(list string, pairs ...any) got {
		return raw(t, s, "setMyCommands", append(pairs, "commands", list)...)
	}
	cmd := func(name, text string) string { return encoded([]Command{{name, text}}) }
	want(t, set(cmd("ask", "Ask")), 200, "")
	want(t, set(cmd("/ask_2", " Jautāt "), "language_code", "lv", "scope", `{"type":"chat","chat_id":-1}`), 200, "")
	want(t, set(cmd("x", "y"), "scope", `{"type":"chat_member","chat_id":"-1","user_id":5}`), 200, "")
	if got := s.Commands(Scope{}, ""); len(got) != 1 || got[0].Command != "ask" {
		t.Errorf("got %v", got)
	}
	if got := s.Commands(Scope{Type: "chat", Chat: -1}, "lv"); len(got) != 1 || got[0] != (Command{"ask_2", "Jautāt"}) {
		t.Errorf("got %v", got)
	}
	if got := s.Commands(Scope{Type: "chat_member", Chat: -1, User: 5}, ""); len(got) != 1 {
		t.Errorf("got %v", got)
	}
	if got := string(raw(t, s, "getMyCommands", "language_code", "lv").Result); got != "[]" {
		t.Errorf("another language: %s", got)
	}
	want(t, raw(t, s, "deleteMyCommands"), 200, "")
	if got := string(raw(t, s, "getMyCommands").Result); got != "[]" {
		t.Errorf("deleted: %s", got)
	}
	many := make([]Command, 101)
	for i := range many {
		many[i] = Command{"x", "y"}
	}
	for _, c := range []struct{ list, want string }{
		{cmd("", "x"), "command must be non-empty"},
		{cmd(strings.Repeat("x", 32), "x"), ""},
		{cmd(strings.Repeat("x", 33), "x"), "command length must not exceed 32"},
		{cmd("Ask", "x"), "BOT_COMMAND_INVALID"},
		{cmd("ask-me", "x"), "BOT_COMMAND_INVALID"},
		{cmd("jautāt", "x"), "BOT_COMMAND_INVALID"},
		{cmd("ask", " "), "command description must be non-empty"},
		{cmd("ask", strings.Repeat("x", 257)), "command description length must not exceed 256"},
		{encoded(many), "BOT_COMMANDS_TOO_MUCH"},
		{`{`, "can't parse commands JSON object"},
	} {
		if c.want != "" {
			c.want = "Bad Request: " + c.want
		}
		want(t, set(c.list), 400, c.want)
	}
	want(t, set(`[]`, "language_code", "lat"), 400, "Bad Request: invalid language code specified")
	want(t, set(`[]`, "scope", `{"type":"chat","chat_id":-9}`), 400, "Bad Request: chat not found")
	want(t, set(`[]`, "scope", `{"type":"everybody"}`), 400, "Bad Request: can't parse BotCommandScope: Unsupported type specified")
}
