package mastodon

import (
	"embed"

	"experthour/internal/connector"
	"experthour/internal/setting"
)

// words are what the check says of the account.
//
//go:embed lv en
var words embed.FS

// Kind is an account on a server with Mastodon's API: a place of the public.
var Kind = connector.Kind{
	Name: "mastodon", Title: "Mastodon", Words: words,
	Account:  func() any { return &Account{} },
	Settings: func() any { return &Settings{Visibility: "public", Notices: direct} },
	New:      connectors,
}

// Account is that of the institution. Without a token "bot connect" gets one.
type Account struct {
	Server string         `toml:"server"`
	Token  setting.Secret `toml:"token"`
}

// Check looks at what a place needs only if there is one.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	bad.URL("server", a.Server)
	if len(u.Places) > 0 {
		bad.Need("server", a.Server, "the address of the server where the account is, such as https://mastodon.social")
	}
}

// Trigger is what makes a question of a post.
type Trigger = string

// The triggers.
const (
	TriggerMention Trigger = "mention" // speaks to the account
	TriggerReply   Trigger = "reply"   // stands under the announcement of an hour
	TriggerHashtag Trigger = "hashtag" // has the hashtag of the settings
)

// AllTriggers are those that count where the settings name none.
var AllTriggers = []Trigger{TriggerMention, TriggerReply, TriggerHashtag}

// Settings are how the account asks and answers.
type Settings struct {
	Hashtag    string    `toml:"hashtag"`    // of TriggerHashtag, without "#"
	Triggers   []Trigger `toml:"triggers"`   // empty is all of them
	Visibility string    `toml:"visibility"` // of announcements and answers
	Notices    string    `toml:"notices"`    // visibility of what only the asker is told
	Warning    string    `toml:"content_warning"`
}

// Check bounds the places too: an account has one public side.
func (s *Settings) Check(u connector.Use, bad setting.Bad) {
	if s.Hashtag != "" {
		bad.Hashtag("hashtag", s.Hashtag)
	}
	for _, t := range s.Triggers {
		bad.Choice("triggers", t, AllTriggers...)
	}
	bad.Choice("visibility", s.Visibility, "public", "unlisted")
	bad.Choice("notices", s.Notices, direct, "unlisted", "public")
	if len([]rune(s.Warning)) > mostWarning {
		bad("content_warning", "has more than %d characters; it counts in every post, so write a few words", mostWarning)
	}
	if u.Places[0].Settings != any(s) {
		bad("kind", "there is a place on Mastodon already; one account serves one, so remove the other")
	}
}

func connectors(env connector.Env, account any, places []connector.Place) (cs []connector.Connector, err error) {
	for _, p := range places {
		m := New(env, *account.(*Account), p.ID, *p.Settings.(*Settings))
		m.pins = p.Pin
		cs = append(cs, m)
	}
	return cs, nil
}
