package wordpressfake

import (
	"cmp"
	"html"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mostBytes is the longest comment.
const mostBytes = 65525

// changes are what WordPress makes of a text when it shows it; a fake needs no more of them
// than show whether somebody thought of it.
var changes = strings.NewReplacer(`"`, "”", "'", "’", "--", "–", "...", "…", ":)", "🙂")

var (
	shortcode = regexp.MustCompile(`\[[a-z]+[^\]]*\]`)
	times     = regexp.MustCompile(`(\d)x(\d)`)
	tags      = regexp.MustCompile(`<[^>]*>`)
)

// shown is a text as a reader gets it. Tags are left alone.
func shown(raw string) string {
	var b strings.Builder
	at := 0
	for _, t := range append(tags.FindAllStringIndex(raw, -1), []int{len(raw), len(raw)}) {
		part := shortcode.ReplaceAllString(changes.Replace(raw[at:t[0]]), "")
		b.WriteString(times.ReplaceAllString(part, "$1×$2") + raw[t[0]:t[1]])
		at = t[1]
	}
	return "<p>" + strings.ReplaceAll(b.String(), "\n", "<br />\n") + "</p>\n"
}

// kept are the tags that stay in the comments of who may not write HTML
// (https://developer.wordpress.org/reference/functions/wp_filter_kses/).
var kept = regexp.MustCompile(`^</?(a|abbr|acronym|b|blockquote|cite|code|del|em|i|q|s|strike|strong)[\s/>]`)

// filtered is a comment as it is stored.
func (s *Site) filtered(raw string) string {
	if s.may("unfiltered_html") {
		return raw
	}
	return tags.ReplaceAllStringFunc(raw, func(tag string) string {
		if kept.MatchString(tag) {
			return tag
		}
		return ""
	})
}

func (s *Site) shownComment(c *comment, edits bool) map[string]any {
	m := map[string]any{"id": c.id, "post": c.post, "parent": c.parent, "author": c.author, "author_name": c.name, "link": s.addressOf(c),
		"date_gmt": c.at.Format("2006-01-02T15:04:05"), "status": c.status, "type": "comment",
		"content": map[string]any{"rendered": shown(c.content)}}
	if edits {
		m["content"] = map[string]any{"raw": c.content, "rendered": shown(c.content)}
		m["author_email"], m["author_user_agent"], m["author_ip"] = c.email, c.agent, strangerIP
	}
	return m
}

func (s *Site) listComments(r request) (any, error) {
	q := r.URL.Query()
	edits := r.edits() && s.may("moderate_comments")
	if r.edits() && !edits {
		return nil, fail(http.StatusForbidden, "rest_forbidden_context", "Sorry, you are not allowed to edit comments.")
	}
	if st := q.Get("status"); st != "" && st != "all" {
		return nil, fail(http.StatusBadRequest, "fake_status", "lists of states do not work")
	}
	per, _ := strconv.Atoi(cmp.Or(q.Get("per_page"), "10"))
	page, _ := strconv.Atoi(cmp.Or(q.Get("page"), "1"))
	if per < 1 || per > 100 || page < 1 {
		return nil, fail(http.StatusBadRequest, "rest_invalid_param", "Invalid parameter(s): per_page")
	}
	var found []*comment
	for _, id := range slices.Sorted(maps.Keys(s.comments)) {
		if c := s.comments[id]; s.listed(c, r) {
			found = append(found, c)
		}
	}
	if cmp.Or(q.Get("order"), "desc") == "desc" {
		slices.Reverse(found)
	}
	out := []any{}
	for _, c := range found[min(len(found), per*(page-1)):min(len(found), per*page)] {
		out = append(out, s.shownComment(c, edits))
	}
	return out, nil
}

func (s *Site) listed(c *comment, r request) bool {
	in := func(key string, n int) bool {
		return r.URL.Query().Get(key) == "" || slices.Contains(r.numbers(key), n)
	}
	all := r.URL.Query().Get("status") == "all" && s.may("moderate_comments")
	return (c.status == "approved" || all && c.status == "hold") && in("post", c.post) && in("parent", c.parent) && in("include", c.id) &&
		in("author", c.author)
}

func (s *Site) addComment(r request) (any, error) {
	p := s.posts[r.number("post")]
	c := &comment{post: r.number("post"), parent: r.number("parent"), author: userID, name: User, agent: r.text("author_user_agent"),
		content: s.filtered(r.text("content")), status: "approved", at: s.now().UTC()}
	if email := r.text("author_email"); email != "" && s.may("moderate_comments") {
		c.author, c.email, c.name, c.status = 0, email, r.text("author_name"), "hold"
	}
	switch {
	case p == nil || p.status == "trash":
		return nil, fail(http.StatusForbidden, "rest_comment_invalid_post_id", "There is no such post.")
	case p.discussion != "open":
		return nil, fail(http.StatusForbidden, "rest_comment_closed", "Sorry, comments are closed for this item.")
	case strings.TrimSpace(c.content) == "":
		return nil, fail(http.StatusBadRequest, "rest_comment_content_invalid", "Invalid comment content.")
	case len(c.content) > mostBytes:
		return nil, fail(http.StatusBadRequest, "comment_content_column_length", "Your comment is too long.")
	case s.repeated(c):
		return nil, fail(http.StatusConflict, "comment_duplicate", "Duplicate comment detected; it looks as though you’ve already said that!")
	case !s.may("moderate_comments") && s.now().Sub(s.lastOwn) < 15*time.Second:
		return nil, fail(http.StatusBadRequest, "comment_flood", "You are posting comments too quickly. Slow down.")
	}
	s.last++
	c.id, s.lastOwn = s.last, s.now()
	s.comments[c.id] = c
	return s.shownComment(c, r.edits()), nil
}

func (s *Site) repeated(c *comment) bool {
	for _, o := range s.comments {
		if o.author == c.author && o.email == c.email && o.post == c.post && o.parent == c.parent && o.status != "trash" &&
			html.UnescapeString(o.content) == html.UnescapeString(c.content) {
			return true
		}
	}
	return false
}

func (s *Site) comment(r request) (*comment, error) {
	if c := s.comments[r.id()]; c != nil {
		return c, nil
	}
	return nil, fail(http.StatusNotFound, "rest_comment_invalid_id", "Invalid comment ID.")
}

func (s *Site) getComment(r request) (any, error) {
	c, err := s.comment(r)
	switch {
	case err != nil:
		return nil, err
	case c.status != "approved" && !r.edits():
		return nil, fail(http.StatusUnauthorized, "rest_cannot_read", "Sorry, you are not allowed to read this comment.")
	}
	return s.shownComment(c, r.edits()), nil
}

func (s *Site) editComment(r request) (any, error) {
	c, err := s.comment(r)
	switch {
	case err != nil:
		return nil, err
	case !s.may("moderate_comments"):
		return nil, fail(http.StatusForbidden, "rest_cannot_edit", "Sorry, you are not allowed to edit this comment.")
	case len(r.text("content")) > mostBytes:
		return nil, fail(http.StatusBadRequest, "comment_content_column_length", "Your comment is too long.")
	}
	c.content, c.agent = cmp.Or(s.filtered(r.text("content")), c.content), cmp.Or(r.text("author_user_agent"), c.agent)
	if st := r.text("status"); st != "" {
		c.status = map[string]string{"approve": "approved", "approved": "approved", "hold": "hold", "spam": "spam", "trash": "trash"}[st]
	}
	return s.shownComment(c, r.edits()), nil
}

func (s *Site) removeComment(r request) (any, error) {
	c, err := s.comment(r)
	switch {
	case err != nil:
		return nil, err
	case !s.may("moderate_comments"):
		return nil, fail(http.StatusForbidden, "rest_cannot_delete", "Sorry, you are not allowed to delete this comment.")
	case r.URL.Query().Get("force") == "true":
		delete(s.comments, c.id)
	case c.status == "trash":
		return nil, fail(http.StatusGone, "rest_already_trashed", "The comment has already been trashed.")
	default:
		c.status = "trash"
	}
	return s.shownComment(c, true), nil
}
