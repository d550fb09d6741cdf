package youtube

import (
	"testing"

	"experthour/internal/config/configtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	place := func(lines string) string {
		return "[youtube]\nclient_id = \"k\"\nclient_secret = \"s\"\n[[public]]\nkind = \"youtube\"\n" + lines
	}
	try := configtest.Of(t, Kind)
	try("unused", "[youtube]\nclient_id = \"k\"")
	try("addresses", "[youtube]\napi_url = \"b.lv\"\ntoken_url = \"b.lv\"\nlogin_url = \"b.lv\"\nunits = 499",
		`2 youtube.api_url: is no web address`, `3 youtube.token_url: is no web address`, `4 youtube.login_url: is no web address`,
		`5 youtube.units: is less than 500`)
	try("nothing", "[youtube]\n[[public]]\nkind = \"youtube\"", `1 youtube.client_id: is missing`, `1 youtube.client_secret: is missing`,
		`2 public[1].video: is missing`)
	try("place", place("video = \"aB3_dE-fG7h\"\nhashtag = \"jautā\"\ntriggers = [\"comment\", \"reply\", \"hashtag\"]\nlook_every = 2"))
	try("place wrong", place("video = \"youtube.com/watch?v=x\"\nhashtag = \"#a b\"\ntriggers = [\"coment\"]\nlook_every = 1"),
		`6 public[1].video: "youtube.com/watch?v=x" is no video`, `7 public[1].hashtag: "#a b" is no hashtag`,
		`8 public[1].triggers: "coment" is not known; did you mean "comment"?`, `9 public[1].look_every: is less than 2 seconds`)
	try("two places", place("video = \"aB3_dE-fG7h\"\n[[public]]\nkind = \"youtube\"\nid = \"b\"\nvideo = \"aB3_dE-fG7i\""),
		`8 public[2].kind: there is a place at YouTube already`)
}
