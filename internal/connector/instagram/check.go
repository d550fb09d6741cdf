package instagram

import (
	"context"
	"net/url"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
)

var _ connector.Checker = (*Instagram)(nil)

func good(id string, args ...any) connector.Finding { return connector.Finding{ID: id, Args: args} }

func bad(id string, args ...any) connector.Finding {
	return connector.Finding{ID: id, Args: args, Bad: true}
}

// Check looks at the token, and at the post and whether its comments can be read, or at what
// announcing takes.
func (g *Instagram) Check(ctx context.Context) []connector.Finding {
	me, err := g.login.Who(ctx)
	if err != nil {
		return []connector.Finding{g.login.Refusal(err)}
	}
	found := []connector.Finding{good("instagram.works", "name", me.Name), good("instagram.longest", "most", longest)}
	until, _ := g.login.Until(ctx)
	look := g.checkMedia
	if g.settings.Media == "" {
		look = g.checkPosting
	}
	return append(append(found, until), look(ctx)...)
}

// checkPosting says what is left of the day, whether the newest comments can be read, and whether
// Instagram could fetch a picture.
func (g *Instagram) checkPosting(ctx context.Context) (found []connector.Finding) {
	var said struct {
		Data []struct {
			Used int `json:"quota_usage"`
		}
	}
	err := g.login.Get(ctx, "/me/content_publishing_limit", url.Values{"fields": {"quota_usage"}}, &said)
	switch {
	case graph.Forbidden(err):
		return []connector.Finding{bad("instagram.no_posts")}
	case err != nil:
		return []connector.Finding{g.login.Refusal(err)}
	case len(said.Data) > 0:
		found = append(found, good("instagram.quota", "posts", max(mostPosts-said.Data[0].Used, 0)))
	}
	if !strings.HasPrefix(g.env.PublicURL, "https://") {
		found = append(found, bad("instagram.unreachable", "url", g.env.PublicURL))
	}
	var newest struct{ Data []shown }
	if err := g.login.Get(ctx, "/me/media", url.Values{"fields": {"id"}, "limit": {"1"}}, &newest); err != nil {
		return append(found, g.login.Refusal(err))
	}
	if len(newest.Data) > 0 {
		to := "/" + string(newest.Data[0].ID) + "/comments"
		if err := g.login.Get(ctx, to, url.Values{"fields": {fields}}, &graph.Page{}); err != nil {
			return append(found, g.login.Refusal(err))
		}
	}
	return append(found, good("instagram.announces"))
}

// shown is what is read of a post
// (https://developers.facebook.com/docs/instagram-platform/reference/instagram-media).
type shown struct {
	ID      graph.ID
	Caption string
	Open    *bool `json:"is_comment_enabled"`
}

// checkMedia looks at the post and its comments; where there is none of the number, it lists the
// newest ones.
func (g *Instagram) checkMedia(ctx context.Context) []connector.Finding {
	var m shown
	err := g.login.Get(ctx, "/"+string(g.settings.Media), url.Values{"fields": {"id,caption,is_comment_enabled"}}, &m)
	switch {
	case graph.Missing(err):
		return []connector.Finding{bad("instagram.media_gone"), bad("instagram.newest", "list", g.newest(ctx))}
	case err != nil:
		return []connector.Finding{g.login.Refusal(err)}
	case m.Open != nil && !*m.Open:
		return []connector.Finding{bad("instagram.closed", "title", title(m))}
	}
	if err := g.login.Get(ctx, "/"+string(g.settings.Media)+"/comments", url.Values{"fields": {fields}}, &graph.Page{}); err != nil {
		return []connector.Finding{g.login.Refusal(err)}
	}
	return []connector.Finding{good("instagram.media", "title", title(m))}
}

// newest lists the numbers of the account's newest posts.
func (g *Instagram) newest(ctx context.Context) string {
	var said struct{ Data []shown }
	if err := g.login.Get(ctx, "/me/media", url.Values{"fields": {"id,caption"}}, &said); err != nil || len(said.Data) == 0 {
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
