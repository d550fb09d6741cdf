package threadsfake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"experthour/internal/connector/graph/graphfake"
)

// MostText is how long a text may be (https://developers.facebook.com/docs/threads/overview).
const MostText = 500

// pictured is an emoji, or what joins or colours some.
var pictured = regexp.MustCompile(`[\x{00a9}\x{00ae}\x{203c}\x{2049}\x{20e3}\x{2122}\x{2139}\x{2194}-\x{21aa}\x{231a}-\x{23fa}\x{24c2}` +
	`\x{25aa}-\x{27bf}\x{2934}\x{2935}\x{2b05}-\x{2b55}\x{3030}\x{303d}\x{3297}\x{3299}\x{fe0f}\x{1f000}-\x{1faff}\x{e0020}-\x{e007f}]`)

// Length is that of a text: an emoji is as long as its bytes of UTF-8.
func Length(text string) (n int) {
	for i, r := range text {
		switch {
		case pictured.MatchString(string(r)):
			n += utf8.RuneLen(r)
		case r == '\u200d' && joins(text[i+3:]):
			n += 3
		default:
			n++
		}
	}
	return n
}

// joins reports whether a joiner stands before an emoji.
func joins(rest string) bool {
	at := pictured.FindStringIndex(rest)
	return at != nil && at[0] == 0
}

func (f *Threads) self(c graphfake.Call) (map[string]any, error) {
	return c.Picked(map[string]any{"id": Self, "username": SelfName, "name": "Valsts iestāde", "is_verified": false}), nil
}

// notThere is said of what a container names, and of one that cannot be published.
var notThere = &graphfake.Failure{Code: 24, Sub: 4279009, Text: "The requested resource does not exist"}

func (f *Threads) create(c graphfake.Call) (map[string]any, error) {
	text := c.Form.Get("text")
	switch {
	case c.Form.Get("media_type") != "TEXT":
		return nil, graphfake.Fail(100, "fake: only text is known")
	case strings.TrimSpace(text) == "":
		return nil, graphfake.Fail(100, "The parameter text is required")
	case Length(text) > MostText:
		return nil, graphfake.Fail(100, "Param text must be at most %d characters long.", MostText)
	}
	if c.Form.Has("reply_to_id") {
		if err := f.mayReply(c.Form.Get("reply_to_id")); err != nil {
			return nil, err
		}
	}
	return f.Contain(c.Form), nil
}

// mayReply says who may (https://developers.facebook.com/documentation/threads/retrieve-and-manage-replies/create-replies).
func (f *Threads) mayReply(to string) error {
	above := f.post(to)
	if above == nil {
		return notThere
	}
	if err := f.May(manage); err != nil {
		return err
	}
	if root := f.post(above.Root); root == nil || root.Author != SelfName {
		return f.May("threads_manage_mentions")
	}
	return nil
}

func (f *Threads) publish(c graphfake.Call) (map[string]any, error) {
	k, err := f.Ready(c.Form.Get("creation_id"), notThere)
	if err != nil {
		return nil, err
	}
	to, quota, most := k.Form.Get("reply_to_id"), "posts", 250
	if to != "" {
		quota, most = "replies", 1000
	}
	switch {
	case f.used[quota].Used(f.Now()) >= most:
		return nil, graphfake.Fail(4, "fake: the quota of %s is used up", quota)
	case to != "" && f.post(to) == nil:
		return nil, graphfake.Fail(100, "fake: what it replies to is gone")
	}
	f.used[quota].Add(f.Now())
	k.Publish()
	return map[string]any{"id": f.add(SelfName, to, k.Form.Get("text")).ID}, nil
}

// node is a post or a container.
func (f *Threads) node(c graphfake.Call) (map[string]any, error) {
	if k := f.Container(c.At); k != nil {
		return f.Shown(c, k, "status", "error_message")
	}
	p := f.post(c.At)
	if p == nil {
		return nil, graphfake.Gone(c.At)
	}
	if err := c.Only(mediaFields); err != nil {
		return nil, err
	}
	return c.Picked(f.shown(p)), nil
}

// shown is a post as it is given.
func (f *Threads) shown(p *Post) map[string]any {
	all := map[string]any{"id": p.ID, "media_product_type": "THREADS", "media_type": p.Kind, "permalink": p.link(), "username": p.Author,
		"text": p.Text, "timestamp": graphfake.Stamp(p.At), "shortcode": "C" + p.ID[6:], "is_quote_post": false,
		"is_reply": p.ReplyTo != "", "hide_status": p.Hide, "is_reply_owned_by_me": p.ReplyTo != "" && p.Author == SelfName,
		"has_replies": slices.ContainsFunc(f.posts, func(o *Post) bool { return o.ReplyTo == p.ID })}
	if p.Author == "" { // a private profile
		delete(all, "username")
		delete(all, "permalink")
	}
	if p.ReplyTo != "" {
		all["replied_to"], all["root_post"] = map[string]any{"id": p.ReplyTo}, map[string]any{"id": p.Root}
	}
	return all
}

