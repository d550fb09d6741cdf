package telegramfake

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Everything that the fake pushes is what the real client's types expect.
func TestLibraryDecodesEveryUpdate(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	anna, bob := s.User(1, "Anna"), s.User(2, "Bob")
	every := encoded(updateKinds)
	updates(t, s, "allowed_updates", every)
	desk := s.Supergroup(-1, "Desk", Forum, BotAdmin())
	news := s.Channel(-2, "News", Linked(s.Supergroup(-3, "Talk", BotAdmin())))
	m := anna.Start("x")
	anna.EditText(m, "/start y https://a.lv")
	anna.Block()
	thread := desk.NewTopic(anna, "Hour")
	send(t, s, -1, "<b>card</b>", "parse_mode", "HTML", "message_thread_id", thread, "reply_markup", keyboard("Go"))
	desk.Last().Click(bob, "Go")
	desk.Say(bob, "x", ReplyTo(desk.Last()), With("voice"))
	desk.Say(bob, "y", Anonymously(), InTopic(thread), With("photo"))
	bob.React(desk.Last(), "👍")
	desk.Add(anna, bob)
	for _, do := range []func(by, who *User){desk.Restrict, desk.Demote, desk.Remove} {
		do(anna, bob)
		do(anna, s.Bot())
	}
	post := news.Post("post", With("document"))
	anna.EditText(post, "edited")
	anna.React(post, "🔥")
	s.Group(-9, "Small").Move(anna, -1009)

	var seen []string
	for _, u := range peek(t, s) {
		v := decode[models.Update](t, encode(u))
		seen = append(seen, kinds([]update{u})...)
		if v.Message != nil && v.Message.Chat.ID == 0 || v.CallbackQuery != nil && v.CallbackQuery.Message.Message == nil {
			t.Errorf("%s came out empty", encode(u))
		}
		if c := v.MyChatMember; c != nil && (c.OldChatMember.Type == "" || c.NewChatMember.Type == "") {
			t.Errorf("%s came out empty", encode(u))
		}
	}
	slices.Sort(seen)
	if got := strings.Join(slices.Compact(seen), " "); got != "callback_query channel_post chat_member edited_channel_post "+
		"edited_message message message_reaction message_reaction_count my_chat_member" {
		t.Errorf("seen: %s", got)
	}
}

