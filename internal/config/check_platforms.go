package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"experthour/internal/setting"
)

// slack checks the keys that a desk in Slack needs.
func (r *report) slack(c Config) {
	s := c.Slack
	r.URL("slack.api_url", s.APIURL)
	r.Choice("slack.mode", s.Mode, ModeSocket, ModeHTTP)
	if c.Desk.Kind != "slack" {
		return
	}
	r.Need("slack.bot_token", s.BotToken.Reveal(), "the bot token (xoxb-…) from the app's page OAuth & Permissions")
	r.Need("slack.channel", s.Channel, "the id of the desk's channel, such as \"C012AB3CD\", from the channel's details")
	r.Need("slack.api_url", s.APIURL, "the address of Slack's API, or leave the key out")
	if s.Mode == ModeSocket {
		r.Need("slack.app_token", s.AppToken.Reveal(), "the app-level token (xapp-…) with connections:write, or set mode = \"http\"")
	}
	if s.Mode == ModeHTTP {
		r.Need("slack.signing_secret", s.SigningSecret.Reveal(), "the signing secret from the app's page Basic Information")
	}
	r.slackMixUps(s)
	r.slackPeople(c)
}

// slackPeople checks that somebody could moderate from Slack.
func (r *report) slackPeople(c Config) {
	for key, group := range map[string]string{"slack.moderator_group": c.Slack.ModeratorGroup, "slack.expert_group": c.Slack.ExpertGroup,
		"slack.observer_group": c.Slack.ObserverGroup} {
		if strings.ContainsAny(group, "@ ") {
			r.add(key, "%q is a name; write the group's id, such as \"S012AB3CD\"", group)
		}
	}
	known := slices.ContainsFunc(c.People, func(p Person) bool { return p.Role == Moderator && (p.Slack != "" || p.Email != "") })
	if !known && c.Slack.ModeratorGroup == "" {
		r.add("people", "no moderator can be recognised in Slack; give one a `slack` id or an `email`, or set slack.moderator_group")
	}
}

// slackMixUps finds the keys that people confuse: each would fail only at the
// first call, with an error that does not say why.
func (r *report) slackMixUps(s Slack) {
	if strings.HasPrefix(s.BotToken.Reveal(), "xapp-") {
		r.add("slack.bot_token", "holds an app-level token (xapp-…); write the bot token (xoxb-…) here")
	}
	if strings.HasPrefix(s.AppToken.Reveal(), "xoxb-") {
		r.add("slack.app_token", "holds a bot token (xoxb-…); write the app-level token (xapp-…) here")
	}
	if strings.HasPrefix(s.Channel, "#") {
		r.add("slack.channel", "%q is a name; write the channel's id, such as \"C012AB3CD\"", s.Channel)
	}
}

// webhookSecret is what Telegram accepts as secret_token.
var webhookSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// telegram checks the keys that a desk or a public place in Telegram needs.
func (r *report) telegram(c Config) {
	t := c.Telegram
	r.URL("telegram.api_url", t.APIURL)
	r.Choice("telegram.mode", t.Mode, ModePolling, ModeWebhook)
	r.telegramID("telegram.desk_chat", t.DeskChat)
	desk := c.Desk.Kind == "telegram"
	if desk {
		r.Need("telegram.desk_chat", string(t.DeskChat), "the number of the desk's group, such as -1001234567890")
	}
	if desk || slices.ContainsFunc(c.Public, func(p Public) bool { return p.Kind == "telegram" }) {
		r.Need("telegram.token", t.Token.Reveal(), "the token that @BotFather gave you")
		r.Need("telegram.api_url", t.APIURL, "the address of Telegram's API, or leave the key out")
		r.webhook(c)
	}
	if desk && !slices.ContainsFunc(c.People, func(p Person) bool { return p.Role == Moderator && p.Telegram != "" }) {
		r.add("people", "no moderator can be recognised in Telegram; give one a `telegram` number")
	}
}

func (r *report) webhook(c Config) {
	if c.Telegram.Mode != ModeWebhook {
		return
	}
	if !webhookSecret.MatchString(c.Telegram.WebhookSecret.Reveal()) {
		r.add("telegram.webhook_secret", "mode = \"webhook\" needs 1 to 256 of A-Z, a-z, 0-9, _ and - here; make one with: openssl rand -hex 32")
	}
	r.Need("http.public_url", c.HTTP.PublicURL, "the address that Telegram is to call, or set telegram.mode = \"polling\"")
}

func (r *report) telegramID(key string, id setting.ID) {
	if n, err := strconv.ParseInt(string(id), 10, 64); id != "" && (err != nil || n == 0) {
		r.add(key, "%q is no number; Telegram finds chats and people by number, not by name", id)
	}
}

// ownPages are connectors that are there without being configured as a place.
var ownPages = []string{"page", "web", "slack", "telegram-desk"}

// Triggers are what makes a message in a group a question.
var Triggers = []string{"mention", "reply", "hashtag", "command"}

// telegramPlace checks the keys that only a place in Telegram has.
func (r *report) telegramPlace(key string, p Public) {
	r.telegramID(member(key, "chat"), p.Chat)
	if p.Hashtag != "" {
		r.Hashtag(member(key, "hashtag"), p.Hashtag)
	}
	for _, t := range p.Triggers {
		r.Choice(member(key, "triggers"), t, Triggers...)
	}
}

var publicID = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

func (r *report) public(places []Public) {
	ids := unique{report: r, what: "place"}
	bots := unique{report: r, what: "place of the bot in"}
	for i, p := range places {
		key := entry("public", i+1)
		r.kind(member(key, "kind"), p.Kind, publicKinds)
		r.line(member(key, "name"), p.Name, 80)
		r.telegramPlace(key, p)
		if p.ID == "" {
			continue // its kind is missing too
		}
		if !publicID.MatchString(p.ID) || slices.Contains(ownPages, p.ID) {
			r.add(member(key, "id"), "%q cannot be an id; write up to 40 of a-z, 0-9 and -, but not %s", p.ID, strings.Join(ownPages, " or "))
		}
		ids.add(member(key, "id"), p.ID)
		if p.Kind == "telegram" { // one token, one place
			bots.add(member(key, "kind"), "Telegram")
		}
	}
}
