package bluesky

import (
	"strings"
	"testing"

	"experthour/internal/config/configtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	try := configtest.Of(t, Kind)
	const account = "[bluesky]\nhandle = \"iestade.bsky.social\"\napp_password = \"x\"\n"
	place := func(lines string) string { return account + "[[public]]\nkind = \"bluesky\"\n" + lines }
	try("unused", "[bluesky]\napi_url = \"https://h\"")
	try("place", place("hashtag = \"jautā\"\ntriggers = [\"mention\", \"reply\", \"hashtag\"]"))
	try("an @", "[bluesky]\nhandle = \"@iestade.bsky.social\"", `2 bluesky.handle: "@iestade.bsky.social" is no handle`)
	try("pictures", "[bluesky]\npictures_url = \"x\"", `2 bluesky.pictures_url: is no web address`)
	try("no pictures", strings.Replace(place(""), "[[", "pictures_url = \"\"\n[[", 1), `4 bluesky.pictures_url: is missing`)
	try("API", "[bluesky]\napi_url = \"x\"", `2 bluesky.api_url: is no web address`)
	try("nothing", "[[public]]\nkind = \"bluesky\"", `0 bluesky.app_password: is missing`, `0 bluesky.handle: is missing`)
	try("wrong", place("hashtag = \"#a\"\ntriggers = [\"mentoin\"]"), `6 public[1].hashtag: "#a" is no hashtag`,
		`7 public[1].triggers: "mentoin" is not known; did you mean "mention"?`)
	try("digits", place("hashtag = \"2026\""), `6 public[1].hashtag: "2026" has digits alone`)
	try("two", place("[[public]]\nkind = \"bluesky\"\nid = \"b\""), `7 public[2].kind: there is a place on Bluesky already`)
}
