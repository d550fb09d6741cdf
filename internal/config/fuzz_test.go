package config

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// FuzzParse looks for a panic, and for a way to make an error or a dump repeat a
// secret, whether it stands in the file or comes from outside.
func FuzzParse(f *testing.F) {
	example, err := os.ReadFile("../../config.example.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(example))
	f.Add("[redis]\nurl = \"env:X\"\n[pigeon]\ntoken = \"file:x\"\nspeed = \"env:X\"\n[desk]\nkind = \"pigeon\"\n")
	f.Add("[redis]\nurl = \"managed\"\n[[people]]\nname = \"A\"\nrole = \"moderator\"\npigeon = 5\n")
	f.Add("http = 1\npublic = [{kind = \"pigeon\", ring = \"env:X\"}, [1], 2024-01-01]\nx.y.\"z \\u0000\" = " +
		"07:32:00\n[[desk.decline_reasons]]\n")
	const secret = "s3cr3t-0123456789abcdef0123456789abcdef/?#@"
	top := fmt.Sprintf("http.secret = %q\npigeon = { token = %q, tokn = %q }\n", secret, secret, secret)
	env := func(string) (string, bool) { return secret, true }
	file := func(string) ([]byte, error) { return []byte("redis://u:" + secret + "@h\n"), nil }
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "s3cr3t") {
			t.Skip("the secret may stand anywhere")
		}
		for _, text := range []string{text, top + text} {
			c, err := Parse("c.toml", []byte(text), made, env, file)
			if shown := fmt.Sprintf("%v %v %+v %#v", err, c, c, c); strings.Contains(shown, "s3cr3t") {
				t.Errorf("the secret shows: %s", shown)
			}
		}
	})
}
