package main

import (
	"strings"
	"testing"

	"experthour/internal/connector/draugiem/draugiemfake"
	"experthour/internal/connector/facebook/facebookfake"
	"experthour/internal/connector/flickr/flickrfake"
	"experthour/internal/connector/instagram/instagramfake"
	"experthour/internal/connector/threads/threadsfake"
	"experthour/internal/connector/x/xfake"
	"experthour/internal/connector/youtube/youtubefake"
	"experthour/internal/testenv"
)

// custom is how things are at a platform.
type custom struct {
	name    string
	mention string // what a question must say; all else that is said there is talk
	silent  bool   // hours are not announced there
	curt    bool   // who asked is not told there that their question was merged
	anew    bool   // a correction is another post, for the platform edits none
}

// customs are those of the platforms of the hour that is held everywhere.
var customs = map[string]custom{
	"flickr":    {name: "Flickr", curt: true},
	"youtube":   {name: "YouTube"},
	"threads":   {name: "Threads", anew: true},
	"x":         {name: "X", anew: true, mention: "@iestade "},
	"facebook":  {name: "Facebook", curt: true},
	"instagram": {name: "Instagram", anew: true, silent: true},
	"draugiem":  {name: "Draugiem.lv (experimental)", curt: true},
}

// platform is one of them, as the kit of its own test has it.
type platform struct {
	custom
	kind string
	ask  func(text string) (at string)
	lose func()                     // the next answer is posted there, and nothing said of it
	has  func(text string) []posted // by the institution
}

// platforms opens all for an institution, and says what the configuration has of them.
func platforms(c *clerks) (all []*platform, settings string) {
	for _, join := range []func(*clerks) (*platform, string){onFlickr, onYouTube, onThreads, onX, onFacebook, onInstagram, onDraugiem} {
		p, own := join(c)
		p.custom = customs[p.kind]
		all, settings = append(all, p), settings+own
	}
	return all, settings
}

// asPosts is what a kit found, as posts.
func asPosts[P any](all []P, as func(P) posted) (out []posted) {
	for _, p := range all {
		out = append(out, as(p))
	}
	return out
}

// onFlickr has the number of a comment for where it stands, for what it answers is a link in its text.
func onFlickr(c *clerks) (*platform, string) {
	k, own := joinPhoto(c)
	return &platform{kind: "flickr",
		ask: func(text string) string {
			at := k.flickr.Write("35468159852@N01", "Ilze", text)
			return at[strings.LastIndex(at, "-")+1:]
		},
		lose: func() { k.flickr.Hang("flickr.photos.comments.addComment") },
		has: func(text string) []posted {
			return asPosts(k.own(text), func(p flickrfake.Comment) posted {
				_, link, _ := strings.Cut(p.Text, "#comment")
				return posted{at: p.ID, under: link[:len(link)-len(strings.TrimLeft(link, "0123456789"))], text: p.Text}
			})
		},
	}, own
}

func onYouTube(c *clerks) (*platform, string) {
	k, own := joinTube(c, "refresh_token = \""+youtubefake.Refresh+"\"\n")
	return &platform{kind: "youtube",
		ask:  func(text string) string { return k.youtube.Write("UCilze_0123456789abcdefg", "@ilze", text, "") },
		lose: func() { k.youtube.Hang("POST /youtube/v3/comments") },
		has: func(text string) []posted {
			return asPosts(k.own(text), func(p youtubefake.Comment) posted { return posted{at: p.ID, under: p.Parent, text: p.Text} })
		},
	}, own
}

func onThreads(c *clerks) (*platform, string) {
	k, own := joinProfile(c)
	return &platform{kind: "threads",
		ask:  func(text string) string { return k.threads.Write("ilze.ozola", k.once("We have started").ID, text) },
		lose: func() { k.threads.Hang("publish") },
		has: func(text string) []posted {
			return asPosts(k.own(text), func(p threadsfake.Post) posted { return posted{at: p.ID, under: p.ReplyTo, text: p.Text} })
		},
	}, own
}

func onX(c *clerks) (*platform, string) {
	k, own := joinAccount(c)
	return &platform{kind: "x",
		ask:  func(text string) string { return k.x.Write("2244994945", text) },
		lose: func() { k.x.Hang(xfake.Create) },
		has: func(text string) []posted {
			return asPosts(k.own(text), func(p xfake.Post) posted { return posted{at: p.ID, under: p.ReplyTo, text: p.Text} })
		},
	}, own
}

func onFacebook(c *clerks) (*platform, string) {
	k, own := joinFanPage(c)
	return &platform{kind: "facebook",
		ask: func(text string) string {
			return k.page.Write(k.once("We have started").ID, "7100000000000000001", "Ilze", text)
		},
		lose: func() { k.page.Hang("POST comment") },
		has: func(text string) []posted {
			return asPosts(k.own(text), func(n facebookfake.Node) posted { return posted{at: n.ID, under: n.Parent, text: n.Text} })
		},
	}, own
}

func onInstagram(c *clerks) (*platform, string) {
	k, own := joinGallery(c, ownPicture)
	return &platform{kind: "instagram",
		ask:  func(text string) string { return k.instagram.Write("ilze.ozola", "", text) },
		lose: func() { k.instagram.Hang("reply") },
		has: func(text string) []posted {
			return asPosts(k.own(text), func(p instagramfake.Comment) posted { return posted{at: p.ID, under: p.Parent, text: p.Text} })
		},
	}, own
}

func onDraugiem(c *clerks) (*platform, string) {
	k, own := joinQuestionPage(c)
	return &platform{kind: "draugiem",
		ask:  func(text string) string { return k.page.Ask("491171", "Ilze", text) },
		lose: func() { k.page.Hang("pages/faq answer") },
		has: func(text string) []posted {
			all := asPosts(k.news(text), func(n draugiemfake.News) posted { return posted{at: n.ID, text: n.Text} })
			for _, q := range k.page.Questions() {
				if q.Answer != "" && strings.Contains(q.Answer, text) {
					all = append(all, posted{at: q.ID, under: q.ID, text: q.Answer})
				}
			}
			return all
		},
	}, own
}

// once waits for the one post of the institution with a text.
func (p *platform) once(t *testing.T, text string) posted {
	t.Helper()
	testenv.Until(t, p.name+" has "+text, func() bool { return len(p.has(text)) > 0 })
	all := p.has(text)
	if len(all) != 1 {
		t.Fatalf("%s has %q %d times", p.name, text, len(all))
	}
	return all[0]
}

// announces wants news of the hour, or none where none are announced.
func (p *platform) announces(t *testing.T, news string) posted {
	t.Helper()
	if p.silent {
		if all := p.has(news); len(all) > 0 {
			t.Errorf("%s announces nothing, and has %+v", p.name, all)
		}
		return posted{}
	}
	return p.once(t, news)
}

// tells wants that who asked is told once of the merging, or not at all where they are not.
func (p *platform) tells(t *testing.T, asked string) {
	t.Helper()
	all := p.has("merged with question")
	if p.curt && len(all) > 0 || !p.curt && (len(all) != 1 || all[0].under != asked) {
		t.Errorf("%s tells of a merging: %v; it has %+v", p.name, !p.curt, all)
	}
}
