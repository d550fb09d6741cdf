package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
	"experthour/internal/setting"
)

// machine is where the tests' secrets come from.
var machine = sources{
	env: func(name string) (string, bool) {
		v, ok := map[string]string{"SECRET": strings.Repeat("s3cr3t-", 5), "EMPTY": ""}[name]
		return v, ok
	},
	readFile: func(path string) ([]byte, error) {
		switch path {
		case "/run/secret":
			return []byte(strings.Repeat("s3cr3t-", 5) + "\r\n"), nil
		case "/run/empty":
			return []byte("\n"), nil
		}
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	},
}

func parse(text string) (Config, error) {
	return Parse("c.toml", []byte(text), made, machine.env, machine.readFile)
}

// complete adds below the text what every file needs, so that only what the text
// says can be wrong.
func complete(text string) string {
	if !strings.Contains(text, "redis") {
		text += "\n[redis]\nurl = \"embedded\"\n"
	}
	if !strings.Contains(text, "people") {
		text += "\n[[people]]\nname = \"Anna\"\nrole = \"moderator\"\n"
	}
	return text
}

func mustParse(t *testing.T, text string) Config {
	t.Helper()
	c, err := parse(complete(text))
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return c
}

func TestParseReadsEveryShapeOfValue(t *testing.T) {
	got := mustParse(t, "\ufeff"+`
redis = { url = "rediss://u:p%40ss@[::1]:6379,h2,h3:7000/3?master_name=m", wait_replicas = 2, durability = "always" }
public = [{ kind = "wall" },
  { kind = "pigeon", id = "two", name = "Otrā", every_answer = true, tell_declined = true, ring = 7, colours = ["white", "grey"] }]

[institution]
name = "Iestāde"
locale = "en"
zone = "Europe/Tallinn"
privacy_url = "https://example.lv/p?x=1"
contact = "info@example.lv"
hashtags = ["ekspertstunda", "jautā_2"]

[http]
listen = ":0"
public_url = "https://example.lv/stunda/"
secret = "env:SECRET"
trusted_proxies = ["10.1.2.3/8", "10.0.0.7", "::1"]
metrics_listen = ":0"

[desk]
settle = "1m30s"
decline_reasons = [{ id = "not_reached", lv = "Nepaspējām.", en = "No time." }]

[pigeon]
token = "file:/run/secret"
loft = -100123

[[people]]
name = "Anna Bērziņa"
role = "moderator"
pigeon = 77
[[people]]
name = "Jānis"
role = "expert"
office = "Vadītājs"
pigeon = "78"
email = "janis@example.lv"

[limits]
question_length = 10
`)
	want := Default()
	want.Redis = Redis{setting.NewSecret("rediss://u:p%40ss@[::1]:6379,h2,h3:7000/3?master_name=m"), "data", 2, "always"}
	want.Public = []Public{{Kind: "wall", ID: "wall", Name: "The wall", EveryAnswer: false, Settings: &struct{}{}},
		{Kind: "pigeon", ID: "two", Name: "Otrā", EveryAnswer: true, TellDeclined: true,
			Settings: &roost{Ring: "7", Colours: []string{"white", "grey"}}}}
	zone, _ := time.LoadLocation("Europe/Tallinn")
	want.Institution = Institution{"Iestāde", "en", zone, "https://example.lv/p?x=1", "info@example.lv", []string{"ekspertstunda", "jautā_2"}}
	want.HTTP, want.Doubts = got.HTTP, got.Doubts
	want.Desk.Settle = 90 * time.Second
	want.Desk.DeclineReasons = []DeclineReason{{NotReached, "Nepaspējām.", "No time."}}
	want.Accounts = map[string]any{"pigeon": &pigeon{Token: setting.NewSecret(strings.Repeat("s3cr3t-", 5)), Loft: "-100123"}}
	want.People = []Person{
		{Name: "Anna Bērziņa", Role: Moderator, Accounts: map[string]setting.ID{"pigeon": "77"}},
		{"Jānis", Expert, "Vadītājs", "janis@example.lv", map[string]setting.ID{"pigeon": "78"}},
	}
	want.Limits.QuestionLength = 10
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	checkHTTP(t, got.HTTP)
}

