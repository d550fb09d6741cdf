package instagramfake

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"experthour/internal/connector/graph/graphfake"
)

// MostText is how long a comment may be, in characters; Instagram documents no bound.
const MostText = 2200

func (f *Instagram) self(c graphfake.Call) (map[string]any, error) {
	return c.Picked(map[string]any{"id": "1", "user_id": Self, "username": SelfName, "account_type": "BUSINESS"}), nil
}

// write comments on a post, or replies to a comment.
func (f *Instagram) write(c graphfake.Call) (map[string]any, error) {
	text, above, post := c.Form.Get("message"), f.comment(c.At), f.post(c.At)
	if above != nil {
		post = f.post(above.Media)
	}
	switch {
	case post == nil || strings.HasSuffix(c.To, "/replies") && above == nil || strings.HasSuffix(c.To, "/comments") && above != nil:
		return nil, graphfake.Gone(c.At)
	case strings.TrimSpace(text) == "":
		return nil, graphfake.Fail(100, "The parameter message is required")
	case utf8.RuneCountInString(text) > MostText:
		return nil, graphfake.Fail(100, "fake: the comment is too long")
	case post.closed:
		return nil, graphfake.Fail(10, "fake: comments are closed")
	case above != nil && above.Hidden:
		return nil, graphfake.Fail(100, "fake: there is no reply to a hidden comment")
	case f.writes.Used(f.Now()) >= f.perHour:
		return nil, &graphfake.Failure{Code: 4, Text: "fake: too many comments in an hour", Wait: 9}
	}
	f.writes.Add(f.Now())
	return map[string]any{"id": f.add(SelfName, c.At, text).ID}, nil
}

func (c *Comment) shown() map[string]any {
	all := map[string]any{"id": c.ID, "text": c.Text, "username": c.Author, "from": map[string]any{"id": "9" + c.ID, "username": c.Author},
		"timestamp": graphfake.Stamp(c.At), "hidden": c.Hidden, "like_count": c.Likes, "media": map[string]any{"id": c.Media}}
	if c.Parent != "" {
		all["parent_id"] = c.Parent
	}
	return all
}

// node is a container, a post or a comment; each has fields of its own, and takes a permission.
func (f *Instagram) node(c graphfake.Call) (map[string]any, error) {
	k, post, one := f.Container(c.At), f.post(c.At), f.comment(c.At)
	switch {
	case k != nil:
		if err := f.May(publish); err != nil {
			return nil, err
		}
		return f.Shown(c, k, "status_code", "status")
	case post != nil:
		return c.Picked(f.shown(post)), c.Only(mediaFields)
	case one == nil:
		return nil, graphfake.Gone(c.At)
	}
	if err := f.May(talk); err != nil {
		return nil, err
	}
	return c.Picked(one.shown()), c.Only(commentFields)
}

// hide hides a comment, or shows it again; the account's own are always shown.
func (f *Instagram) hide(c graphfake.Call) (map[string]any, error) {
	one, to := f.comment(c.At), c.Form.Get("hide")
	switch {
	case one == nil:
		return nil, graphfake.Gone(c.At)
	case to != "true" && to != "false":
		return nil, graphfake.Fail(100, "Param hide must be a boolean")
	}
	one.Hidden = to == "true" && one.Author != SelfName
	return map[string]any{"success": true}, nil
}

// delete deletes a comment; with the log-in of Instagram no post is deleted.
func (f *Instagram) delete(c graphfake.Call) (map[string]any, error) {
	one := f.comment(c.At)
	switch {
	case f.post(c.At) != nil:
		return nil, graphfake.Fail(10, "fake: a post is deleted in the app alone")
	case one == nil:
		return nil, graphfake.Gone(c.At)
	case one.Author != SelfName: // the owner of the post may delete others' too, which nothing here does
		return nil, graphfake.Fail(10, "fake: it is somebody else's")
	}
	f.remove(one.ID)
	return map[string]any{"success": true}, nil
}

func (f *Instagram) top(c graphfake.Call) (map[string]any, error) {
	if f.post(c.At) == nil {
		return nil, graphfake.Gone(c.At)
	}
	return f.list(c, func(one *Comment) bool { return one.Media == c.At && one.Parent == "" })
}

func (f *Instagram) replies(c graphfake.Call) (map[string]any, error) {
	if f.comment(c.At) == nil {
		return nil, graphfake.Gone(c.At)
	}
	return f.list(c, func(one *Comment) bool { return one.Parent == c.At })
}

func (f *Instagram) list(c graphfake.Call, is func(*Comment) bool) (map[string]any, error) {
	some := slices.DeleteFunc(slices.Clone(f.comments), func(one *Comment) bool { return !is(one) })
	return graphfake.Listed(f.API, c, some, func(one *Comment) time.Time { return one.At }, graphfake.List[*Comment]{Usual: 50, Most: 50,
		ID:    func(one *Comment) string { return one.ID },
		Shown: func(one *Comment) (map[string]any, error) { return c.Picked(one.shown()), nil }})
}
