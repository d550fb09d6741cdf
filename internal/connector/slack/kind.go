package slack

import (
	"fmt"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/setting"
)

// deskID is the desk's name in what is stored.
const deskID session.ConnectorID = "slack"

// Kind is the desk in Slack.
var Kind = connector.Kind{
	Name: "slack", Title: "Slack", Words: words, Desk: deskID,
	Account: func() any { return &Account{APIURL: "https://slack.com/api", Mode: string(Socket)} },
	Member:  checkMember,
	New:     connectors,
	Tools:   []connector.Tool{manifestTool},
}

// Account is the app that serves the desk.
type Account struct {
	BotToken      setting.Secret `toml:"bot_token"`
	AppToken      setting.Secret `toml:"app_token"`      // for Socket
	SigningSecret setting.Secret `toml:"signing_secret"` // for HTTP
	Channel       string         `toml:"channel"`        // a channel's id, not its name
	APIURL        string         `toml:"api_url"`
	Mode          string         `toml:"mode"`
	// User groups whose members have a role, by their ids; empty is none.
	ModeratorGroup string `toml:"moderator_group"`
	ExpertGroup    string `toml:"expert_group"`
	ObserverGroup  string `toml:"observer_group"`
}

// groups are the user groups that give roles.
func (a *Account) groups() map[string]session.Role {
	groups := map[string]session.Role{}
	groups[a.ObserverGroup], groups[a.ExpertGroup], groups[a.ModeratorGroup] = session.Observer, session.ExpertRole, session.Moderator
	delete(groups, "")
	return groups
}

// Check looks at what a desk needs only if there is one.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	bad.URL("api_url", a.APIURL)
	bad.Choice("mode", a.Mode, string(Socket), string(HTTP))
	if !u.Desk {
		return
	}
	bad.Need("bot_token", a.BotToken.Reveal(), "the bot token (xoxb-…) from the app's page OAuth & Permissions")
	bad.Need("channel", a.Channel, "the id of the desk's channel, such as \"C012AB3CD\", from the channel's details")
	bad.Need("api_url", a.APIURL, "the address of Slack's API, or leave the key out")
	switch Mode(a.Mode) {
	case Socket:
		bad.Need("app_token", a.AppToken.Reveal(), "the app-level token (xapp-…) with connections:write, or set mode = \"http\"")
	case HTTP:
		bad.Need("signing_secret", a.SigningSecret.Reveal(), "the signing secret from the app's page Basic Information")
	}
	a.checkMixUps(bad)
	a.checkModerators(u.People, bad)
}

// checkMixUps finds the keys that people confuse: each would fail only at the first
// call, with an error that does not say why.
func (a *Account) checkMixUps(bad setting.Bad) {
	if strings.HasPrefix(a.BotToken.Reveal(), "xapp-") {
		bad("bot_token", "holds an app-level token (xapp-…); write the bot token (xoxb-…) here")
	}
	if strings.HasPrefix(a.AppToken.Reveal(), "xoxb-") {
		bad("app_token", "holds a bot token (xoxb-…); write the app-level token (xapp-…) here")
	}
	if strings.HasPrefix(a.Channel, "#") {
		bad("channel", "%q is a name; write the channel's id, such as \"C012AB3CD\"", a.Channel)
	}
	groups := map[string]string{"moderator_group": a.ModeratorGroup, "expert_group": a.ExpertGroup, "observer_group": a.ObserverGroup}
	for key, group := range groups {
		if strings.ContainsAny(group, "@ ") {
			bad(key, "%q is a name; write the group's id, such as \"S012AB3CD\"", group)
		}
	}
}

// checkModerators checks that somebody could moderate from here.
func (a *Account) checkModerators(people session.Directory, bad setting.Bad) {
	known := func(p session.Person) bool {
		return p.Role == session.Moderator && (p.Accounts[deskID] != "" || p.Email != "")
	}
	if a.ModeratorGroup == "" && !slices.ContainsFunc(people, known) {
		bad("moderator_group", "no moderator can be recognised in Slack; give one of the [[people]] a `slack` id or an `email`, or set this")
	}
}

func checkMember(account string) error {
	if strings.ContainsAny(account, "@ ") {
		return fmt.Errorf("%q is a name; write the member id, such as \"U012AB3CD\", from the person's profile", account)
	}
	return nil
}

func connectors(env connector.Env, account any, _ []connector.Place) ([]connector.Connector, error) {
	a := account.(*Account)
	s, err := New(Options{ID: deskID, BotToken: a.BotToken.Reveal(), AppToken: a.AppToken.Reveal(), SigningSecret: a.SigningSecret.Reveal(),
		Channel: session.PlaceID(a.Channel), APIURL: a.APIURL, Mode: Mode(a.Mode), Groups: a.groups(), Inbox: env.Desk.Inbox,
		Mailbox: env.Mailbox(deskID), Memory: env.Memory(deskID), Threads: env.Desk.Cards, Language: env.Language, Now: env.Now, Log: env.Log})
	if err != nil {
		return nil, err
	}
	return []connector.Connector{s}, nil
}

// manifestTool prints Manifest.
var manifestTool = connector.Tool{
	Name:  "manifest",
	Short: "Print the app manifest to paste into Slack",
	Long: `Prints the manifest of the app that serves the desk in Slack: its scopes, commands,
events and buttons. Paste it at api.slack.com/apps, "Create New App", "From a
manifest". With --mode http it names the addresses below --url that Slack calls;
otherwise the bot connects to Slack by itself and needs no public address.`,
	Flags: []connector.Flag{
		{Name: "name", Default: "Expert hour", Usage: "the app's name in Slack"},
		{Name: "mode", Default: string(Socket), Usage: "socket or http, as in [slack] mode"},
		{Name: "url", Usage: "with http: the public address of the bot"},
	},
	Run: func(flags map[string]string) (string, error) {
		mode := Mode(flags["mode"])
		if mode != Socket && mode != HTTP {
			return "", fmt.Errorf("--mode %q is not known; write socket or http", mode)
		}
		if mode == HTTP && flags["url"] == "" {
			return "", fmt.Errorf("--mode http needs --url, the public address of the bot, such as https://jautajumi.example.lv")
		}
		manifest, err := Manifest(mode, flags["url"], flags["name"])
		return string(manifest), err
	},
}