// hide hides a reply right under a post of the account, or shows it again, with what stands under it
// (https://developers.facebook.com/documentation/threads/reply-management).
func (f *Threads) hide(c graphfake.Call) (map[string]any, error) {
	p, state := f.post(c.At), map[string]string{"true": "HIDDEN", "false": "UNHUSHED"}[c.Form.Get("hide")]
	switch {
	case p == nil:
		return nil, graphfake.Gone(c.At)
	case state == "":
		return nil, graphfake.Fail(100, "Param hide must be a boolean")
	case p.ReplyTo == "" || p.ReplyTo != p.Root:
		return nil, graphfake.Fail(100, "fake: only top-level replies are hidden")
	}
	if root := f.post(p.Root); root == nil || root.Author != SelfName {
		return nil, graphfake.Fail(10, "Application does not have permission for this action")
	}
	p.Hide = state
	for _, o := range f.posts { // the older ones come first
		if above := f.post(o.ReplyTo); above != nil && o.Root == p.Root && above != f.post(p.Root) && above.Hide == state {
			o.Hide = state
		}
	}
	return map[string]any{"success": true}, nil
}

func (f *Threads) delete(c graphfake.Call) (map[string]any, error) {
	p := f.post(c.At)
	switch {
	case p == nil:
		return nil, graphfake.Gone(c.At)
	case p.Author != SelfName:
		return nil, graphfake.Fail(10, "Application does not have permission for this action")
	case f.used["deletes"].Used(f.Now()) >= 100:
		return nil, graphfake.Fail(4, "fake: the quota of deletes is used up")
	}
	f.used["deletes"].Add(f.Now())
	f.remove(p.ID)
	return map[string]any{"success": true, "deleted_id": p.ID}, nil
}

func (f *Threads) own(c graphfake.Call) (map[string]any, error) {
	return f.list(c, func(p *Post) bool { return p.Author == SelfName && p.ReplyTo == "" })
}

func (f *Threads) ownReplies(c graphfake.Call) (map[string]any, error) {
	return f.list(c, func(p *Post) bool { return p.Author == SelfName && p.ReplyTo != "" })
}

// mention is the account's name in a text, as a whole word.
var mention = regexp.MustCompile(`(?i)@` + regexp.QuoteMeta(SelfName) + `(?:[^\w.]|\.?(?:\s|$))`)

func (f *Threads) mentions(c graphfake.Call) (map[string]any, error) {
	if since, err := strconv.ParseInt(c.Form.Get("since"), 10, 64); c.Form.Has("since") && (err != nil || since < 1688540400) {
		return nil, graphfake.Fail(100, "Param since must be a UNIX timestamp greater than or equal to 1688540400")
	}
	return f.list(c, func(p *Post) bool {
		return p.Author != "" && p.Author != SelfName && mention.MatchString(p.Text)
	})
}

func (f *Threads) conversation(c graphfake.Call) (map[string]any, error) {
	root := f.post(c.At)
	if root == nil {
		return nil, graphfake.Gone(c.At)
	}
	if root.Author != SelfName {
		return nil, graphfake.Fail(10, "Application does not have permission for this action")
	}
	return f.list(c, func(p *Post) bool { return p.Root == root.ID && p != root })
}

// list gives a page, the newest first.
func (f *Threads) list(c graphfake.Call, is func(*Post) bool) (map[string]any, error) {
	since, _ := strconv.ParseInt(c.Form.Get("since"), 10, 64)
	some := slices.DeleteFunc(slices.Clone(f.posts), func(p *Post) bool { return !is(p) || p.At.Before(time.Unix(since, 0)) })
	return graphfake.Listed(f.API, c, some, func(p *Post) time.Time { return p.At }, graphfake.List[*Post]{Usual: 25, Most: 100,
		Oldest: c.Form.Get("reverse") == "false", ID: func(p *Post) string { return p.ID },
		Shown: func(p *Post) (map[string]any, error) { return c.Picked(f.shown(p)), nil }})
}

func (f *Threads) limits(c graphfake.Call) (map[string]any, error) {
	used := func(quota string) int { return f.used[quota].Used(f.Now()) }
	return map[string]any{"data": []any{c.Picked(map[string]any{"quota_usage": used("posts"), "config": graphfake.Quota(250),
		"reply_quota_usage": used("replies"), "reply_config": graphfake.Quota(1000),
		"delete_quota_usage": used("deletes"), "delete_config": graphfake.Quota(100)})}}, nil
}

func (f *Threads) debug(c graphfake.Call) (map[string]any, error) {
	if !f.tester {
		return nil, graphfake.Fail(10, "fake: only a tester may ask about tokens")
	}
	t := f.Tokens[c.Form.Get("input_token")]
	if t == nil {
		return map[string]any{"data": map[string]any{"is_valid": false, "scopes": []string{}}}, nil
	}
	return map[string]any{"data": map[string]any{"type": "USER", "application": "Stunda", "is_valid": !t.Revoked && f.Now().Before(t.Ends),
		"issued_at": t.Made.Unix(), "expires_at": t.Ends.Unix(), "data_access_expires_at": t.Ends.Unix(), "scopes": f.Scopes,
		"user_id": Self}}, nil
}
