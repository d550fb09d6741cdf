package telegram

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
)

// askLast says something that is a question for sure, and gives what was asked until
// then: letters are handled in their order.
func (q *square) askLast(how ...telegramfake.How) []connector.Asked {
	q.t.Helper()
	q.settled()
	q.talk.Say(q.carl, "@desk_bot #ask_us last", how...)
	return q.askedUntil(func(a connector.Asked) bool { return strings.HasSuffix(a.Text, "last") })
}

func (q *square) askedUntil(last func(connector.Asked) bool) []connector.Asked {
	q.t.Helper()
	for n := 1; ; n++ {
		if last(got(q.t, &q.public.inbox, &q.public.asked, n)) {
			q.public.mu.Lock()
			defer q.public.mu.Unlock()
			return slices.Clone(q.public.asked[:n-1])
		}
	}
}

func texts(all []connector.Asked) (ts []string) {
	for _, a := range all {
		ts = append(ts, a.Text)
	}
	return ts
}

// TestTriggers: each alone makes a question, and none that is switched off does. Talk
// stays talk.
func TestTriggers(t *testing.T) {
	t.Parallel()
	for _, trigger := range append([]Trigger{""}, AllTriggers...) {
		t.Run("only "+trigger, func(t *testing.T) {
			t.Parallel()
			q := newSquare(t, publicSetup{change: func(o *PublicOptions) {
				if trigger != "" {
					o.Triggers = []Trigger{trigger}
				}
			}})
			p := q.start()
			_, ours := q.reply(p, connector.Post{Place: session.PlaceID(q.opts.Chat), Text: "Ask!"})
			theirs := q.talk.Say(q.anna, "Good morning")
			for _, text := range []string{"Just talk", "desk_bot is slow", "@desk_bot2 hello there", "#ask_us_not today", "a#ask_us b", "/help",
				"/ask@other_bot Why?", "so /ask why", "/ask", "@desk_bot", "#ask_us"} {
				q.talk.Say(q.carl, text)
			}
			q.talk.Say(q.carl, "No idea", telegramfake.ReplyTo(theirs))
			q.talk.Say(q.carl, "/help me @desk_bot #ask_us", telegramfake.ReplyTo(ours))
			q.talk.Say(q.carl, "👩‍👩‍👧‍👦 Ko, @Desk_Bot, maksā  tas?")
			q.talk.Say(q.carl, "", telegramfake.With("photo"))
			q.talk.Say(q.carl, "Cik?  #Ask_Us", telegramfake.With("photo"))
			q.talk.Say(q.carl, "/ask Kāpēc?\nUn kad?")
			q.talk.Say(q.carl, "/ASK@desk_bot Who?")
			q.talk.Say(q.carl, "And now?", telegramfake.ReplyTo(ours))
			asked := map[Trigger][]string{
				TriggerMention: {"👩‍👩‍👧‍👦 Ko, maksā tas?"}, TriggerHashtag: {"Cik?"}, TriggerCommand: {"Kāpēc?\nUn kad?",
					"Who?"}, TriggerReply: {"And now?"}}
			var want []string
			for _, tr := range []Trigger{TriggerMention, TriggerHashtag, TriggerCommand, TriggerReply} {
				if trigger == "" || tr == trigger {
					want = append(want, asked[tr]...)
				}
			}
			q.talk.Say(q.carl, "/ask @desk_bot #ask_us last", telegramfake.ReplyTo(ours))
			if has := texts(q.askedUntil(func(a connector.Asked) bool { return a.Text == "last" })); !slices.Equal(has, want) {
				t.Errorf("asked %q\nwant  %q", has, want)
			}
			if n := len(q.talk.FromBot()); n != 1 {
				t.Errorf("the bot said %d things", n)
			}
		})
	}
}

