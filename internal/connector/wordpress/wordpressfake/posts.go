package wordpressfake

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// can are the rights of the roles.
var can = map[string]map[string]bool{
	"editor": {"publish_posts": true, "edit_published_posts": true, "delete_published_posts": true, "edit_others_posts": true,
		"moderate_comments": true, "upload_files": true, "unfiltered_html": true},
	"network editor": {"publish_posts": true, "edit_published_posts": true, "delete_published_posts": true, "edit_others_posts": true,
		"moderate_comments": true, "upload_files": true},
	"author": {"publish_posts": true, "edit_published_posts": true, "delete_published_posts": true, "upload_files": true}, "subscriber": {},
}

func (s *Site) may(right string) bool { return can[s.role][right] }

func (s *Site) index(request) (any, error) {
	return map[string]any{"namespaces": []string{"oembed/1.0", "wp/v2"},
		"authentication": map[string]any{"application-passwords": map[string]any{}}}, nil
}

func (s *Site) me(request) (any, error) {
	return map[string]any{"id": userID, "name": User, "roles": []string{s.role}, "capabilities": can[s.role]}, nil
}

func (s *Site) category(r request) (any, error) {
	if r.id() != 5 {
		return nil, fail(http.StatusNotFound, "rest_term_invalid", "Term does not exist.")
	}
	return map[string]any{"name": "Hours &amp; news"}, nil
}

func (s *Site) listPosts(r request) (any, error) {
	found := []any{}
	for _, id := range slices.Sorted(maps.Keys(s.posts)) {
		p, slug := s.posts[id], r.URL.Query().Get("slug")
		if p.status != "trash" && (slug == "" || p.slug == slug) {
			found = append(found, s.shownPost(p, r.edits()))
		}
	}
	return found, nil
}

func (s *Site) shownPost(p *post, edits bool) map[string]any {
	m := map[string]any{"id": p.id, "author": userID, "link": p.address(s.URL), "slug": p.slug, "status": p.status,
		"comment_status": p.discussion, "sticky": p.sticky,
		"title": map[string]any{"rendered": shown(p.title)}, "content": map[string]any{"rendered": shown(p.content)}}
	if edits {
		m["title"], m["content"] = map[string]any{"raw": p.title}, map[string]any{"raw": p.content}
	}
	return m
}

func (s *Site) addPost(r request) (any, error) {
	if !s.may("publish_posts") {
		return nil, fail(http.StatusForbidden, "rest_cannot_create", "Sorry, you are not allowed to create posts as this user.")
	}
	if c := r.text("categories"); c != "" && c != "5" {
		return nil, fail(http.StatusBadRequest, "rest_invalid_param", "Invalid parameter(s): categories")
	}
	s.last++
	p := &post{id: s.last, title: r.text("title"), content: r.text("content"), slug: s.free(r.text("slug")), status: r.text("status"),
		discussion: r.text("comment_status"), at: s.now().UTC()}
	s.posts[p.id] = p
	return s.shownPost(p, r.edits()), nil
}

// free makes a slug that is taken another one without a word, as WordPress does.
func (s *Site) free(slug string) string {
	taken := func(slug string) bool {
		for _, p := range s.posts {
			if p.slug == slug && p.status != "trash" {
				return true
			}
		}
		for _, m := range s.media {
			if m.slug == slug {
				return true
			}
		}
		return false
	}
	name := slug
	for n := 2; taken(name); n++ {
		name = slug + "-" + strconv.Itoa(n)
	}
	return name
}

func (s *Site) post(r request) (*post, error) {
	if p := s.posts[r.id()]; p != nil {
		return p, nil
	}
	return nil, fail(http.StatusNotFound, "rest_post_invalid_id", "Invalid post ID.")
}

func (s *Site) getPost(r request) (any, error) {
	p, err := s.post(r)
	if err != nil {
		return nil, err
	}
	return s.shownPost(p, r.edits()), nil
}

func (s *Site) editPost(r request) (any, error) {
	p, err := s.post(r)
	if err != nil {
		return nil, err
	}
	if sticky, ok := r.body["sticky"].(bool); ok {
		p.sticky = sticky
	}
	for key, into := range map[string]*string{"title": &p.title, "content": &p.content, "comment_status": &p.discussion} {
		if _, ok := r.body[key]; ok {
			*into = r.text(key)
		}
	}
	return s.shownPost(p, r.edits()), nil
}

func (s *Site) removePost(r request) (any, error) {
	p, err := s.post(r)
	switch {
	case err != nil:
		return nil, err
	case p.status == "trash":
		return nil, fail(http.StatusGone, "rest_already_trashed", "The post has already been deleted.")
	}
	p.status = "trash"
	for _, c := range s.comments {
		if c.post == p.id {
			c.status = "post-trashed"
		}
	}
	return s.shownPost(p, true), nil
}
