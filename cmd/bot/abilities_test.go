package main

import (
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
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
public_url = "https://ask.example.lv"
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

// known is a connector under the name that people know, and what it was proved against.
type known struct {
	name   string
	conn   connector.Connector
	proved string
}

// tables say what connectors can do, a row for each of them; each table has the labels that of names, or all.
func tables(all []known, of ...[]string) string {
	var out []string
	for _, labels := range of {
		head, line, rows := "| |", "|---|", ""
		for i, k := range all {
			row := "| " + k.name + " |"
			for _, r := range k.able() {
				if labels != nil && !slices.Contains(labels, r[0]) {
					continue
				}
				if i == 0 {
					head, line = head+" "+r[0]+" |", line+"---|"
				}
				row += " " + r[1] + " |"
			}
			rows += row + "\n"
		}
		out = append(out, head+"\n"+line+"\n"+rows)
	}
	return strings.Join(out, "\n")
}

func (k known) able() [][2]string {
	rows := ableOf(k.conn, k.conn.Limits(), wording.In(session.English)).rows()
	if k.proved != "" {
		rows = append(rows, [2]string{"Proved against", k.proved})
	}
	return rows
}

// lengths are the labels of the second table of places.
var lengths = []string{"Longest text", "When nobody knows whether a post arrived", "Cost of a post", "Proved against"}

// TestAbilitiesOfTheReadme: the README says of each platform what the program knows of it.
func TestAbilitiesOfTheReadme(t *testing.T) {
	t.Parallel()
	slack := connectorsOf(t, fmt.Sprintf(everywhere, "slack"))
	chat := "kind = \"telegram\"\nid = \"group\"\nchat = -1009876543210\n"
	telegram := connectorsOf(t, strings.Replace(fmt.Sprintf(everywhere, "telegram"), "kind = \"telegram\"\nid = \"private\"\n", chat, 1))
	places := []known{
		{"public page", slack[session.Page], "a browser (Chromium)"},
		{"Telegram, private", slack["private"], "a strict pretend one; the library for bots"},
		{"Telegram, group or comments", telegram["group"], "a strict pretend one; the library for bots"},
		{"Mastodon", slack["mastodon"], "a real snac2; a pretend one, judged by the published description and by `toot`"},
		{"Bluesky", slack["bluesky"], "a real server of accounts and its AppView; a pretend one, with `@atproto/api`"},
		{"WordPress", slack["wordpress"], "a real WordPress with MariaDB"},
		{"Flickr", slack["flickr"], "a strict pretend one, with `flickr-sdk`"},
		{"YouTube", slack["youtube"], "a strict pretend one, judged by Google's description and by its client"},
		{"Threads", slack["threads"], "a strict pretend one"},
		{"Draugiem.lv (experimental)", slack["draugiem"], "a pretend one, of whose real counterpart little is known"},
		{"X", slack["x"], "a strict pretend one, judged by the published description, `xdk` and `twitter-text`"},
		{"Facebook", slack["facebook"], "a strict pretend one, with Meta's business SDK"},
		{"Instagram", slack["instagram"], "a strict pretend one"},
		{"e-mail", slack["mail"], "real Postfix and Dovecot"},
		{"sandbox", slack["rehearsal"], "itself"},
	}
	var first []string
	for _, r := range places[0].able() {
		if !slices.Contains(lengths, r[0]) {
			first = append(first, r[0])
		}
	}
	replace(t, "what a place can do", tables(places, first, lengths))
	replace(t, "what a desk can do", tables([]known{{"Slack", slack["slack"], ""}, {"Telegram", telegram["telegram-desk"], ""}}, nil))
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
			[]string{"the bot looks, and posts again", "Longest text: no limit"}},
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
