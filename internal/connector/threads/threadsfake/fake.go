package threadsfake

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/graph/graphfake"
)

// The only account, and its first token.
const (
	Self     = "17841400000000001" // a float64 has no such number
	SelfName = "valsts.iestade"
	Token    = "THAA1first"
)

// Scopes are all permissions, which the token has at first.
var Scopes = []string{"threads_basic", "threads_content_publish", "threads_manage_replies", "threads_read_replies", "threads_delete",
	"threads_manage_mentions"}

// Post is one as it stands.
type Post struct {
	ID, Author, Text string
	ReplyTo, Root    string // the root of a post that replies to nothing is itself
	Hide, Kind       string
	At               time.Time
}

// Threads is the API. Any number of goroutines may use it.
type Threads struct {
	*graphfake.API
	posts  []*Post
	used   map[string]*graphfake.Window // of a quota
	tester bool
}

// Make makes an account without a post, which nobody serves yet. Its token is a week old.
func Make(now func() time.Time) *Threads {
	day := func() *graphfake.Window { return &graphfake.Window{Span: 24 * time.Hour} }
	f := &Threads{tester: true, used: map[string]*graphfake.Window{"posts": day(), "replies": day(), "deletes": day()},
		API: graphfake.Make(now, graphfake.Account{Self: Self, Kind: "threads", Token: Token, Scopes: Scopes, First: 17_900_000_000_000_001,
			Grant: "th_refresh_token", Basic: "threads_basic"})}
	f.Operations = append(f.Operations, f.operations()...)
	return f
}

// New serves one for a test.
func New(t testing.TB, now func() time.Time) *Threads {
	f := Make(now)
	f.Serve(t, f)
	return f
}

// Tester says whether the account is a tester of the app, who may ask about tokens.
func (f *Threads) Tester(is bool) { f.Do(func() { f.tester = is }) }

// Spend takes of a quota: "posts", "replies" or "deletes".
func (f *Threads) Spend(quota string, n int) {
	f.Do(func() {
		for range n {
			f.used[quota].Add(f.Now())
		}
	})
}

// Write is a post of somebody; to is what it replies to, "" is nothing. It gives its id.
func (f *Threads) Write(author, to, text string) (at string) {
	f.Do(func() { at = f.add(author, to, text).ID })
	return at
}

// Change changes a post, as an edit in the app or hiding it does.
func (f *Threads) Change(at string, change func(*Post)) {
	f.Do(func() {
		if p := f.post(at); p != nil {
			change(p)
		}
	})
}

// Remove takes a post away, as its author does in the app.
func (f *Threads) Remove(at string) { f.Do(func() { f.remove(at) }) }

// Posts are those that stand, the oldest first.
func (f *Threads) Posts() (all []Post) {
	f.Do(func() {
		for _, p := range f.posts {
			all = append(all, *p)
		}
	})
	return all
}

func (f *Threads) add(author, to, text string) *Post {
	p := &Post{ID: f.Next(), Author: author, Text: text, ReplyTo: to, Hide: "NOT_HUSHED", Kind: "TEXT_POST", At: f.Now().Truncate(time.Second)}
	p.Root = p.ID
	if above := f.post(to); above != nil {
		p.Root = above.Root
	}
	f.posts = append(f.posts, p)
	return p
}

func (f *Threads) post(at string) *Post {
	if i := slices.IndexFunc(f.posts, func(p *Post) bool { return p.ID == at }); i >= 0 {
		return f.posts[i]
	}
	return nil
}

func (f *Threads) remove(at string) {
	f.posts = slices.DeleteFunc(f.posts, func(p *Post) bool { return p.ID == at })
}

// link is the address of a post; what stands in it is no id of the API.
func (p *Post) link() string {
	return fmt.Sprintf("https://www.threads.com/@%s/post/C%s", p.Author, strings.TrimPrefix(p.ID, "179000"))
}

// mediaFields are those of a post that is read by itself
// (https://developers.facebook.com/documentation/threads/reference/media-retrieval), and
// replyFields of one in a list of replies (…/reference/reply-management).
var (
	replyFields = strings.Fields("id media_product_type media_type media_url permalink username text timestamp shortcode " +
		"thumbnail_url children is_quote_post has_replies root_post replied_to is_reply is_reply_owned_by_me hide_status reply_audience " +
		"quoted_post reposted_post gif_url topic_tag is_verified profile_picture_url")
	mediaFields = append(strings.Fields("owner alt_text link_attachment_url poll_attachment is_spoiler_media text_entities text_attachment "+
		"location_id"), replyFields...)
	selfFields  = strings.Fields("id username name threads_profile_picture_url threads_biography is_verified")
	limitFields = strings.Fields("quota_usage config reply_quota_usage reply_config delete_quota_usage delete_config " +
		"location_search_quota_usage location_search_config")
	made = strings.Fields("media_type text image_url video_url is_carousel_item children reply_to_id reply_control " +
		"allowlisted_country_codes alt_text link_attachment quote_post_id topic_tag")
	paged = []string{"since", "until", "limit", "before", "after"}
)

const (
	user    = `/v1\.0/(?:me|` + Self + `)`
	node    = `/v1\.0/([0-9]{1,30})`
	basic   = "threads_basic"
	publish = "threads_content_publish"
	manage  = "threads_manage_replies"
	read    = "threads_read_replies"
)

// operations are the documented calls of which the fake knows.
func (f *Threads) operations() []graphfake.Operation {
	get, post, of := http.MethodGet, http.MethodPost, graphfake.Path
	return []graphfake.Operation{
		{Name: "me", Verb: get, Path: of(user), Fields: selfFields, Scope: basic, Do: f.self},
		{Name: "create", Verb: post, Path: of(user + "/threads"), Params: made, Scope: publish, Do: f.create},
		{Name: "publish", Verb: post, Path: of(user + "/threads_publish"), Params: []string{"creation_id"}, Scope: publish, Do: f.publish},
		{Name: "own", Verb: get, Path: of(user + "/threads"), Params: paged, Fields: mediaFields, Scope: basic, Do: f.own},
		{Name: "replies", Verb: get, Path: of(user + "/replies"), Params: paged, Fields: mediaFields, Scope: read, Do: f.ownReplies},
		{Name: "mentions", Verb: get, Path: of(user + "/mentions"), Params: paged, Fields: mediaFields, Scope: "threads_manage_mentions",
			Do: f.mentions},
		{Name: "limit", Verb: get, Path: of(user + "/threads_publishing_limit"), Fields: limitFields, Scope: publish, Do: f.limits},
		{Name: "conversation", Verb: get, Path: of(node + "/conversation"), Params: []string{"reverse", "before", "after"}, Fields: replyFields,
			Scope: read, Do: f.conversation},
		{Name: "node", Verb: get, Path: of(node), Fields: append(slices.Clone(mediaFields), "status", "error_message"), Scope: basic, Do: f.node},
		{Name: "hide", Verb: post, Path: of(node + "/manage_reply"), Params: []string{"hide"}, Scope: manage, Do: f.hide},
		{Name: "delete", Verb: http.MethodDelete, Path: of(node), Scope: "threads_delete", Do: f.delete},
		{Name: "debug", Verb: get, Path: of(`/v1\.0/debug_token`), Params: []string{"input_token"}, Do: f.debug},
	}
}
