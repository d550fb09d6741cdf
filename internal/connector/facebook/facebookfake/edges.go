package facebookfake

import (
	"strings"

	"experthour/internal/connector/graph/graphfake"
)

// The kinds of nodes.
const (
	page    = "page"
	post    = "post"
	comment = "comment"
	photo   = "photo"
	debug   = "debug_token"
)

// edge is what a kind of node takes.
type edge struct {
	params string // that it knows beside those of every call
	of     string // the kind of nodes whose fields it gives; "" gives none
	scopes string // that the token must have
	do     func(*Page, *call) (any, error)
}

const lists = "fields limit after before since until "

// edges is the table of all. A real edge may know more; what nobody here asks for is refused.
var edges = map[string]edge{
	// https://developers.facebook.com/docs/graph-api/reference/page/
	"GET page": {"fields", page, "pages_read_engagement", (*Page).getPage},
	// https://developers.facebook.com/docs/graph-api/reference/page/feed/
	"GET page/feed": {lists, post, "pages_read_engagement pages_read_user_content", (*Page).getFeed},
	"POST page/feed": {"message link published fields", post, "pages_manage_posts pages_read_engagement",
		(*Page).postFeed},
	// https://developers.facebook.com/docs/graph-api/reference/page/photos/
	"POST page/photos": {"caption published temporary alt_text_custom source", photo, "pages_manage_posts pages_read_engagement",
		(*Page).postPhoto},
	// https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps/
	"GET page/subscribed_apps":  {"fields", "", "pages_manage_metadata", (*Page).getSubscribed},
	"POST page/subscribed_apps": {"subscribed_fields", "", "pages_manage_metadata", (*Page).subscribe},
	// https://developers.facebook.com/docs/graph-api/reference/pagepost/
	"GET post":    {"fields", post, "pages_read_engagement", (*Page).getNode},
	"POST post":   {"message fields", post, "pages_manage_posts", (*Page).edit},
	"DELETE post": {"", "", "pages_manage_posts", (*Page).delete},
	// https://developers.facebook.com/docs/graph-api/reference/object/comments
	"GET post/comments": {lists + "filter order summary", comment, "pages_read_engagement pages_read_user_content",
		(*Page).getComments},
	"POST post/comments": {"message attachment_id fields", comment, "pages_manage_engagement", (*Page).postComment},
	"GET comment/comments": {lists + "filter order summary", comment, "pages_read_engagement pages_read_user_content",
		(*Page).getComments},
	"POST comment/comments": {"message attachment_id fields", comment, "pages_manage_engagement", (*Page).postComment},
	// https://developers.facebook.com/docs/graph-api/reference/comment/
	"GET comment":    {"fields", comment, "pages_read_engagement pages_read_user_content", (*Page).getNode},
	"POST comment":   {"message attachment_id is_hidden fields", comment, "pages_manage_engagement", (*Page).edit},
	"DELETE comment": {"", "", "pages_manage_engagement", (*Page).delete},
	// https://developers.facebook.com/docs/graph-api/reference/photo/
	"GET photo":    {"fields", photo, "pages_read_engagement", (*Page).getNode},
	"DELETE photo": {"", "", "pages_manage_posts", (*Page).delete},
	// https://developers.facebook.com/docs/graph-api/reference/debug_token/
	"GET debug_token": {"input_token", "", "", (*Page).debugToken},
}

// field gives the value of one; nil leaves it out.
type field = func(*Page, *Node) any

func person(id, name string) map[string]any { return map[string]any{"id": id, "name": name} }

const layout = "2006-01-02T15:04:05+0000"

var common = map[string]field{
	"id":           func(_ *Page, n *Node) any { return n.ID },
	"created_time": func(_ *Page, n *Node) any { return n.At.UTC().Format(layout) },
}

// fields are what a kind of node has, by the pages that stand in edges.
var fields = map[string]map[string]field{
	page: {"id": common["id"], "name": func(*Page, *Node) any { return SelfName },
		"link": func(*Page, *Node) any { return "https://www.facebook.com/" + Self }},
	post: {"id": common["id"], "created_time": common["created_time"],
		"message":       func(_ *Page, n *Node) any { return n.Text },
		"from":          func(_ *Page, n *Node) any { return person(n.From, n.Name) },
		"permalink_url": func(_ *Page, n *Node) any { return "https://www.facebook.com/" + Self + "/posts/" + own(n.ID) }},
	comment: {"id": common["id"], "created_time": common["created_time"],
		"message":    func(_ *Page, n *Node) any { return n.Text },
		"from":       (*Page).author,
		"like_count": func(_ *Page, n *Node) any { return n.Likes },
		"is_hidden":  func(_ *Page, n *Node) any { return n.Hidden }, "can_comment": func(_ *Page, n *Node) any { return !n.Closed },
		"permalink_url": func(_ *Page, n *Node) any {
			return "https://www.facebook.com/" + Self + "/posts/" + own(n.Post) + "?comment_id=" + own(n.ID)
		},
		"parent": (*Page).parent, "attachment": attachment},
	photo: {"id": common["id"], "created_time": common["created_time"], "alt_text_custom": func(_ *Page, n *Node) any { return n.Alt }},
}

// own is the end of an id.
func own(id string) string { return id[strings.Index(id, "_")+1:] }

// author is who wrote a comment: the Page itself is always said.
func (p *Page) author(n *Node) any {
	if p.unnamed && n.From != Self {
		return nil
	}
	return person(n.From, n.Name)
}

func (p *Page) parent(n *Node) any {
	up := p.node(n.Parent)
	if up == nil {
		return nil
	}
	shown := map[string]any{"id": up.ID, "created_time": up.At.UTC().Format(layout), "message": up.Text}
	if from := p.author(up); from != nil {
		shown["from"] = from
	}
	return shown
}

func attachment(_ *Page, n *Node) any {
	if n.Photo == "" {
		return nil
	}
	link := "https://www.facebook.com/photo.php?fbid=" + n.Photo
	return map[string]any{"type": "photo", "target": map[string]any{"id": n.Photo, "url": link}, "url": link,
		"media": map[string]any{"image": map[string]any{"height": 8, "width": 8}}}
}

// shown is a node with the fields that a call asks for.
func (p *Page) shown(n *Node, kind string, names []string) (map[string]any, error) {
	out := map[string]any{}
	for _, name := range names {
		get, known := fields[kind][name]
		if !known {
			return nil, graphfake.Fail(100, "(#100) Tried accessing nonexisting field (%s) on node type (%s)", name, kind)
		}
		if v := get(p, n); v != nil && (name != "id" || !p.unmoderate || kind != comment || n.From == Self) {
			out[name] = v
		}
	}
	return out, nil
}

// fieldNames are those of a list "a,b{c,d}", without what is asked of b.
func fieldNames(list string) (names []string) {
	depth, name := 0, ""
	for _, r := range list + "," {
		switch {
		case r == '{':
			depth++
		case r == '}':
			depth--
		case depth > 0:
		case r == ',':
			names, name = append(names, name), ""
		default:
			name += string(r)
		}
	}
	return names
}
