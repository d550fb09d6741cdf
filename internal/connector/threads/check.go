package threads

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
)

var _ connector.Checker = (*Threads)(nil)

func good(id string, args ...any) connector.Finding { return connector.Finding{ID: id, Args: args} }

func bad(id string, args ...any) connector.Finding {
	return connector.Finding{ID: id, Args: args, Bad: true}
}

// Check looks at the token, what it may, what is left of the day, and whether what has to be read
// can be.
func (t *Threads) Check(ctx context.Context) []connector.Finding {
	me, err := t.login.Who(ctx)
	if err != nil {
		return []connector.Finding{t.login.Refusal(err)}
	}
	found := []connector.Finding{good("threads.works", "name", me.Name), good("threads.longest", "most", longest)}
	for _, look := range []func(context.Context) []connector.Finding{t.checkToken, t.checkQuota, t.checkReading} {
		found = append(found, look(ctx)...)
	}
	return found
}

// scopes are the permissions that are needed
// (https://developers.facebook.com/docs/threads/get-started).
var scopes = []string{"threads_basic", "threads_content_publish", "threads_manage_replies", "threads_read_replies", "threads_delete"}

// checkToken says when the token ends, and which permission it lacks.
func (t *Threads) checkToken(ctx context.Context) []connector.Finding {
	until, access := t.login.Until(ctx)
	found := []connector.Finding{until}
	d, err := t.debug(ctx, access)
	if access == "" || err != nil { // it may not be asked
		return found
	}
	lacking := slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return slices.Contains(d.Scopes, s) })
	if len(lacking) > 0 {
		found = append(found, bad("threads.lacks", "permissions", strings.Join(lacking, ", ")))
	}
	return found
}

// quota is what was used of a day.
type quota struct {
	Posts   int `json:"quota_usage"`
	Replies int `json:"reply_quota_usage"`
	Deletes int `json:"delete_quota_usage"`
}

// checkQuota says what is left of the day
// (https://developers.facebook.com/docs/threads/troubleshooting#retrieve-quota-limits).
func (t *Threads) checkQuota(ctx context.Context) []connector.Finding {
	var said struct{ Data []quota }
	err := t.login.Get(ctx, "/me/threads_publishing_limit", url.Values{"fields": {"quota_usage,reply_quota_usage,delete_quota_usage"}}, &said)
	switch {
	case err != nil:
		return []connector.Finding{t.login.Refusal(err)}
	case len(said.Data) == 0:
		return nil
	}
	q := said.Data[0]
	return []connector.Finding{good("threads.quota", "posts", max(mostAlone-q.Posts, 0), "replies", max(mostReplies-q.Replies, 0),
		"deletes", max(mostDeletes-q.Deletes, 0))}
}

// checkReading reads what answers and questions depend on: the account's own replies, its
// mentions, and one of these by itself.
func (t *Threads) checkReading(ctx context.Context) []connector.Finding {
	var own, others graph.Page
	if err := t.login.Get(ctx, "/me/replies", url.Values{"fields": {"id"}}, &own); err != nil {
		return []connector.Finding{t.login.Refusal(err)}
	}
	if !t.triggered(TriggerMention) {
		return nil
	}
	err := t.login.Get(ctx, "/me/mentions", url.Values{"fields": {"id"}}, &others)
	switch {
	case graph.Forbidden(err):
		return []connector.Finding{bad("threads.no_mentions")}
	case err != nil:
		return []connector.Finding{t.login.Refusal(err)}
	case len(others.Data) > 0:
		_, id := t.read.Take(others.Data[0])
		if _, err := t.one(ctx, id); err != nil {
			return []connector.Finding{bad("threads.unreadable", "detail", connector.OutcomeOf(err).Detail)}
		}
	}
	return nil
}
