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
	try("nothing", "[x]\n[[public]]\nkind = \"x\"", `1 x.api_key: is missing`, `1 x.api_secret: is missing`, `1 x.token: is missing`,
		`1 x.token_secret: is missing`)
	try("place", place("hashtag = \"jautā\"\ntriggers = [\"mention\", \"reply\", \"hashtag\"]\nlinks = false"))
	try("place wrong", place("hashtag = \"#a b\"\ntriggers = [\"mentions\"]"),
		`8 public[1].hashtag: "#a b" is no hashtag`, `9 public[1].triggers: "mentions" is not known; did you mean "mention"?`)
	try("two places", place("[[public]]\nkind = \"x\"\nid = \"b\""), `9 public[2].kind: there is a place at X already`)
}
