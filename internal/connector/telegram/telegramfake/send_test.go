package telegramfake

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSendRights(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	anna, bob, eve := s.User(1, "Anna"), s.User(2, "Bob"), s.User(3, "Eve")
	anna.Start("")
	open := s.Supergroup(-1, "Open", BotAdmin(), Named("open_desk"))
	open.Say(bob, "the bot meets me here")
	s.Group(-2, "Away", BotAway)
	s.Supergroup(-3, "Away", BotAway)
	s.Channel(-4, "News", BotAdmin(CanManageChat))
	for _, c := range []struct {
		chat any
		code int
		want string
	}{
		{anna.ID(), 200, ""},
		{bob.ID(), 403, "Forbidden: bot can't initiate conversation with a user"},
		{eve.ID(), 400, "Bad Request: chat not found"},
		{-99, 400, "Bad Request: chat not found"},
		{"", 400, "Bad Request: chat_id is empty"},
		{"@open_desk", 200, ""},
		{"@closed_desk", 400, "Bad Request: chat not found"},
		{-2, 403, "Forbidden: bot is not a member of the group chat"},
		{-3, 403, "Forbidden: bot is not a member of the supergroup chat"},
		{-4, 400, "Bad Request: need administrator rights in the channel chat"},
	} {
		want(t, raw(t, s, "sendMessage", "chat_id", c.chat, "text", "x"), c.code, c.want)
	}
	open.Restrict(bob, s.Bot())
	want(t, raw(t, s, "sendMessage", "chat_id", -1, "text", "x"), 400, "Bad Request: not enough rights to send text messages to the chat")
	open.Remove(bob, s.Bot())
	want(t, raw(t, s, "sendMessage", "chat_id", -1, "text", "x"), 403, "Forbidden: bot was kicked from the supergroup chat")
	anna.Block()
	want(t, raw(t, s, "sendMessage", "chat_id", 1, "text", "x"), 403, "Forbidden: bot was blocked by the user")
	anna.Unblock()
	anna.Deactivate()
	want(t, raw(t, s, "sendMessage", "chat_id", 1, "text", "x"), 403, "Forbidden: user is deactivated")
	old := s.Group(-5, "Small")
	old.Remove(bob, s.Bot())
	want(t, raw(t, s, "sendMessage", "chat_id", -5, "text", "x"), 403, "Forbidden: bot was kicked from the group chat")
}

func TestReplies(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	anna := s.User(1, "Anna")
	q := anna.Start("")
	gone := anna.Write("gone")
	anna.Delete(gone)
	m := send(t, s, 1, "x", "reply_parameters", encoded(map[string]any{"message_id": q.ID()}))
	if m.ReplyTo == nil || m.ReplyTo.ID != q.ID() {
		t.Errorf("got %+v", m.ReplyTo)
	}
	if last := anna.Chat().Last(); last.ReplyTo() != q {
		t.Errorf("it answers %v", last.ReplyTo())
	}
	missing := encoded(map[string]any{"message_id": gone.ID()})
	want(t, raw(t, s, "sendMessage", "chat_id", 1, "text", "x", "reply_parameters", missing), 400,
		"Bad Request: message to be replied not found")
	anyway := encoded(map[string]any{"message_id": gone.ID(), "allow_sending_without_reply": true})
	if m := send(t, s, 1, "x", "reply_parameters", anyway); m.ReplyTo != nil {
		t.Errorf("got %+v", m.ReplyTo)
	}
	want(t, raw(t, s, "sendMessage", "chat_id", 1, "text", "x", "reply_to_message_id", gone.ID()), 400,
		"Bad Request: message to be replied not found")
}

