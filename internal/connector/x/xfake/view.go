package xfake

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// Longest is the weight of the longest post.
const Longest = 280

var (
	number = regexp.MustCompile(`^[0-9]{1,19}$`)
	link   = regexp.MustCompile(`(?i)\b(https?://)?(?:[a-z0-9-]+\.)+(?:lv|com|org|net|example)\b(?:/[a-z0-9/_.?=&%#-]*[a-z0-9/_=&#-])?`)
	handle = regexp.MustCompile(`(?i)(^|[^a-z0-9_@])@` + SelfName + `\b`)
)

// links are the addresses that a link is made of; the others of the Internet are not known here.
func links(text string) []string { return link.FindAllString(text, -1) }

func names(text string) bool { return handle.MatchString(text) }

// Weight is how long a text is: Latin, Greek, Cyrillic and Hebrew letters and the usual
// punctuation are one, all else and emoji are two, an address is 23
// (https://docs.x.com/fundamentals/counting-characters).
func Weight(text string) (n int) {
	text = norm.NFC.String(text)
	n = 23 * len(links(text))
	for g := uniseg.NewGraphemes(link.ReplaceAllString(text, "")); g.Next(); {
		n += weigh(g.Runes())
	}
	return n
}

func weigh(rs []rune) (n int) {
	if rs[0] > 0x2100 && len(rs) > 1 { // joined, coloured, or with a selector: one emoji
		return 2
	}
	for _, r := range rs {
		n += 2
		if r <= 0x10ff || r >= 0x2000 && r <= 0x200d || r >= 0x2010 && r <= 0x201f || r >= 0x2032 && r <= 0x2037 {
			n--
		}
	}
	return n
}

// name is what a field is called.
func (x *X) name(field string) string {
	if x.oldNames {
		return strings.NewReplacer("edit_history_post_ids", "edit_history_tweet_ids", "referenced_posts", "referenced_tweets",
			"posts", "tweets").Replace(field)
	}
	return field
}

// shown is a text as X gives it: markup is escaped, an address has become a short one, and one leads to what is attached.
func (x *X) shown(p *Post) string {
	if len(p.Media) > 0 {
		return x.prefix(p) + short(p) + " " + shortened(p, 0)
	}
	return x.prefix(p) + short(p)
}

func short(p *Post) string {
	i := 0
	return html.EscapeString(link.ReplaceAllStringFunc(p.Text, func(string) string {
		i++
		return shortened(p, i)
	}))
}

func shortened(p *Post, i int) string { return "https://t.co/" + p.ID[10:] + strconv.Itoa(i) }

// prefix is whom a reply calls without saying so.
func (x *X) prefix(p *Post) string {
	switch above := x.find(p.ReplyTo); {
	case above == nil || above.Author == p.Author:
		return ""
	case above.Author == Self:
		return "@" + SelfName + " "
	default:
		return "@user" + above.Author[:10] + " "
	}
}

// answer gives posts with the fields that were asked for, and charges for them.
func (x *X) answer(r *request, posts []*Post, price int) (map[string]any, error) {
	asked := strings.Split(r.query.Get("post.fields"), ",")
	expand := strings.Split(r.query.Get("expansions"), ",")
	data, files, above, authors := []any{}, []any{}, map[string]any{}, map[string]any{}
	for _, p := range posts {
		x.chargeRead(p, price)
		data = append(data, x.view(p, asked, expand))
		if slices.Contains(expand, "author_id") {
			x.charge("user "+p.Author, priceUser)
			authors[p.Author] = map[string]any{"id": p.Author, "name": "Somebody", "username": "user" + p.Author[:10]}
		}
		if slices.Contains(expand, "attachments.media_keys") {
			files = append(files, shownAs(p.Media, strings.Split(r.query.Get("media.fields"), ","))...)
		}
		if q := x.find(p.ReplyTo); q != nil && slices.Contains(expand, "referenced_posts") {
			x.chargeRead(q, pricePublic)
			above[q.ID] = x.view(q, asked, nil)
		}
	}
	meta := map[string]any{"result_count": len(data)}
	out := map[string]any{"meta": meta}
	if len(posts) > 0 { // an empty list is left out
		meta["newest_id"], meta["oldest_id"], out["data"] = posts[0].ID, posts[len(posts)-1].ID, data
	}
	if len(above)+len(authors)+len(files) > 0 {
		includes := map[string]any{}
		if len(files) > 0 {
			includes["media"] = files
		}
		for name, of := range map[string]map[string]any{x.name("posts"): above, "users": authors} {
			if len(of) > 0 {
				includes[name] = slices.Collect(maps.Values(of))
			}
		}
		out["includes"] = includes
	}
	return out, nil
}

