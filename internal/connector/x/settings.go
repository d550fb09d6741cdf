package x

import (
	"net/url"

	"experthour/internal/connector"
	"experthour/internal/setting"
)

const (
	// endpoint is where X is called.
	endpoint  = "https://api.x.com"
	usualDay  = 20
	usualHour = 5
	mostDay   = 1000
	// usualPort is where people come back to who log in; below leastPort a program needs rights for it.
	usualPort, leastPort, mostPort = 8976, 1024, 65535
)

// Account is that of the institution: the keys of an app and of the account (OAuth 1.0a), which do
// not expire, or the app's id, with which "bot connect" gets a token (OAuth 2.0).
type Account struct {
	URL          string         `toml:"api_url"`
	Key          string         `toml:"api_key"`
	Secret       setting.Secret `toml:"api_secret"`
	Token        setting.Secret `toml:"token"`
	TokenSecret  setting.Secret `toml:"token_secret"`
	ClientID     string         `toml:"client_id"`
	ClientSecret setting.Secret `toml:"client_secret"` // of a confidential client
	LoginURL     string         `toml:"login_url"`
	RedirectPort int            `toml:"redirect_port"` // on this machine, where people come back to
	Webhook      bool           `toml:"webhook"`       // X calls this program
	USDADay      int            `toml:"usd_a_day"`     // at most, as counted here
	USDAnHour    int            `toml:"usd_an_hour"`   // what the posts of one expert hour may cost; see connector.Limits.Ceiling
}

// Check looks at what a place needs only if there is one.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	bad.URL("api_url", a.URL)
	bad.URL("login_url", a.LoginURL)
	if a.RedirectPort < leastPort || a.RedirectPort > mostPort {
		bad("redirect_port", "is %d; write a port from %d to %d, the one of the callback address at console.x.com", a.RedirectPort, leastPort,
			mostPort)
	}
	if a.USDADay < 1 || a.USDADay > mostDay {
		bad("usd_a_day", "is %d; write how many dollars may be spent in a day, from 1 to %d", a.USDADay, mostDay)
	}
	if a.USDAnHour < 0 || a.USDAnHour > mostDay {
		bad("usd_an_hour", "is %d; write how many dollars the posts of one expert hour may cost, up to %d, or 0 for no bound",
			a.USDAnHour, mostDay)
	}
	if len(u.Places) > 0 {
		bad.Need("api_url", a.URL, "the address of the API; leave the key out for X's own")
		a.checkEntrance(bad)
		a.checkWebhook(u.PublicURL, bad)
	}
}

// checkWebhook wants what X calls and signs for: an address with https and no port
// (https://docs.x.com/x-api/webhooks/introduction); this machine's own is for trying.
func (a *Account) checkWebhook(publicURL string, bad setting.Bad) {
	if !a.Webhook {
		return
	}
	u, err := url.Parse(publicURL)
	if err != nil || publicURL == "" || u.Hostname() != "127.0.0.1" && (u.Scheme != "https" || u.Port() != "") {
		bad("webhook", "needs [http] public_url, an address that begins with https and has no port: X calls no other; write it, or remove this")
	}
	if a.logs() {
		bad.Need("api_key", a.Key, "the API key of the app: X registers webhooks by it; or remove webhook")
		bad.Need("api_secret", a.Secret.Reveal(), "the secret beside the key, with which X signs what it brings; or remove webhook")
	}
}

// checkEntrance wants one way in: all keys, which come first where both are there, or a client.
func (a *Account) checkEntrance(bad setting.Bad) {
	key, secret, token := a.Key, a.Secret.Reveal(), a.Token.Reveal()+a.TokenSecret.Reveal()
	switch {
	case a.logs():
		bad.Need("login_url", a.LoginURL, "the address at which X asks people; leave the key out for X's own")
		if key+secret != "" && !a.Webhook {
			bad("client_id", "needs no api_key and no api_secret without webhook; remove those, or write token and token_secret too"+
				" and remove client_id")
		}
	case token == "" && a.ClientSecret.Reveal() != "":
		bad.Need("client_id", "", "the client ID that stands beside the client secret, from https://console.x.com, or remove client_secret")
	case key+secret+token == "":
		bad("api_key", "is missing; write api_key, api_secret, token and token_secret from https://console.x.com, or client_id alone and run"+
			" \"bot connect x\"")
	default:
		bad.Need("api_key", key, "the API key of an app, from https://console.x.com")
		bad.Need("api_secret", secret, "the secret that stands beside the key, or \"file:PATH\"")
		bad.Need("token", a.Token.Reveal(), "the access token of the account, from the same page, or \"file:PATH\"")
		bad.Need("token_secret", a.TokenSecret.Reveal(), "the secret that came with the token, or \"file:PATH\"")
	}
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
