package flickr

import (
	"testing"

	"experthour/internal/config/configtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	place := func(lines string) string {
		return "[flickr]\napi_key = \"k\"\napi_secret = \"s\"\ntoken = \"t\"\ntoken_secret = \"u\"\n[[public]]\nkind = \"flickr\"\n" + lines
	}
	try := configtest.Of(t, Kind)
	try("unused", "[flickr]\napi_key = \"k\"")
	try("address", "[flickr]\napi_url = \"b.lv\"", `2 flickr.api_url: is no web address`)
	try("nothing", "[flickr]\n[[public]]\nkind = \"flickr\"", `1 flickr.api_key: is missing`, `1 flickr.api_secret: is missing`,
		`2 public[1].photo: is missing`)
	try("half a token", "[flickr]\napi_key = \"k\"\napi_secret = \"s\"\ntoken = \"t\"\n[[public]]\nkind = \"flickr\"\nphoto = 1",
		`1 flickr.token_secret: is missing`)
	try("connected", "[flickr]\napi_key = \"k\"\napi_secret = \"s\"\noauth_url = \"x\"\n[[public]]\nkind = \"flickr\"\nphoto = 1",
		`4 flickr.oauth_url: is no web address`)
	try("place", place("photo = 53512345678\nhashtag = \"jautā\"\ntriggers = [\"comment\", \"hashtag\"]"))
	try("place wrong", place("photo = \"flickr.com/photos/x/1\"\nhashtag = \"#a b\"\ntriggers = [\"coment\"]"),
		`8 public[1].photo: "flickr.com/photos/x/1" is no number of a photo`, `9 public[1].hashtag: "#a b" is no hashtag`,
		`10 public[1].triggers: "coment" is not known; did you mean "comment"?`)
	try("two places", place("photo = \"1\"\n[[public]]\nkind = \"flickr\"\nid = \"b\"\nphoto = \"2\""),
		`10 public[2].kind: there is a place at Flickr already`)
}