func (x *X) chargeRead(p *Post, price int) {
	if p.Author == Self {
		price = priceOwn
	}
	x.charge("post "+p.ID, price)
}

func (x *X) view(p *Post, asked, expand []string) map[string]any {
	text := x.shown(p)
	all := map[string]any{"conversation_id": p.Conversation, "created_at": p.At.UTC().Format("2006-01-02T15:04:05.000Z"),
		"lang": "lv", "display_text_range": []int{utf8.RuneCountInString(html.UnescapeString(x.prefix(p))), utf8.RuneCountInString(text)},
		"public_metrics": map[string]any{"like_count": p.Likes, "repost_count": 0, "reply_count": 0, "quote_count": 0,
			"bookmark_count": 0, "impression_count": 0}}
	if len(p.Media) > 0 {
		all["attachments"] = map[string]any{"media_keys": keysOf(p.Media)}
	}
	if urls := entities(p); len(urls) > 0 {
		all["entities"] = map[string]any{"urls": urls}
	}
	out := map[string]any{"id": p.ID, "text": text, x.name("edit_history_post_ids"): p.History}
	for k, v := range all {
		if slices.Contains(asked, k) {
			out[k] = v
		}
	}
	if slices.Contains(expand, "author_id") {
		out["author_id"] = p.Author
	}
	if p.ReplyTo != "" && slices.Contains(expand, "referenced_posts") {
		out[x.name("referenced_posts")] = []any{map[string]any{"type": "replied_to", "id": p.ReplyTo}}
	}
	return out
}

func entities(p *Post) (urls []any) {
	for i, l := range links(p.Text) {
		full := l
		if !strings.Contains(l, "://") {
			full = "http://" + l
		}
		urls = append(urls, map[string]any{"start": 0, "end": 23, "url": shortened(p, i+1), "expanded_url": full,
			"display_url": strings.TrimPrefix(full, "https://")})
	}
	if len(p.Media) > 0 {
		urls = append(urls, map[string]any{"start": 0, "end": 23, "url": shortened(p, 0), "display_url": "pic.x.com/a",
			"expanded_url": "https://x.com/" + SelfName + "/status/" + p.ID + "/photo/1"})
	}
	return urls
}

var term = regexp.MustCompile(`^(in_reply_to_tweet_id:[0-9]{1,19}|#[\p{L}\p{N}_]+|OR)$`)

// parseQuery reads a query of the only form that is known here: what any of fits, in brackets,
// and what is left out behind them.
func parseQuery(q string) (func(*Post) bool, error) {
	inner, outer, ok := strings.Cut(strings.TrimPrefix(q, "("), ")")
	if !ok || !strings.HasPrefix(q, "(") || len(q) > 512 || outer != " -from:"+SelfName+" -@"+SelfName {
		return nil, invalid("fake: no query that is known: " + q)
	}
	var terms []string
	for i, t := range strings.Fields(inner) {
		if !term.MatchString(t) || (t == "OR") != (i%2 == 1) {
			return nil, invalid("fake: no term that is known: " + t)
		}
		terms = append(terms, t)
	}
	return func(p *Post) bool {
		return p.Author != Self && !p.named && !p.calls && slices.ContainsFunc(terms, func(t string) bool {
			return t == "in_reply_to_tweet_id:"+p.ReplyTo || t[0] == '#' && strings.Contains(strings.ToLower(p.Text), strings.ToLower(t))
		})
	}, nil
}
