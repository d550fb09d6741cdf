package graph

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/vault"
	"experthour/internal/session"
)

const (
	day = 24 * time.Hour
	// assumed is how long a token of unknown age is believed in: they hold for 60 days, and one that
	// cannot be renewed although it holds is younger than a day.
	assumed = 58 * day
	// warnBefore is how long before its end a token is called bad, although it should be renewed by
	// itself long before.
	warnBefore = 10 * day
)

// Login is an account whose token is renewed by the one before.
type Login struct {
	Kind    string // before the names of findings
	Client  *Client
	Version string // of the API, in addresses ("/v1.0")
	Grant   string // what a renewal is called there
	Fields  string // of "/me" that name the account
	// Ends asks when the first token ends, where that can be asked; zero is that it is not known.
	Ends func(ctx context.Context, token string) time.Time
	Env  connector.Env

	keeper *vault.Keeper
	me     atomic.Pointer[Me]
}

// Me is the account.
type Me struct {
	ID   ID
	Name string
}

// Keep begins with the token of the file, which is only the first; the vault keeps the next ones.
func (l *Login) Keep(id session.ConnectorID, base, given string) {
	l.keeper = vault.Keep(vault.Options{Name: id, Vault: l.Env.Vault(id, base+" "+given), Ask: l.renew(given), Repeats: true,
		Leases: l.Env.Leases, Owner: l.Env.Owner, Now: l.Env.Now, Log: l.Env.Log})
}

// Trouble is what keeps the account from being let in.
func (l *Login) Trouble() []connector.Finding { return l.keeper.Trouble() }

// Call calls with a token that is good now. One that was refused did nothing, so that the call
// may be made once more with the next.
func (l *Login) Call(ctx context.Context, method, to string, params url.Values, into any) error {
	for again := false; ; again = true {
		token, err := l.keeper.Token(ctx)
		if err != nil {
			return err
		}
		err = l.With(ctx, token.Access, method, l.Version+to, params, into)
		if Code(err) != CodeToken {
			return err
		}
		l.keeper.Refused(ctx, token.Access)
		if again {
			return err
		}
	}
}

// Get asks for an object or a list.
func (l *Login) Get(ctx context.Context, to string, params url.Values, into any) error {
	return l.Call(ctx, http.MethodGet, to, params, into)
}

// Post makes or changes something.
func (l *Login) Post(ctx context.Context, to string, params url.Values, into any) error {
	return l.Call(ctx, http.MethodPost, to, params, into)
}

// With makes one call with a token, which stands where the documentation has it.
func (l *Login) With(ctx context.Context, token, method, to string, params url.Values, into any) error {
	r := Request(method, to, With(params, "access_token", token), into)
	r.Secrets = []string{token}
	return l.Client.Do(ctx, r)
}

// Who is whose token it is, asked once: a token belongs to one account.
func (l *Login) Who(ctx context.Context) (Me, error) {
	if me := l.me.Load(); me != nil {
		return *me, nil
	}
	var said struct {
		ID   ID
		User ID     `json:"user_id"`
		Name string `json:"username"`
	}
	if err := l.Get(ctx, "/me", url.Values{"fields": {l.Fields}}, &said); err != nil {
		return Me{}, err
	}
	me := Me{cmp.Or(said.User, said.ID), said.Name}
	if me.ID == "" || me.Name == "" {
		return Me{}, &connector.SendError{Outcome: connector.Deferred, Wait: MendWait, Detail: "no account"}
	}
	l.me.Store(&me)
	return me, nil
}

// Why is the end of the name of what a person has to mend: "login_refused", "not_allowed", or
// nothing.
func (l *Login) Why(err error) string {
	switch {
	case err == nil:
		return ""
	case Forbidden(err):
		return "not_allowed"
	case Code(err) == CodeToken || l.locked():
		return "login_refused"
	}
	return ""
}

// Refusal is why nothing can be asked.
func (l *Login) Refusal(err error) connector.Finding {
	if why := l.Why(err); why != "" {
		return connector.Finding{ID: l.Kind + "." + why, Bad: true}
	}
	e := connector.OutcomeOf(err)
	if inner := connector.OutcomeOf(e.Cause); e.Cause != nil && inner.Detail != "" {
		e = inner
	}
	return connector.Finding{ID: l.Kind + ".no_answer", Args: []any{"detail", e.Detail}, Bad: true}
}

// Until says when the token ends, with the token if there is one.
func (l *Login) Until(ctx context.Context) (connector.Finding, string) {
	k, err := l.keeper.Token(ctx)
	if err != nil {
		return l.Refusal(err), ""
	}
	date := []any{"date", k.Ends.In(cmp.Or(l.Env.Zone, time.UTC)).Format(time.DateOnly)}
	if k.Ends.Sub(l.Env.Now()) < warnBefore {
		return connector.Finding{ID: l.Kind + ".token_ends", Args: date, Bad: true}, k.Access
	}
	return connector.Finding{ID: l.Kind + ".token_until", Args: date}, k.Access
}

// locked reports whether there is no token that is good; that it ends soon is not that.
func (l *Login) locked() bool {
	return slices.ContainsFunc(l.keeper.Trouble(), func(f connector.Finding) bool { return f.ID != "token.ends" })
}

// renew gives the way to the next token: by the one before. The first one is the file's.
func (l *Login) renew(given string) func(context.Context, vault.Token) (vault.Token, error) {
	return func(ctx context.Context, old vault.Token) (vault.Token, error) {
		if old.Access != "" {
			return l.refresh(ctx, old.Access)
		}
		if l.Ends != nil {
			if ends := l.Ends(ctx, given); !ends.IsZero() {
				return held(given, ends), nil
			}
		}
		next, err := l.refresh(ctx, given)
		if err == nil || connector.OutcomeOf(err).Outcome != connector.Refused {
			return next, err
		}
		if err := l.With(ctx, given, http.MethodGet, l.Version+"/me", url.Values{"fields": {l.Fields}}, nil); err != nil {
			return vault.Token{}, final(err)
		}
		return held(given, l.Env.Now().Add(assumed)), nil
	}
}

// refresh gives a token that holds for 60 days from now on.
func (l *Login) refresh(ctx context.Context, old string) (vault.Token, error) {
	var said struct {
		Access  string `json:"access_token"`
		Seconds int64  `json:"expires_in"`
	}
	err := l.With(ctx, old, http.MethodGet, "/refresh_access_token", url.Values{"grant_type": {l.Grant}}, &said)
	switch {
	case err != nil:
		return vault.Token{}, final(err)
	case said.Access == "" || said.Seconds <= 0:
		return vault.Token{}, &connector.SendError{Outcome: connector.Deferred, Detail: "an answer without a token"}
	}
	return held(said.Access, l.Env.Now().Add(time.Duration(min(said.Seconds, 1<<31))*time.Second)), nil
}

// final is the error of an asking for a token: one that is refused is no help any more, and only a
// person can mend that.
func final(err error) error {
	if Code(err) != CodeToken {
		return err
	}
	e := *connector.OutcomeOf(err)
	e.Outcome, e.Wait = connector.Refused, 0
	return &e
}

// held is a token that ends: nothing renews it after that.
func held(access string, ends time.Time) vault.Token {
	return vault.Token{Access: access, Until: ends, Ends: ends}
}
