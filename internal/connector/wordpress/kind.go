package wordpress

import (
	"strconv"

	"experthour/internal/connector"
	"experthour/internal/setting"
)

// Kind is a site made with WordPress; one account serves one place.
var Kind = connector.Kind{
	Name: "wordpress", Title: "WordPress", Words: words,
	Account:  func() any { return &Account{} },
	Settings: func() any { return &Settings{Approve: true} },
	New: func(env connector.Env, account any, places []connector.Place) ([]connector.Connector, error) {
		var cs []connector.Connector
		for _, p := range places {
			cs = append(cs, New(env, *account.(*Account), *p.Settings.(*Settings), p.ID))
		}
		return cs, nil
	},
}

// Account is the user of the site as whom the bot works.
type Account struct {
	URL      string         `toml:"url"` // of the site, without /wp-json
	User     string         `toml:"user"`
	Password setting.Secret `toml:"application_password"`
}

// Check looks at what a place needs only if there is one.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	bad.URL("url", a.URL)
	if len(u.Places) == 0 {
		return
	}
	bad.Need("url", a.URL, "the address of the site, such as \"https://blog.example.lv\"")
	bad.Need("user", a.User, "the name of the user as whom the bot logs in")
	bad.Need("application_password", a.Password.Reveal(), "what Users, Profile, Application Passwords gave you, or \"file:PATH\"")
}

// Trigger is what makes a question of a comment under an announcement.
type Trigger string

// The triggers.
const (
	TriggerComment Trigger = "comment" // any that replies to no other comment
	TriggerReply   Trigger = "reply"   // one that replies to a comment of the bot
	TriggerHashtag Trigger = "hashtag" // one with the hashtag, to whomever it replies
)

// AllTriggers are all of them.
var AllTriggers = []string{string(TriggerComment), string(TriggerReply), string(TriggerHashtag)}

// Settings are a place of the public: what stands there, and what is a question.
type Settings struct {
	Category setting.ID `toml:"category"` // the number of the category of announcements; empty is the site's own default
	Hashtag  string     `toml:"hashtag"`  // of TriggerHashtag, without "#"
	Triggers []Trigger  `toml:"triggers"` // empty is all of them
	// Approve says that accepting a question approves its comment, where the site holds it.
	Approve bool `toml:"approve"`
}

// Check bounds the places too: a user of a site has one.
func (s *Settings) Check(u connector.Use, bad setting.Bad) {
	if n, err := strconv.ParseUint(string(s.Category), 10, 32); s.Category != "" && (err != nil || n == 0) {
		bad("category", "%q is no number of a category; it stands in the address of Posts, Categories, Edit: tag_ID=5 is 5", s.Category)
	}
	if s.Hashtag != "" {
		bad.Hashtag("hashtag", s.Hashtag)
	}
	for _, t := range s.Triggers {
		bad.Choice("triggers", string(t), AllTriggers...)
	}
	if u.Places[0].Settings != any(s) {
		bad("kind", "there is a place in WordPress already; one account serves one, so remove the other")
	}
}
