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

// Check looks at the token, the post, and whether its comments can be read.
func (g *Instagram) Check(ctx context.Context) []connector.Finding {
	me, err := g.login.Who(ctx)
	if err != nil {
		return []connector.Finding{g.login.Refusal(err)}
	}
	found := []connector.Finding{good("instagram.works", "name", me.Name), good("instagram.longest", "most", longest)}
	until, _ := g.login.Until(ctx)
	return append(append(found, until), g.checkMedia(ctx)...)
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
