package draugiem

import (
	"testing"

	"experthour/internal/config/configtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	place := func(lines string) string {
		return "[draugiem]\nexperimental = true\npage_key = \"p\"\nuser_key = \"u\"\n[[public]]\nkind = \"draugiem\"\n" + lines
	}
	try := configtest.Of(t, Kind)
	try("unused", "[draugiem]\npage_key = \"k\"")
	try("address", "[draugiem]\napi_url = \"b.lv\"", `2 draugiem.api_url: is no web address`)
	try("nothing", "[draugiem]\n[[public]]\nkind = \"draugiem\"", `1 draugiem.experimental: is not true; Draugiem.lv is experimental`,
		`1 draugiem.page_key: is missing`, `1 draugiem.user_key: is missing`, `2 public[1].page: is missing`)
	try("not meant", "[draugiem]\nexperimental = false\npage_key = \"p\"\nuser_key = \"u\"\n[[public]]\nkind = \"draugiem\"\npage = \"a\"",
		`2 draugiem.experimental: is not true`)
	try("place", place("page = \"iestade.lv\""))
	try("place wrong", place("page = \"draugiem.lv/iestade\""), `7 public[1].page: "draugiem.lv/iestade" is no name of a page`)
	try("two places", place("page = \"a\"\n[[public]]\nkind = \"draugiem\"\nid = \"b\"\npage = \"b\""),
		`9 public[2].kind: there is a place at Draugiem.lv already`)
}
