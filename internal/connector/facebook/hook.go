package facebook

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/receive"
)

var _ receive.Hooker = (*Facebook)(nil)

func (f *Facebook) hookPath() string { return "/webhooks/facebook/" + string(f.Name) }

// hookURL is what Facebook is to call.
func (f *Facebook) hookURL() string { return f.env.PublicURL + f.hookPath() }

// Handlers take what Facebook brings; none where no word was agreed.
func (f *Facebook) Handlers(put receive.Put) map[string]http.Handler {
	if f.account.VerifyToken.Reveal() == "" {
		return nil
	}
	take := func(ctx context.Context, body []byte) error {
		events := f.happened(body)
		if len(events) == 0 {
			return nil
		}
		_, err := put(ctx, events...)
		return err
	}
	return map[string]http.Handler{f.hookPath(): graph.Webhook{Verify: f.account.VerifyToken.Reveal(), Secret: f.account.AppSecret.Reveal(),
		Take: take, Log: f.env.Log}}
}

// called is the body of a call
// (https://developers.facebook.com/docs/graph-api/webhooks/getting-started).
type called struct {
	Object string
	Entry  []struct {
		ID      string
		Time    json.Number
		Changes []struct {
			Field string
			Value json.RawMessage
		}
	}
}

// change is what is read of one of the feed's: nothing of what people wrote, for that may be
// another by now.
type change struct {
	Item    string
	Verb    string
	Comment string `json:"comment_id"`
	Post    string `json:"post_id"`
}

// items are what changes of a comment are called: likes come one by one, so that of those of one
// comment one a minute is looked after.
var items = []string{"comment", "reaction", "like"}

// happened are the letters of a call. A signed call that cannot be read is kept as a letter that
// will be buried, for a refusal would have it come again for hours.
func (f *Facebook) happened(body []byte) (events []connector.Event) {
	var c called
	if json.Unmarshal(body, &c) != nil {
		return []connector.Event{unread(body)}
	}
	for _, e := range c.Entry {
		for _, ch := range e.Changes {
			var v change
			if c.Object != "page" || e.ID != string(f.settings.Page) || ch.Field != "feed" {
				continue
			}
			if json.Unmarshal(ch.Value, &v) != nil {
				events = append(events, unread(ch.Value))
				continue
			}
			if slices.Contains(items, v.Item) && nodeID.MatchString(v.Comment) && nodeID.MatchString(v.Post) {
				events = append(events, v.event(receive.RawKey(append([]byte(e.Time), ch.Value...)), f.env.Now()))
			}
		}
	}
	return events
}

// event makes a letter of a change, with the key of a comment that was written, changed or removed.
func (v change) event(key string, now time.Time) connector.Event {
	l := letter{Do: doLook, ID: v.Comment, Post: v.Post, Gone: v.Verb == "remove"}
	if v.Item != "comment" {
		l.Gone, key = false, "liked:"+v.Comment+now.UTC().Truncate(time.Minute).Format(time.RFC3339)
	}
	raw, _ := json.Marshal(l) // of texts
	return connector.Event{Key: key, From: v.Comment, Line: connector.PublicLine, Raw: raw}
}

// unread is something that cannot be read; Handle says so of its letter.
func unread(raw []byte) connector.Event {
	return connector.Event{Key: "unread:" + receive.RawKey(raw), Line: connector.PublicLine, Raw: []byte(`{}`)}
}

// subscribe asks Facebook for calls, once in a process and again when that failed. Polling goes on
// without.
func (f *Facebook) subscribe(ctx context.Context) {
	now := f.env.Now()
	if f.account.VerifyToken.Reveal() == "" || now.Before(f.reading.subscribe) {
		return
	}
	err := f.graph.post(ctx, "/"+string(f.settings.Page)+"/subscribed_apps", url.Values{"subscribed_fields": {"feed"}}, nil)
	if err != nil {
		f.reading.subscribe = now.Add(wholeSeldom)
		f.Troubles.Note(aboutHook, "facebook.not_subscribed", "detail", connector.OutcomeOf(err).Detail)
		return
	}
	f.reading.subscribe = now.Add(subscribedFor)
	f.Troubles.Over(aboutHook)
}

const (
	aboutHook     = "webhook"
	subscribedFor = 24 * time.Hour
)
