package telegramfake

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// texts are the texts of the messages that reached the bot.
func texts(t *testing.T, s *Server) []string {
	t.Helper()
	var out []string
	for _, u := range peek(t, s) {
		if u["message"] != nil {
			out = append(out, decode[message](t, u["message"]).Text)
		}
	}
	return out
}

func TestPrivacy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		off     bool
		how     []Setup
		reaches string
	}{
		{"privacy", false, nil, "/ask@desk_bot x|/ask@Desk_Bot x|/ask ours|reply|inline"},
		{"admin", false, []Setup{BotAdmin(CanPinMessages)},
			"talk|@desk_bot hi|/ask x|/ask@desk_bot x|/ask@Desk_Bot x|/ask@other x|/ask ours|/ask theirs|reply|inline"},
		{"privacy off", true, nil, "talk|@desk_bot hi|/ask x|/ask@desk_bot x|/ask@Desk_Bot x|/ask@other x|/ask ours|/ask theirs|reply|inline"},
		{"away", true, []Setup{BotAway}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := New(t, Options{NoLimits: true, PrivacyOff: c.off})
			anna, robot := s.User(1, "Anna"), s.Robot(9, "Other")
			desk := s.Supergroup(-1, "Desk", c.how...)
			for _, text := range []string{"talk", "@desk_bot hi", "/ask x", "/ask@desk_bot x", "/ask@Desk_Bot x", "/ask@other x"} {
				desk.Say(anna, text)
			}
			if c.name != "away" {
				send(t, s, -1, "the bot speaks")
				ours := desk.Last()
				desk.Say(anna, "/ask ours")
				desk.Say(robot, "another bot speaks")
				desk.Say(anna, "/ask theirs")
				desk.Say(anna, "reply", ReplyTo(ours))
			}
			desk.Say(anna, "inline", ViaBot())
			if got := strings.Join(texts(t, s), "|"); got != c.reaches {
				t.Errorf("got  %s\nwant %s", got, c.reaches)
			}
		})
	}
}

