package threadsfake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
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

func gone(at string) *failure {
	return &failure{100, 33, "Unsupported get request. Object with ID '" + at + "' does not exist, cannot be loaded due to missing " +
		"permissions, or does not support this operation"}
}

func (f *Threads) self(c call) (map[string]any, error) {
	return picked(c, map[string]any{"id": Self, "username": SelfName, "name": "Valsts iestāde", "is_verified": false}), nil
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

func (f *Threads) create(c call) (map[string]any, error) {
	text, to := c.form.Get("text"), c.form.Get("reply_to_id")
	switch {
	case c.form.Get("media_type") != "TEXT":
		return nil, fail(100, "fake: only text is known")
	case strings.TrimSpace(text) == "":
		return nil, fail(100, "The parameter text is required")
	case Length(text) > MostText:
		return nil, fail(100, "Param text must be at most %d characters long.", MostText)
	}
	if c.form.Has("reply_to_id") {
		if err := f.mayReply(to); err != nil {
			return nil, err
		}
	}
	k := &container{id: f.next(), text: text, replyTo: to, made: f.now(), fails: f.failing}
	f.failing = false
	f.containers[k.id] = k
	return map[string]any{"id": k.id}, nil
}

// mayReply says who may (https://developers.facebook.com/documentation/threads/retrieve-and-manage-replies/create-replies).
func (f *Threads) mayReply(to string) error {
	above := f.post(to)
	switch {
	case above == nil:
		return &failure{24, 4279009, "The requested resource does not exist"}
	case !slices.Contains(f.scopes, "threads_manage_replies"):
		return fail(10, "Application does not have permission for this action")
	}
	if root := f.post(above.Root); (root == nil || root.Author != SelfName) && !slices.Contains(f.scopes, "threads_manage_mentions") {
		return fail(10, "Application does not have permission for this action")
	}
	return nil
}

func (f *Threads) status(k *container) string {
	switch age := f.now().Sub(k.made); {
	case k.published:
		return "PUBLISHED"
	case k.fails:
		return "ERROR"
	case age >= day:
		return "EXPIRED"
	case age < f.preparing:
		return "IN_PROGRESS"
	}
	return "FINISHED"
}

func (f *Threads) publish(c call) (map[string]any, error) {
	k := f.containers[c.form.Get("creation_id")]
	if f.unready > 0 || k == nil || f.status(k) != "FINISHED" {
		f.unready = max(f.unready-1, 0)
		return nil, &failure{24, 4279009, "The requested resource does not exist"}
	}
	quota, most := "posts", 250
	if k.replyTo != "" {
		quota, most = "replies", 1000
	}
	if f.within(quota) >= most {
		return nil, fail(4, "fake: the quota of %s is used up", quota)
	}
	if k.replyTo != "" && f.post(k.replyTo) == nil {
		return nil, fail(100, "fake: what it replies to is gone")
	}
	f.used[quota] = append(f.used[quota], f.now())
	k.published = true
	return map[string]any{"id": f.add(SelfName, k.replyTo, k.text).ID}, nil
}

// node is a post or a container.
func (f *Threads) node(c call) (map[string]any, error) {
	if k := f.containers[c.at]; k != nil {
		all := map[string]any{"id": k.id, "status": f.status(k)}
		if k.fails {
			all["error_message"] = "UNKNOWN"
		}
		for _, field := range c.fields {
			if !slices.Contains(containerFields, field) {
				return nil, fail(100, "Tried accessing nonexisting field (%s)", field)
			}
		}
		return picked(c, all), nil
	}
	p := f.post(c.at)
	if p == nil {
		return nil, gone(c.at)
	}
	if slices.Contains(c.fields, "status") {
		return nil, fail(100, "Tried accessing nonexisting field (status)")
	}
	return picked(c, f.shown(p)), nil
}

// shown is a post as it is given.
func (f *Threads) shown(p *Post) map[string]any {
	all := map[string]any{"id": p.ID, "media_product_type": "THREADS", "media_type": p.Kind, "permalink": p.link(), "username": p.Author,
		"text": p.Text, "timestamp": p.At.UTC().Format("2006-01-02T15:04:05-0700"), "shortcode": "C" + p.ID[6:], "is_quote_post": false,
		"is_reply": p.ReplyTo != "", "hide_status": p.Hide, "is_reply_owned_by_me": p.ReplyTo != "" && p.Author == SelfName,
		"has_replies": slices.ContainsFunc(f.posts, func(o *Post) bool { return o.ReplyTo == p.ID })}
	if p.Media != "" {
		all["media_url"] = p.Media
	}
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
func (f *Threads) hide(c call) (map[string]any, error) {
	p, state := f.post(c.at), map[string]string{"true": "HIDDEN", "false": "UNHUSHED"}[c.form.Get("hide")]
	switch {
	case p == nil:
		return nil, gone(c.at)
	case state == "":
		return nil, fail(100, "Param hide must be a boolean")
	case p.ReplyTo == "" || p.ReplyTo != p.Root:
		return nil, fail(100, "fake: only top-level replies are hidden")
	}
	if root := f.post(p.Root); root == nil || root.Author != SelfName {
		return nil, fail(10, "Application does not have permission for this action")
	}
	p.Hide = state
	for _, o := range f.posts { // the older ones come first
		if above := f.post(o.ReplyTo); above != nil && o.Root == p.Root && above != f.post(p.Root) && above.Hide == state {
			o.Hide = state
		}
	}
	return map[string]any{"success": true}, nil
}

func (f *Threads) delete(c call) (map[string]any, error) {
	p := f.post(c.at)
	switch {
	case p == nil:
		return nil, gone(c.at)
	case p.Author != SelfName:
		return nil, fail(10, "Application does not have permission for this action")
	case f.within("deletes") >= 100:
		return nil, fail(4, "fake: the quota of deletes is used up")
	}
	f.used["deletes"] = append(f.used["deletes"], f.now())
	f.remove(p.ID)
	return map[string]any{"success": true, "deleted_id": p.ID}, nil
}

func (f *Threads) own(c call) (map[string]any, error) {
	return f.list(c, func(p *Post) bool { return p.Author == SelfName && p.ReplyTo == "" })
}

func (f *Threads) ownReplies(c call) (map[string]any, error) {
	return f.list(c, func(p *Post) bool { return p.Author == SelfName && p.ReplyTo != "" })
}

// mention is the account's name in a text, as a whole word.
var mention = regexp.MustCompile(`(?i)@` + regexp.QuoteMeta(SelfName) + `(?:[^\w.]|\.?(?:\s|$))`)

func (f *Threads) mentions(c call) (map[string]any, error) {
	if since, err := strconv.ParseInt(c.form.Get("since"), 10, 64); c.form.Has("since") && (err != nil || since < 1688540400) {
		return nil, fail(100, "Param since must be a UNIX timestamp greater than or equal to 1688540400")
	}
	return f.list(c, func(p *Post) bool {
		return p.Author != "" && p.Author != SelfName && mention.MatchString(p.Text)
	})
}

func (f *Threads) conversation(c call) (map[string]any, error) {
	root := f.post(c.at)
	if root == nil {
		return nil, gone(c.at)
	}
	if root.Author != SelfName {
		return nil, fail(10, "Application does not have permission for this action")
	}
	return f.list(c, func(p *Post) bool { return p.Root == root.ID && p != root })
}

// perPage is how many a page has.
const perPage = 25

// list gives a page, the newest first. Cursors are there as long as the page has something.
func (f *Threads) list(c call, is func(*Post) bool) (map[string]any, error) {
	since, _ := strconv.ParseInt(c.form.Get("since"), 10, 64)
	var all []*Post
	for _, p := range f.posts {
		if is(p) && f.now().Sub(p.At) >= f.lag && !p.At.Before(time.Unix(since, 0)) {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b *Post) int { return b.At.Compare(a.At) })
	if c.form.Get("reverse") == "false" {
		slices.Reverse(all)
	}
	if after := c.form.Get("after"); after != "" {
		all = all[1+slices.IndexFunc(all, func(p *Post) bool { return "c"+p.ID == after }):]
	}
	data, page := []any{}, map[string]any{}
	for _, p := range all[:min(len(all), perPage)] {
		data = append(data, picked(c, f.shown(p)))
		page = map[string]any{"cursors": map[string]any{"before": "b", "after": "c" + p.ID}}
	}
	return map[string]any{"data": data, "paging": page}, nil
}

func (f *Threads) limits(c call) (map[string]any, error) {
	config := func(total int) map[string]any { return map[string]any{"quota_total": total, "quota_duration": 86400} }
	return map[string]any{"data": []any{picked(c, map[string]any{"quota_usage": f.within("posts"), "config": config(250),
		"reply_quota_usage": f.within("replies"), "reply_config": config(1000),
		"delete_quota_usage": f.within("deletes"), "delete_config": config(100)})}}, nil
}

// refresh gives another token; the old one holds until its own end.
func (f *Threads) refresh(c call) (map[string]any, error) {
	old := f.tokens[c.form.Get("access_token")]
	switch {
	case c.form.Get("grant_type") != "th_refresh_token":
		return nil, fail(100, "The grant_type is invalid")
	case f.now().Sub(old.made) < day:
		return nil, fail(100, "fake: the token is younger than 24 hours")
	}
	next := "THAA" + f.next()
	f.tokens[next] = &token{made: f.now(), ends: f.now().Add(holds)}
	return map[string]any{"access_token": next, "token_type": "bearer", "expires_in": int(holds / time.Second)}, nil
}

func (f *Threads) debug(c call) (map[string]any, error) {
	if !f.tester {
		return nil, fail(10, "fake: only a tester may ask about tokens")
	}
	t := f.tokens[c.form.Get("input_token")]
	if t == nil {
		return map[string]any{"data": map[string]any{"is_valid": false, "scopes": []string{}}}, nil
	}
	return map[string]any{"data": map[string]any{"type": "USER", "application": "Stunda", "is_valid": !t.revoked && f.now().Before(t.ends),
		"issued_at": t.made.Unix(), "expires_at": t.ends.Unix(), "data_access_expires_at": t.ends.Unix(), "scopes": f.scopes,
		"user_id": Self}}, nil
}
