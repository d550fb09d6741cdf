package telegram

import (
	"strings"
	"testing"

	"experthour/internal/config/configtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	desk := func(lines string) string { return "[desk]\nkind = \"telegram\"\n[telegram]\n" + lines }
	const nobody = "3 telegram: no moderator can be recognised in Telegram"
	hook := func(secret string) string {
		return desk("token = \"x\"\ndesk_chat = -5\nmode = \"webhook\"\nwebhook_secret = \"" + secret + "\"\n")
	}
	const site = "[http]\npublic_url = \"https://h\""
	place := func(lines string) string {
		return "[telegram]\ntoken = \"x\"\n[[public]]\nkind = \"telegram\"\n" + lines
	}
	try := configtest.Of(t, Kind)
	try("unused", "[telegram]\nmode = \"webhook\"")
	try("mode", "[telegram]\nmode = \"poling\"", `2 telegram.mode: "poling" is not known; did you mean "polling"?`)
	try("API", "[telegram]\napi_url = \"x\"", `2 telegram.api_url: is no web address`)
	try("nothing", desk("api_url = \"\""), nobody,
		`3 telegram.desk_chat: is missing`, `3 telegram.token: is missing`, `4 telegram.api_url: is missing`)
	try("chat by name", desk("token = \"x\"\ndesk_chat = \"@desk\""), nobody, `5 telegram.desk_chat: "@desk" is no number`)
	try("chat zero", desk("token = \"x\"\ndesk_chat = 0"), nobody, `5 telegram.desk_chat: "0" is no number`)
	try("polling", desk("token = \"x\"\ndesk_chat = -5"), nobody)
	try("a moderator", desk("token = \"x\"\ndesk_chat = -5\n[[people]]\nname = \"A\"\nrole = \"moderator\"\ntelegram = 5"))
	try("a person by name", "[[people]]\nname = \"A\"\nrole = \"moderator\"\ntelegram = \"@a\"", `4 people[1].telegram: "@a" is no number`)
	try("webhook", hook("a b"), nobody,
		`6 telegram.mode: "webhook" needs [http] public_url, the address that Telegram is to call`,
		`7 telegram.webhook_secret: mode = "webhook" needs`)
	try("webhook secret long", hook(strings.Repeat("a", 257))+site, nobody, `7 telegram.webhook_secret: `)
	try("webhook complete", hook("a_B-"+strings.Repeat("9", 252))+site, nobody)
	try("place", place("chat = -100\nhashtag = \"jautā\"\ntriggers = [\"mention\"]"))
	try("place wrong", place("chat = \"@c\"\nhashtag = \"#a b\"\ntriggers = [\"mentoin\"]"),
		`5 public[1].chat: "@c" is no number`, `6 public[1].hashtag: "#a b" is no hashtag`,
		`7 public[1].triggers: "mentoin" is not known; did you mean "mention"?`)
	try("two places", place("[[public]]\nkind = \"telegram\"\nid = \"b\""),
		`6 public[2].kind: there is a place in Telegram already`)
	try("public only", "[[public]]\nkind = \"telegram\"", `0 telegram.token: is missing`)
}
