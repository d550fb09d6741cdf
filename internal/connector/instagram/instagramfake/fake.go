package instagramfake

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/graph/graphfake"
)

// The only account, its first token, and the post that it has.
const (
	Self     = "17841400000000002" // a float64 has no such number
	SelfName = "valsts.iestade"
	Token    = "IGAA1first"
	Media    = "17895695668004551"
)

// Scopes are all permissions, which the token has at first.
var Scopes = []string{"instagram_business_basic", "instagram_business_manage_comments", "instagram_business_content_publish"}

// Comment is one as it stands.
type Comment struct {
	ID, Author, Text string
	Media            string // the post
	Parent           string // the top comment of a reply
	Hidden           bool
	Likes            int
	At               time.Time
}

// Post is one of the account's.
type Post struct {
	ID, Caption, Alt string
	Picture          []byte
	At               time.Time
	closed           bool // nobody may comment
	vanished         bool
}

// Instagram is the API. Any number of goroutines may use it.
type Instagram struct {
	*graphfake.API
	posts     []*Post
	comments  []*Comment
	writes    graphfake.Window
	published graphfake.Window
	perHour   int
}

// Make makes an account with a post without a comment, which nobody serves yet. The token is a week
// old.
func Make(now func() time.Time) *Instagram {
	f := &Instagram{perHour: 1000, writes: graphfake.Window{Span: time.Hour}, published: graphfake.Window{Span: 24 * time.Hour},
		posts: []*Post{{ID: Media, Caption: "Ekspertstunda\nJautājiet!", At: now().Add(-24 * time.Hour)}},
		API: graphfake.Make(now, graphfake.Account{Self: Self, Kind: "instagram", Token: Token, Scopes: Scopes, First: 17_870_913_679_156_915,
			Grant: "ig_refresh_token", Basic: basic})}
	f.Operations = append(f.Operations, f.operations()...)
	return f
}

// New serves one for a test.
func New(t testing.TB, now func() time.Time) *Instagram {
	f := Make(now)
	f.Serve(t, f)
	return f
}

// PerHour is how many comments the account writes in an hour.
func (f *Instagram) PerHour(most int) { f.Do(func() { f.perHour = most }) }

// Spend is that so many posts of the day were published.
func (f *Instagram) Spend(n int) {
	f.Do(func() {
		for range n {
			f.published.Add(f.Now())
		}
	})
}

// Close says whether anybody may comment on the post that was there first.
func (f *Instagram) Close(is bool) { f.Do(func() { f.post(Media).closed = is }) }

// Vanish takes that post away, or brings it back.
func (f *Instagram) Vanish(is bool) { f.Do(func() { f.posts[0].vanished = is }) }

// Write is a comment of somebody; under is the comment that it replies to, or a post, and "" is the
// one that was there first. It gives its id.
func (f *Instagram) Write(author, under, text string) (at string) {
	f.Do(func() { at = f.add(author, under, text).ID })
	return at
}

// Change changes a comment, as hiding and liking it in the app do.
func (f *Instagram) Change(at string, change func(*Comment)) {
	f.Do(func() {
		if c := f.comment(at); c != nil {
			change(c)
		}
	})
}

// Remove takes a comment away with its replies, as its author does in the app.
func (f *Instagram) Remove(at string) { f.Do(func() { f.remove(at) }) }

// Comments are those that stand, the oldest first.
func (f *Instagram) Comments() (all []Comment) {
	f.Do(func() {
		for _, c := range f.comments {
			all = append(all, *c)
		}
	})
	return all
}

// Posts are those that were published, the oldest first.
func (f *Instagram) Posts() (all []Post) {
	f.Do(func() {
		for _, p := range f.posts[1:] {
			all = append(all, *p)
		}
	})
	return all
}

