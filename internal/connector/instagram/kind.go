package instagram

import (
	"regexp"

	"experthour/internal/connector"
	"experthour/internal/setting"
)

// endpoint is where the API with the log-in of Instagram is
// (https://developers.facebook.com/docs/instagram-platform/comment-moderation).
const endpoint = "https://graph.instagram.com"

// Kind is an account at Instagram, or one post of it; one account serves one place.
var Kind = connector.Kind{
	Name: "instagram", Title: "Instagram", Words: words,
	Account:  func() any { return &Account{URL: endpoint} },
	Settings: func() any { return &Settings{} },
	New: func(env connector.Env, account any, places []connector.Place) (cs []connector.Connector, err error) {
		for _, p := range places {
			cs = append(cs, New(env, *account.(*Account), *p.Settings.(*Settings), p.ID))
		}
		return cs, nil
	},
}

// Account is that of the institution. The token is renewed before it ends, and the one of the
// file is then only the first.
type Account struct {
	URL   string         `toml:"api_url"`
	Token setting.Secret `toml:"token"`
}

// Check looks at what a place needs only if there is one.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	bad.URL("api_url", a.URL)
	if len(u.Places) == 0 {
		return
	}
	bad.Need("api_url", a.URL, "the address of the API; leave the key out for that of Instagram")
	bad.Need("token", a.Token.Reveal(), "a long-lived token of the account, from the app's page at developers.facebook.com, or \"file:PATH\"")
}

// Trigger is what makes a question of a comment right under the post.
type Trigger string

// The triggers.
const (
	TriggerComment Trigger = "comment" // any that somebody else wrote
	TriggerHashtag Trigger = "hashtag" // one with the hashtag
)

// AllTriggers are those that count where the settings name none.
var AllTriggers = []Trigger{TriggerComment, TriggerHashtag}

// Settings are which post, and what is a question there.
type Settings struct {
	Media    setting.ID `toml:"media"`    // its id in the API; empty is that hours are announced by posts of their own
	Hashtag  string     `toml:"hashtag"`  // of TriggerHashtag, without "#"
	Triggers []Trigger  `toml:"triggers"` // empty is all of them
}

var mediaForm = regexp.MustCompile(`^[1-9][0-9]{4,29}$`)

// Check bounds the places too: an account has one.
func (s *Settings) Check(u connector.Use, bad setting.Bad) {
	if s.Media == "" && u.PublicURL == "" {
		bad("kind", "needs [http] public_url, for Instagram fetches the picture of an announcement from there; write it, or name a post with \"media\"")
	}
	if s.Media != "" && !mediaForm.MatchString(string(s.Media)) {
		bad("media", "%q is no number of a post in the API, which has digits alone", s.Media)
	}
	if s.Hashtag != "" {
		bad.Hashtag("hashtag", s.Hashtag)
	}
	for _, t := range s.Triggers {
		bad.Choice("triggers", string(t), string(TriggerComment), string(TriggerHashtag))
	}
	if u.Places[0].Settings != any(s) {
		bad("kind", "there is a place at Instagram already; one account serves one, so remove the other")
	}
}
