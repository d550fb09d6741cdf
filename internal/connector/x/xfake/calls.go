package xfake

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What X charges, in thousandths of a dollar.
const (
	priceLink, pricePost, priceSummoned, priceDelete = 200, 15, 10, 10
	priceUser, pricePublic, priceOwn                 = 10, 5, 1
)

// created is the answer to what was made.
type created map[string]any

type draft struct {
	Text  string `json:"text"`
	Reply *struct {
		To string `json:"in_reply_to_tweet_id"`
	} `json:"reply"`
	Media struct {
		IDs []string `json:"media_ids"`
	} `json:"media"`
}

var cashtag = regexp.MustCompile(`\$[A-Za-z]{1,6}\b`)

func (x *X) create(r *request) (any, error) {
	var d draft
	known := json.NewDecoder(strings.NewReader(string(r.body)))
	known.DisallowUnknownFields()
	if known.Decode(&d) != nil || r.Header.Get("Content-Type") != "application/json" || d.Reply != nil && !number.MatchString(d.Reply.To) {
		return nil, invalid("fake: no draft of a post")
	}
	parent := ""
	if d.Reply != nil {
		parent = d.Reply.To
	}
	if err := x.fits(d.Text, parent); err != nil {
		return nil, err
	}
	files, err := x.take(d.Media.IDs)
	if err != nil {
		return nil, err
	}
	x.texts = append(x.texts, spoken{parent, d.Text})
	switch {
	case len(links(d.Text)) > 0:
		x.spent += priceLink
	case parent != "":
		x.spent += priceSummoned
	default:
		x.spent += pricePost
	}
	p := x.add(Self, d.Text, parent)
	p.Media = files
	return created{"data": map[string]any{"id": p.ID, "text": x.shown(p), x.name("edit_history_post_ids"): p.History}}, nil
}

// fits looks whether a text may be posted there.
func (x *X) fits(text, parent string) error {
	above := x.find(parent)
	switch {
	case x.readOnly:
		return &problem{"Forbidden", "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
			"https://api.x.com/2/problems/oauth1-permissions", http.StatusForbidden}
	case strings.TrimSpace(text) == "":
		return invalid("fake: a post has a text")
	case Weight(text) > Longest:
		return no(http.StatusForbidden, "Your Tweet text is too long.")
	case len(cashtag.FindAllString(text, -1)) > 1:
		return no(http.StatusForbidden, "fake: one cashtag in a post")
	case parent != "" && above == nil:
		return no(http.StatusForbidden, "You attempted to reply to a Tweet that is deleted or not visible to you.")
	case parent != "" && above.Author != Self && !above.named && (!above.calls || !x.implicit):
		return no(http.StatusForbidden, "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged "+
			"by the author of the post you are replying to.")
	case slices.ContainsFunc(x.texts, func(s spoken) bool { return s.text == text && (x.strict || s.under == parent) }):
		return no(http.StatusForbidden, "You are not allowed to create a Tweet with duplicate content.")
	}
	return nil
}

func (x *X) delete(r *request) (any, error) {
	p := x.find(r.id)
	switch {
	case x.readOnly:
		return nil, no(http.StatusForbidden, "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.")
	case p == nil:
		return nil, &problem{"Not Found Error", "Could not find tweet with id: [" + r.id + "].",
			"https://api.x.com/2/problems/resource-not-found", http.StatusNotFound}
	case p.Author != Self:
		return nil, no(http.StatusForbidden, "You are not authorized to delete this Tweet.")
	}
	x.remove(r.id)
	x.spent += priceDelete
	return map[string]any{"data": map[string]any{"deleted": true}}, nil
}

func (x *X) me(*request) (any, error) {
	x.charge("user "+Self, priceUser)
	return map[string]any{"data": map[string]any{"id": Self, "name": "Valsts iestāde", "username": SelfName}}, nil
}

func (x *X) lookup(r *request) (any, error) {
	ids := strings.Split(r.query.Get("ids"), ",")
	var found []*Post
	var errs []any
	for _, id := range ids {
		if !number.MatchString(id) || len(ids) > 100 {
			return nil, invalid("fake: at most 100 ids, of digits")
		}
		if p := x.find(id); p != nil {
			found = append(found, p)
			continue
		}
		errs = append(errs, map[string]any{"value": id, "resource_id": id, "resource_type": "tweet", "parameter": "ids",
			"title":  "Not Found Error",
			"detail": "Could not find tweet with ids: [" + id + "].", "type": "https://api.x.com/2/problems/resource-not-found"})
	}
	out, err := x.answer(r, found, pricePublic)
	if err == nil && len(errs) > 0 {
		out["errors"] = errs
	}
	delete(out, "meta")
	return out, err
}

func (x *X) mentions(r *request) (any, error) {
	if r.id != Self {
		return nil, no(http.StatusForbidden, "fake: these are somebody else's")
	}
	return x.list(r, 5, priceOwn, func(p *Post) bool { return p.calls && p.Author != Self })
}

func (x *X) timeline(r *request) (any, error) {
	if r.id != Self {
		return nil, no(http.StatusForbidden, "fake: these are somebody else's")
	}
	return x.list(r, 5, priceOwn, func(p *Post) bool { return p.Author == Self })
}

func (x *X) search(r *request) (any, error) {
	fits, err := parseQuery(r.query.Get("query"))
	if err != nil {
		return nil, err
	}
	return x.list(r, 10, pricePublic, fits)
}

// list is a page of those that fit, the newest first.
func (x *X) list(r *request, least, price int, fits func(*Post) bool) (any, error) {
	most, err := strconv.Atoi(r.query.Get("max_results"))
	if r.query.Get("max_results") == "" {
		most, err = 10, nil
	}
	from, err2 := begin(r.query.Get("start_time"))
	since, _ := strconv.ParseInt(r.query.Get("since_id"), 10, 64)
	skip, _ := strconv.Atoi(strings.TrimPrefix(r.query.Get("pagination_token")+r.query.Get("next_token"), "after"))
	if err != nil || err2 != nil || most < least || most > 100 {
		return nil, invalid("fake: bounds of a list")
	}
	var all []*Post
	for _, p := range x.posts {
		id, _ := strconv.ParseInt(p.ID, 10, 64)
		if fits(p) && !p.At.Before(from) && id > since && x.now().Sub(p.At) >= max(x.lag, p.late) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b *Post) int { return strings.Compare(b.ID, a.ID) })
	all = all[min(skip, len(all)):]
	page := all[:min(most, len(all))]
	out, err := x.answer(r, page, price)
	if err == nil && len(all) > most {
		out["meta"].(map[string]any)["next_token"] = "after" + strconv.Itoa(skip+most)
	}
	return out, err
}

func begin(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, s)
}
