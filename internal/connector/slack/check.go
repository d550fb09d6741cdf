package slack

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
)

var _ connector.Checker = (*Slack)(nil)

// Check tries what the desk needs, and says of each thing that fails what it is.
func (s *Slack) Check(ctx context.Context) []connector.Finding {
	found := s.checkKinds()
	r, err := s.api.AuthTestContext(ctx)
	if err != nil {
		return append(found, broken("slack.token_refused", "slack.unreachable", err))
	}
	found = append(found, s.checkScopes(r.Header)...)
	found = append(found, s.checkChannel(ctx)...)
	if s.opts.Mode == Socket {
		found = append(found, s.checkSocket(ctx)...)
	}
	if !slices.ContainsFunc(found, func(f connector.Finding) bool { return f.Bad }) {
		found = append(found, connector.Finding{ID: "slack.ready", Args: []any{"team", r.Team, "bot", r.User, "channel", string(s.opts.Channel)}})
	}
	return found
}

// broken tells a refusal of Slack's from an answer that never came.
func broken(refused, unreachable string, err error) connector.Finding {
	if word := code(err); word != "" {
		return connector.Finding{ID: refused, Args: []any{"code", word}, Bad: true}
	}
	return connector.Finding{ID: unreachable, Bad: true}
}

// secretForm is how Slack writes signing secrets.
var secretForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

// checkKinds looks whether a token was put in the place of another.
func (s *Slack) checkKinds() []connector.Finding {
	var found []connector.Finding
	bad := func(id string, args ...any) { found = append(found, connector.Finding{ID: id, Args: args, Bad: true}) }
	if kind := tokenKind(s.opts.BotToken); kind != "" && kind != "xoxb" {
		bad("slack.bot_token_kind", "kind", kind)
	}
	if kind := tokenKind(s.opts.AppToken); s.opts.Mode == Socket && kind != "" && kind != "xapp" {
		bad("slack.app_token_kind", "kind", kind)
	}
	switch secret := s.opts.SigningSecret; {
	case s.opts.Mode != HTTP:
	case secret == "":
		bad("slack.signing_secret_missing")
	case !secretForm.MatchString(secret):
		found = append(found, connector.Finding{ID: "slack.signing_secret_form"})
	}
	return found
}

// tokenKind is the part of a token that is no secret: "xoxb" of a bot, "xapp" of an
// app, "xoxp" of a person; "" for what is no token of Slack's.
func tokenKind(token string) string {
	kind, _, ok := strings.Cut(token, "-")
	if !ok || len(kind) > 5 || !strings.HasPrefix(kind, "x") {
		return ""
	}
	return kind
}

// checkScopes compares with the header that every answer carries.
func (s *Slack) checkScopes(h http.Header) []connector.Finding {
	granted := h.Get("X-OAuth-Scopes")
	if granted == "" {
		return []connector.Finding{{ID: "slack.scopes_unknown"}}
	}
	have := strings.FieldsFunc(granted, func(r rune) bool { return r == ',' || r == ' ' })
	var found []connector.Finding
	for _, scope := range Scopes() {
		if !slices.Contains(have, scope) {
			found = append(found, connector.Finding{ID: "slack.scope_missing", Args: []any{"scope", scope}, Bad: true})
		}
	}
	return found
}

func (s *Slack) checkChannel(ctx context.Context) []connector.Finding {
	channel := string(s.opts.Channel)
	bad := func(id string, args ...any) []connector.Finding {
		return []connector.Finding{{ID: id, Args: append([]any{"channel", channel}, args...), Bad: true}}
	}
	c, err := s.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	switch word := code(err); {
	case word == "missing_scope": // checkScopes says which
		return nil
	case word == "channel_not_found":
		return bad("slack.channel_unknown")
	case err != nil:
		return []connector.Finding{broken("slack.channel_refused", "slack.unreachable", err)}
	case c.IsArchived:
		return bad("slack.channel_archived")
	case !c.IsMember:
		return bad("slack.channel_not_member")
	}
	return nil
}

// checkSocket asks for the address of a socket and does not use it.
func (s *Slack) checkSocket(ctx context.Context) []connector.Finding {
	_, _, err := s.api.StartSocketModeContext(ctx)
	switch code(err) {
	case "missing_scope":
		return []connector.Finding{{ID: "slack.app_scope_missing", Args: []any{"scope", AppScopes()[0]}, Bad: true}}
	case "":
		if err == nil {
			return nil
		}
	}
	return []connector.Finding{broken("slack.app_token_refused", "slack.unreachable", err)}
}
