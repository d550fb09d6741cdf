package x

import (
	"experthour/internal/connector"
	"experthour/internal/setting"
)

const (
	// endpoint is where X is called.
	endpoint  = "https://api.x.com"
	usualDay  = 20
	usualHour = 5
	mostDay   = 1000
)

// Account is that of the institution: an app's key, and a token by which the account lets the
// app write. Those of OAuth 1.0a do not expire.
type Account struct {
	URL         string         `toml:"api_url"`
	Key         string         `toml:"api_key"`
	Secret      setting.Secret `toml:"api_secret"`
	Token       setting.Secret `toml:"token"`
	TokenSecret setting.Secret `toml:"token_secret"`
	USDADay     int            `toml:"usd_a_day"`   // at most, as counted here
	USDAnHour   int            `toml:"usd_an_hour"` // what the posts of one expert hour may cost; see connector.Limits.Ceiling
}

// Check looks at what a place needs only if there is one.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	bad.URL("api_url", a.URL)
	if a.USDADay < 1 || a.USDADay > mostDay {
		bad("usd_a_day", "is %d; write how many dollars may be spent in a day, from 1 to %d", a.USDADay, mostDay)
	}
	if a.USDAnHour < 0 || a.USDAnHour > mostDay {
		bad("usd_an_hour", "is %d; write how many dollars the posts of one expert hour may cost, up to %d, or 0 for no bound",
			a.USDAnHour, mostDay)
	}
	if len(u.Places) == 0 {
		return
	}
	bad.Need("api_url", a.URL, "the address of the API; leave the key out for X's own")
	bad.Need("api_key", a.Key, "the API key of an app, from https://console.x.com")
	bad.Need("api_secret", a.Secret.Reveal(), "the secret that stands beside the key, or \"file:PATH\"")
	bad.Need("token", a.Token.Reveal(), "the access token of the account, from the same page, or \"file:PATH\"")
	bad.Need("token_secret", a.TokenSecret.Reveal(), "the secret that came with the token, or \"file:PATH\"")
}

// Trigger is what makes a question of a post.
type Trigger string

// The triggers.
const (
	TriggerMention Trigger = "mention" // names the account
	TriggerReply   Trigger = "reply"   // stands right under an announcement
	TriggerHashtag Trigger = "hashtag" // has the hashtag of the settings
)

// AllTriggers are those that count where the settings name none.
var AllTriggers = []string{string(TriggerMention), string(TriggerReply), string(TriggerHashtag)}

// Settings are what is a question there.
type Settings struct {
	Hashtag  string    `toml:"hashtag"`  // of TriggerHashtag, without "#"
	Triggers []Trigger `toml:"triggers"` // empty is all of them
	Links    bool      `toml:"links"`    // copies have the address of the public page, which is dear
}

// Check bounds the places too: an account has one.
func (s *Settings) Check(u connector.Use, bad setting.Bad) {
	if s.Hashtag != "" {
		bad.Hashtag("hashtag", s.Hashtag)
	}
	for _, t := range s.Triggers {
		bad.Choice("triggers", string(t), AllTriggers...)
	}
	if u.Places[0].Settings != any(s) {
		bad("kind", "there is a place at X already; one account serves one, so remove the other")
	}
}
