package main

import (
	"encoding/json"
	"strings"
	"testing"

	"experthour/internal/connector/slack/slackfake"
)

func TestManifest(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"--mode", "http", "--url", "https://x.example"}} {
		out, errs, code := bot(t, t.TempDir(), append([]string{"slack", "manifest"}, args...)...)
		var m map[string]any
		if code != exitOK || json.Unmarshal([]byte(out), &m) != nil || m["oauth_config"] == nil {
			t.Errorf("%q ends with %d: %s%s", args, code, out, errs)
		}
		if strings.Contains(out, "https://x.example/webhooks/slack/events") != (len(args) > 0) {
			t.Errorf("%q: %s", args, out)
		}
	}
	for _, args := range [][]string{{"--mode", "http"}, {"--mode", "carrier-pigeon"}} {
		if _, errs, code := bot(t, t.TempDir(), append([]string{"slack", "manifest"}, args...)...); code != exitMisused {
			t.Errorf("%q ends with %d: %s", args, code, errs)
		}
	}
}

// TestSlackCheck: every thing that is wrong at Slack is named, with what to press where.
func TestSlackCheck(t *testing.T) {
	t.Parallel()
	f := openOffice(t, "socket", "embedded", "1s", slackfake.Options{})
	check := func(want string, bad bool) {
		t.Helper()
		out, errs, code := bot(t, f.at.dir, "check")
		if !strings.Contains(out, want) || (code != exitOK) != bad {
			t.Errorf("it ends with %d and does not say %q:\n%s%s", code, want, out, errs)
		}
	}
	check("Slack works", false)
	for _, c := range []struct {
		spoil, mend func()
		want        string
	}{
		{f.desk.Archive, f.desk.Unarchive, "Unarchive it"},
		{f.desk.RemoveBot, f.desk.InviteBot, "/invite"},
		{f.ws.RevokeToken, f.ws.MendToken, "Install App"},
		{func() { f.ws.RemoveScope("pins:write") }, func() { f.ws.AddScope("pins:write") }, "Reinstall to Workspace"},
	} {
		c.spoil()
		check(c.want, true)
		c.mend()
	}
	check("Slack works", false)
}
