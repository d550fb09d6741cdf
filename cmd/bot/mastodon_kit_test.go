package main

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/mastodon/mastodonfake"
	"experthour/internal/connector/mastodon/mastodontest"
	"experthour/internal/testenv"
)

const mastodonSettings = `
[mastodon]
server = %q
token = %q
[[public]]
kind = "mastodon"
hashtag = %q
`

// mastodonCalls are those at the gate; a post's own address has no number there.
var mastodonCalls = calls{lists: "GET /api/v1/notifications", looks: "GET /api/v1/statuses/", posts: "POST /api/v1/statuses",
	edits: "PUT /api/v1/statuses/", removes: "DELETE /api/v1/statuses/"}

var statusPath = regexp.MustCompile(`^/api/v1/statuses/[0-9a-f]+$`)

func mastodonCall(r *http.Request) string {
	path := r.URL.Path
	if statusPath.MatchString(path) {
		path = "/api/v1/statuses/"
	}
	return r.Method + " " + path
}

// beforeMastodon opens a gate before a server, for an account.
func beforeMastodon(t *testing.T, url, token, tag string) (*testenv.Gate, string) {
	gate := testenv.OpenGate(t, url, mastodonCall)
	return gate, fmt.Sprintf(mastodonSettings, gate.URL, token, tag)
}

var (
	lineBreak = strings.NewReplacer("<br />", "\n", "<br/>", "\n", "<br>", "\n", "</p>", "\n")
	markup    = regexp.MustCompile(`<[^>]*>`)
	tagged    = regexp.MustCompile(`#(\w+)`)
)

// readable is the text of a post.
func readable(content string) string {
	return html.UnescapeString(markup.ReplaceAllString(lineBreak.Replace(content), ""))
}

// fakeMastodon is one of the project's own.
type fakeMastodon struct{ *mastodonfake.Fake }

// newFakeMastodon is judged by what Mastodon documents, as are requests to it.
func newFakeMastodon(t *testing.T) *fakeMastodon {
	f := &fakeMastodon{mastodonfake.New(t, time.Now)}
	f.URL = mastodontest.Judge(t, f.URL)
	return f
}

// asker is somebody on another server.
var asker = mastodonfake.Person{ID: "7", Acct: "ilze@social.example"}

func (f *fakeMastodon) open(t *testing.T, tag string) (*testenv.Gate, string) {
	return beforeMastodon(t, f.URL, mastodonfake.Token, tag)
}
func (f *fakeMastodon) office() string         { return "@" + mastodonfake.Bot.Acct }
func (f *fakeMastodon) calls() calls           { return mastodonCalls }
func (f *fakeMastodon) ask(text string) string { return f.under("", text) }
func (f *fakeMastodon) edit(post, text string) { f.Change(post, text) }
func (f *fakeMastodon) remove(post string)     { f.Remove(post) }
func (f *fakeMastodon) like(post string)       { f.Like(post) }

func (f *fakeMastodon) askWith(text, alt string, picture []byte) string {
	return f.WriteWith(asker, text, mastodonfake.Media{Content: picture, Alt: alt}).ID
}

// under replies as apps do, which name whom they reply to.
func (f *fakeMastodon) under(post, text string) string {
	if post != "" {
		text = f.office() + " " + text
	}
	var tags []string
	for _, found := range tagged.FindAllStringSubmatch(text, -1) {
		tags = append(tags, found[1])
	}
	return f.Write(asker, text, post, tags...).ID
}

func (f *fakeMastodon) posts() (all []posted) {
	for _, p := range f.Posts() {
		one := posted{at: p.ID, text: readable(p.Content)}
		if p.ReplyTo != nil {
			one.under = *p.ReplyTo
		}
		for _, picture := range p.Media {
			one.alts = append(one.alts, picture.Alt)
		}
		all = append(all, one)
	}
	return all
}

// realMastodon is snac2. It lists posts under nothing, and replies by what they stand under.
type realMastodon struct {
	*mastodontest.Server
	asked []string
}

func (r *realMastodon) open(t *testing.T, tag string) (*testenv.Gate, string) {
	return beforeMastodon(t, r.URL, r.Token, tag)
}
func (r *realMastodon) office() string         { return "@" + mastodontest.Bot }
func (r *realMastodon) calls() calls           { return mastodonCalls }
func (r *realMastodon) ask(text string) string { return r.under("", text) }
func (r *realMastodon) edit(post, text string) { r.Edit(post, text) }
func (r *realMastodon) like(post string)       { r.Like(post) }

func (r *realMastodon) askWith(text, alt string, picture []byte) string {
	at := r.WriteWith(text, alt, picture)
	r.asked = append(r.asked, at)
	return at
}

func (r *realMastodon) remove(post string) {
	r.Delete(post)
	r.asked = slices.DeleteFunc(r.asked, func(at string) bool { return at == post }) // which lists nothing any more
}

func (r *realMastodon) under(post, text string) string {
	at := r.Write(text, post)
	r.asked = append(r.asked, at)
	return at
}

func (r *realMastodon) posts() (all []posted) {
	found := r.Alone()
	for _, at := range r.asked {
		found = append(found, r.Under(at)...)
	}
	for _, p := range found {
		one := posted{at: p.ID, under: p.Under, text: readable(p.Content)}
		for _, picture := range p.Media {
			one.alts = append(one.alts, picture.Alt)
		}
		all = append(all, one)
	}
	return all
}
