package youtube

import (
	"regexp"

	"experthour/internal/connector"
	"experthour/internal/setting"
)

// Where YouTube is called, and where Google gives tokens and asks people
// (https://developers.google.com/identity/protocols/oauth2/native-app).
const (
	apiURL   = "https://youtube.googleapis.com"
	tokenURL = "https://oauth2.googleapis.com/token"
	loginURL = "https://accounts.google.com/o/oauth2/v2/auth"
)

const (
	// usualUnits are those of a project that asked for no more
	// (https://developers.google.com/youtube/v3/determine_quota_cost).
	usualUnits = 10_000
	leastUnits = 500
	// usualEvery is how many seconds are between two looks while questions are taken.
	usualEvery, leastEvery = 10, 2
)

// Account is that of the institution: a program as Google knows it. Without a refresh token "bot
// connect" gets one.
type Account struct {
	URL          string         `toml:"api_url"`
	TokenURL     string         `toml:"token_url"`
	LoginURL     string         `toml:"login_url"`
	ClientID     string         `toml:"client_id"`
	ClientSecret setting.Secret `toml:"client_secret"`
	RefreshToken setting.Secret `toml:"refresh_token"`
	Units        int            `toml:"units"` // of a day
}

// Check looks at what a place needs only if there is one.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	bad.URL("api_url", a.URL)
	bad.URL("token_url", a.TokenURL)
	bad.URL("login_url", a.LoginURL)
	if a.Units < leastUnits {
		bad("units", "is less than %d, which is not enough for an hour; leave the key out for the %d that a project has", leastUnits,
			usualUnits)
	}
	if len(u.Places) == 0 {
		return
	}
	for key, value := range map[string]string{"api_url": a.URL, "token_url": a.TokenURL, "login_url": a.LoginURL} {
		bad.Need(key, value, "an address; leave the key out for Google's own")
	}
	bad.Need("client_id", a.ClientID, "the client ID of a desktop app, from https://console.cloud.google.com/auth/clients")
	bad.Need("client_secret", a.ClientSecret.Reveal(), "the secret that stands beside the client ID, or \"file:PATH\"")
}

// Trigger is what makes a question of a comment.
type Trigger string

// The triggers.
const (
	TriggerComment Trigger = "comment" // any under the video that replies to none
	TriggerReply   Trigger = "reply"   // any below the announcement of an hour
	TriggerHashtag Trigger = "hashtag" // one of these with the hashtag
	TriggerMention Trigger = "mention" // a message of a live chat that calls the channel by its name
)

// AllTriggers are all of them.
var AllTriggers = []string{string(TriggerComment), string(TriggerReply), string(TriggerHashtag)}

// LiveTriggers are those of a live chat.
var LiveTriggers = []string{string(TriggerMention), string(TriggerHashtag)}

// Settings are a place of the public: which video, and what is a question there.
type Settings struct {
	Video    string    `toml:"video"`    // what stands behind "v=" in its address
	Live     bool      `toml:"live"`     // its live chat, in place of the comments
	Hashtag  string    `toml:"hashtag"`  // of TriggerHashtag, without "#"
	Triggers []Trigger `toml:"triggers"` // empty is all of them
	Every    int       `toml:"look_every"`
}

var videoID = regexp.MustCompile(`^[A-Za-z0-9_-]{11}$`)

// Check bounds the places too: an account has one, for its units are those of all.
func (s *Settings) Check(u connector.Use, bad setting.Bad) {
	bad.Need("video", s.Video, "what stands behind \"v=\" in the address of the video: youtube.com/watch?v=VIDEO")
	if s.Video != "" && !videoID.MatchString(s.Video) {
		bad("video", "%q is no video; it is the 11 characters behind \"v=\" in its address: youtube.com/watch?v=VIDEO", s.Video)
	}
	if s.Hashtag != "" {
		bad.Hashtag("hashtag", s.Hashtag)
	}
	triggers := AllTriggers
	if s.Live {
		triggers = LiveTriggers
	}
	for _, t := range s.Triggers {
		bad.Choice("triggers", string(t), triggers...)
	}
	if s.Every < leastEvery {
		bad("look_every", "is less than %d seconds; each look takes units of the day", leastEvery)
	}
	if u.Places[0].Settings != any(s) {
		bad("kind", "there is a place at YouTube already; one account serves one, so remove the other")
	}
}
