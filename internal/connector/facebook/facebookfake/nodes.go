package facebookfake

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"experthour/internal/connector/graph/graphfake"
)

func (p *Page) getPage(c *call) (any, error) { return p.shown(c.node, page, c.fields) }

func (p *Page) getNode(c *call) (any, error) { return p.shown(c.node, c.of, c.fields) }

func (p *Page) getFeed(c *call) (any, error) {
	all := slices.DeleteFunc(slices.Clone(p.nodes), func(n *Node) bool { return n.kind != post })
	slices.Reverse(all)
	return p.list(c, all)
}

// getComments lists those under a post or a comment. Only "stream" gives replies beside what they
// reply to.
func (p *Page) getComments(c *call) (any, error) {
	const newest = "reverse_chronological"
	filter, order := c.params.Get("filter"), c.params.Get("order")
	if !slices.Contains([]string{"", "toplevel", "stream"}, filter) || !slices.Contains([]string{"", "chronological", newest}, order) {
		return nil, graphfake.Fail(100, "(#100) Param filter or order must be one of those that are documented")
	}
	all := slices.DeleteFunc(slices.Clone(p.nodes), func(n *Node) bool {
		under := n.Post == c.node.ID && (n.Parent == "" || filter == "stream") || n.Parent == c.node.ID
		return n.kind != comment || !under || n.late || p.now().Sub(n.At) < p.lag
	})
	if order == newest {
		slices.Reverse(all)
	}
	return p.list(c, all)
}

const (
	usualPage = 25
	mostPage  = 100
)

// list gives a page of what was found.
func (p *Page) list(c *call, all []*Node) (any, error) {
	since := int64(0)
	if from := c.params.Get("since"); from != "" {
		var err error
		if since, err = strconv.ParseInt(from, 10, 64); err != nil {
			return nil, graphfake.Fail(100, "(#100) Param since is no number that is taken")
		}
	}
	all = slices.DeleteFunc(all, func(n *Node) bool { return n.At.Before(time.Unix(since, 0)) })
	return graphfake.List[*Node]{Usual: usualPage, Most: mostPage, To: c.to, Stutters: p.stutters, ID: func(n *Node) string { return n.ID },
		Shown: func(n *Node) (map[string]any, error) { return p.shown(n, c.of, c.fields) }}.Page(c.params, all)
}

// mention is what calls somebody: readers find a name in its place
// (https://developers.facebook.com/documentation/pages-api/comments-mentions).
var mention = regexp.MustCompile(`@\[[0-9]+\]`)

// fits looks at a text that is to be written at a place.
func (p *Page) fits(c *call, most int) error {
	text := c.params.Get("message")
	switch {
	case strings.TrimSpace(text) == "" && c.params.Get("attachment_id") == "":
		return graphfake.Fail(100, "(#100) Missing message or attachment")
	case utf8.RuneCountInString(text) > most:
		return graphfake.Fail(100, "fake: the text is too long")
	}
	return nil
}

// repeated refuses what the Page wrote last at the same place.
func (p *Page) repeated(c *call, at func(*Node) bool) error {
	for _, n := range slices.Backward(p.nodes) {
		if p.duplicates && n.From == Self && at(n) {
			if n.Text == c.params.Get("message") {
				return graphfake.Fail(506, "(#506) Duplicate status message")
			}
			return nil
		}
	}
	return nil
}

func (p *Page) postFeed(c *call) (any, error) {
	err := p.fits(c, MostPost)
	if err == nil {
		err = p.repeated(c, func(n *Node) bool { return n.kind == post })
	}
	if err != nil {
		return nil, err
	}
	n := p.add(&Node{kind: post, From: Self, Name: SelfName, Text: c.params.Get("message")}, Self+"_")
	return p.shown(n, post, c.fields)
}

func (p *Page) postComment(c *call) (any, error) {
	if c.node.Closed {
		return nil, &graphfake.Failure{Status: 403, Code: 200, Text: "(#200) Comments are not allowed here"}
	}
	err := p.fits(c, MostComment)
	if err == nil {
		err = p.repeated(c, func(n *Node) bool {
			return n.kind == comment && (n.Parent == c.node.ID || n.Post == c.node.ID && n.Parent == "")
		})
	}
	if err == nil {
		err = p.attached(c)
	}
	if err != nil {
		return nil, err
	}
	n := p.comment(c.node, Self, SelfName, mention.ReplaceAllString(c.params.Get("message"), SelfName))
	n.Photo = c.params.Get("attachment_id")
	return p.shown(n, comment, c.fields)
}

