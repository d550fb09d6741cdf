package mastodon

import (
	"testing"

	"experthour/internal/config/configtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	try := configtest.Of(t, Kind)
	account := "[mastodon]\nserver = \"https://social.example\"\ntoken = \"abcdefghijklmnop\"\n"
	place := "[[public]]\nkind = \"mastodon\"\n"
	try("all is there", account+place+"hashtag = \"hour\"\ntriggers = [\"mention\"]\n")
	try("a token comes later", "[mastodon]\nserver = \"https://social.example\"\n"+place)
	try("wrong words", account+place+"visibility = \"direct\"\nnotices = \"all\"\ntriggers = [\"like\"]\n",
		"6 public[1].visibility", "7 public[1].notices", "8 public[1].triggers")
}
