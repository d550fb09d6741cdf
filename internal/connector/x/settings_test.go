package x

import (
	"testing"

	"experthour/internal/config/configtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	place := func(lines string) string {
		return "[x]\napi_key = \"k\"\napi_secret = \"s\"\ntoken = \"t\"\ntoken_secret = \"u\"\n[[public]]\nkind = \"x\"\n" + lines
	}
	try := configtest.Of(t, Kind)
	try("unused", "[x]\napi_key = \"k\"")
	try("address", "[x]\napi_url = \"b.lv\"", `2 x.api_url: is no web address`)
	try("money", "[x]\nusd_a_day = 0", `2 x.usd_a_day: is 0; write how many dollars`)
	try("an hour", "[x]\nusd_an_hour = -1", `2 x.usd_an_hour: is -1; write how many dollars`)
	try("no bound", "[x]\nusd_an_hour = 0")
	in := func(lines string) string { return "[x]\n" + lines + "\n[[public]]\nkind = \"x\"" }
	try("nothing", in(""), `1 x.api_key: is missing; write api_key, api_secret, token and token_secret from`)
	try("half the keys", in("api_key = \"k\"\ntoken = \"t\""), `1 x.api_secret: is missing`, `1 x.token_secret: is missing`)
	try("no key", in("api_secret = \"k\"\ntoken = \"t\"\ntoken_secret = \"t\""), `1 x.api_key: is missing; write the API key`)
	try("a client", in("client_id = \"k\""))
	try("one with a secret", in("client_id = \"k\"\nclient_secret = \"s\""))
	try("a secret alone", in("client_secret = \"s\""), `1 x.client_id: is missing; write the client ID that stands beside`)
	try("both", in("api_key = \"k\"\napi_secret = \"k\"\ntoken = \"t\"\ntoken_secret = \"t\"\nclient_id = \"k\"\nclient_secret = \"s\""))
	try("a client and half the keys", in("client_id = \"k\"\napi_key = \"k\""), `2 x.client_id: needs no api_key and no api_secret`)
	try("a client and a token", in("client_id = \"k\"\ntoken = \"t\""),
		`1 x.api_key: is missing`, `1 x.api_secret: is missing`, `1 x.token_secret: is missing`)
	at := func(public, lines string) string { return "[http]\npublic_url = \"" + public + "\"\n" + in(lines) }
	try("a webhook", at("https://a.lv", "client_id = \"k\"\napi_key = \"k\"\napi_secret = \"s\"\nwebhook = true"))
	try("one for trying", at("http://127.0.0.1:8080", "client_id = \"k\"\napi_key = \"k\"\napi_secret = \"s\"\nwebhook = true"))
	try("one without a secret", at("https://a.lv", "client_id = \"k\"\napi_key = \"k\"\nwebhook = true"), `3 x.api_secret: is missing`)
	try("one with a port", at("https://a.lv:8443", "client_id = \"k\"\napi_key = \"k\"\napi_secret = \"s\"\nwebhook = true"),
		`7 x.webhook: needs [http] public_url`)
	try("one at no address", in("client_id = \"k\"\napi_key = \"k\"\napi_secret = \"s\"\nwebhook = true"),
		`5 x.webhook: needs [http] public_url`)
	try("no port", in("client_id = \"k\"\nredirect_port = 80"), `3 x.redirect_port: is 80; write a port from 1024 to 65535`)
	try("no page", in("client_id = \"k\"\nlogin_url = \"\""), `3 x.login_url: is missing`)
	try("place", place("hashtag = \"jautā\"\ntriggers = [\"mention\", \"reply\", \"hashtag\"]\nlinks = false"))
	try("place wrong", place("hashtag = \"#a b\"\ntriggers = [\"mentions\"]"),
		`8 public[1].hashtag: "#a b" is no hashtag`, `9 public[1].triggers: "mentions" is not known; did you mean "mention"?`)
	try("two places", place("[[public]]\nkind = \"x\"\nid = \"b\""), `9 public[2].kind: there is a place at X already`)
}
