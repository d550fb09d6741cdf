package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
)

const (
	publicChat  = -1002000000001 // a group or a channel
	publicGroup = -1002000000002 // the channel's discussion group
	publicID    = session.ConnectorID("telegram-public")
)

// square is a fake Telegram with a place for the public, and a desk if wanted.
type square struct {
	*world
	chat      *telegramfake.Chat // the group or channel
	talk      *telegramfake.Chat // where people talk: the group, or the discussion group
	carl      *telegramfake.User
	public    *publicInbox
	reception *reception
	opts      PublicOptions
}

type publicSetup struct {
	setup
	channel bool
	desk    bool
	in      []telegramfake.Setup // of the public group, instead of an administrator
	basic   bool                 // the public group is no supergroup
	change  func(*PublicOptions)
}

func newSquare(t *testing.T, s publicSetup) *square {
	t.Helper()
	q := &square{world: newWorld(t, s.setup), public: &publicInbox{known: map[session.MessageID]bool{},
		hours: map[session.MessageID]session.ID{}}, reception: &reception{}}
	if !s.desk {
		q.world.opts.DeskChat = ""
	}
	q.world.opts.Staff = func() []session.UserRef { return []session.UserRef{"11"} }
	q.carl = q.fake.User(13, "Carl")
	in := append(s.in, telegramfake.Members(q.carl, q.anna))
	if s.in == nil {
		in = append(in, telegramfake.BotAdmin())
	}
	chat := int64(publicChat)
	switch {
	case s.channel:
		q.talk = q.fake.Supergroup(publicGroup, "Talk", in...)
		q.chat = q.fake.Channel(publicChat, "News", telegramfake.Linked(q.talk), telegramfake.Named("the_news"))
	case s.basic:
		chat = -78
		q.talk = q.fake.Group(chat, "Square", in...)
		q.chat = q.talk
	default:
		q.talk = q.fake.Supergroup(publicChat, "Square", in...)
		q.chat = q.talk
	}
	q.opts = PublicOptions{ID: publicID, Inbox: q.public, Reception: q.reception, Chat: string(place{chat: chat}.id()),
		Hashtag: "ask_us", Language: session.Latvian}
	if s.change != nil {
		s.change(&q.opts)
	}
	return q
}

// make gives the public side of a bot that does not run yet.
func (q *square) make() *Public {
	q.t.Helper()
	p, err := q.world.make().Public(q.opts)
	if err != nil {
		q.t.Fatal(err)
	}
	return p
}

// start runs it, and waits until it receives.
func (q *square) start() *Public {
	q.t.Helper()
	p := q.make()
	q.run(p.t)
	q.await("reactions to be asked for", func() bool { return slices.Contains(q.fake.AllowedUpdates(), "message_reaction") })
	return p
}

// write lets Carl, who has pressed Start, write to the bot in private.
func (q *square) write(text string) *telegramfake.Message {
	if len(q.carl.Chat().Messages()) == 0 {
		q.carl.Start("")
	}
	return q.carl.Write(text)
}

func (q *square) reply(p *Public, post connector.Post) (connector.Sent, *telegramfake.Message) {
	q.t.Helper()
	sent, err := p.Reply(q.t.Context(), post)
	if err != nil {
		q.t.Fatal(err)
	}
	return sent, q.find(sent.Message)
}

// find is a message of the fake by the id that the connector gave it.
func (q *square) find(id session.MessageID) *telegramfake.Message {
	q.t.Helper()
	s, _ := parseMessageID(id)
	for _, c := range []*telegramfake.Chat{q.chat, q.talk, q.carl.Chat()} {
		if c.ID() == s.chat {
			return c.Find(func(m *telegramfake.Message) bool { return m.ID() == s.message })
		}
	}
	return nil
}

// original is where a message stands, as a question.
func original(m *telegramfake.Message) session.Origin {
	s := messageID{m.Chat().ID(), m.ID()}
	return session.Origin{Connector: publicID, Place: place{chat: s.chat}.id(), Message: s.id()}
}

func postTo(m *telegramfake.Message, text string, kind session.CopyKind) connector.Post {
	o := original(m)
	return connector.Post{Key: text, Place: o.Place, Original: o, Language: session.English, Text: text, Kind: kind, Number: 3}
}

// publicInbox knows the questions that were asked, like the core.
type publicInbox struct {
	connector.PublicInbox // what nothing here calls
	inbox
	asked    []connector.Asked
	reworded []string
	votes    []string
	known    map[session.MessageID]bool
	hours    map[session.MessageID]session.ID // by what announces them
	unplaced map[session.MessageID]time.Time  // what may, by when it was posted
	fail     []error                          // of the next calls
}

func (in *publicInbox) next() (err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.fail) > 0 {
		err, in.fail = in.fail[0], in.fail[1:]
	}
	return err
}

func (in *publicInbox) Asked(_ context.Context, a connector.Asked) (session.QuestionRef, error) {
	if err := in.next(); err != nil {
		return session.QuestionRef{}, err
	}
	in.mu.Lock()
	in.known[a.Origin.Message] = true
	in.mu.Unlock()
	note(&in.inbox, &in.asked, a)
	return session.QuestionRef{Session: "s", Number: 1}, nil
}

func (in *publicInbox) Announced(_ context.Context, o session.Origin, posted time.Time) (session.ID, bool, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	id, ok := in.hours[o.Message]
	if at, is := in.unplaced[o.Message]; is && at.Equal(posted) {
		return "", false, connector.ErrUnplaced
	}
	return id, ok && o.Connector == publicID && o.Place == publicPlace, nil
}

