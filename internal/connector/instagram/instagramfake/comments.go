package instagramfake

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MostText is how long a comment may be, in characters; Instagram documents no bound.
const MostText = 2200

func gone(at string) *failure {
	return &failure{100, 33, "Unsupported get request. Object with ID '" + at + "' does not exist, cannot be loaded due to missing " +
		"permissions, or does not support this operation"}
}

// picked leaves the fields that were asked for.
func picked(c call, all map[string]any) map[string]any {
	out := map[string]any{}
	for _, field := range c.fields {
		if v, ok := all[field]; ok {
			out[field] = v
		}
	}
	return out
}

func (f *Instagram) self(c call) (map[string]any, error) {
	return picked(c, map[string]any{"id": "1", "user_id": Self, "username": SelfName, "account_type": "BUSINESS"}), nil
}

func (f *Instagram) shown() map[string]any {
	return map[string]any{"id": Media, "caption": "Ekspertstunda\nJautājiet!", "is_comment_enabled": !f.closed,
		"comments_count": len(f.comments), "media_type": "IMAGE", "username": SelfName}
}

func (f *Instagram) posts(c call) (map[string]any, error) {
	if f.vanished {
		return map[string]any{"data": []any{}}, nil
	}
	return map[string]any{"data": []any{picked(c, f.shown())}}, nil
}

func (f *Instagram) media(c call) (map[string]any, error) {
	if f.vanished {
		return nil, gone(Media)
	}
	return picked(c, f.shown()), nil
}

// write comments on the post, or replies to a comment.
func (f *Instagram) write(c call) (map[string]any, error) {
	text, above := c.form.Get("message"), f.comment(c.at)
	since := f.now().Add(-time.Hour)
	f.writes = slices.DeleteFunc(f.writes, func(at time.Time) bool { return !at.After(since) })
	switch {
	case f.vanished || c.at != "" && above == nil:
		return nil, gone(c.at)
	case strings.TrimSpace(text) == "":
		return nil, fail(100, "The parameter message is required")
	case utf8.RuneCountInString(text) > MostText:
		return nil, fail(100, "fake: the comment is too long")
	case f.closed:
		return nil, fail(10, "fake: comments are closed")
	case above != nil && above.Hidden:
		return nil, fail(100, "fake: there is no reply to a hidden comment")
	case len(f.writes) >= f.perHour:
		return nil, fail(4, "fake: too many comments in an hour")
	}
	f.writes = append(f.writes, f.now())
	return map[string]any{"id": f.add(SelfName, c.at, text).ID}, nil
}

func (c *Comment) shown() map[string]any {
	all := map[string]any{"id": c.ID, "text": c.Text, "username": c.Author, "from": map[string]any{"id": "9" + c.ID, "username": c.Author},
		"timestamp": c.At.UTC().Format("2006-01-02T15:04:05-0700"), "hidden": c.Hidden, "like_count": c.Likes,
		"media": map[string]any{"id": Media}}
	if c.Parent != "" {
		all["parent_id"] = c.Parent
	}
	return all
}

func (f *Instagram) node(c call) (map[string]any, error) {
	one := f.comment(c.at)
	if one == nil || f.vanished {
		return nil, gone(c.at)
	}
	for _, field := range c.fields {
		if !slices.Contains(commentFields, field) {
			return nil, fail(100, "Tried accessing nonexisting field (%s)", field)
		}
	}
	return picked(c, one.shown()), nil
}

// hide hides a comment, or shows it again; the account's own are always shown.
func (f *Instagram) hide(c call) (map[string]any, error) {
	one, to := f.comment(c.at), c.form.Get("hide")
	switch {
	case one == nil || f.vanished:
		return nil, gone(c.at)
	case to != "true" && to != "false":
		return nil, fail(100, "Param hide must be a boolean")
	}
	one.Hidden = to == "true" && one.Author != SelfName
	return map[string]any{"success": true}, nil
}

func (f *Instagram) delete(c call) (map[string]any, error) {
	one := f.comment(c.at)
	switch {
	case one == nil || f.vanished:
		return nil, gone(c.at)
	case one.Author != SelfName: // the owner of the post may delete others' too, which nothing here does
		return nil, fail(10, "fake: it is somebody else's")
	}
	f.remove(one.ID)
	return map[string]any{"success": true}, nil
}

func (f *Instagram) top(c call) (map[string]any, error) {
	if f.vanished {
		return nil, gone(Media)
	}
	return f.list(c, "")
}

func (f *Instagram) replies(c call) (map[string]any, error) {
	if f.vanished || f.comment(c.at) == nil {
		return nil, gone(c.at)
	}
	return f.list(c, c.at)
}

// perPage is how many a page has.
const perPage = 50

// list gives a page, the newest first. Cursors are there as long as the page has something.
func (f *Instagram) list(c call, under string) (map[string]any, error) {
	var all []*Comment
	for _, one := range f.comments {
		if one.Parent == under && f.now().Sub(one.At) >= f.lag {
			all = append(all, one)
		}
	}
	slices.SortStableFunc(all, func(a, b *Comment) int { return b.At.Compare(a.At) })
	if after := c.form.Get("after"); after != "" {
		all = all[1+slices.IndexFunc(all, func(one *Comment) bool { return "c"+one.ID == after }):]
	}
	data, page := []any{}, map[string]any{}
	for _, one := range all[:min(len(all), perPage)] {
		data = append(data, picked(c, one.shown()))
		page = map[string]any{"cursors": map[string]any{"before": "b", "after": "c" + one.ID}}
	}
	return map[string]any{"data": data, "paging": page}, nil
}

// refresh gives another token; the old one holds until its own end.
func (f *Instagram) refresh(c call) (map[string]any, error) {
	old := f.tokens[c.form.Get("access_token")]
	switch {
	case c.form.Get("grant_type") != "ig_refresh_token":
		return nil, fail(100, "The grant_type is invalid")
	case f.now().Sub(old.made) < day:
		return nil, fail(100, "fake: the token is younger than 24 hours")
	}
	f.last++
	next := "IGAA" + strconv.Itoa(f.last)
	f.tokens[next] = &token{made: f.now(), ends: f.now().Add(holds)}
	return map[string]any{"access_token": next, "token_type": "bearer", "expires_in": int(holds / time.Second)}, nil
}
