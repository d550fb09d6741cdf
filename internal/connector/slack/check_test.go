package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/session"
)

func ids(found []connector.Finding) (all []string) {
	for _, f := range found {
		id := f.ID
		if f.Bad {
			id = "! " + id
		}
		if f.ID == "slack.scope_missing" {
			id += " " + fmt.Sprint(f.Args[1])
		}
		all = append(all, id)
	}
	return all
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		break_ func(w *world)
		change func(o *Options)
		want   []string
	}{
		"well":          {nil, nil, []string{"slack.ready"}},
		"http":          {nil, overHTTP, []string{"slack.ready"}},
		"scope":         {func(w *world) { w.fake.RemoveScope("pins:write") }, nil, []string{"! slack.scope_missing pins:write"}},
		"no read scope": {func(w *world) { w.fake.RemoveScope("channels:read") }, nil, []string{"! slack.scope_missing channels:read"}},
		"archived":      {func(w *world) { w.channel.Archive() }, nil, []string{"! slack.channel_archived"}},
		"outside":       {func(w *world) { w.channel.RemoveBot() }, nil, []string{"! slack.channel_not_member"}},
		"no channel":    {nil, func(o *Options) { o.Channel = "C0NONE" }, []string{"! slack.channel_unknown"}},
		"revoked":       {func(w *world) { w.fake.RevokeToken() }, nil, []string{"! slack.token_refused"}},
		"wrong token":   {nil, func(o *Options) { o.BotToken = "xoxb-other" }, []string{"! slack.token_refused"}},
		"mixed up": {nil, func(o *Options) { o.BotToken, o.AppToken = o.AppToken, o.BotToken },
			[]string{"! slack.bot_token_kind", "! slack.app_token_kind", "! slack.token_refused"}},
		"app token": {nil, func(o *Options) { o.AppToken = "xapp-other" }, []string{"! slack.app_token_refused"}},
		"no secret": {nil, func(o *Options) { o.Mode, o.SigningSecret = HTTP, "" }, []string{"! slack.signing_secret_missing"}},
		"odd secret": {nil, func(o *Options) { o.Mode, o.SigningSecret = HTTP, "hello" },
			[]string{"slack.signing_secret_form", "slack.ready"}},
		"away": {func(w *world) { w.fake.Close() }, nil, []string{"! slack.unreachable"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fast, func(o *Options) {
				if c.change != nil {
					c.change(o)
				}
			})
			if c.break_ != nil {
				c.break_(w)
			}
			if got := ids(w.Check(t.Context())); !slices.Equal(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

func TestCheckAppScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{NoLimits: true, AppScopes: []string{"authorizations:read"}})
	if got := ids(w.Check(t.Context())); !slices.Equal(got, []string{"! slack.app_scope_missing"}) {
		t.Errorf("found %q", got)
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	for _, mode := range []Mode{Socket, HTTP} {
		raw, err := Manifest(mode, "https://jautajumi.example.lv/", "Ekspertu stunda")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "manifest_"+string(mode)+".json", string(raw)+"\n")
	}
	for _, c := range []struct {
		mode Mode
		url  string
	}{{"other", "https://x.lv"}, {HTTP, ""}, {HTTP, "http://x.lv"}} {
		if _, err := Manifest(c.mode, c.url, "x"); err == nil {
			t.Errorf("%q at %q makes a manifest", c.mode, c.url)
		}
	}
}

// Every scope of the manifest is needed for something, and with all of them everything
// works: newWorld gives the fake exactly these.
func TestScopesAreExactlyThoseThatAreUsed(t *testing.T) {
	t.Parallel()
	everything := func(w *world) (missing []string) {
		board := card(0)
		board.Call = &connector.Call{Number: 1, Text: "Begin."}
		at, _ := w.PostCard(t.Context(), board)
		_, _, _ = w.FindCard(t.Context(), board, time.Now())
		_, _, _ = w.FindCall(t.Context(), at, board)
		w.mark(t.Context(), place, at, true)
		_, _ = w.File(t.Context(), "F0")
		w.fake.Group("S0MODS", "mods", w.fake.User("U0BOB", "Bob", ""))
		_, _ = w.roster(t.Context(), []session.Person{{Name: "Anna", Email: "anna@example.org"}},
			map[string]session.Role{"S0MODS": session.Moderator})
		for _, e := range w.fake.Ledger(slackfake.Refused) {
			if e.Detail == "missing_scope" {
				missing = append(missing, e.Method)
			}
		}
		return missing
	}
	if missing := everything(newWorld(t, fast)); len(missing) != 0 {
		t.Errorf("with all scopes these are refused: %v", missing)
	}
	elsewhere := map[string]string{"commands": "slash commands", "metadata.message:read": "metadata in history",
		"groups:history": "private channels",
		"groups:read":    "private channels", "channels:read": "bot check"}
	for _, scope := range Scopes() {
		w := newWorld(t, fast)
		w.fake.RemoveScope(scope)
		if missing := everything(w); len(missing) == 0 && elsewhere[scope] == "" {
			t.Errorf("nothing needs %s", scope)
		}
	}
}

// In a private channel the two scopes for groups are enough.
func TestPrivateChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast, func(o *Options) { o.Channel = "G0DESK" })
	ch := w.fake.PrivateChannel("G0DESK")
	for _, scope := range []string{"channels:read", "channels:history"} {
		w.fake.RemoveScope(scope)
	}
	c := card(1)
	c.Place = "G0DESK"
	if _, err := w.PostCard(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := w.FindCard(t.Context(), c, time.Now()); !ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	if f := w.checkChannel(t.Context()); f != nil {
		t.Errorf("found %v", f)
	}
	w.run()
	w.anna.Say(ch, "In private.")
	w.written(1)
}

func TestManifestIsJSON(t *testing.T) {
	t.Parallel()
	raw, err := Manifest(Socket, "", strings.Repeat("Ļoti gara iestāde ", 9)+`"<&`)
	var m struct {
		Display struct{ Name string } `json:"display_information"`
	}
	if err != nil || json.Unmarshal(raw, &m) != nil || length(m.Display.Name) > mostName {
		t.Errorf("%v: %s", err, raw)
	}
}
