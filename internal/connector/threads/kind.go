package threads

import (
	"experthour/internal/connector"
	"experthour/internal/setting"
)

// endpoint is where the API is (https://developers.facebook.com/docs/threads/overview).
const endpoint = "https://graph.threads.net"

// Kind is an account of Threads: a place of the public.
var Kind = connector.Kind{
	Name: "threads", Title: "Threads", Words: words,
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
	bad.Need("api_url", a.URL, "the address of the API; leave the key out for that of Threads")
	bad.Need("token", a.Token.Reveal(), "a long-lived token of the account, from the app's page at developers.facebook.com, or \"file:PATH\"")
}

// Trigger is what makes a question of a post.
type Trigger string

// The triggers.
const (
	TriggerReply   Trigger = "reply"   // right under something that the account wrote
	TriggerMention Trigger = "mention" // names the account
	TriggerHashtag Trigger = "hashtag" // anywhere under an announcement, with the hashtag
)

// AllTriggers are those that count where the settings name none.
var AllTriggers = []Trigger{TriggerReply, TriggerMention, TriggerHashtag}

// Settings are what is a question there.
type Settings struct {
	Hashtag  string    `toml:"hashtag"`  // of TriggerHashtag, without "#"
	Triggers []Trigger `toml:"triggers"` // empty is all of them
}

// Check bounds the places too: an account is one.
func (s *Settings) Check(u connector.Use, bad setting.Bad) {
	if s.Hashtag != "" {
		bad.Hashtag("hashtag", s.Hashtag)
	}
	for _, t := range s.Triggers {
		bad.Choice("triggers", string(t), string(TriggerReply), string(TriggerMention), string(TriggerHashtag))
	}
	if u.Places[0].Settings != any(s) {
		bad("kind", "there is a place on Threads already; one account serves one, so remove the other")
	}
}