func (in *publicInbox) announces(id session.ID, m session.MessageID) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.hours[m] = id
}

func (in *publicInbox) knows(o session.Origin) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.known[o.Message] {
		return session.Fail(session.NotFound, "not_found")
	}
	return nil
}

func (in *publicInbox) Reworded(_ context.Context, o session.Origin, text string, _ time.Time) error {
	if err := in.knows(o); err != nil {
		return err
	}
	note(&in.inbox, &in.reworded, text)
	return nil
}

func (in *publicInbox) Removed(context.Context, session.Origin) error { return nil }

// Liked is never called: Telegram says who likes something.
func (in *publicInbox) Liked(_ context.Context, o session.Origin, _ int, _ time.Time) error {
	return session.Fail(session.Internal, "not_here", "message", o.Message)
}

func (in *publicInbox) Voted(_ context.Context, o session.Origin, by session.UserRef, up bool) error {
	if err := in.knows(o); err != nil {
		return err
	}
	sign := "-"
	if up {
		sign = "+"
	}
	note(&in.inbox, &in.votes, sign+string(by)+" "+string(o.Place)+" "+string(o.Message))
	return nil
}

// reception answers as a test says.
type reception struct {
	inbox
	said      []saidBy
	presses   []pressBy
	onSaid    func(saidBy) (connector.Reply, error)
	onPressed func(pressBy) (connector.Reply, error)
}

type saidBy struct {
	connector.Visitor
	connector.Said
}

type pressBy struct {
	connector.Visitor
	action string
}

func (r *reception) Said(_ context.Context, v connector.Visitor, m connector.Said) (connector.Reply, error) {
	s := saidBy{v, m}
	defer note(&r.inbox, &r.said, s)
	if r.onSaid == nil {
		return connector.Reply{}, nil
	}
	return r.onSaid(s)
}

func (r *reception) Pressed(_ context.Context, v connector.Visitor, action string) (connector.Reply, error) {
	s := pressBy{v, action}
	defer note(&r.inbox, &r.presses, s)
	if r.onPressed == nil {
		return connector.Reply{}, nil
	}
	return r.onPressed(s)
}

func (r *reception) ReceiptButtons(p connector.Post) []connector.Button {
	return []connector.Button{{Label: "Withdraw", Action: "withdraw|" + string(p.Original.Message)}}
}

func (r *reception) Commands(l session.Language) []connector.PublicCommand {
	return []connector.PublicCommand{{Name: "ask", Does: "Ask in " + string(l)}, {Name: "my", Does: "Your questions"}}
}

// TestPublic is what every public connector promises: in a group, under a post of a
// channel, and in private.
func TestPublic(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]publicSetup{"group": {}, "comments": {channel: true}, "private": {desk: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness { return publicHarness(t, s, name) })
		})
	}
}

func publicHarness(t *testing.T, s publicSetup, where string) connectortest.Harness {
	q := newSquare(t, s)
	asked := (*telegramfake.Message)(nil)
	switch where {
	case "group":
		asked = q.talk.Say(q.carl, "Why?")
	case "comments":
		asked = q.talk.Say(q.carl, "Why?", telegramfake.ReplyTo(q.talk.AutomaticForward(q.chat.Post("An hour begins"))))
	default:
		q.carl.Start("")
		asked = q.carl.Write("Why?")
	}
	h := connectortest.Harness{Connector: q.make(), Original: original(asked), Place: original(asked).Place}
	h.Unknown = messageID{asked.Chat().ID(), 999}.id()
	h.Posts = func() (posts []connectortest.Seen) {
		for _, m := range asked.Chat().FromBot() {
			p := connectortest.Seen{ID: messageID{m.Chat().ID(), m.ID()}.id(), Text: m.Text()}
			if b := m.Picture(); b != nil {
				sum := sha256.Sum256(b)
				p.Pictures = []session.Picture{{Hash: session.Hash(hex.EncodeToString(sum[:])), Type: http.DetectContentType(b), Size: len(b)}}
			}
			if to := m.ReplyTo(); to != nil {
				p.Under = messageID{to.Chat().ID(), to.ID()}.id()
			}
			posts = append(posts, p)
		}
		return posts
	}
	h.Pinned = func(at session.MessageID) bool {
		return slices.ContainsFunc(asked.Chat().PinnedMessages(), func(m *telegramfake.Message) bool {
			return messageID{m.Chat().ID(), m.ID()}.id() == at
		})
	}
	h.Refuse = func() { q.fake.Fault("sendMessage", 1, telegramfake.Refuse(400, "Bad Request: no")) }
	h.Silence = func() {
		held := q.fake.Fault("sendMessage", 1, telegramfake.HangAfter)
		t.Cleanup(held.Release)
	}
	return h
}

const publicPlace = "-1002000000001"

func numberOf(m *telegramfake.Message) string { return strconv.Itoa(m.ID()) }

func wantRefused(t *testing.T, p *Public, post connector.Post, detail string) {
	t.Helper()
	_, err := p.Reply(t.Context(), post)
	if e := connector.OutcomeOf(err); err == nil || e.Outcome != connector.Refused || !strings.Contains(e.Detail, detail) {
		t.Errorf("%v, want it refused with %q", err, detail)
	}
}