// TestAsked is all that the core is told of a question in a group.
func TestAsked(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{in: []telegramfake.Setup{telegramfake.BotAdmin(), telegramfake.Named("the_square")}})
	q.start()
	m := q.talk.Say(q.carl, "@desk_bot: Why?")
	a := got(t, &q.public.inbox, &q.public.asked, 1)
	want := session.Origin{Connector: publicID, Place: publicPlace, Message: messageID{publicChat, m.ID()}.id(), User: "13",
		URL: "https://t.me/the_square/" + numberOf(m)}
	if a.Origin != want || a.Text != "Why?" || a.Key != "-1002000000001:"+numberOf(m) || a.Name != "" ||
		a.Language != session.Latvian || a.At.IsZero() {
		t.Errorf("asked %+v", a)
	}
}

// TestWhoIsNobody: the institution itself, other bots and other groups ask nothing.
func TestWhoIsNobody(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{channel: true, desk: true})
	elsewhere := q.fake.Supergroup(-1003, "Elsewhere", telegramfake.BotAdmin(), telegramfake.Members(q.carl))
	q.start()
	elsewhere.Say(q.carl, "@desk_bot Why?")
	q.talk.Say(q.anna, "@desk_bot anonymous?", telegramfake.Anonymously())
	q.talk.Say(q.anna, "@desk_bot channel?", telegramfake.AsChannel(q.chat))
	q.talk.Say(q.fake.Robot(99, "Robot"), "@desk_bot robot?")
	q.chat.Post("@desk_bot posted #ask_us")
	q.world.desk.Say(q.anna, "@desk_bot at the desk")
	for _, f := range []session.Kind{session.Refused, session.TooMany, session.Invalid} {
		q.public.fail = append(q.public.fail, session.Fail(f, "x"))
	}
	q.public.mu.Lock()
	refused := len(q.public.fail)
	q.public.mu.Unlock()
	for range refused {
		q.talk.Say(q.carl, "/ask spam")
	}
	if all := q.askLast(); len(all) != 0 {
		t.Errorf("asked %q", texts(all))
	}
	if n := len(q.talk.FromBot()); n != 0 {
		t.Errorf("spam got %d answers", n)
	}
}

// TestPrivacyMode: a bot that sees little still gets commands and replies.
func TestPrivacyMode(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{in: []telegramfake.Setup{}})
	p := q.start()
	_, ours := q.reply(p, connector.Post{Place: publicPlace, Text: "Ask!"})
	q.talk.Say(q.carl, "@desk_bot unseen")
	q.talk.Say(q.carl, "/ask@desk_bot one")
	q.talk.Say(q.carl, "two", telegramfake.ReplyTo(ours))
	if a := got(t, &q.public.inbox, &q.public.asked, 2); a.Text != "two" || q.public.asked[0].Text != "one" {
		t.Errorf("asked %+v", q.public.asked)
	}
}

// TestComments: what is written under an announcement is a question; under another post
// of the channel, or to another person, it is talk.
func TestComments(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{channel: true})
	p := q.start()
	sent, _ := q.reply(p, connector.Post{Place: publicPlace, Text: "An hour begins", Language: session.Latvian,
		Kind: session.KindAnnouncement})
	if sent.URL != "https://t.me/the_news/"+numberOf(q.chat.Last()) {
		t.Fatalf("announced %+v", sent)
	}
	q.public.announces("next-week", sent.Message)
	under := telegramfake.ReplyTo(q.talk.AutomaticForward(q.find(sent.Message)))
	other := telegramfake.ReplyTo(q.talk.AutomaticForward(q.chat.Post("Other news")))
	question := q.talk.Say(q.carl, "Why?", under)
	got(t, &q.public.inbox, &q.public.asked, 1)
	q.talk.Say(q.anna, "I wonder too", telegramfake.ReplyTo(question))
	q.talk.Say(q.anna, "Nice picture", other)
	q.talk.Say(q.anna, "Thread talk")
	q.talk.Say(q.anna, "/ask under another post", other)
	all := q.askLast()
	if !slices.Equal(texts(all), []string{"Why?", "under another post"}) {
		t.Fatalf("asked %q", texts(all))
	}
	asked := messageID{publicGroup, question.ID()}.id()
	if o := all[0].Origin; o.Place != "-1002000000002" || o.Within != publicPlace || o.Message != asked {
		t.Errorf("asked at %+v", o)
	}
	if all[0].Session != "next-week" || all[1].Session != "" {
		t.Errorf("asked in the hours %q and %q", all[0].Session, all[1].Session)
	}
	_, answer := q.reply(p, connector.Post{Place: all[0].Origin.Place, Original: all[0].Origin, Text: "Because."})
	if answer.ReplyTo() != question || answer.Topic() != question.Topic() {
		t.Errorf("the answer stands in thread %d: %s", answer.Topic(), answer)
	}
	q.talk.Say(q.carl, "And then?", telegramfake.ReplyTo(answer))
	if a := got(t, &q.public.inbox, &q.public.asked, 4); a.Text != "And then?" {
		t.Errorf("asked %+v", a)
	}
}

