package instagram

import (
	"context"
	"net/url"
	"strings"
	"time"

	"experthour/internal/connector"
)

var _ connector.Checker = (*Instagram)(nil)

func good(id string, args ...any) connector.Finding { return connector.Finding{ID: id, Args: args} }

func bad(id string, args ...any) connector.Finding {
	return connector.Finding{ID: id, Args: args, Bad: true}
}

// Check looks at the token, the post, and whether its comments can be read.
func (g *Instagram) Check(ctx context.Context) []connector.Finding {
	me, err := g.who(ctx)
	if err != nil {
		return []connector.Finding{g.refusal(err)}
	}
	found := []connector.Finding{good("instagram.works", "name", me.Name), good("instagram.longest", "most", longest)}
	return append(append(found, g.checkToken(ctx)...), g.checkMedia(ctx)...)
}

// refusal is why nothing can be asked.
func (g *Instagram) refusal(err error) connector.Finding {
	code, _ := saidNo(err)
	switch {
	case code == codeToken || g.locked():
		return bad("instagram.login_refused")
	case forbidden(err):
		return bad("instagram.not_allowed")
	}
	e := connector.OutcomeOf(err)
	if inner := connector.OutcomeOf(e.Cause); e.Cause != nil && inner.Detail != "" {
		e = inner
	}
	return bad("instagram.no_answer", "detail", e.Detail)
}

// warnBefore is how long before its end a token is called bad, although it should be renewed by
// itself long before.
const warnBefore = 10 * day

// checkToken says when the token ends.
func (g *Instagram) checkToken(ctx context.Context) []connector.Finding {
	k, err := g.token.Token(ctx)
	if err != nil {
		return []connector.Finding{g.refusal(err)}
	}
	zone := g.env.Zone
	if zone == nil {
		zone = time.UTC
	}
	date := k.Ends.In(zone).Format(time.DateOnly)
	if k.Ends.Sub(g.env.Now()) < warnBefore {
		return []connector.Finding{bad("instagram.token_ends", "date", date)}
	}
	return []connector.Finding{good("instagram.token_until", "date", date)}
}

// shown is what is read of a post
// (https://developers.facebook.com/docs/instagram-platform/reference/instagram-media).
type shown struct {
	ID      id
	Caption string
	Open    *bool `json:"is_comment_enabled"`
}

// checkMedia looks at the post and its comments; where there is none of the number, it lists the
// newest ones.
func (g *Instagram) checkMedia(ctx context.Context) []connector.Finding {
	var m shown
	err := g.get(ctx, "/"+string(g.settings.Media), url.Values{"fields": {"id,caption,is_comment_enabled"}}, &m)
	switch {
	case missing(err):
		return []connector.Finding{bad("instagram.media_gone"), bad("instagram.newest", "list", g.newest(ctx))}
	case err != nil:
		return []connector.Finding{g.refusal(err)}
	case m.Open != nil && !*m.Open:
		return []connector.Finding{bad("instagram.closed", "title", title(m))}
	}
	if err := g.get(ctx, "/"+string(g.settings.Media)+"/comments", url.Values{"fields": {fields}}, &page{}); err != nil {
		return []connector.Finding{g.refusal(err)}
	}
	return []connector.Finding{good("instagram.media", "title", title(m))}
}

// newest lists the numbers of the account's newest posts.
func (g *Instagram) newest(ctx context.Context) string {
	var said struct{ Data []shown }
	if err := g.get(ctx, "/me/media", url.Values{"fields": {"id,caption"}}, &said); err != nil || len(said.Data) == 0 {
		return "–"
	}
	var all []string
	for _, m := range said.Data[:min(len(said.Data), 5)] {
		all = append(all, string(m.ID)+" ("+title(m)+")")
	}
	return strings.Join(all, ", ")
}

// title is how a caption begins.
func title(m shown) string {
	line, _, _ := strings.Cut(strings.TrimSpace(m.Caption), "\n")
	runes := []rune(line)
	if len(runes) > 40 {
		return string(runes[:39]) + "…"
	}
	return string(runes)
}
