package main

import (
	"fmt"
	"strings"
	"testing"

	"experthour/internal/connector/bluesky/blueskyfake"
	"experthour/internal/connector/bluesky/blueskytest"
	"experthour/internal/testenv"
)

const blueskySettings = `
[bluesky]
handle = %q
app_password = %q
api_url = %q
pictures_url = %q
[[public]]
kind = "bluesky"
hashtag = %q
`

// skyCalls are its calls at the gate.
var skyCalls = calls{lists: "app.bsky.notification.listNotifications", looks: "app.bsky.feed.getPosts",
	posts: "com.atproto.repo.putRecord", edits: "com.atproto.repo.putRecord", removes: "com.atproto.repo.deleteRecord"}

// beforeSky opens a gate before a Bluesky, for an account; pictures are where they are shown from.
func beforeSky(t *testing.T, url, pictures, handle, password, tag string) (*testenv.Gate, string) {
	gate := blueskytest.Open(t, url)
	return gate.Gate, fmt.Sprintf(blueskySettings, handle, password, gate.URL, pictures, tag)
}

// fakeSky is one of the project's own.
type fakeSky struct {
	*blueskyfake.Server
	ilze *blueskyfake.User
}

func newFakeSky(t *testing.T) network {
	s := blueskyfake.New(t, blueskyfake.Options{})
	return &fakeSky{s, s.User("ilze.test")}
}

func (f *fakeSky) open(t *testing.T, tag string) (*testenv.Gate, string) {
	return beforeSky(t, f.URL, f.URL, blueskyfake.BotHandle, blueskyfake.BotPassword, tag)
}
func (f *fakeSky) office() string         { return "@" + blueskyfake.BotHandle }
func (f *fakeSky) calls() calls           { return skyCalls }
func (f *fakeSky) ask(text string) string { return f.ilze.Write(text).URI }
func (f *fakeSky) askWith(text, alt string, picture []byte) string {
	return f.ilze.WriteWith(text, blueskyfake.Sent{Content: picture, Alt: alt}).URI
}
func (f *fakeSky) under(post, text string) string { return f.ilze.Reply(f.Post(post), text).URI }
func (f *fakeSky) edit(post, text string)         { f.Post(post).Edit(text) }
func (f *fakeSky) remove(post string)             { f.Post(post).Delete() }
func (f *fakeSky) like(post string)               { f.Post(post).Like(1) }

func (f *fakeSky) posts() (all []posted) {
	for _, p := range f.ByBot() {
		one := posted{at: p.URI, text: p.Record.Text}
		if p.Record.Reply != nil {
			one.under = p.Record.Reply.Parent.URI
		}
		if p.Record.Embed != nil {
			for _, picture := range p.Record.Embed.Images {
				one.alts = append(one.alts, picture.Alt)
			}
		}
		all = append(all, one)
	}
	return all
}

// realSky is Bluesky's own.
type realSky struct {
	t         *testing.T
	s         *blueskytest.Server
	bot, ilze *blueskytest.User
	versions  map[string]blueskytest.Ref
	readers   int
}

func newRealSky(t *testing.T, s *blueskytest.Server, name string) network {
	return &realSky{t: t, s: s, bot: s.Join(t, name), ilze: s.Join(t, name+"-ilze"), versions: map[string]blueskytest.Ref{}}
}

func (r *realSky) open(t *testing.T, tag string) (*testenv.Gate, string) {
	shown := blueskytest.Show(t, r.s.URL)
	return beforeSky(t, shown, shown, r.bot.Handle, r.bot.AppPassword(), tag)
}
func (r *realSky) office() string { return "@" + r.bot.Handle }
func (r *realSky) calls() calls   { return skyCalls }

func (r *realSky) keep(p blueskytest.Ref) string {
	r.versions[p.URI] = p
	return p.URI
}

func (r *realSky) ask(text string) string { return r.keep(r.ilze.Write(text)) }

func (r *realSky) askWith(text, alt string, picture []byte) string {
	return r.keep(r.ilze.WriteWith(text, alt, picture))
}

func (r *realSky) under(post, text string) string {
	for _, p := range r.bot.Posts() {
		if p.URI == post {
			return r.keep(r.ilze.Reply(p.Ref, text))
		}
	}
	r.t.Fatalf("no post at %s", post)
	return ""
}

func (r *realSky) edit(post, text string) { r.ilze.Edit(r.versions[post], text) }
func (r *realSky) remove(post string)     { r.ilze.Delete(r.versions[post]) }

func (r *realSky) like(post string) {
	r.readers++
	r.s.Join(r.t, fmt.Sprint(strings.TrimSuffix(r.bot.Handle, ".test"), "-reader", r.readers)).Like(r.versions[post])
}

func (r *realSky) posts() (all []posted) {
	for _, p := range r.bot.Posts() {
		one := posted{at: p.URI, under: p.Under(), text: p.Value.Text}
		for _, picture := range p.Value.Embed.Images {
			one.alts = append(one.alts, picture.Alt)
		}
		all = append(all, one)
	}
	return all
}
