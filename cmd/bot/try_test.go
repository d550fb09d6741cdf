package main

import (
	"net/http"
	"strings"
	"testing"

	"experthour/internal/connector/wordpress/wordpressfake"
)

// TestTry posts at real platforms' stand-ins, looks, edits and takes back; whatever goes wrong,
// nothing stays there, or a person is told where.
func TestTry(t *testing.T) {
	t.Parallel()
	c := newClerks(t)
	site, town := wordpressfake.New(t), newFakeMastodon(t)
	blog := newBlog(t, c.at, blogSite{site.URL, wordpressfake.User, wordpressfake.Password})
	_, own := join(c, town, "question")
	writeConfig(t, c.at.dir, c.at.public(plain(realRedis(t), c.at)+blog.settings()+own))
	tries := func(kind string, code int, says ...string) string {
		t.Helper()
		out, errs, got := bot(t, c.at.dir, append([]string{"try"}, strings.Fields(kind)...)...)
		for _, part := range says {
			if got != code || !strings.Contains(out+errs, part) {
				t.Errorf("%s: exit code %d, %s%s; want %d, %q", kind, got, out, errs, code, part)
			}
		}
		if left := len(blog.posts("")) + len(town.posts()); left != 0 {
			t.Errorf("%s: %d posts are left", kind, left)
		}
		return out
	}
	tries("wordpress", exitOK, "post: ok", "it is p", "look up: ok", "edit: ok", "take back: ok", "gone: ok")
	tries("mastodon", exitOK, "post: ok", "edit: ok", "gone: ok")
	tries("wordpress --place wordpress", exitOK, "post: ok")
	tries("wordpress --place blog", exitFailed, `id = "blog"`)
	tries("flickr", exitFailed, "no [[public]] table")
	tries("friendster", exitMisused, "there is no kind")
	tries("wordpress --under https://x.example/1", exitFailed, "leave out --under")

	site.Break(http.MethodPost, http.StatusBadGateway, "oops") // it did, and nobody knows
	tries("wordpress", exitFailed, "post: failed", "look up: ok", "take back: ok", "gone: ok")
	site.Answer(http.MethodDelete, http.StatusForbidden, nil, `{"code":"rest_cannot_delete","message":"No."}`)
	out, _, code := bot(t, c.at.dir, "try", "wordpress")
	if code != exitFailed || !strings.Contains(out, "PLEASE TAKE IT BACK BY HAND: p") || len(blog.posts("")) != 1 {
		t.Errorf("exit code %d, %s", code, out)
	}
}
