package slack

import (
	"testing"

	"experthour/internal/config/configtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	desk := func(lines string) string { return "[desk]\nkind = \"slack\"\n[slack]\n" + lines }
	const nobody = " slack.moderator_group: no moderator can be recognised in Slack"
	const whole = "bot_token = \"x\"\napp_token = \"x\"\nchannel = \"C1\"\n"
	anna := func(account string) string { return "[[people]]\nname = \"A\"\nrole = \"moderator\"\n" + account }
	try := configtest.Of(t, Kind)
	try("unused", "[slack]\nchannel = \"#c\"")
	try("mode", "[slack]\nmode = \"sockets\"", `2 slack.mode: "sockets" is not known; did you mean "socket"?`)
	try("API", "[slack]\napi_url = \"slack.com\"", `2 slack.api_url: is no web address`)
	try("capitals", "[slack]\nbotToken = 1", `2 slack.botToken: unknown key; did you mean "bot_token"?`)
	try("nothing", desk("api_url = \"\""), `3 slack.app_token: is missing; write the app-level token`,
		`3 slack.bot_token: is missing; write the bot token`, `3 slack.channel: is missing`, "3"+nobody, `4 slack.api_url: is missing`)
	try("http", desk("mode = \"http\"\nbot_token = \"x\"\nchannel = \"C1\""), "3"+nobody, `3 slack.signing_secret: is missing`)
	try("socket", desk(whole), "3"+nobody)
	try("group", desk(whole+"moderator_group = \"S1\""))
	try("group by name", desk(whole+"moderator_group = \"@mods\""), `7 slack.moderator_group: "@mods" is a name`)
	try("a moderator", desk(whole+anna("slack = \"U1\"")))
	try("a moderator's address", desk(whole+anna("email = \"a@b.lv\"")))
	try("a person by name", anna("slack = \"@a\""), `4 people[1].slack: "@a" is a name; write the member id`)
	try("mixed up", desk("bot_token = \"xapp-1\"\napp_token = \"xoxb-1\"\nchannel = \"#desk\""), "3"+nobody,
		`4 slack.bot_token: holds an app-level token`, `5 slack.app_token: holds a bot token`, `6 slack.channel: "#desk" is a name`)
	try("no public side", "[[public]]\nkind = \"slack\"", `2 public[1].kind: "slack" is not known`)
}