func TestServiceMessagesAndMembership(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	anna, bob := s.User(1, "Anna"), s.User(2, "Bob")
	desk := s.Supergroup(-1, "Desk", BotAway, Admins(anna))
	desk.Add(anna, s.Bot())
	if got := changed(t, s); got != "left member" {
		t.Errorf("adding is %s", got)
	}
	if got := newest[message](t, s, "message"); len(got.NewOnes) != 1 || got.NewOnes[0].ID != s.botID {
		t.Errorf("no service message: %+v", got)
	}
	updates(t, s, "allowed_updates", `["chat_member","my_chat_member","message"]`)
	desk.Add(anna, bob)
	if got := kinds(peek(t, s)); slices.Contains(got, "chat_member") {
		t.Errorf("only an administrator is told of members: %v", got)
	}
	if got := newest[message](t, s, "message"); got.NewOnes[0].ID != 2 {
		t.Errorf("service messages pass privacy: %+v", got)
	}
	member := func(id int64) string {
		return decode[struct{ Status string }](t, raw(t, s, "getChatMember", "chat_id", -1, "user_id", id).Result).Status
	}
	for _, c := range []struct {
		do   func(by, who *User)
		want string
	}{
		{func(a, b *User) { desk.Promote(a, b, CanPinMessages) }, "member administrator"},
		{desk.Demote, "administrator member"},
		{desk.Restrict, "member restricted"},
	} {
		c.do(anna, s.Bot())
		if got := changed(t, s); got != c.want || member(s.botID) != strings.Fields(c.want)[1] {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	if got := member(1) + " " + member(2) + " " + member(telegramIDOf(s)); got != "administrator member left" {
		t.Errorf("members: %s", got)
	}
	desk.Remove(anna, s.Bot())
	if got := changed(t, s); got != "restricted kicked" {
		t.Errorf("removing is %s", got)
	}
	desk.Say(bob, "/ask@desk_bot nobody hears")
	if slices.Contains(texts(t, s), "/ask@desk_bot nobody hears") {
		t.Error("a bot that was removed hears")
	}
	want(t, raw(t, s, "getChat", "chat_id", -1), 403, "Forbidden: bot was kicked from the supergroup chat")
}

func telegramIDOf(s *Server) int64 { return s.User(777, "Somebody").ID() }

func TestChatInfo(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	anna, bob := s.User(1, "Anna"), s.User(2, "Bob")
	anna.Start("")
	talk := s.Supergroup(-2, "Talk")
	s.Channel(-1, "News", Linked(talk), Named("news"), Members(bob), Admins(anna))
	chat := decode[struct {
		Type, Username string
		Linked         int64 `json:"linked_chat_id"`
	}](t, raw(t, s, "getChat", "chat_id", "@news").Result)
	if chat.Type != "channel" || chat.Username != "news" || chat.Linked != -2 {
		t.Errorf("got %+v", chat)
	}
	admins := decode[[]struct {
		User struct{ ID int64 }
		Post bool `json:"can_post_messages"`
	}](t, raw(t, s, "getChatAdministrators", "chat_id", -1).Result)
	if len(admins) != 2 || admins[0].User.ID != 1 || !admins[1].Post {
		t.Errorf("got %+v", admins)
	}
	if got := string(raw(t, s, "getChatMemberCount", "chat_id", -1).Result); got != "3" {
		t.Errorf("%s members", got)
	}
	want(t, raw(t, s, "getChatAdministrators", "chat_id", 1), 400, "Bad Request: there are no administrators in the private chat")
	want(t, raw(t, s, "getChatMember", "chat_id", -1, "user_id", 55), 400, "Bad Request: user not found")
	want(t, raw(t, s, "sendChatAction", "chat_id", 1, "action", "typing"), 200, "")
	want(t, raw(t, s, "sendChatAction", "chat_id", 1, "action", "dancing"), 400, "Bad Request: wrong parameter action in request")
	want(t, raw(t, s, "leaveChat", "chat_id", -2), 200, "")
	want(t, raw(t, s, "sendMessage", "chat_id", -2, "text", "x"), 403, "Forbidden: bot is not a member of the supergroup chat")
	if got := changed(t, s); got != "member left" {
		t.Errorf("leaving is %s", got)
	}
	want(t, raw(t, s, "getFile", "file_id", "file-1"), 200, "")
	want(t, raw(t, s, "getFile", "file_id", "x"), 400, "Bad Request: wrong file_id or the file is temporarily unavailable")
}

// Who must not be seen comes as a stand-in, with the chat as the sender.
func TestStandIns(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	anna := s.User(1, "Anna")
	desk, news := s.Supergroup(-1, "Desk", BotAdmin()), s.Channel(-2, "News")
	for _, c := range []struct {
		how          How
		from, sender int64
	}{
		{Anonymously(), anonymousAdminID, -1},
		{AsChannel(news), channelBotID, -2},
	} {
		desk.Say(anna, "x", c.how)
		if m := newest[message](t, s, "message"); m.From.ID != c.from || m.SenderChat == nil || m.SenderChat.ID != c.sender {
			t.Errorf("got %+v %+v", m.From, m.SenderChat)
		}
	}
	desk.Say(anna, "x")
	if m := newest[message](t, s, "message"); m.From.ID != 1 || m.SenderChat != nil {
		t.Errorf("got %+v %+v", m.From, m.SenderChat)
	}
}

func TestChannelAndItsGroup(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := New(t, Options{NoLimits: true, Now: clock.now})
	anna := s.User(1, "Anna")
	talk := s.Supergroup(-2, "Talk", BotAdmin())
	news := s.Channel(-1, "News", Linked(talk))
	for i := range 5 { // the numbers of the two chats run apart
		news.Post(string(rune('a' + i)))
	}
	talk.Say(anna, "between")
	post := news.Post("Ask us #today")
	if p := newest[message](t, s, "channel_post"); p.From != nil || p.SenderChat.ID != -1 || p.ID != post.ID() || p.Chat.Type != "channel" {
		t.Errorf("the post: %+v", p)
	}
	forwarded := talk.AutomaticForward(post)
	f := newest[message](t, s, "message")
	if !f.Automatic || f.ID != forwarded.ID() || f.ID == post.ID() || f.From.ID != telegramID || f.SenderChat.ID != -1 ||
		f.Text != "Ask us #today" {
		t.Errorf("the copy: %+v", f)
	}
	comment := talk.Say(anna, "why?", ReplyTo(forwarded))
	if m := newest[message](t, s, "message"); m.Thread != forwarded.ID() || m.InTopic ||
		m.ReplyTo.ID != forwarded.ID() || !m.ReplyTo.Automatic {
		t.Errorf("the comment: %+v", m)
	}
	talk.Say(anna, "indeed", ReplyTo(comment))
	if m := newest[message](t, s, "message"); m.Thread != forwarded.ID() || m.ReplyTo.ID != comment.ID() {
		t.Errorf("a comment on the comment: %+v", m)
	}
	if got := len(talk.In(forwarded.ID())); got != 2 {
		t.Errorf("%d comments", got)
	}
}

// The bot's own post is copied too, and the bot sees the copy but not the post.
func TestOwnPostInChannel(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	talk := s.Supergroup(-2, "Talk", BotAdmin())
	news := s.Channel(-1, "News", Linked(talk))
	m := send(t, s, -1, "Ask us", "reply_markup", `{"inline_keyboard":[[{"text":"Go","callback_data":"x"},{"text":"Page","url":"a.lv"}]]}`)
	if m.From != nil || m.SenderChat == nil {
		t.Errorf("got %+v", m)
	}
	post := news.Last()
	forwarded := talk.AutomaticForward(post)
	if forwarded == nil || !slices.Equal(forwarded.Labels(), []string{"Page"}) || !slices.Equal(kinds(peek(t, s)), []string{"message"}) {
		t.Fatalf("the copy is %v, updates %v", forwarded, kinds(peek(t, s)))
	}
	want(t, raw(t, s, "editMessageText", "chat_id", -1, "message_id", m.ID, "text", "Closed"), 200, "")
	if forwarded.Text() != "Closed" || kinds(peek(t, s))[1] != "edited_message" {
		t.Errorf("the copy says %q, updates %v", forwarded.Text(), kinds(peek(t, s)))
	}
	comment := s.User(1, "Anna")
	talk.Say(comment, "why?", ReplyTo(forwarded))
	answer := send(t, s, -2, "because", "reply_parameters", encoded(map[string]any{"message_id": talk.Last().ID()}))
	if answer.Thread != forwarded.ID() {
		t.Errorf("the answer is in thread %d", answer.Thread)
	}
}

func TestMigration(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	anna := s.User(1, "Anna")
	small := s.Group(-5, "Desk", BotAdmin())
	m := send(t, s, -5, "card")
	large := small.Move(anna, -1005)
	all := peek(t, s)
	a, b := decode[message](t, all[0]["message"]), decode[message](t, all[1]["message"])
	if a.Chat.ID != -5 || a.MigrateTo != -1005 || b.Chat.ID != -1005 || b.MovedFrom != -5 || b.Chat.Type != "supergroup" {
		t.Errorf("service messages %+v and %+v", a, b)
	}
	for _, g := range []got{
		raw(t, s, "sendMessage", "chat_id", -5, "text", "x"),
		raw(t, s, "editMessageText", "chat_id", -5, "message_id", m.ID, "text", "x"),
	} {
		if want(t, g, 400, "Bad Request: group chat was upgraded to a supergroup chat"); g.Parameters.MigrateTo != -1005 {
			t.Errorf("parameters %+v", g.Parameters)
		}
	}
	send(t, s, -1005, "go on")
	if large.Last().Text() != "go on" || len(large.FromBot()) != 1 {
		t.Errorf("the new group has %s", large)
	}
}

func TestReactions(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	anna := s.User(1, "Anna")
	updates(t, s, "allowed_updates", `["message_reaction","message_reaction_count"]`)
	plain, desk, news := s.Supergroup(-1, "Plain"), s.Supergroup(-2, "Desk", BotAdmin()), s.Channel(-3, "News")
	anna.React(plain.Say(anna, "x"), "👍")
	if got := kinds(peek(t, s)); len(got) != 0 {
		t.Errorf("no administrator, and yet %v", got)
	}
	m := desk.Say(anna, "x")
	anna.React(m, "👍")
	anna.React(m, "🔥")
	type emoji struct{ Type, Emoji string }
	r := newest[struct {
		ID       int `json:"message_id"`
		User     struct{ ID int64 }
		Old, New []emoji
		OldR     []emoji `json:"old_reaction"`
		NewR     []emoji `json:"new_reaction"`
	}](t, s, "message_reaction")
	if r.ID != m.ID() || r.User.ID != 1 || r.OldR[0].Emoji != "👍" || r.NewR[0].Emoji != "🔥" {
		t.Errorf("got %+v", r)
	}
	post := news.Post("x")
	anna.React(post, "👍")
	s.User(2, "Bob").React(post, "👍")
	c := newest[struct {
		Reactions []struct {
			Type  emoji
			Count int `json:"total_count"`
		}
	}](t, s, "message_reaction_count")
	if len(c.Reactions) != 1 || c.Reactions[0].Count != 2 || c.Reactions[0].Type.Emoji != "👍" {
		t.Errorf("got %+v", c)
	}
	before := len(peek(t, s))
	react := func(list string) got {
		return raw(t, s, "setMessageReaction", "chat_id", -2, "message_id", m.ID(), "reaction", list)
	}
	want(t, react(`[{"type":"emoji","emoji":"👀"}]`), 200, "")
	if got := m.BotReactions(); !slices.Equal(got, []string{"👀"}) || len(peek(t, s)) != before {
		t.Errorf("the bot's own reaction: %v", got)
	}
	s.Supergroup(-4, "Quiet", BotAdmin(), Reactions()).Say(anna, "x")
	want(t, raw(t, s, "setMessageReaction", "chat_id", -4, "message_id", 2, "reaction", `[{"type":"emoji","emoji":"👀"}]`), 400,
		"Bad Request: REACTION_INVALID")
	if got := string(raw(t, s, "getChat", "chat_id", -4).Result); !strings.Contains(got, `"available_reactions":[]`) {
		t.Errorf("getChat: %s", got)
	}
	want(t, react(`[{"type":"emoji","emoji":"x"}]`), 400, "Bad Request: REACTION_INVALID")
	want(t, react(`[{"type":"emoji","emoji":"👀"},{"type":"emoji","emoji":"👍"}]`), 400, "Bad Request: REACTIONS_TOO_MANY")
	want(t, raw(t, s, "setMessageReaction", "chat_id", -2, "message_id", 99), 400, "Bad Request: message to react not found")
}

// What people send is downloaded by a path of getFile, up to 20 MB, with the token.
func TestDownload(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	anna := s.User(1, "Anna")
	g := s.Group(-1, "Desk", Members(anna))
	g.Say(anna, "look", Photo([]byte("jpeg")))
	g.Say(anna, "", Document("a.png", "image/png", make([]byte, 20<<20+1)))
	want(t, raw(t, s, "getFile", "file_id", "file-3"), 400, "Bad Request: file is too big")
	f := decode[struct {
		Path string `json:"file_path"`
		Size int    `json:"file_size"`
	}](t, raw(t, s, "getFile", "file_id", "file-2").Result)
	for address, status := range map[string]int{"/file/bot" + s.Token() + "/" + f.Path: 200, "/file/bot" + s.Token() + "/files/9": 404,
		"/file/bot1:x/" + f.Path: 404} {
		resp, err := http.Get(s.URL() + address)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != status || status == 200 && (string(b) != "jpeg" || f.Size != 4) {
			t.Errorf("%s: %d %q", address, resp.StatusCode, b)
		}
	}
}