// TestUnplaced: a comment under what may be an announcement waits until that is known, unless it
// is a question anyway; what stands under other messages does not.
func TestUnplaced(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{channel: true})
	p := q.start()
	const posted = 1_800_000_000
	under := func(channel int64, text string) *models.Message {
		post := &models.MessageOriginChannel{Chat: models.Chat{ID: channel}, MessageID: 4, Date: posted}
		return &models.Message{ID: 9, Chat: models.Chat{ID: publicGroup, Type: models.ChatTypeSupergroup}, From: &models.User{ID: 13}, Text: text,
			ReplyToMessage: &models.Message{ID: 3, Chat: models.Chat{ID: publicGroup}, IsAutomaticForward: true, Date: posted + 1,
				ForwardOrigin: &models.MessageOrigin{Type: models.MessageOriginTypeChannel, MessageOriginChannel: post}}}
	}
	const elsewhere = publicChat - 1
	q.public.unplaced = map[session.MessageID]time.Time{messageID{publicChat, 4}.id(): time.Unix(posted, 0),
		messageID{elsewhere, 4}.id(): time.Unix(posted, 0)}
	for _, edited := range []bool{false, true} {
		if err := p.heard(t.Context(), under(publicChat, "Why?"), edited); !errors.Is(err, connector.ErrUnplaced) {
			t.Errorf("edited %t: %v", edited, err)
		}
	}
	for _, m := range []*models.Message{under(elsewhere, "Nice"), under(publicChat, "/start"), under(publicChat, "/ask Who?")} {
		if err := p.heard(t.Context(), m, false); err != nil {
			t.Errorf("%s: %v", m.Text, err)
		}
	}
	if len(q.public.asked) != 1 || q.public.asked[0].Text != "Who?" {
		t.Errorf("asked %+v", q.public.asked)
	}
}

// TestRewording: an edit of a question is the core's business, and an edit that adds a
// trigger asks.
func TestRewording(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	q.start()
	m, talk := q.talk.Say(q.carl, "@desk_bot Why?"), q.talk.Say(q.carl, "talk")
	q.carl.EditText(m, "@desk_bot Why not?")
	q.carl.EditText(m, "And without the bot's name?")
	q.carl.EditText(m, "@desk_bot")
	q.carl.EditText(talk, "other talk")
	q.carl.EditText(talk, "#ask_us Really?")
	q.carl.EditText(talk, "Really, really?")
	for i, want := range []string{"Why not?", "And without the bot's name?", "Really, really?"} {
		if text := got(t, &q.public.inbox, &q.public.reworded, i+1); text != want {
			t.Errorf("reworded %q, want %q", text, want)
		}
	}
	if a := got(t, &q.public.inbox, &q.public.asked, 2); a.Text != "Really?" || a.Origin.Message != (messageID{publicChat, talk.ID()}).id() {
		t.Errorf("asked %+v", a)
	}
}

