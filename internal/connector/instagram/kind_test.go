package instagram

import (
	"testing"

	"experthour/internal/config/configtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	place := func(lines string) string {
		return "[instagram]\ntoken = \"t\"\n[[public]]\nkind = \"instagram\"\n" + lines
	}
	try := configtest.Of(t, Kind)
	try("unused", "[instagram]\ntoken = \"t\"")
	try("address", "[instagram]\napi_url = \"b.lv\"", `2 instagram.api_url: is no web address`)
	try("nothing", "[instagram]\n[[public]]\nkind = \"instagram\"", `1 instagram.token: is missing`, `3 public[1].kind: needs [http] public_url`)
	try("place", place("media = 17895695668004550\nhashtag = \"jautā\"\ntriggers = [\"comment\", \"hashtag\"]"))
	try("announces", "[http]\npublic_url = \"https://a.lv\"\n"+place(""))
	try("place wrong", place("media = \"instagram.com/p/x\"\nhashtag = \"#a b\"\ntriggers = [\"coment\"]"),
		`5 public[1].media: "instagram.com/p/x" is no number of a post`, `6 public[1].hashtag: "#a b" is no hashtag`,
		`7 public[1].triggers: "coment" is not known; did you mean "comment"?`)
	try("two places", place("media = \"17895695668004550\"\n[[public]]\nkind = \"instagram\"\nid = \"b\"\nmedia = \"17895695668004551\""),
		`7 public[2].kind: there is a place at Instagram already`)
}