func TestEdits(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := New(t, Options{NoLimits: true, Now: clock.now})
	anna := s.User(1, "Anna")
	hers := anna.Start("")
	m := send(t, s, 1, "<b>a</b>", "parse_mode", "HTML", "reply_markup", keyboard("Go", "Stop"))
	card := anna.Chat().find(m.ID)
	edit := func(pairs ...any) got {
		return raw(t, s, "editMessageText", append([]any{"chat_id", 1, "message_id", m.ID}, pairs...)...)
	}
	const same = "Bad Request: message is not modified: specified new message content and reply markup are exactly " +
		"the same as a current content and reply markup of the message"
	want(t, edit("text", "<b>a</b>", "parse_mode", "HTML", "reply_markup", keyboard("Go", "Stop")), 400, same)
	want(t, edit("text", "a", "reply_markup", keyboard("Go", "Stop")), 200, "") // other entities
	want(t, edit("text", "a", "reply_markup", keyboard("Go")), 200, "")         // other buttons
	want(t, edit("text", " a ", "reply_markup", keyboard("Go")), 400, same)     // after trimming
	want(t, edit("text", "a", "reply_markup", `{"force_reply":true}`), 400, "Bad Request: inline keyboard expected")
	if got := card.Labels(); !slices.Equal(got, []string{"Go"}) {
		t.Errorf("buttons %v", got)
	}
	clock.add(72 * time.Hour)
	want(t, edit("text", "b"), 200, "") // no limit of 48 hours
	if card.Text() != "b" || len(card.Labels()) != 0 {
		t.Errorf("an edit without a keyboard left %s", card)
	}
	want(t, edit("text", "b"), 400, same)
	markup := func(pairs ...any) got {
		return raw(t, s, "editMessageReplyMarkup", append([]any{"chat_id", 1, "message_id", m.ID}, pairs...)...)
	}
	want(t, markup("reply_markup", keyboard("Go")), 200, "")
	want(t, markup("reply_markup", keyboard("Go")), 400, same)
	want(t, markup(), 200, "")
	want(t, raw(t, s, "editMessageText", "chat_id", 1, "message_id", 99, "text", "x"), 400, "Bad Request: message to edit not found")
	want(t, raw(t, s, "editMessageText", "chat_id", 1, "message_id", hers.ID(), "text", "x"), 400, "Bad Request: message can't be edited")
	anna.Delete(card)
	want(t, edit("text", "c"), 400, "Bad Request: message to edit not found")

	var texts []string
	for _, v := range card.Versions() {
		texts = append(texts, v.Text+strings.Join(v.Buttons, "+"))
	}
	if got := strings.Join(texts, " "); got != "aGo+Stop aGo+Stop aGo b bGo b" {
		t.Errorf("versions %s", got)
	}
	if got := anna.Notifications(); len(got) != 1 || got[0].Text != "a" {
		t.Errorf("her phone rang for %v", got)
	}
	if kinds := kinds(peek(t, s)); slices.Contains(kinds, "edited_message") {
		t.Errorf("the bot's own edits came back: %v", kinds)
	}
}

func TestSilentMessagesRingNowhere(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	anna, bob := s.User(1, "Anna"), s.User(2, "Bob")
	anna.Start("")
	s.Supergroup(-1, "Desk", Members(bob))
	send(t, s, 1, "quiet", "disable_notification", true)
	send(t, s, 1, "loud")
	send(t, s, -1, "in the group")
	if got := anna.Notifications(); len(got) != 1 || got[0].Text != "loud" {
		t.Errorf("Anna: %v", got)
	}
	if got := bob.Notifications(); len(got) != 1 || got[0].Text != "in the group" {
		t.Errorf("Bob: %v", got)
	}
	e := s.Ledger("sendMessage")
	if len(e) != 3 || !e[0].Silent || e[1].Silent {
		t.Errorf("ledger %+v", e)
	}
}