// TestVotes: who likes a question votes for it, until they take that back.
func TestVotes(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	q.start()
	m, talk := q.talk.Say(q.carl, "@desk_bot Why?"), q.talk.Say(q.carl, "talk")
	got(t, &q.public.inbox, &q.public.asked, 1)
	q.anna.React(talk, "👍")
	q.anna.React(m, "👍")
	q.anna.React(m, "❤")      // no change
	q.anna.React(m, "🤔")      // not any more
	q.anna.React(m, "💩", "🎉") // again
	q.anna.React(m)           // and not
	for _, who := range []string{`"actor_chat":{"id":-1009,"type":"channel"}`, `"user":{"id":99,"is_bot":true,"first_name":"Robot"}`} {
		q.fake.Inject("message_reaction", `{"chat":{"id":-1002000000001,"type":"supergroup"},"message_id":`+numberOf(m)+`,"date":1,`+
			`"old_reaction":[],"new_reaction":[{"type":"emoji","emoji":"👍"}],`+who+`}`)
	}
	at := " " + publicPlace + " " + string(messageID{publicChat, m.ID()}.id())
	for i, want := range []string{"+11", "-11", "+11", "-11", "+12"} {
		if i == 4 {
			q.bob.React(m, "👎")        // never
			q.bob.React(m, "❤‍🔥", "👎") // and yet
		}
		if vote := got(t, &q.public.inbox, &q.public.votes, i+1); vote != want+at {
			t.Errorf("vote %d: %s, want %s", i+1, vote, want+at)
		}
	}
	if n, err := q.mailbox.Dead(t.Context()); n != 0 || err != nil {
		t.Errorf("%d dead letters, %v", n, err)
	}
}

// TestTopics: in a forum a question stands in its topic, with its answer and its votes;
// where one topic is configured, the others are talk.
func TestTopics(t *testing.T) {
	t.Parallel()
	for _, one := range []bool{false, true} {
		forum := []telegramfake.Setup{telegramfake.BotAdmin(), telegramfake.Forum}
		q := newSquare(t, publicSetup{in: forum})
		thread := q.talk.NewTopic(q.anna, "Hour")
		other := q.talk.NewTopic(q.anna, "Other")
		at := place{publicChat, thread}
		if one {
			q.opts.Chat = string(at.id())
		}
		p := q.start()
		q.talk.Say(q.carl, "@desk_bot elsewhere", telegramfake.InTopic(other))
		q.talk.Say(q.carl, "talk", telegramfake.InTopic(thread))
		m := q.talk.Say(q.carl, "@desk_bot Why?", telegramfake.InTopic(thread))
		all := q.askLast(telegramfake.InTopic(thread))
		want := []string{"elsewhere", "Why?"}
		if one {
			want = want[1:]
		}
		if !slices.Equal(texts(all), want) {
			t.Fatalf("asked %q, want %q", texts(all), want)
		}
		o := all[len(all)-1].Origin
		within := session.PlaceID(publicPlace)
		if one {
			within = "" // the topic is the place itself
		}
		if o.Place != at.id() || o.Within != within {
			t.Errorf("asked at %+v", o)
		}
		_, answer := q.reply(p, connector.Post{Place: o.Place, Original: o, Text: "Because."})
		if answer.ReplyTo() != m || answer.Topic() != thread {
			t.Errorf("the answer stands in topic %d: %s", answer.Topic(), answer)
		}
		q.anna.React(m, "👍")
		if vote := got(t, &q.public.inbox, &q.public.votes, 1); vote != "+11 "+string(o.Place)+" "+string(o.Message) {
			t.Errorf("vote %s", vote)
		}
		q.talk.CloseTopic(q.anna, thread)
		q.talk.Demote(q.anna, q.fake.Bot())
		wantRefused(t, p, connector.Post{Place: o.Place, Original: o, Text: "Late."}, "TOPIC_CLOSED")
		q.talk.DeleteTopic(thread)
		wantRefused(t, p, connector.Post{Place: o.Place, Original: o, Text: "Late."}, "message thread not found")
	}
}

