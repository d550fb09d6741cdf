package slackfake_test

import (
	"testing"

	"experthour/internal/connector/slack/slackfake"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{})
	form := "application/x-www-form-urlencoded"
	a, _ := r.send("auth.test", form, "token=xoxb-fake-bot", "")
	wantOK(t, a) // the token as a form field
	a, _ = r.send("auth.test", "application/json", `{"token":"xoxb-fake-bot"}`, "")
	wantCode(t, a, "not_authed") // but not in a JSON body
	a, _ = r.send("auth.test", "", "", "")
	wantCode(t, a, "not_authed")
	wantCode(t, raw{t, w, "xoxb-wrong"}.call("auth.test"), "invalid_auth")
	wantCode(t, r.app().call("auth.test"), "not_allowed_token_type")
	wantCode(t, r.call("apps.connections.open"), "not_allowed_token_type")
	wantOK(t, r.app().call("apps.connections.open"))
	wantCode(t, r.call("no.suchMethod"), "unknown_method")
	if a := r.call("auth.test"); a.str("user_id") != "U0BOT" || a.str("bot_id") != "B0BOT" {
		t.Errorf("got %s", a.text)
	}
}

func TestTokenIsRefusedOnDemandAndMended(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{})
	w.RevokeToken()
	wantCode(t, r.call("auth.test"), "token_revoked")
	w.RefuseToken("account_inactive")
	wantCode(t, r.app().call("apps.connections.open"), "account_inactive")
	w.MendToken()
	wantOK(t, r.call("auth.test"))
}

func TestScopes(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{Scopes: []string{"chat:write", "channels:history"}, AppScopes: []string{"other"}})
	w.Channel("C1")
	w.PrivateChannel("G1")
	a := r.call("pins.add", "channel", "C1", "timestamp", "1.0")
	wantCode(t, a, "missing_scope")
	if a.str("needed") != "pins:write" || a.str("provided") != "chat:write,channels:history" {
		t.Errorf("got %s", a.text)
	}
	if got := a.header.Get("X-OAuth-Scopes"); got != "chat:write,channels:history" {
		t.Errorf("X-OAuth-Scopes %q", got)
	}
	wantOK(t, r.call("conversations.history", "channel", "C1"))
	wantCode(t, r.call("conversations.history", "channel", "G1"), "missing_scope")
	wantCode(t, r.app().call("apps.connections.open"), "missing_scope")
	w.RemoveScope("chat:write")
	wantCode(t, r.call("chat.postMessage", "channel", "C1", "text", "x"), "missing_scope")
	w.AddScope("chat:write")
	wantOK(t, r.call("chat.postMessage", "channel", "C1", "text", "x"))
}

func TestShapesOfArguments(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	w.Channel("C1")
	wantOK(t, r.json("chat.postMessage", object{"channel": "C1", "text": "x", "blocks": []any{section("x")}}))
	wantOK(t, r.call("chat.postMessage", "channel", "C1", "text", "x", "blocks", []any{section("x")}))
	wantCode(t, r.json("chat.postMessage", object{"channel": 5, "text": "x"}), "invalid_arguments")
	wantCode(t, r.json("chat.postMessage", object{"text": "x"}), "invalid_arguments")
	wantCode(t, r.json("chat.postMessage", []any{1}), "json_not_object")
	wantCode(t, r.json("users.info", object{"user": "U0BOT"}), "invalid_arguments") // only reads forms
	wantOK(t, r.call("users.info", "user", "U0BOT"))
	for kind, code := range map[string]string{"application/json": "invalid_json", "text/csv": "invalid_post_type", "": "missing_post_type"} {
		a, _ := r.send("chat.postMessage", kind, "{", "Bearer "+r.token)
		wantCode(t, a, code)
	}
	wantCode(t, r.call("chat.postMessage", "channel", "C1", "blocks", "{not json"), "invalid_blocks_format")
	wantCode(t, r.call("chat.postMessage", "channel", "C1", "blocks", object{}), "invalid_blocks_format")
	wantCode(t, r.call("chat.postMessage", "channel", "C1"), "no_text")
	wantCode(t, r.call("chat.postMessage", "channel", "C1", "text", " "), "no_text")
	wantCode(t, r.call("conversations.history", "channel", "C1", "limit", "many"), "invalid_arguments")
	wantCode(t, r.call("conversations.history", "channel", "C1", "inclusive", "maybe"), "invalid_arguments")
	wantCode(t, r.call("conversations.history", "channel", "C1", "oldest", "today"), "invalid_ts_oldest")
	wantCode(t, r.call("conversations.history", "channel", "C1", "cursor", "abc"), "invalid_cursor")
}
