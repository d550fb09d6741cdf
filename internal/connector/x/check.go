package x

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"experthour/internal/connector"
)

var _ connector.Checker = (*X)(nil)

func good(id string, args ...any) connector.Finding { return connector.Finding{ID: id, Args: args} }

func bad(id string, args ...any) connector.Finding {
	return connector.Finding{ID: id, Args: args, Bad: true}
}

// Check tries the keys and what is read, and posts nothing. It costs a few cents at most.
func (x *X) Check(ctx context.Context) []connector.Finding {
	u, writes, err := x.whoami(ctx)
	if err != nil {
		return []connector.Finding{x.refusal(err)}
	}
	found := []connector.Finding{good("x.works", "name", "@"+u.Username, "dollars", x.day/1000)}
	found = append(found, good(x.entrance()))
	if !writes {
		found = append(found, bad("x.read_only"))
	}
	day := url.Values{"max_results": {"10"}, "start_time": {x.env.Now().Add(-24 * time.Hour).UTC().Format(time.RFC3339)}}
	for _, to := range []string{"/2/users/" + u.ID + "/mentions", "/2/users/" + u.ID + "/tweets", "/2/tweets/search/recent"} {
		q := day
		if to == "/2/tweets/search/recent" {
			q = url.Values{"query": {"(in_reply_to_tweet_id:1) -from:" + u.Username + " -@" + u.Username}, "max_results": {"10"}}
		}
		if _, err := x.list(ctx, to, q, above); err != nil {
			return append(found, x.refusal(err))
		}
	}
	return append(found, good("x.reads"), x.checkHook(ctx, u))
}

// entrance names what lets the program in.
func (x *X) entrance() string {
	if x.login == nil {
		return "x.by_keys"
	}
	return "x.by_login"
}

// refusal is why nothing can be asked.
func (x *X) refusal(err error) connector.Finding {
	if id := x.unlet(err); id != "" {
		return bad(id)
	}
	if status(err) == http.StatusPaymentRequired {
		return bad("x.no_credit")
	}
	return bad("x.no_answer", "detail", connector.OutcomeOf(err).Detail)
}