// attached looks for the photo that a comment is to have.
func (p *Page) attached(c *call) error {
	id := c.params.Get("attachment_id")
	if n := p.node(id); id != "" && (n == nil || n.kind != photo) {
		return graphfake.Fail(100, "(#100) Invalid attachment_id")
	}
	return nil
}

// hide hides a comment, or shows it again; one of the Page itself has "can_hide" false.
func (p *Page) hide(c *call) (any, error) {
	to := c.params.Get("is_hidden")
	switch {
	case to != "true" && to != "false":
		return nil, graphfake.Fail(100, "(#100) Param is_hidden must be a boolean")
	case c.params.Has("message") || c.params.Has("attachment_id"):
		return nil, graphfake.Fail(100, "fake: a comment is hidden or edited, not both in one")
	case c.node.From == Self:
		return nil, &graphfake.Failure{Status: 403, Code: 200, Text: "(#200) The comment cannot be hidden"}
	}
	c.node.Hidden = to == "true"
	return map[string]any{"success": true}, nil
}

func (p *Page) edit(c *call) (any, error) {
	n := c.node
	if c.params.Has("is_hidden") {
		return p.hide(c)
	}
	if n.From != Self {
		return nil, &graphfake.Failure{Status: 403, Code: 200, Text: "(#200) Only its author can edit it"}
	}
	most := MostComment
	if n.kind == post {
		most = MostPost
	}
	err := p.fits(c, most)
	if err == nil {
		err = p.attached(c)
	}
	if err != nil {
		return nil, err
	}
	n.Text = mention.ReplaceAllString(c.params.Get("message"), SelfName)
	if id := c.params.Get("attachment_id"); id != "" {
		n.Photo = id
	}
	if c.params.Get("fields") == "" {
		return map[string]any{"success": true}, nil
	}
	return p.shown(n, n.kind, c.fields)
}

func (p *Page) delete(c *call) (any, error) {
	p.remove(c.node.ID)
	return map[string]any{"success": true}, nil
}

// postPhoto takes the bytes of one that stands nowhere yet.
func (p *Page) postPhoto(c *call) (any, error) {
	switch {
	case !bytes.HasPrefix(c.file, []byte("\x89PNG")) && !bytes.HasPrefix(c.file, []byte("\xff\xd8")):
		return nil, graphfake.Fail(324, "(#324) Missing or invalid image file")
	case c.params.Get("published") != "false":
		return nil, graphfake.Fail(100, "fake: a photo is published by what it stands with")
	}
	n := &Node{kind: photo, From: Self, Name: SelfName, Alt: c.params.Get("alt_text_custom"), Bytes: c.file, Type: c.kind}
	return p.shown(p.add(n, ""), photo, c.fields)
}

func (p *Page) getSubscribed(*call) (any, error) {
	data := []any{}
	if len(p.subscribed) > 0 {
		data = append(data, map[string]any{"id": AppID, "name": "Stunda", "link": "https://example.org/", "subscribed_fields": p.subscribed})
	}
	return map[string]any{"data": data}, nil
}

func (p *Page) subscribe(c *call) (any, error) {
	if c.params.Get("subscribed_fields") == "" {
		return nil, graphfake.Fail(100, "(#100) The parameter subscribed_fields is required")
	}
	p.subscribed = strings.Split(c.params.Get("subscribed_fields"), ",")
	return map[string]any{"success": true}, nil
}

// debugToken says what a token is good for.
func (p *Page) debugToken(c *call) (any, error) {
	if c.params.Get("input_token") != Token {
		return map[string]any{"data": map[string]any{"is_valid": false, "scopes": []string{},
			"error": map[string]any{"code": 190, "message": "Invalid OAuth access token"}}}, nil
	}
	expires := int64(0)
	if !p.expires.IsZero() {
		expires = p.expires.Unix()
	}
	return map[string]any{"data": map[string]any{"app_id": AppID, "application": "Stunda", "type": "PAGE", "profile_id": Self,
		"is_valid": !p.revoked && !p.expired(), "expires_at": expires, "data_access_expires_at": 0, "scopes": p.scopes}}, nil
}
