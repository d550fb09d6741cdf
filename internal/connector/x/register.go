package x

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
)

const (
	aboutHook = "webhook"
	// subscribedFor and subscribeAgain are until the webhook is looked at again, when all was well and when not.
	subscribedFor, subscribeAgain = 24 * time.Hour, 5 * time.Minute
)

// registered is what X knows of the webhook.
type registered struct {
	ID      string
	Valid   bool
	Lacking []string // events that it is not subscribed to
}

// appDo makes a call as the app, which is all that may look at webhooks. X gives its token anew, and the
// same (https://docs.x.com/fundamentals/authentication/oauth-2-0/application-only).
func (x *X) appDo(ctx context.Context, method, to string, body, into any) error {
	var said struct {
		Token string `json:"access_token"`
	}
	basic := http.Header{}
	r := http.Request{Header: basic}
	r.SetBasicAuth(url.QueryEscape(x.sign.Key), url.QueryEscape(x.sign.Secret))
	_, err := x.http.Do(ctx, httpapi.Request{Method: http.MethodPost, To: "/oauth2/token", Header: basic,
		Body: httpapi.Form(url.Values{"grant_type": {"client_credentials"}}), Into: &said})
	if err == nil && said.Token == "" {
		err = unusable(connector.Deferred)
	}
	if err != nil {
		return err
	}
	call := httpapi.Request{Method: method, To: to, Header: http.Header{"Authorization": {"Bearer " + said.Token}}, Into: into}
	if body != nil {
		call.Body = httpapi.JSON(body)
	}
	_, err = x.http.Do(ctx, call)
	return err
}

// hookState asks what X knows of the webhook; without an ID it knows none.
func (x *X) hookState(ctx context.Context, self user) (r registered, err error) {
	var hooks struct {
		Data []struct {
			ID, URL string
			Valid   bool
		}
	}
	if err := x.appDo(ctx, http.MethodGet, "/2/webhooks", nil, &hooks); err != nil {
		return r, err
	}
	for _, h := range hooks.Data {
		if h.URL == x.hookURL() {
			r.ID, r.Valid = h.ID, h.Valid
		}
	}
	r.Lacking, err = x.lacking(ctx, self, r.ID)
	return r, err
}

// lacking are the events of the account that do not come to a webhook.
func (x *X) lacking(ctx context.Context, self user, id string) ([]string, error) {
	var said struct {
		Data []struct {
			Type   string `json:"event_type"`
			Hook   string `json:"webhook_id"`
			Filter struct {
				User string `json:"user_id"`
			}
		}
	}
	_, err := x.get(ctx, "/2/activity/subscriptions", url.Values{"max_results": {"1000"}}, &said)
	lacking := slices.Clone(wanted)
	for _, s := range said.Data {
		if s.Hook == id && s.Filter.User == self.ID {
			lacking = slices.DeleteFunc(lacking, func(t string) bool { return t == s.Type })
		}
	}
	return lacking, err
}

// subscribe has X call this program, and looks once a day whether it still does. Polling goes on without.
func (x *X) subscribe(ctx context.Context) {
	now := x.env.Now()
	if !x.hook || now.Before(x.last.subscribe) {
		return
	}
	if err := x.register(ctx); err != nil {
		x.last.subscribe = now.Add(subscribeAgain)
		x.Troubles.Note(aboutHook, "x.not_subscribed", "detail", connector.OutcomeOf(err).Detail)
		return
	}
	x.last.subscribe = now.Add(subscribedFor)
	x.Troubles.Over(aboutHook)
}

// register does what is lacking: X calls the address while it is being registered.
func (x *X) register(ctx context.Context) error {
	self, err := x.self(ctx)
	if err != nil {
		return err
	}
	r, err := x.hookState(ctx, self)
	switch {
	case err != nil:
		return err
	case r.ID == "":
		var said struct{ Data struct{ ID string } }
		err = x.appDo(ctx, http.MethodPost, "/2/webhooks", map[string]string{"url": x.hookURL()}, &said)
		if r.ID = said.Data.ID; err == nil && !number.MatchString(r.ID) {
			err = unusable(connector.Deferred)
		}
	case !r.Valid:
		err = x.appDo(ctx, http.MethodPut, "/2/webhooks/"+r.ID, nil, nil)
	}
	for _, t := range r.Lacking {
		if err == nil {
			err = x.subscribeTo(ctx, self, t, r.ID)
		}
	}
	return err
}

func (x *X) subscribeTo(ctx context.Context, self user, event, id string) error {
	_, err := x.do(ctx, httpapi.Request{Method: http.MethodPost, To: "/2/activity/subscriptions", Body: httpapi.JSON(map[string]any{
		"event_type": event, "filter": map[string]string{"user_id": self.ID}, "tag": "expert hour", "webhook_id": id})})
	return err
}

// checkHook says whether X calls this program.
func (x *X) checkHook(ctx context.Context, self user) connector.Finding {
	if !x.hook {
		return good("x.polled")
	}
	switch r, err := x.hookState(ctx, self); {
	case err != nil:
		return x.refusal(err)
	case r.ID == "" || len(r.Lacking) > 0:
		return good("x.not_yet", "url", x.hookURL())
	case !r.Valid:
		return bad("x.invalid", "url", x.hookURL())
	}
	return good("x.called", "url", x.hookURL())
}
