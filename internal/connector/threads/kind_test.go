package threads

import (
	"testing"

	"experthour/internal/config/configtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	place := func(lines string) string {
		return "[threads]\ntoken = \"t\"\n[[public]]\nkind = \"threads\"\n" + lines
	}
	try := configtest.Of(t, Kind)
	try("unused", "[threads]\ntoken = \"t\"")
	try("address", "[threads]\napi_url = \"b.lv\"", `2 threads.api_url: is no web address`)
	try("nothing", "[threads]\n[[public]]\nkind = \"threads\"", `1 threads.token: is missing`)
	try("place", place("hashtag = \"jautā\"\ntriggers = [\"reply\", \"mention\", \"hashtag\"]"))
	try("place wrong", place("hashtag = \"#a b\"\ntriggers = [\"mentoin\"]"), `5 public[1].hashtag: "#a b" is no hashtag`,
		`6 public[1].triggers: "mentoin" is not known; did you mean "mention"?`)
	try("two places", place("[[public]]\nkind = \"threads\"\nid = \"b\""), `6 public[2].kind: there is a place on Threads already`)
}
