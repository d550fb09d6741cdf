package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const aSecret = "5f1d7e0c9ab34c2286d1f0a4e7b35c98"

// doubtsOf are those of a whole file, grave ones with "!".
func doubtsOf(t *testing.T, c Config) []string {
	t.Helper()
	var all []string
	for _, d := range c.Doubts {
		mark := ""
		if d.Grave {
			mark = "!"
		}
		all = append(all, fmt.Sprintf("%s%d %s: %s", mark, d.Line, d.Key, d.Text))
	}
	return all
}

func TestDoubts(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct {
		line string
		want []string
	}{
		"nothing":            {`public_url = "https://hour.example.lv"`, nil},
		"repeated secret":    {`secret = "0123456789abcdef0123456789abcdef"`, []string{"!2 http.secret: repeats itself…openssl"}},
		"one letter":         {`secret = "` + strings.Repeat("x", 40) + `"`, []string{"!2 http.secret: has too few"}},
		"words":              {`secret = "expert-hour-of-the-institution-2026"`, []string{"!2 http.secret: is made of words"}},
		"an old one is weak": {`secret = ["` + aSecret + `", "abcdefghijklmnopqrstuvwxyz0123456789"]`, []string{"!2 http.secret[2]: is a row"}},
		"http":               {`public_url = "http://hour.example.lv"`, []string{"2 http.public_url: is http://…https://"}},
		"http to an address": {`public_url = "http://203.0.113.7:8080"`, []string{"2 http.public_url: is http://"}},
		"http here":          {`public_url = "http://localhost:8080"`, nil},
		"http inside":        {`public_url = "http://10.0.0.7"`, nil},
		"http, inner name":   {`public_url = "http://hour.ministry.internal"`, nil},
		"metrics everywhere": {`metrics_listen = ":9100"`, []string{"2 http.metrics_listen: can be reached from outside…127.0.0.1"}},
		"metrics on all":     {`metrics_listen = "[::]:9100"`, []string{"2 http.metrics_listen: can"}},
		"metrics in public":  {`metrics_listen = "203.0.113.7:9100"`, []string{"2 http.metrics_listen: can"}},
		"metrics here":       {`metrics_listen = "127.0.0.1:9100"`, nil},
		"metrics inside":     {`metrics_listen = "10.0.0.7:9100"`, nil},
		"everybody is proxy": {`trusted_proxies = ["10.0.0.7", "0.0.0.0/0"]`, []string{"2 http.trusted_proxies[2]: is everybody"}},
		"everybody, by halves": {`trusted_proxies = ["0.0.0.0/1", "::/0"]`,
			[]string{"2 http.trusted_proxies[1]: is everybody", "2 http.trusted_proxies[2]: is everybody"}},
		"a hub outside": {"public_url = \"http://10.0.0.7\"\n[feeds]\nhub = \"https://hub.example\"", []string{"4 feeds.hub: is told of feeds"}},
		"a hub":         {"public_url = \"https://hour.example.lv\"\n[feeds]\nhub = \"https://hub.example\"", nil},
		"a network":     {`trusted_proxies = ["10.0.0.0/8"]`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := parse("[http]\n" + try.line + "\n[redis]\nurl = \"embedded\"\n[[people]]\nname = \"A\"\nrole = \"moderator\"\n")
			if err != nil {
				t.Fatal(err)
			}
			expect(t, doubtsOf(t, c), try.want)
		})
	}
}

// TestWhoCanReadTheSecrets: a file for a secret that everybody can read is grave, a
// configuration with a secret in it is a warning, and one without is neither.
func TestWhoCanReadTheSecrets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, secret := filepath.Join(dir, "bot.toml"), filepath.Join(dir, "secret")
	load := func(mode os.FileMode, line string, want ...string) {
		t.Helper()
		text := "[http]\n" + line + "\n[redis]\nurl = \"redis://h\"\n[[people]]\nname = \"A\"\nrole = \"moderator\"\n"
		for path, content := range map[string]string{file: text, secret: aSecret} {
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
		}
		c, err := Load(file, made)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, doubtsOf(t, c), want)
	}
	inFile, typed := `secret = "file:`+secret+`"`, `secret = "`+aSecret+`"`
	load(0o644, inFile, "!2 http.secret: lies in a file that everybody on this machine can read; run: chmod 600 "+secret)
	load(0o644, typed, "2 http.secret: lies in a file…chmod 600 "+file)
	load(0o644, `secret = ["`+aSecret+`", "`+aSecret+`x7"]`,
		"2 http.secret[1]: …can read, as do 1 more; run: chmod 600 "+file)
	for _, mode := range []os.FileMode{0o600, 0o640} {
		load(mode, inFile)
		load(mode, typed)
	}
}
