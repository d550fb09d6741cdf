package slack

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"
)

// The paths at which Slack calls the program in mode HTTP.
const (
	PathEvents       = "/webhooks/slack/events"
	PathCommands     = "/webhooks/slack/commands"
	PathInteractions = "/webhooks/slack/interactions"
)

// Command is the one slash command.
const Command = "/hour"

// Scopes are what the bot token must be allowed; nothing here is unused.
func Scopes() []string {
	return []string{
		"channels:history", // message events and reading again what was missed, in a public channel
		"channels:read",    // whether the bot is a member
		"chat:write",
		"commands",
		"files:read",     // pictures of answers
		"groups:history", // the same two in a private channel
		"groups:read",
		"metadata.message:read", // finding a card again
		"pins:write",            // the board
		"reactions:write",       // a message was taken
		"usergroups:read",       // roles by user group
		"users:read",
		"users:read.email", // people by their address
	}
}

// AppScopes are what the app token must be allowed in mode Socket.
func AppScopes() []string { return []string{"connections:write"} }

// Events are what the app subscribes to.
func Events() []string { return []string{"app_home_opened", "message.channels", "message.groups"} }

// Manifest is the description of the app that an administrator pastes into Slack.
// publicURL is used in mode HTTP only.
func Manifest(mode Mode, publicURL, name string) ([]byte, error) {
	if mode != Socket && mode != HTTP {
		return nil, fmt.Errorf("slack: unknown mode %q", mode)
	}
	if mode == HTTP && !strings.HasPrefix(publicURL, "https://") {
		return nil, fmt.Errorf("slack: mode %q needs a public address with https://", mode)
	}
	at := func(path string) string {
		if mode == Socket {
			return ""
		}
		return strings.TrimRight(publicURL, "/") + path
	}
	return json.MarshalIndent(manifest(mode, name, at), "", "  ")
}

// mostName bounds the app's name and that of its bot.
const mostName = 35

func manifest(mode Mode, name string, at func(string) string) slack.Manifest {
	name = cut(oneLine(name), mostName)
	return slack.Manifest{
		Display: slack.Display{Name: name},
		Features: slack.Features{
			AppHome:       slack.AppHome{HomeTabEnabled: true, MessagesTabEnabled: true, MessagesTabReadOnlyEnabled: true},
			BotUser:       slack.BotUser{DisplayName: name, AlwaysOnline: true},
			SlashCommands: []slack.ManifestSlashCommand{{Command: Command, Description: name, UsageHint: "help", Url: at(PathCommands)}},
		},
		OAuthConfig: slack.OAuthConfig{Scopes: slack.OAuthScopes{Bot: Scopes()}},
		Settings: slack.Settings{
			EventSubscriptions: &slack.EventSubscriptions{RequestUrl: at(PathEvents), BotEvents: Events()},
			Interactivity:      &slack.Interactivity{IsEnabled: true, RequestUrl: at(PathInteractions), MessageMenuOptionsUrl: at(PathInteractions)},
			SocketModeEnabled:  mode == Socket,
		},
	}
}
