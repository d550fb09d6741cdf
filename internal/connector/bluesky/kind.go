package bluesky

import (
	"embed"
	"regexp"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/setting"
)

// words are what nobody else says: what is wrong with the account.
//
//go:embed lv en
var words embed.FS

// Kind is Bluesky, as a place of the public.
var Kind = connector.Kind{
	Name: "bluesky", Title: "Bluesky", Words: words,
	Account:  func() any { return &Account{APIURL: "https://bsky.social", PicturesURL: "https://cdn.bsky.app"} },
	Settings: func() any { return &Settings{} },
	New: func(env connector.Env, account any, places []connector.Place) (cs []connector.Connector, err error) {
		for _, p := range places {
			cs = append(cs, newBluesky(env, p.ID, *account.(*Account), *p.Settings.(*Settings)))
		}
		return cs, nil
	},
}

// Account is the institution's account.
type Account struct {
	Handle      string         `toml:"handle"`
	AppPassword setting.Secret `toml:"app_password"`
	APIURL      string         `toml:"api_url"`
	PicturesURL string         `toml:"pictures_url"` // where pictures of posts are shown from
}

// handleForm is how handles are written: a name of a host, without "@".
var handleForm = regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)

// Check looks at what a place needs only if there is one.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	bad.URL("api_url", a.APIURL)
	bad.URL("pictures_url", a.PicturesURL)
	if a.Handle != "" && !handleForm.MatchString(a.Handle) {
		bad("handle", "%q is no handle; write it as it stands behind the @, such as \"iestade.bsky.social\"", a.Handle)
	}
	if len(u.Places) > 0 {
		bad.Need("handle", a.Handle, "the account's handle without @, such as \"iestade.bsky.social\"")
		bad.Need("app_password", a.AppPassword.Reveal(), "an app password, from Settings, Privacy and security, App passwords")
		bad.Need("api_url", a.APIURL, "the address of the account's server, or leave the key out")
		bad.Need("pictures_url", a.PicturesURL, "the address where pictures of posts are, or leave the key out")
	}
}

// The triggers: what makes a question of a post.
const (
	triggerMention = "mention" // of the account
	triggerReply   = "reply"   // right under something that the account wrote
	triggerHashtag = "hashtag"
)

var allTriggers = []string{triggerMention, triggerReply, triggerHashtag}

// Settings are the place of the public: whatever is written to the account.
type Settings struct {
	Hashtag  string   `toml:"hashtag"`  // without "#"; empty is none
	Triggers []string `toml:"triggers"` // empty is all of them
	Replies  string   `toml:"replies"`  // one of gates; empty is everybody
}

// Check bounds the places too: an account is one.
func (s *Settings) Check(u connector.Use, bad setting.Bad) {
	if s.Hashtag != "" {
		bad.Hashtag("hashtag", s.Hashtag)
		if !strings.ContainsFunc(s.Hashtag, isWordy) {
			bad("hashtag", "%q has digits alone, which Bluesky takes for no hashtag; put a letter into it", s.Hashtag)
		}
	}
	for _, t := range s.Triggers {
		bad.Choice("triggers", t, allTriggers...)
	}
	if s.Replies != "" {
		bad.Choice("replies", s.Replies, gateNames()...)
	}
	if u.Places[0].Settings != any(s) {
		bad("kind", "there is a place on Bluesky already; one account serves one, so remove the other")
	}
}

func isWordy(r rune) bool { return r < '0' || r > '9' }
