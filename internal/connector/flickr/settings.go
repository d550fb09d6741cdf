package flickr

import (
	"regexp"

	"experthour/internal/connector"
	"experthour/internal/setting"
)

// endpoint is where Flickr is called (https://www.flickr.com/services/api/request.rest.html).
const endpoint = "https://api.flickr.com/services/rest"

// loginAt is where an account allows an app (https://www.flickr.com/services/api/auth.oauth.html).
const loginAt = "https://www.flickr.com/services/oauth"

// Account is that of the institution: an app's key, and a token by which the account lets the
// app write, unless somebody gets it by "bot connect".
type Account struct {
	URL         string         `toml:"api_url"`
	OAuth       string         `toml:"oauth_url"`
	Key         string         `toml:"api_key"`
	Secret      setting.Secret `toml:"api_secret"`
	Token       setting.Secret `toml:"token"`
	TokenSecret setting.Secret `toml:"token_secret"`
}

// Check looks at what a place needs only if there is one.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	bad.URL("api_url", a.URL)
	bad.URL("oauth_url", a.OAuth)
	if len(u.Places) == 0 {
		return
	}
	bad.Need("api_url", a.URL, "the address of the API; leave the key out for Flickr's own")
	bad.Need("api_key", a.Key, "the key of an app, from https://www.flickr.com/services/apps/create/")
	bad.Need("api_secret", a.Secret.Reveal(), "the secret that stands beside the key, or \"file:PATH\"")
	bad.Need("oauth_url", a.OAuth, "where the account allows the app; leave the key out for Flickr's own")
	if (a.Token.Reveal() == "") != (a.TokenSecret.Reveal() == "") {
		bad.Need("token", a.Token.Reveal(), "the token that came with the secret, or remove that and run \"bot connect\"")
		bad.Need("token_secret", a.TokenSecret.Reveal(), "the secret that came with the token, or remove that and run \"bot connect\"")
	}
}

// Trigger is what makes a question of a comment under the photo.
type Trigger string

// The triggers.
const (
	TriggerComment Trigger = "comment" // any that somebody else wrote
	TriggerHashtag Trigger = "hashtag" // one with the hashtag
)

// AllTriggers are all of them.
var AllTriggers = []string{string(TriggerComment), string(TriggerHashtag)}

// Settings are a place of the public: which photo, and what is a question there.
type Settings struct {
	Photo    setting.ID `toml:"photo"`    // the number in the address of its page
	Hashtag  string     `toml:"hashtag"`  // of TriggerHashtag, without "#"
	Triggers []Trigger  `toml:"triggers"` // empty is all of them
}

var photoNumber = regexp.MustCompile(`^[1-9][0-9]{0,18}$`)

// Check bounds the places too: an account has one.
func (s *Settings) Check(u connector.Use, bad setting.Bad) {
	bad.Need("photo", string(s.Photo), "the number in the address of the photo's page: flickr.com/photos/name/NUMBER/")
	if s.Photo != "" && !photoNumber.MatchString(string(s.Photo)) {
		bad("photo", "%q is no number of a photo; it stands in the address of its page: flickr.com/photos/name/NUMBER/", s.Photo)
	}
	if s.Hashtag != "" {
		bad.Hashtag("hashtag", s.Hashtag)
	}
	for _, t := range s.Triggers {
		bad.Choice("triggers", string(t), AllTriggers...)
	}
	if u.Places[0].Settings != any(s) {
		bad("kind", "there is a place at Flickr already; one account serves one, so remove the other")
	}
}