func TestDeletes(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := New(t, Options{NoLimits: true, Now: clock.now})
	anna := s.User(1, "Anna")
	anna.Start("")
	plain := s.Supergroup(-1, "Plain")
	s.Supergroup(-2, "Admin", BotAdmin(CanDeleteMessages)).Say(anna, "x")
	theirs := plain.Say(anna, "x")
	mine := send(t, s, -1, "x")
	del := func(chat int64, id int) got { return raw(t, s, "deleteMessage", "chat_id", chat, "message_id", id) }
	want(t, del(-1, theirs.ID()), 400, "Bad Request: message can't be deleted")
	want(t, del(-1, mine.ID), 200, "")
	want(t, del(-1, mine.ID), 400, "Bad Request: message to delete not found")
	want(t, del(-2, 2), 200, "")
	want(t, del(1, anna.Chat().Messages()[0].ID()), 200, "")
	a, b := send(t, s, -1, "a"), send(t, s, -1, "b")
	many := encoded([]int{a.ID, 999, b.ID})
	want(t, raw(t, s, "deleteMessages", "chat_id", -1, "message_ids", many), 200, "")
	if got := plain.FromBot(); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
	old := send(t, s, -1, "old")
	clock.add(48 * time.Hour)
	want(t, del(-1, old.ID), 400, "Bad Request: message can't be deleted")
	if got := kinds(peek(t, s)); len(got) != 0 {
		t.Errorf("deletions are never told, and what was told is too old: %v", got)
	}
}

func TestPins(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	desk := s.Supergroup(-1, "Desk")
	m := send(t, s, -1, "board")
	pin := func() got { return raw(t, s, "pinChatMessage", "chat_id", -1, "message_id", m.ID) }
	want(t, pin(), 400, "Bad Request: not enough rights to manage pinned messages in the chat")
	desk.Promote(s.User(1, "Anna"), s.Bot(), CanPinMessages)
	want(t, pin(), 200, "")
	if got := desk.PinnedMessages(); len(got) != 1 || got[0].ID() != m.ID || !got[0].Pinned() {
		t.Errorf("pinned %v", got)
	}
	if got := newest[message](t, s, "message"); got.Pinned == nil || got.Pinned.ID != m.ID {
		t.Errorf("no service message: %+v", got)
	}
	chat := decode[struct {
		Pinned *message `json:"pinned_message"`
	}](t, raw(t, s, "getChat", "chat_id", -1).Result)
	if chat.Pinned == nil || chat.Pinned.ID != m.ID {
		t.Errorf("getChat shows %+v", chat.Pinned)
	}
	want(t, raw(t, s, "unpinChatMessage", "chat_id", -1), 200, "")
	want(t, raw(t, s, "unpinChatMessage", "chat_id", -1), 400, "Bad Request: message to unpin not found")
	want(t, raw(t, s, "pinChatMessage", "chat_id", -1, "message_id", 99), 400, "Bad Request: message to pin not found")
}

func TestCallbacks(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := New(t, Options{NoLimits: true, Now: clock.now})
	anna := s.User(1, "Anna")
	anna.Start("")
	send(t, s, 1, "card", "reply_markup", keyboard("Go"))
	card := anna.Chat().Last()
	const old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
	answer := func(k *Click, pairs ...any) got {
		return raw(t, s, "answerCallbackQuery", append([]any{"callback_query_id", k.ID()}, pairs...)...)
	}
	k := card.Click(anna, "Go")
	u := newest[struct {
		ID      string
		From    struct{ ID int64 }
		Message message
		Data    string
	}](t, s, "callback_query")
	if u.ID != k.ID() || u.From.ID != 1 || u.Data != "Go" || u.Message.ID != card.ID() || u.Message.Markup == nil {
		t.Errorf("got %+v", u)
	}
	if k.Answered() != nil {
		t.Error("answered already")
	}
	want(t, answer(k, "text", "no", "show_alert", true), 200, "")
	if a := k.Await(soon(t)); a.Text != "no" || !a.Alert {
		t.Errorf("she sees %+v", a)
	}
	want(t, answer(k), 400, old)
	want(t, raw(t, s, "answerCallbackQuery", "callback_query_id", "1"), 400, old)
	want(t, answer(card.Click(anna, "Go"), "text", strings.Repeat("x", 201)), 400, "Bad Request: MESSAGE_TOO_LONG")
	late := card.Click(anna, "Go")
	clock.add(15 * time.Second)
	want(t, answer(late), 200, "")
	late = card.Click(anna, "Go")
	clock.add(15*time.Second + 1)
	want(t, answer(late), 400, old)
	expired := card.ClickData(anna, "gone")
	expired.Expire()
	want(t, answer(expired), 400, old)
}
