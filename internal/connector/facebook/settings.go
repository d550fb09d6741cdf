package facebook

import (
	"regexp"

	"experthour/internal/connector"
	"experthour/internal/setting"
)

// endpoint is the Graph API with the version that this was written for.
const endpoint = "https://graph.facebook.com/v26.0"

// Account is an app of the institution at Meta, and the token by which it acts as the Page.
type Account struct {
	URL       string         `toml:"api_url"`
	AppID     setting.ID     `toml:"app_id"`
	AppSecret setting.Secret `toml:"app_secret"`
	PageToken setting.Secret `toml:"page_token"`
	// VerifyToken has Meta call the program; without one it only asks.
	VerifyToken setting.Secret `toml:"verify_token"`
}

var (
	digits   = regexp.MustCompile(`^[1-9][0-9]{0,19}$`)
	wordForm = regexp.MustCompile(`^[A-Za-z0-9_-]{16,200}$`)
)

// Check looks at what a place needs only if there is one.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	bad.URL("api_url", a.URL)
	if len(u.Places) == 0 {
		return
	}
	bad.Need("api_url", a.URL, "the address of the Graph API with its version; leave the key out for Facebook's own")
	bad.Need("app_id", string(a.AppID), "the number of your app, from developers.facebook.com/apps")
	bad.Need("app_secret", a.AppSecret.Reveal(), "the app secret, from App settings, Basic; or \"file:PATH\"")
	bad.Need("page_token", a.PageToken.Reveal(), "the access token of the Page, or \"file:PATH\"; the README says how to get one that lasts")
	if a.AppID != "" && !digits.MatchString(string(a.AppID)) {
		bad("app_id", "%q is no number of an app; it stands at developers.facebook.com/apps", a.AppID)
	}
	a.checkWebhook(u.PublicURL, bad)
}

func (a *Account) checkWebhook(publicURL string, bad setting.Bad) {
	word := a.VerifyToken.Reveal()
	switch {
	case word == "":
	case !wordForm.MatchString(word):
		bad("verify_token", "needs 16 to 200 of A-Z, a-z, 0-9, _ and -; make one with: openssl rand -hex 32")
	case publicURL == "":
		bad("verify_token", "needs [http] public_url, the address that Facebook is to call; write it, or leave this out")
	}
}

// Trigger is what makes a question of a comment under an announcement.
type Trigger string

// The triggers.
const (
	TriggerComment Trigger = "comment" // any that is no reply to another comment
	TriggerReply   Trigger = "reply"   // a reply to what the Page wrote
	TriggerHashtag Trigger = "hashtag" // one with the hashtag
)

// AllTriggers are all of them.
var AllTriggers = []string{string(TriggerComment), string(TriggerReply), string(TriggerHashtag)}

// Settings are a place of the public: which Page, and what is a question there.
type Settings struct {
	Page     setting.ID `toml:"page"`
	Hashtag  string     `toml:"hashtag"`  // of TriggerHashtag, without "#"
	Triggers []Trigger  `toml:"triggers"` // empty is all of them
}

// Check bounds the places too: a token is that of one Page.
func (s *Settings) Check(u connector.Use, bad setting.Bad) {
	bad.Need("page", string(s.Page), "the number of the Page: at Facebook under About, Page transparency")
	if s.Page != "" && !digits.MatchString(string(s.Page)) {
		bad("page", "%q is no number of a Page; it stands at Facebook under About, Page transparency", s.Page)
	}
	if s.Hashtag != "" {
		bad.Hashtag("hashtag", s.Hashtag)
	}
	for _, t := range s.Triggers {
		bad.Choice("triggers", string(t), AllTriggers...)
	}
	if u.Places[0].Settings != any(s) {
		bad("kind", "there is a Page at Facebook already; a token is that of one Page, so remove the other")
	}
}
