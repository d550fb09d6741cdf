package slackfake

import (
	"slices"
	"strings"
)

// authState is what the two tokens are worth at the moment.
type authState struct {
	scopes, appScopes []string
	refusal           string // every call is refused with it: token_revoked, account_inactive …
}

func newAuthState(opts Options) authState {
	return authState{scopes: opts.Scopes, appScopes: opts.AppScopes}
}

// RevokeToken makes every call with either token end in token_revoked, until MendToken.
func (w *Workspace) RevokeToken() { w.RefuseToken("token_revoked") }

// RefuseToken makes every call end in the given authentication error, such as account_inactive, until MendToken.
func (w *Workspace) RefuseToken(code string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.auth.refusal = code
	w.touch()
}

// MendToken makes the tokens valid again.
func (w *Workspace) MendToken() { w.RefuseToken("") }

// RemoveScope takes one scope from the bot token: calls that need it end in missing_scope and its events stop.
func (w *Workspace) RemoveScope(scope string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.auth.scopes = slices.DeleteFunc(slices.Clone(w.auth.scopes), func(s string) bool { return s == scope })
	w.touch()
}

// AddScope gives the bot token one scope.
func (w *Workspace) AddScope(scope string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.auth.scopes = append(slices.Clone(w.auth.scopes), scope)
	w.touch()
}

// authenticate checks who calls. The caller holds w.mu.
func (w *Workspace) authenticate(c *call, m method) error {
	if c.token == "" {
		return refuse("not_authed")
	}
	isBot, isApp := c.token == w.opts.BotToken, c.token == w.opts.AppToken
	switch {
	case !isBot && !isApp:
		return refuse("invalid_auth")
	case w.auth.refusal != "":
		return refuse(w.auth.refusal)
	case m.app != isApp:
		return refuse("not_allowed_token_type")
	}
	c.scopes = w.auth.scopes
	if isApp {
		c.scopes = w.auth.appScopes
	}
	return nil
}

// allow checks that the token holds at least one of the scopes.
func (c *call) allow(needed []string) error {
	if len(needed) == 0 || slices.ContainsFunc(needed, c.has) {
		return nil
	}
	return &failure{code: "missing_scope", needed: strings.Join(needed, ","), provided: strings.Join(c.scopes, ",")}
}

func (c *call) has(scope string) bool { return slices.Contains(c.scopes, scope) }
