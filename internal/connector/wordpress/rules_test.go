package wordpress

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// testRules: what the connector relies on, without it, at the fake and at the real one.
func testRules(t *testing.T, w *world) {
	w.change(w.original, obj{"status": "approved"})
	reply := func(text string) obj {
		return obj{"post": w.news.post, "parent": w.original.comment, "content": text, "author_user_agent": "key"}
	}
	first := w.call(http.MethodPost, "/comments", reply("Atbilde."))
	at := messageID{w.news.post, uint64(first["id"].(float64))}.path()
	other := w.announce()
	for i, step := range []struct {
		method, path string
		body         any
		status       int
		code         string
	}{
		{http.MethodPost, "/comments", reply("Atbilde."), 409, "comment_duplicate"},
		{http.MethodPost, "/comments", reply(" "), 400, "rest_comment_content_invalid"},
		{http.MethodPost, "/comments", reply(strings.Repeat("ā", 33_000)), 400, "comment_content_column_length"},
		{http.MethodPost, at, obj{"content": strings.Repeat("ā", 33_000)}, 400, "comment_content_column_length"},
		{http.MethodGet, "/comments?per_page=101", nil, 400, "rest_invalid_param"},
		{http.MethodDelete, at, nil, 200, ""},
		{http.MethodDelete, at, nil, 410, "rest_already_trashed"},
		{http.MethodGet, at + "?context=edit", nil, 200, ""}, // what is in the trash can be read
		{http.MethodDelete, at + "?force=true", nil, 200, ""},
		{http.MethodDelete, at + "?force=true", nil, 404, "rest_comment_invalid_id"},
		{http.MethodGet, at + "?context=edit", nil, 404, "rest_comment_invalid_id"},
		{http.MethodDelete, other.path(), nil, 200, ""},
		{http.MethodDelete, other.path(), nil, 410, "rest_already_trashed"},
		{http.MethodGet, "/posts/4000000", nil, 404, "rest_post_invalid_id"},
		{http.MethodGet, "/categories/4000", nil, 404, "rest_term_invalid"},
		{http.MethodPost, w.news.path(), obj{"comment_status": "closed"}, 200, ""},
		{http.MethodPost, "/comments", reply("Vēl."), 403, "rest_comment_closed"},
	} {
		w.says(fmt.Sprintf("%d: %s %s", i, step.method, step.path), step.method, step.path, step.body, step.status, step.code)
	}
	testSlugs(t, w)
	testWhoAsks(w)
}

// says checks what a site says to a request.
func (p *place) says(what, method, path string, body any, status int, code string) {
	p.t.Helper()
	var said struct{ Code string }
	got, b := p.raw(method, path, body)
	if _ = json.Unmarshal(b, &said); got != status || said.Code != code {
		p.t.Errorf("%s: %d %q, want %d %q", what, got, said.Code, status, code)
	}
}

// testSlugs: one that is taken becomes another one without a word.
func testSlugs(t *testing.T, w *world) {
	slug := fmt.Sprintf("key-%d", w.news.post)
	post := obj{"title": "Hour", "content": "Ask", "status": "publish", "slug": slug}
	for _, want := range []string{slug, slug + "-2"} {
		if got := w.call(http.MethodPost, "/posts", post)["slug"]; got != want {
			t.Errorf("the slug is %v, want %s", got, want)
		}
	}
	if all := w.list("/posts?slug=" + slug); len(all) != 1 {
		t.Errorf("%d posts of that slug", len(all))
	}
}

// testWhoAsks: who has a wrong password is a stranger, who reads what is public and no more.
func testWhoAsks(w *world) {
	w.pass += "x"
	w.says("wrong password", http.MethodGet, "/users/me", nil, 401, "rest_not_logged_in")
	w.user = "nobody"
	w.says("unknown user", http.MethodGet, "/users/me", nil, 401, "rest_not_logged_in")
	w.says("a stranger writes", http.MethodPost, "/comments", obj{"post": w.news.post, "content": "Ko?"}, 401, "rest_comment_login_required")
	w.says("a stranger approves", http.MethodPost, w.original.path(), obj{"status": "approve"}, 401, "rest_cannot_edit")
	w.says("a stranger removes", http.MethodDelete, w.original.path(), nil, 401, "rest_cannot_delete")
	w.says("a stranger posts", http.MethodPost, "/posts", obj{"title": "Ko?"}, 401, "rest_cannot_create")
	w.says("a stranger reads all", http.MethodGet, "/comments?status=all", nil, 401, "rest_forbidden_param")
	w.says("a stranger reads", http.MethodGet, w.original.path(), nil, 200, "")
	w.says("a stranger reads what is private", http.MethodGet, w.original.path()+"?context=edit", nil, 401, "rest_forbidden_context")
}
