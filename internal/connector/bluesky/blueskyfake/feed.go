package blueskyfake

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sortAt is by what the lists go: the earlier of what a post says and when it came.
func (p *Post) sortAt() time.Time {
	said, err := time.Parse(time.RFC3339, p.Record.Created)
	if err != nil || said.After(p.At) {
		return p.At
	}
	return said
}

func (p *Post) view() map[string]any {
	v := map[string]any{"uri": p.URI, "cid": p.CID, "author": map[string]any{"did": p.By.DID, "handle": p.By.Handle},
		"record": p.Record, "likeCount": p.Likes, "replyCount": 0, "indexedAt": p.At.UTC().Format(time.RFC3339Nano)}
	if g, ok := p.By.s.gates[gateOf(p.URI)]; ok {
		v["threadgate"] = map[string]any{"record": g}
	}
	if p.Record.Embed != nil {
		v["embed"] = p.Record.Embed.view(p.By)
	}
	return v
}

func (s *Server) getPosts(in *request) (any, *refusal) {
	uris := in.URL.Query()["uris"]
	if len(uris) == 0 || len(uris) > 25 {
		return nil, invalid("Params must have 1 to 25 uris, got %d", len(uris))
	}
	posts := []any{}
	for _, uri := range uris {
		if p := s.posts[uri]; p != nil && !p.Gone {
			posts = append(posts, p.view())
		}
	}
	return map[string]any{"posts": posts}, nil
}

func (s *Server) getPostThread(in *request) (any, *refusal) {
	p := s.posts[in.FormValue("uri")]
	if p == nil || p.Gone {
		return nil, no(http.StatusBadRequest, "NotFound", "Post not found: "+in.FormValue("uri"))
	}
	return map[string]any{"thread": map[string]any{"$type": "app.bsky.feed.defs#threadViewPost", "post": p.view()}}, nil
}

func (s *Server) searchPosts(in *request) (any, *refusal) {
	tag, ok := strings.CutPrefix(in.FormValue("q"), "#")
	if !ok || in.FormValue("sort") != "latest" {
		return nil, invalid("this server searches for hashtags alone, the latest first")
	}
	return s.list(in, "posts", func(p *Post) (map[string]any, bool) {
		return p.view(), strings.Contains(strings.ToLower(p.Record.Text), "#"+strings.ToLower(tag))
	})
}

func (s *Server) listNotifications(in *request) (any, *refusal) {
	reasons := in.URL.Query()["reasons"]
	for _, r := range reasons {
		if !slices.Contains([]string{"like", "repost", "follow", "mention", "reply", "quote"}, r) {
			return nil, invalid("the unknown reason %q", r)
		}
	}
	return s.list(in, "notifications", func(p *Post) (map[string]any, bool) {
		reason := s.reason(p, in.by)
		v := p.view()
		delete(v, "likeCount")
		delete(v, "replyCount")
		delete(v, "embed")
		v["reason"], v["isRead"], v["indexedAt"] = reason, false, p.sortAt().UTC().Format(time.RFC3339Nano)
		return v, reason != "" && slices.Contains(reasons, reason)
	})
}

// reason is why somebody is told of a post; nobody is told of their own.
func (s *Server) reason(p *Post, who *User) string {
	if p.By == who || s.shutOut(p) {
		return ""
	}
	if r := p.Record.Reply; r != nil {
		for _, above := range []Ref{r.Parent, r.Root} {
			if strings.HasPrefix(above.URI, "at://"+who.DID+"/") {
				return "reply"
			}
		}
	}
	for _, f := range p.Record.Facets {
		if f.Features[0].DID == who.DID {
			return "mention"
		}
	}
	return ""
}

// list gives a page, the newest first. A cursor is the time of the last one before.
func (s *Server) list(in *request, name string, show func(*Post) (map[string]any, bool)) (any, *refusal) {
	limit, err := strconv.Atoi(in.FormValue("limit"))
	if err != nil || limit < 1 || limit > 100 {
		return nil, no(http.StatusBadRequest, "InvalidRequest", "limit must be 1 to 100")
	}
	if s.opts.PageSize > 0 {
		limit = min(limit, s.opts.PageSize)
	}
	before := time.Now().Add(time.Hour)
	if c := in.FormValue("cursor"); c != "" {
		if before, err = time.Parse(time.RFC3339Nano, c); err != nil {
			return nil, invalid("Malformed cursor")
		}
	}
	sorted := slices.Clone(s.order)
	slices.SortStableFunc(sorted, func(a, b *Post) int { return b.sortAt().Compare(a.sortAt()) })
	out, all := map[string]any{}, []any{}
	for _, p := range sorted {
		v, ok := show(p)
		if !ok || p.Gone || !p.sortAt().Before(before) {
			continue
		}
		if len(all) == limit {
			break
		}
		all = append(all, v)
		out["cursor"] = p.sortAt().UTC().Format(time.RFC3339Nano)
	}
	out[name] = all
	return out, nil
}