// TestPublicGroupMoves: sessions go on calling the group by its old id, and what was
// asked before it moved is answered on its own.
func TestPublicGroupMoves(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{basic: true})
	p := q.start()
	before := q.talk.Say(q.carl, "@desk_bot before")
	receipt, _ := q.reply(p, postTo(before, "Question #1", session.KindReceipt))
	supergroup := q.talk.Move(q.anna, publicChat)
	supergroup.Promote(q.anna, q.fake.Bot())
	for range 20 { // numbers that the old group has as well
		supergroup.Say(q.carl, "talk")
	}
	var fresh []*Public // replicas that heard of nothing
	for range 2 {
		q.world.opts.Memory = connectortest.NewMemory()
		fresh = append(fresh, q.make())
	}
	b, c := fresh[0], fresh[1]
	post := postTo(before, "An answer", session.KindAnswer)
	if _, err := c.Reply(t.Context(), post); err != nil || supergroup.Last().ReplyTo() != nil || !supergroup.Last().FromBot() {
		t.Errorf("%v: %s", err, supergroup.Last())
	}
	if _, err := b.Edit(t.Context(), receipt.Message, post); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("the receipt that stayed behind: %v", err)
	}
	sent, err := b.Reply(t.Context(), post)
	if s, _ := parseMessageID(sent.Message); err != nil || s.chat != publicChat || supergroup.Last().ReplyTo() != nil {
		t.Errorf("posted %+v, %v: %s", sent, err, supergroup.Last())
	}
	m := supergroup.Say(q.carl, "@desk_bot after")
	a := got(t, &q.public.inbox, &q.public.asked, 2)
	if a.Origin.Place != "-78" || a.Origin.Message != (messageID{publicChat, m.ID()}).id() {
		t.Errorf("asked at %+v", a.Origin)
	}
	if _, err := p.Reply(t.Context(), connector.Post{Place: a.Origin.Place, Original: a.Origin, Text: "Because."}); err != nil ||
		supergroup.Last().ReplyTo() != m {
		t.Errorf("%v: %s", err, supergroup.Last())
	}
	q.anna.React(m, "👍")
	if vote := got(t, &q.public.inbox, &q.public.votes, 1); vote != "+11 -78 "+string(a.Origin.Message) {
		t.Errorf("vote %s", vote)
	}
	if err := p.Retract(t.Context(), receipt.Message, post); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("taking back what stayed behind: %v", err)
	}
}

// TestGroundIsLookedAtAgain: after a while, and at once when the bot was let in
// somewhere.
func TestGroundIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{channel: true, in: []telegramfake.Setup{telegramfake.BotAway}})
	now := time.Now()
	q.world.opts.Now = func() time.Time { return now }
	p := q.make()
	talks := func(want bool) {
		t.Helper()
		if ok, err := p.talks(t.Context(), publicGroup); ok != want || err != nil {
			t.Errorf("it is talked there: %t, %v", ok, err)
		}
	}
	talks(false)
	q.talk.Add(q.anna, q.fake.Bot())
	talks(false)
	now = now.Add(groundFor)
	talks(true)
	q.fake.Fault("getChat", 1, telegramfake.Refuse(502, "Bad Gateway"))
	now = now.Add(groundFor)
	talks(true) // as before
	q.talk.Remove(q.anna, q.fake.Bot())
	talks(true)
	u := &models.Update{ID: 1, MyChatMember: &models.ChatMemberUpdated{Chat: models.Chat{ID: publicGroup}}}
	if err := p.handle(t.Context(), u); err != nil {
		t.Error(err)
	}
	talks(false)
}

// TestNotLetIn: a channel that the bot is not in is no reason to keep a letter.
func TestNotLetIn(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{channel: true})
	q.chat.Remove(q.anna, q.fake.Bot())
	q.start()
	q.talk.Say(q.carl, "/ask@desk_bot Why?")
	q.write("later")
	got(t, &q.reception.inbox, &q.reception.said, 2)
	q.settled()
	if n, err := q.mailbox.Dead(t.Context()); n != 0 || err != nil {
		t.Errorf("%d dead letters, %v", n, err)
	}
}

// TestTelegramIsAway: what Telegram has to say before a message can be read is waited
// for, and nothing is lost meanwhile.
func TestTelegramIsAway(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{channel: true})
	q.fake.Fault("getChat", 3, telegramfake.Refuse(502, "Bad Gateway"))
	q.fake.Fault("getMe", 2, telegramfake.Refuse(502, "Bad Gateway"))
	q.start()
	q.talk.Say(q.carl, "@desk_bot Why?")
	if a := got(t, &q.public.inbox, &q.public.asked, 1); a.Text != "Why?" {
		t.Errorf("asked %+v", a)
	}
}