// Every method the way the real client calls it.
func TestLibraryMethods(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true, LocalWebhooks: true})
	anna := s.User(1, "Anna")
	anna.Start("")
	desk := s.Supergroup(-1, "Desk", Forum, BotAdmin(), Members(anna))
	b, ctx := library(t, s), t.Context()
	ok := func(what string, _ any, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	topic, err := b.CreateForumTopic(ctx, &bot.CreateForumTopicParams{ChatID: -1, Name: "Hour"})
	ok("create", topic, err)
	m, err := b.SendMessage(ctx, &bot.SendMessageParams{
		ChatID: -1, MessageThreadID: topic.MessageThreadID, Text: "a &lt; b", ParseMode: models.ParseModeHTML,
		DisableNotification: true, LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: bot.True()},
		ReplyParameters: &models.ReplyParameters{MessageID: 99, AllowSendingWithoutReply: true},
	})
	ok("send", m, err)
	if m.Text != "a < b" || m.MessageThreadID != topic.MessageThreadID || !m.IsTopicMessage {
		t.Errorf("sent %+v", m)
	}
	done := func(what string) func(bool, error) {
		return func(v bool, err error) {
			t.Helper()
			if err != nil || !v {
				t.Errorf("%s: %t %v", what, v, err)
			}
		}
	}
	done("pin")(b.PinChatMessage(ctx, &bot.PinChatMessageParams{ChatID: -1, MessageID: m.ID}))
	done("unpin")(b.UnpinChatMessage(ctx, &bot.UnpinChatMessageParams{ChatID: -1, MessageID: m.ID}))
	done("react")(b.SetMessageReaction(ctx, &bot.SetMessageReactionParams{ChatID: -1, MessageID: m.ID, Reaction: []models.ReactionType{
		{Type: models.ReactionTypeTypeEmoji, ReactionTypeEmoji: &models.ReactionTypeEmoji{Emoji: "👀"}},
	}}))
	if got := desk.find(m.ID).BotReactions(); !slices.Equal(got, []string{"👀"}) {
		t.Errorf("reactions %v", got)
	}
	done("action")(b.SendChatAction(ctx, &bot.SendChatActionParams{ChatID: -1, Action: models.ChatActionTyping}))
	done("rename")(b.EditForumTopic(ctx, &bot.EditForumTopicParams{ChatID: -1, MessageThreadID: topic.MessageThreadID, Name: "Hour 2"}))
	done("close")(b.CloseForumTopic(ctx, &bot.CloseForumTopicParams{ChatID: -1, MessageThreadID: topic.MessageThreadID}))
	done("reopen")(b.ReopenForumTopic(ctx, &bot.ReopenForumTopicParams{ChatID: -1, MessageThreadID: topic.MessageThreadID}))
	done("delete")(b.DeleteMessages(ctx, &bot.DeleteMessagesParams{ChatID: -1, MessageIDs: []int{m.ID, 77}}))
	done("delete topic")(b.DeleteForumTopic(ctx, &bot.DeleteForumTopicParams{ChatID: -1, MessageThreadID: topic.MessageThreadID}))
	done("commands")(b.SetMyCommands(ctx, &bot.SetMyCommandsParams{
		Commands: []models.BotCommand{{Command: "ask", Description: "Ask"}}, LanguageCode: "lv",
		Scope: &models.BotCommandScopeChatAdministrators{ChatID: -1},
	}))
	if got := s.Commands(Scope{Type: "chat_administrators", Chat: -1}, "lv"); len(got) != 1 {
		t.Errorf("commands %v", got)
	}
	chat, err := b.GetChat(ctx, &bot.GetChatParams{ChatID: -1})
	if ok("chat", chat, err); err == nil && !chat.IsForum {
		t.Errorf("chat %+v", chat)
	}
	admins, err := b.GetChatAdministrators(ctx, &bot.GetChatAdministratorsParams{ChatID: -1})
	if ok("admins", admins, err); len(admins) != 1 || !admins[0].Administrator.CanManageTopics {
		t.Errorf("admins %+v", admins)
	}
	member, err := b.GetChatMember(ctx, &bot.GetChatMemberParams{ChatID: -1, UserID: 1})
	if ok("member", member, err); err == nil && member.Type != models.ChatMemberTypeMember {
		t.Errorf("member %+v", member)
	}
	done("hook")(b.SetWebhook(ctx, &bot.SetWebhookParams{URL: "http://127.0.0.1:1/", AllowedUpdates: []string{"message"}}))
	info, err := b.GetWebhookInfo(ctx)
	if ok("info", info, err); !slices.Equal(info.AllowedUpdates, []string{"message"}) {
		t.Errorf("info %+v", info)
	}
	done("no hook")(b.DeleteWebhook(ctx, &bot.DeleteWebhookParams{}))
	done("leave")(b.LeaveChat(ctx, &bot.LeaveChatParams{ChatID: -1}))
}

// The library's own webhook handler takes what the fake delivers.
func TestLibraryWebhook(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	came := make(chan string, 9)
	b := library(t, s, bot.WithWebhookSecretToken("s3cret"), bot.WithDefaultHandler(
		func(_ context.Context, _ *bot.Bot, u *models.Update) { came <- u.Message.Text }))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); b.StartWebhook(ctx) }()
	h := httptest.NewServer(b.WebhookHandler())
	defer h.Close()
	if _, err := b.SetWebhook(t.Context(), &bot.SetWebhookParams{URL: h.URL, SecretToken: "s3cret"}); err != nil {
		t.Fatal(err)
	}
	s.User(1, "Anna").Start("x")
	if got := <-came; got != "/start x" {
		t.Errorf("got %q", got)
	}
	s.Await(soon(t), "the confirmation", none(s))
	stop()
	<-done
}

// The client tells the fake's faults apart as it would the real ones.
func TestLibraryFaults(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	s.User(1, "Anna").Start("")
	b := library(t, s)
	try := func(f Fault) error {
		s.Fault("sendMessage", 1, f)
		_, err := b.SendMessage(t.Context(), &bot.SendMessageParams{ChatID: 1, Text: "x"})
		return err
	}
	for _, f := range []Fault{DropBefore, DropAfter, ErrorAfter, CutShort} {
		if err := try(f); err == nil || errors.Is(err, bot.ErrorBadRequest) {
			t.Errorf("%s: %v", f.name, err)
		}
	}
	var syntax *json.SyntaxError
	if err := try(CutShort); errors.As(err, &syntax) {
		t.Errorf("a body that breaks off is no whole body: %v", err)
	}
	if got := len(s.Ledger("sendMessage")); got != 4 {
		t.Errorf("%d were sent", got)
	}
	if err := try(Refuse(400, "Bad Request: TOPIC_CLOSED")); !errors.Is(err, bot.ErrorBadRequest) {
		t.Errorf("refused: %v", err)
	}
}
