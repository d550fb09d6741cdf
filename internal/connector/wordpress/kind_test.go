package wordpress

import (
	"testing"

	"experthour/internal/config/configtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	place := func(lines string) string {
		return "[wordpress]\nurl = \"https://b.lv\"\nuser = \"bot\"\napplication_password = \"x\"\n[[public]]\nkind = \"wordpress\"\n" + lines
	}
	try := configtest.Of(t, Kind)
	try("unused", "[wordpress]\nuser = \"bot\"")
	try("address", "[wordpress]\nurl = \"b.lv\"", `2 wordpress.url: is no web address`)
	try("nothing", "[wordpress]\n[[public]]\nkind = \"wordpress\"", `1 wordpress.application_password: is missing`,
		`1 wordpress.url: is missing`, `1 wordpress.user: is missing`)
	try("place", place("category = 5\nhashtag = \"jautā\"\ntriggers = [\"comment\"]\napprove = false"))
	try("place wrong", place("category = \"news\"\nhashtag = \"#a b\"\ntriggers = [\"coment\"]"),
		`7 public[1].category: "news" is no number of a category`, `8 public[1].hashtag: "#a b" is no hashtag`,
		`9 public[1].triggers: "coment" is not known; did you mean "comment"?`)
	try("two places", place("[[public]]\nkind = \"wordpress\"\nid = \"b\""), `8 public[2].kind: there is a place in WordPress already`)
}
