package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Trigger is something in a message in a group that makes a question of it, by the
// name that the configuration has for it.
type Trigger = string

// The triggers.
const (
	TriggerMention Trigger = "mention" // of the bot
	TriggerReply   Trigger = "reply"   // to the bot, or a comment under what it announced
	TriggerHashtag Trigger = "hashtag"
	TriggerCommand Trigger = "command" // "/ask"
)

// AllTriggers are those of PublicOptions that names none.
var AllTriggers = []Trigger{TriggerMention, TriggerReply, TriggerHashtag, TriggerCommand}

// commandAsk is TriggerCommand's.
const commandAsk = "ask"

// PublicOptions are what the public side of a bot needs. Chat, Hashtag and
// Triggers may be left out.
type PublicOptions struct {
	// ID is another one than the desk's: the two have limits of their own.
	ID    session.ConnectorID
	Inbox connector.PublicInbox
	// Enclose has pictures fetched that came with a question; nil where none are taken.
	Enclose   func(ctx context.Context, es ...connector.Enclosed) error
	Reception connector.Reception
	// Chat is the channel or group where hours are held, "-100123", or a topic of a
	// forum, "-100123/45". Without it people can only write to the bot. A group that
	// became a supergroup is still called by this id.
	Chat string
	// Hashtag is that of TriggerHashtag.
	Hashtag  string
	Triggers []Trigger
	Language session.Language // of the chat
}

// Public is the public side of a bot: people write to it, and in a group or under the
// posts of a channel. Any number of goroutines may use it.
type Public struct {
	t       *Telegram
	opts    PublicOptions
	hashtag string // with "#", or ""
	chat    place  // of Options.Chat; zero is none
	eyes    chan struct{}

	mu     sync.Mutex
	ground ground
}

var (
	_ connector.Connector = (*Public)(nil)
	_ connector.Hooked    = (*Public)(nil)
	_ connector.Placed    = (*Public)(nil)
	_ connector.Troubled  = (*Public)(nil)
	_ connector.Filer     = (*Public)(nil)
	_ public              = (*Public)(nil)
)

// Public gives the bot its public side. There is one at most; call it before Run.
func (t *Telegram) Public(o PublicOptions) (*Public, error) {
	chat, err := o.check(t)
	if err != nil {
		return nil, err
	}
	if len(o.Triggers) == 0 {
		o.Triggers = AllTriggers
	}
	p := &Public{t: t, opts: o, chat: chat, eyes: make(chan struct{}, mostMarks)}
	if tag := strings.TrimLeft(o.Hashtag, "#"); tag != "" {
		p.hashtag = "#" + tag
	}
	t.public = p
	return p, nil
}

func (o PublicOptions) check(t *Telegram) (place, error) {
	chat, ok := parsePlace(session.PlaceID(o.Chat))
	unknown := slices.IndexFunc(o.Triggers, func(tr Trigger) bool { return !slices.Contains(AllTriggers, tr) })
	switch {
	case t.public != nil:
		return place{}, errors.New("telegram: the bot has a public side already, and can have one only")
	case o.ID == "" || o.ID == t.opts.ID && t.deskChat != 0:
		return place{}, fmt.Errorf("telegram: the public side needs an id that is not the desk's: %q", o.ID)
	case o.Inbox == nil || o.Reception == nil:
		return place{}, errors.New("telegram: the public side has no inbox or no reception")
	case o.Chat != "" && (!ok || chat.chat > 0):
		return place{}, fmt.Errorf("telegram: the public chat %q is not the id of a channel or group", o.Chat)
	case o.Chat != "" && chat.chat == t.deskChat:
		return place{}, errors.New("telegram: the public chat is the desk's")
	case unknown >= 0:
		return place{}, fmt.Errorf("telegram: unknown trigger %q", o.Triggers[unknown])
	}
	return chat, nil
}

// ID is the one it was given.
func (p *Public) ID() session.ConnectorID { return p.opts.ID }

// Place is the configured chat, as the configuration calls it.
func (p *Public) Place() session.PlaceID { return session.PlaceID(p.opts.Chat) }

// Limits are Telegram's. Where there is a group, a place is written to every three
// seconds at most: a group takes twenty messages a minute. What a desk with the same
// token needs of the thirty calls a second is left to it.
func (p *Public) Limits() connector.Limits {
	l := connector.Limits{
		Longest:  connector.AtMost(longestText, session.UTF16),
		PerPlace: connector.Rate{Most: 1, Per: time.Second},
		Overall:  connector.Rate{Most: 30, Per: time.Second},
		Timeout:  requestTimeout,
		Notices:  true,
		Slots:    true,
		// In private /start says what is on; a chat is told.
		Announces:    p.chat != (place{}),
		Pins:         p.chat != (place{}),
		Votes:        p.chat != (place{}),
		EditsQuietly: true,
		// One picture is one message, which takes the place of the receipt and can be edited.
		// An album is several, which no edit makes of one.
		Pictures: 1, Captions: connector.AtMost(longestCaption, session.UTF16), PicturesStay: true,
	}
	if p.chat != (place{}) {
		l.PerPlace.Per = 3 * time.Second
	}
	if p.t.deskChat != 0 {
		l.Overall.Most -= 5
	}
	return l
}

// Run receives for both sides of the bot, or waits while the desk's Run does.
func (p *Public) Run(ctx context.Context) error { return p.t.Run(ctx) }

// Hooks are those of the bot where no desk has them.
func (p *Public) Hooks() map[string]http.Handler {
	if p.t.deskChat != 0 {
		return nil
	}
	return p.t.Hooks()
}

// Trouble is that of the bot where no desk tells it.
func (p *Public) Trouble() []connector.Finding {
	if p.t.deskChat != 0 {
		return nil
	}
	return p.t.Trouble()
}

func (p *Public) kinds() []string { return []string{models.AllowedUpdateMessageReaction} }

// handle takes what is not the desk's.
func (p *Public) handle(ctx context.Context, u *models.Update) error {
	m := messageOf(u)
	switch {
	case u.CallbackQuery != nil:
		return p.pressed(ctx, u.CallbackQuery)
	case u.MessageReaction != nil:
		return p.reacted(ctx, u.MessageReaction)
	case u.MyChatMember != nil:
		return p.standing(ctx, u)
	case m == nil || !isPersons(m):
		return nil
	case isPrivate(m.Chat.ID):
		return p.said(ctx, m)
	}
	return p.heard(ctx, m, u.EditedMessage != nil)
}

// standing notes that the bot was let into the public's chat or thrown out of it. That
// somebody blocked it shows when they are written to.
func (p *Public) standing(ctx context.Context, u *models.Update) error {
	chat := u.MyChatMember.Chat.ID
	if !isPrivate(chat) {
		p.lookAgain()
	}
	if p.isChat(ctx, chat) {
		return p.t.standing(ctx, u)
	}
	return nil
}
