package telegram

import (
	"fmt"
	"strconv"

	"slices"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/setting"
)

// deskID is the desk's name in what is stored: a public place has one of its own, so
// that one bot can serve both.
const deskID session.ConnectorID = "telegram-desk"

// Kind is Telegram: the desk, the public side, or both.
var Kind = connector.Kind{
	Name: "telegram", Title: "Telegram", Words: words, Desk: deskID,
	Account:  func() any { return &Account{APIURL: "https://api.telegram.org", Mode: string(Polling)} },
	Settings: func() any { return &Settings{} },
	Member:   checkMember,
	New:      connectors,
}

// Account is the bot that serves a desk, a public place or both.
type Account struct {
	Token         setting.Secret `toml:"token"`
	APIURL        string         `toml:"api_url"`
	DeskChat      setting.ID     `toml:"desk_chat"`
	Mode          string         `toml:"mode"`
	WebhookSecret setting.Secret `toml:"webhook_secret"` // for Webhook
}

// Check looks at what a desk or a place needs only if there is one.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	bad.URL("api_url", a.APIURL)
	bad.Choice("mode", a.Mode, string(Polling), string(Webhook))
	checkNumber("desk_chat", a.DeskChat, bad)
	if u.Desk {
		bad.Need("desk_chat", string(a.DeskChat), "the number of the desk's group, such as -1001234567890")
		a.checkModerators(u.People, bad)
	}
	if u.Desk || len(u.Places) > 0 {
		bad.Need("token", a.Token.Reveal(), "the token that @BotFather gave you")
		bad.Need("api_url", a.APIURL, "the address of Telegram's API, or leave the key out")
		a.checkWebhook(u.PublicURL, bad)
	}
}

func (a *Account) checkWebhook(publicURL string, bad setting.Bad) {
	if Mode(a.Mode) != Webhook {
		return
	}
	if !secretForm.MatchString(a.WebhookSecret.Reveal()) {
		bad("webhook_secret", "mode = \"webhook\" needs 1 to 256 of A-Z, a-z, 0-9, _ and - here; make one with: openssl rand -hex 32")
	}
	if publicURL == "" {
		bad("mode", "\"webhook\" needs [http] public_url, the address that Telegram is to call; write it, or set this to \"polling\"")
	}
}

// checkModerators checks that somebody could moderate from here.
func (a *Account) checkModerators(people session.Directory, bad setting.Bad) {
	known := func(p session.Person) bool { return p.Role == session.Moderator && p.Accounts[deskID] != "" }
	if !slices.ContainsFunc(people, known) {
		bad("", "no moderator can be recognised in Telegram; give one of the [[people]] a `telegram` number")
	}
}

// Settings are a place of the public: the bot's own chats, and a channel or group.
type Settings struct {
	Chat     setting.ID `toml:"chat"`     // of the channel or group; empty for private talks only
	Hashtag  string     `toml:"hashtag"`  // of TriggerHashtag, without "#"
	Triggers []Trigger  `toml:"triggers"` // empty is all of them
}

// Check bounds the places too: a bot has one public side.
func (s *Settings) Check(u connector.Use, bad setting.Bad) {
	checkNumber("chat", s.Chat, bad)
	if s.Hashtag != "" {
		bad.Hashtag("hashtag", s.Hashtag)
	}
	for _, t := range s.Triggers {
		bad.Choice("triggers", t, AllTriggers...)
	}
	if u.Places[0].Settings != any(s) {
		bad("kind", "there is a place in Telegram already; one bot serves one, so remove the other")
	}
}

func checkNumber(key string, id setting.ID, bad setting.Bad) {
	if err := checkMember(string(id)); id != "" && err != nil {
		bad(key, "%v", err)
	}
}

func checkMember(account string) error {
	if n, err := strconv.ParseInt(account, 10, 64); err != nil || n == 0 {
		return fmt.Errorf("%q is no number; Telegram finds chats and people by number, not by name", account)
	}
	return nil
}

// connectors are the public side and the desk. The two share the receiver of the token.
func connectors(env connector.Env, account any, places []connector.Place) ([]connector.Connector, error) {
	a := account.(*Account)
	o := Options{ID: deskID, Token: a.Token.Reveal(), APIURL: a.APIURL, Mode: Mode(a.Mode), WebhookSecret: a.WebhookSecret.Reveal(),
		PublicURL: env.PublicURL, Mailbox: env.Mailbox(deskID), Memory: env.Memory(deskID), Leases: env.Leases, Owner: env.Owner,
		Language: env.Language, Zone: env.Zone, Now: env.Now, Log: env.Log}
	if env.Desk != nil {
		o.DeskChat, o.Inbox, o.Turn, o.Commands, o.Private = string(a.DeskChat), env.Desk.Inbox, env.Desk.Turn, env.Desk.Menu, env.Desk.Menu
		o.Staff = func() []session.UserRef { return accounts(env.People()) }
	}
	t, err := New(o)
	if err != nil {
		return nil, err
	}
	var cs []connector.Connector
	for _, p := range places {
		s := p.Settings.(*Settings)
		public, err := t.Public(PublicOptions{ID: p.ID, Inbox: env.Inbox, Enclose: env.Enclose, Reception: env.Reception(p.ID), Chat: string(s.Chat),
			Hashtag: s.Hashtag, Triggers: s.Triggers, Language: env.Language})
		if err != nil {
			return nil, err
		}
		cs = append(cs, public)
	}
	if env.Desk != nil {
		cs = append(cs, t)
	}
	return cs, nil
}

// accounts are those of the staff at the desk.
func accounts(people session.Directory) []session.UserRef {
	var us []session.UserRef
	for _, p := range people {
		if u := p.Accounts[deskID]; u != "" {
			us = append(us, u)
		}
	}
	return us
}
