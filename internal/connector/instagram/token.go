package instagram

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
// (https://developers.facebook.com/documentation/instagram-platform/reference/refresh_access_token).
const assumed = 58 * day

// renew gives the way to the next token: by the one before. The first one is the file's.
func (g *Instagram) renew(given string) func(context.Context, vault.Token) (vault.Token, error) {
	return func(ctx context.Context, old vault.Token) (vault.Token, error) {
		if old.Access != "" {
			return g.refresh(ctx, old.Access)
		}
		next, err := g.refresh(ctx, given)
		if err == nil || connector.OutcomeOf(err).Outcome != connector.Refused {
			return next, err
		}
		var me identity
		if err := g.with(ctx, given, http.MethodGet, version+"/me", url.Values{"fields": {"user_id,username"}}, &me); err != nil {
			return vault.Token{}, final(err)
		}
		return token(given, g.env.Now().Add(assumed)), nil
	}
}

// locked reports whether there is no token that is good; that it ends soon is not that.
func (g *Instagram) locked() bool {
	return slices.ContainsFunc(g.token.Trouble(), func(f connector.Finding) bool { return f.ID != "token.ends" })
}

// final is the error of an asking for a token: one that Instagram refuses is no help any more, and
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
func (g *Instagram) refresh(ctx context.Context, old string) (vault.Token, error) {
	var said struct {
		Access  string `json:"access_token"`
		Seconds int64  `json:"expires_in"`
	}
	err := g.with(ctx, old, http.MethodGet, "/refresh_access_token", url.Values{"grant_type": {"ig_refresh_token"}}, &said)
	switch {
	case err != nil:
		return vault.Token{}, final(err)
	case said.Access == "" || said.Seconds <= 0:
		return vault.Token{}, &connector.SendError{Outcome: connector.Deferred, Detail: "an answer without a token"}
	}
	return token(said.Access, g.env.Now().Add(time.Duration(min(said.Seconds, 1<<31))*time.Second)), nil
}