func checkHTTP(t *testing.T, h HTTP) {
	t.Helper()
	if h.PublicURL != "https://example.lv/stunda" {
		t.Errorf("public_url = %q, want it without the slash", h.PublicURL)
	}
	if len(h.Secrets) != 1 || h.Secrets[0].Reveal() != strings.Repeat("s3cr3t-", 5) {
		t.Error("secret was not taken from the environment")
	}
	var proxies []string
	for _, p := range h.TrustedProxies {
		proxies = append(proxies, p.String())
	}
	if got := strings.Join(proxies, " "); got != "10.0.0.0/8 10.0.0.7/32 ::1/128" {
		t.Errorf("trusted_proxies = %s", got)
	}
	if h.Listen != ":0" || h.MetricsListen != ":0" {
		t.Errorf("two listeners may both take a free port, got %+v", h)
	}
}

func TestRedisSaysWhoRunsIt(t *testing.T) {
	for url, want := range map[string][2]bool{"embedded": {true, false}, "managed": {false, true}, "redis://h": {false, false}} {
		r := Redis{URL: setting.NewSecret(url)}
		if got := [2]bool{r.Embedded(), r.Managed()}; got != want {
			t.Errorf("%s: embedded, managed = %v, want %v", url, got, want)
		}
	}
}

func TestDefaultIsNeverShared(t *testing.T) {
	Default().Desk.DeclineReasons[0].ID = "changed"
	if Default().Desk.DeclineReasons[0].ID != "off_topic" {
		t.Error("changing one default changed the next")
	}
}

func TestLoadReadsAFileOrSaysWhyNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.toml")
	if _, err := Load(path, made); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if err := os.WriteFile(path, []byte(complete("[http]\nlisten = \":1\"\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := Load(path, made); err != nil || c.HTTP.Listen != ":1" {
		t.Errorf("got %+v, %v", c.HTTP, err)
	}
}

func TestLoadTakesSecretsFromTheMachine(t *testing.T) {
	dir := t.TempDir()
	secret, path := filepath.Join(dir, "s"), filepath.Join(dir, "bot.toml")
	t.Setenv("CONFIG_TEST_URL", "redis://h")
	write := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(secret, strings.Repeat("x", minSecret)+"\n")
	write(path, complete("[redis]\nurl = \"env:CONFIG_TEST_URL\"\n[http]\nsecret = \"file:"+secret+"\"\n"))
	c, err := Load(path, made)
	if err != nil {
		t.Fatal(err)
	}
	if c.Redis.URL.Reveal() != "redis://h" || c.HTTP.Secrets[0].Reveal() != strings.Repeat("x", minSecret) {
		t.Error("the secrets are not those of the environment and the file")
	}
}

// TestStaffHaveAccountsEverywhere: who works at a desk is known wherever the public writes
// on the same platform.
func TestStaffHaveAccountsEverywhere(t *testing.T) {
	c := mustParse(t, "[pigeon]\ntoken = \"x\"\n[[public]]\nkind = \"pigeon\"\nid = \"lofts\"\n[[public]]\nkind = \"wall\"\n"+
		"[[people]]\nname = \"Anna\"\nrole = \"moderator\"\npigeon = 7\n[[people]]\nname = \"Jānis\"\nrole = \"expert\"\n")
	got := c.Staff(made)
	want := map[session.ConnectorID]session.UserRef{"pigeon-desk": "7", "lofts": "7"}
	if len(got) != 2 || !reflect.DeepEqual(got[0].Accounts, want) || len(got[1].Accounts) != 0 || got[0].Role != session.Moderator {
		t.Errorf("staff %+v", got)
	}
}