// add writes one; what replies to a reply stands under the top comment.
func (f *Instagram) add(author, under, text string) *Comment {
	c := &Comment{ID: f.Next(), Author: author, Text: text, Media: under, At: f.Now().Truncate(time.Second)}
	if above := f.comment(under); above != nil {
		c.Media, c.Parent = above.Media, above.ID
		if above.Parent != "" {
			c.Parent = above.Parent
		}
	}
	if c.Media == "" {
		c.Media = Media
	}
	f.comments = append(f.comments, c)
	return c
}

// comment is one by its id, while its post is there.
func (f *Instagram) comment(at string) *Comment {
	if i := slices.IndexFunc(f.comments, func(c *Comment) bool { return c.ID == at }); i >= 0 && f.post(f.comments[i].Media) != nil {
		return f.comments[i]
	}
	return nil
}

func (f *Instagram) post(at string) *Post {
	if i := slices.IndexFunc(f.posts, func(p *Post) bool { return p.ID == at && !p.vanished }); i >= 0 {
		return f.posts[i]
	}
	return nil
}

func (f *Instagram) remove(at string) {
	f.comments = slices.DeleteFunc(f.comments, func(c *Comment) bool { return c.ID == at || c.Parent == at })
}

// The fields that the documentation names: of a comment, of a post, and of the account.
var (
	commentFields = strings.Fields("id text timestamp username from hidden like_count parent_id media replies user " +
		"legacy_instagram_comment_id")
	mediaFields = strings.Fields("id caption alt_text comments_count is_comment_enabled like_count media_type media_url owner permalink " +
		"shortcode timestamp username")
	selfFields = strings.Fields("id user_id username name account_type profile_picture_url followers_count follows_count media_count")
	made       = strings.Fields("image_url caption alt_text location_id user_tags is_carousel_item collaborators")
	paged      = []string{"before", "after", "limit"}
)

const (
	user    = `/v26\.0/(?:me|` + Self + `)`
	node    = `/v26\.0/([0-9]{1,30})`
	basic   = "instagram_business_basic"
	talk    = "instagram_business_manage_comments"
	publish = "instagram_business_content_publish"
)

// operations are the documented calls of which the fake knows.
func (f *Instagram) operations() []graphfake.Operation {
	get, post, of := http.MethodGet, http.MethodPost, graphfake.Path
	message := []string{"message"}
	return []graphfake.Operation{
		{Name: "me", Verb: get, Path: of(user), Fields: selfFields, Scope: basic, Do: f.self},
		{Name: "posts", Verb: get, Path: of(user + "/media"), Params: paged, Fields: mediaFields, Scope: basic, Do: f.own},
		{Name: "create", Verb: post, Path: of(user + "/media"), Params: made, Scope: publish, Do: f.create},
		{Name: "publish", Verb: post, Path: of(user + "/media_publish"), Params: []string{"creation_id"}, Scope: publish, Do: f.publish},
		{Name: "limit", Verb: get, Path: of(user + "/content_publishing_limit"), Params: []string{"since"},
			Fields: []string{"quota_usage", "config"}, Scope: publish, Do: f.limit},
		{Name: "comments", Verb: get, Path: of(node + "/comments"), Params: paged, Fields: commentFields, Scope: talk, Do: f.top},
		{Name: "comment", Verb: post, Path: of(node + "/comments"), Params: message, Scope: talk, Do: f.write},
		{Name: "replies", Verb: get, Path: of(node + "/replies"), Params: paged, Fields: commentFields, Scope: talk, Do: f.replies},
		{Name: "reply", Verb: post, Path: of(node + "/replies"), Params: message, Scope: talk, Do: f.write},
		{Name: "node", Verb: get, Path: of(node), Scope: basic, Do: f.node,
			Fields: append(append(slices.Clone(mediaFields), commentFields...), "status", "status_code")},
		{Name: "hide", Verb: post, Path: of(node), Params: []string{"hide"}, Scope: talk, Do: f.hide},
		{Name: "delete", Verb: http.MethodDelete, Path: of(node), Scope: talk, Do: f.delete},
	}
}
