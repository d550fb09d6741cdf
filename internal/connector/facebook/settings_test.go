package facebook

import (
	"testing"

	"experthour/internal/config/configtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	place := func(more, lines string) string {
		return "[facebook]\napp_id = 7\napp_secret = \"s\"\npage_token = \"t\"\n" + more + "[[public]]\nkind = \"facebook\"\n" + lines
	}
	try := configtest.Of(t, Kind)
	try("unused", "[facebook]\napp_id = 7")
	try("address", "[facebook]\napi_url = \"b.lv\"", `2 facebook.api_url: is no web address`)
	try("nothing", "[facebook]\n[[public]]\nkind = \"facebook\"", `1 facebook.app_id: is missing`, `1 facebook.app_secret: is missing`,
		`1 facebook.page_token: is missing`, `2 public[1].page: is missing`)
	try("place", place("", "page = 100000000000000417\nhashtag = \"jautā\"\ntriggers = [\"comment\", \"reply\", \"hashtag\"]"))
	try("place wrong", place("", "page = \"facebook.com/x\"\nhashtag = \"#a b\"\ntriggers = [\"coment\"]"),
		`7 public[1].page: "facebook.com/x" is no number of a Page`, `8 public[1].hashtag: "#a b" is no hashtag`,
		`9 public[1].triggers: "coment" is not known; did you mean "comment"?`)
	try("two places", place("", "page = \"1\"\n[[public]]\nkind = \"facebook\"\nid = \"b\"\npage = \"2\""),
		`9 public[2].kind: there is a Page at Facebook already`)
	try("app", "[facebook]\napp_id = \"x\"\napp_secret = \"s\"\npage_token = \"t\"\n[[public]]\nkind = \"facebook\"\npage = \"1\"",
		`2 facebook.app_id: "x" is no number of an app`)
	try("word", place("verify_token = \"short\"\n", "page = \"1\""), `5 facebook.verify_token: needs 16 to 200 of A-Z`)
	try("no address", place("verify_token = \"0123456789abcdef\"\n", "page = \"1\""), `5 facebook.verify_token: needs [http] public_url`)
}
