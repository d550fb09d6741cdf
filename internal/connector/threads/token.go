package threads

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/vault"
)

// assumed is how long a token of unknown age is believed in: they hold for 60 days, and one that
// cannot be renewed although it holds is younger than a day
// (https://developers.facebook.com/docs/threads/get-started/long-lived-tokens).
const assumed = 58 * day

// renew gives the way to the next token: by the one before. The first one is the file's, of which
// it is asked when it ends.
func (t *Threads) renew(given string) func(context.Context, vault.Token) (vault.Token, error) {
	return func(ctx context.Context, old vault.Token) (vault.Token, error) {
		if old.Access != "" {
			return t.refresh(ctx, old.Access)
		}
		if d, err := t.debug(ctx, given); err == nil && d.Valid && d.Ends > 0 {
			return token(given, time.Unix(d.Ends, 0)), nil
		}
		next, err := t.refresh(ctx, given)
		if err == nil || connector.OutcomeOf(err).Outcome != connector.Refused {
			return next, err
		}
		var me identity
		if err := t.with(ctx, given, http.MethodGet, version+"/me", url.Values{"fields": {"id,username"}}, &me); err != nil {
			return vault.Token{}, final(err)
		}
		return token(given, t.env.Now().Add(assumed)), nil
	}
}

// locked reports whether there is no token that is good; that it ends soon is not that.
func (t *Threads) locked() bool {
	return slices.ContainsFunc(t.token.Trouble(), func(f connector.Finding) bool { return f.ID != "token.ends" })
}

// final is the error of an asking for a token: one that Threads refuses is no help any more, and
// only a person can mend that.
func final(err error) error {
	if code, _ := saidNo(err); code != codeToken {
		return err
	}
	e := *connector.OutcomeOf(err)
	e.Outcome, e.Wait = connector.Refused, 0
	return &e
}

// token is one that ends: nothing renews it after that.
func token(access string, ends time.Time) vault.Token {
	return vault.Token{Access: access, Until: ends, Ends: ends}
}

// refresh gives a token that holds for 60 days from now on.
func (t *Threads) refresh(ctx context.Context, old string) (vault.Token, error) {
	var said struct {
		Access  string `json:"access_token"`
		Seconds int64  `json:"expires_in"`
	}
	err := t.with(ctx, old, http.MethodGet, "/refresh_access_token", url.Values{"grant_type": {"th_refresh_token"}}, &said)
	switch {
	case err != nil:
		return vault.Token{}, final(err)
	case said.Access == "" || said.Seconds <= 0:
		return vault.Token{}, &connector.SendError{Outcome: connector.Deferred, Detail: "an answer without a token"}
	}
	return token(said.Access, t.env.Now().Add(time.Duration(min(said.Seconds, 1<<31))*time.Second)), nil
}

// debugged is what Threads says of a token
// (https://developers.facebook.com/documentation/threads/reference/debug).
type debugged struct {
	Valid  bool     `json:"is_valid"`
	Ends   int64    `json:"expires_at"`
	Scopes []string `json:"scopes"`
}

// debug asks about a token; only a tester of the app may.
func (t *Threads) debug(ctx context.Context, access string) (debugged, error) {
	var said struct{ Data debugged }
	err := t.with(ctx, access, http.MethodGet, version+"/debug_token", url.Values{"input_token": {access}}, &said)
	return said.Data, err
}
