package main

import (
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/session"
	"experthour/internal/wording"
)

var update = flag.Bool("update", false, "write the tables of the README and docs/preview.png anew")

// everywhere is an institution that is everywhere; %s is its desk.
const everywhere = `
[institution]
name = "Ministry of Examples"
locale = "en"
[redis]
url = "embedded"
[http]
listen = "127.0.0.1:0"
secret = "5f1d7e0c9ab34c2286d1f0a4e7b35c98"
[desk]
kind = %q
[slack]
bot_token = "xoxb-1"
app_token = "xapp-1"
channel = "C012AB3CD"
[telegram]
token = "1234567:ABC"
desk_chat = -1001234567890
[bluesky]
handle = "ministry.example"
app_password = "x"
[[public]]
kind = "bluesky"
[[public]]
kind = "telegram"
id = "private"
[mail]
smtp_host = "localhost"
username = "ask"
password = "not-a-real-one"
from = "ask@example.lv"
imap_host = "localhost"
[[public]]
kind = "mail"
[mastodon]
server = "https://social.example"
token = "abcdefghijklmnop"
[[public]]
kind = "mastodon"
id = "mastodon"
[wordpress]
url = "https://blog.example.lv"
user = "bot"
application_password = "x"
[[public]]
kind = "wordpress"
[threads]
token = "x"
[[public]]
kind = "threads"
[flickr]
api_key = "k"
api_secret = "s"
token = "t"
token_secret = "u"
[[public]]
kind = "flickr"
photo = 53512345678
[youtube]
client_id = "k"
client_secret = "s"
[[public]]
kind = "youtube"
video = "aB3_dE-fG7h"
[draugiem]
experimental = true
page_key = "p"
user_key = "u"
[[public]]
kind = "draugiem"
page = "ministry"
[x]
api_key = "k"
api_secret = "s"
token = "t"
token_secret = "u"
[[public]]
kind = "x"
[facebook]
app_id = 7
app_secret = "s"
page_token = "t"
[[public]]
kind = "facebook"
page = 100000000000000417
[instagram]
token = "x"
[[public]]
kind = "instagram"
media = 17895695668004550
[[public]]
kind = "sandbox"
id = "rehearsal"
[[people]]
name = "Anna"
role = "moderator"
telegram = 1
slack = "U012AB3CD"
[[people]]
name = "Edgars"
role = "expert"
telegram = 2
slack = "U012AB3CE"
`

// connectorsOf are those of a configuration, by their id.
func connectorsOf(t *testing.T, text string) map[session.ConnectorID]connector.Connector {
	t.Helper()
	dir := t.TempDir()
	writeConfig(t, dir, text)
	cfg, err := loadConfig(filepath.Join(dir, "config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := newCore(t.Context(), cfg, "http://localhost", slog.New(slog.DiscardHandler), visit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	all := map[session.ConnectorID]connector.Connector{}
	for _, conn := range c.registry.All() {
		all[conn.ID()] = conn
	}
	return all
}

// column is a connector under the name that people know.
type column struct {
	name string
	conn connector.Connector
}

// table says what connectors can do, a row for each ability.
func table(cs ...column) string {
	head, line := "| |", "|---|"
	var rows []string
	for _, c := range cs {
		head, line = head+" "+c.name+" |", line+"---|"
		for i, r := range ableOf(c.conn, c.conn.Limits(), wording.In(session.English)).rows() {
			if i == len(rows) {
				rows = append(rows, "| "+r[0]+" |")
			}
			rows[i] += " " + r[1] + " |"
		}
	}
	return head + "\n" + line + "\n" + strings.Join(rows, "\n") + "\n"
}

// TestAbilitiesOfTheReadme: the README says of each platform what the program knows of it.
func TestAbilitiesOfTheReadme(t *testing.T) {
	t.Parallel()
	slack := connectorsOf(t, fmt.Sprintf(everywhere, "slack"))
	chat := "kind = \"telegram\"\nid = \"group\"\nchat = -1009876543210\n"
	telegram := connectorsOf(t, strings.Replace(fmt.Sprintf(everywhere, "telegram"), "kind = \"telegram\"\nid = \"private\"\n", chat, 1))
	replace(t, "what a place can do", table(column{"public page", slack[session.Page]}, column{"Telegram, private", slack["private"]},
		column{"Telegram, group or comments", telegram["group"]},
		column{"Mastodon", slack["mastodon"]},
		column{"Bluesky", slack["bluesky"]},
		column{"WordPress", slack["wordpress"]},
		column{"Flickr", slack["flickr"]},
		column{"YouTube", slack["youtube"]},
		column{"Threads", slack["threads"]},
		column{"Draugiem.lv (experimental)", slack["draugiem"]},
		column{"X", slack["x"]},
		column{"Facebook", slack["facebook"]},
		column{"Instagram", slack["instagram"]},
		column{"e-mail", slack["mail"]},
		column{"sandbox", slack["rehearsal"]}))
	replace(t, "what a desk can do", table(column{"Slack", slack["slack"]}, column{"Telegram", telegram["telegram-desk"]}))
}

// replace compares what stands in the README below a mark with what should.
func replace(t *testing.T, mark, want string) {
	t.Helper()
	const readme = "../../README.md"
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- generated: "+mark+" -->\n", "<!-- end -->"
	before, rest, ok := strings.Cut(string(text), begin)
	got, after, ends := strings.Cut(rest, end)
	if !ok || !ends {
		t.Fatalf("the README has no %q", begin)
	}
	if *update {
		if err := os.WriteFile(readme, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("the README says\n%s\nand should say (make generate)\n%s", got, want)
	}
}

// TestAbilitiesCannotLie: what is said follows what a connector has.
func TestAbilitiesCannotLie(t *testing.T) {
	t.Parallel()
	two := connector.Longest{{Unit: session.Graphemes, Most: 300, Assumed: true},
		{Unit: session.Bytes, Most: 3000, Kinds: []session.CopyKind{session.KindAnswer}}}
	for name, c := range map[string]struct {
		conn connector.Connector
		want []string
	}{
		"blind": {connectortest.NewPlatform("x", connector.Limits{Notices: true}),
			[]string{"Corrections: edited in place", "arrived: a person is asked", "Votes: no"}},
		"readable": {connectortest.NewReadable("x", connector.Limits{LookAfter: 10}),
			[]string{"looks for it there", "Longest text: no limit"}},
		"keyed": {connectortest.NewKeyed("x", connector.Limits{Votes: true}),
			[]string{"under the same key for", "Votes: yes"}},
		"plain": {connectortest.NewPlain("x", connector.Limits{Announces: true}),
			[]string{"Corrections: only by hand", "Retractions: only by hand", "Announcements: yes"}},
		"two limits": {connectortest.NewPlain("x", connector.Limits{Longest: two}),
			[]string{"300 visible characters (assumed until the platform says it); 3000 bytes", "(an answer)"}},
	} {
		var said string
		for _, r := range ableOf(c.conn, c.conn.Limits(), wording.In(session.English)).rows() {
			said += r[0] + ": " + r[1] + "\n"
		}
		for _, want := range c.want {
			if !strings.Contains(said, want) {
				t.Errorf("%s: no %q in\n%s", name, want, said)
			}
		}
	}
}
