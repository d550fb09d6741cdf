package flickrfake

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// MostBytes is the longest comment; Flickr documents no bound.
const MostBytes = 10_000

// PhotoPage is the address of the photo's page.
const PhotoPage = "https://www.flickr.com/photos/" + Self + "/" + Photo + "/"

func content(s string) map[string]any { return map[string]any{"_content": s} }

func (f *Flickr) testLogin(url.Values) (map[string]any, error) {
	return map[string]any{"user": map[string]any{"id": Self, "username": content(SelfName), "path_alias": nil}}, nil
}

func (f *Flickr) checkToken(url.Values) (map[string]any, error) {
	perms := f.tokens[f.caller].perms
	if f.readOnly {
		perms = "read"
	}
	return map[string]any{"oauth": map[string]any{"token": content(f.caller), "perms": content(perms),
		"user": map[string]any{"nsid": Self, "username": SelfName}}}, nil
}

// photo looks for the one that a call names.
func (f *Flickr) photo(params url.Values) error {
	if f.vanished || params.Get("photo_id") != Photo {
		return fail(1, "Photo not found")
	}
	return nil
}

func (f *Flickr) getInfo(params url.Values) (map[string]any, error) {
	if err := f.photo(params); err != nil {
		return nil, err
	}
	can := 1
	if f.closed {
		can = 0
	}
	return map[string]any{"photo": map[string]any{"id": Photo, "owner": map[string]any{"nsid": Self, "username": SelfName},
		"title": content("Stunda"), "comments": content(strconv.Itoa(len(f.comments))),
		"editability": map[string]any{"cancomment": can, "canaddmeta": 0}, "visibility": map[string]any{"ispublic": 1}}}, nil
}

func (f *Flickr) getList(params url.Values) (map[string]any, error) {
	if err := f.photo(params); err != nil {
		return nil, err
	}
	from, err := date(params.Get("min_comment_date"), time.Time{})
	if err != nil {
		return nil, err
	}
	to, err := date(params.Get("max_comment_date"), f.now())
	if err != nil {
		return nil, err
	}
	list := map[string]any{"photo_id": Photo}
	var all []any
	for _, c := range f.comments {
		if c.At.Before(from) || c.At.After(to) || f.now().Sub(c.At) < f.lag {
			continue
		}
		all = append(all, c.shown())
	}
	if len(all) > 0 { // an empty list is left out
		list["comment"] = all
	}
	return map[string]any{"comments": list}, nil
}

func date(s string, or time.Time) (time.Time, error) {
	if s == "" {
		return or, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return or, fail(905, "fake: no Unix time: "+s)
	}
	return time.Unix(n, 0), nil
}

func (c *Comment) link() string {
	return PhotoPage + "#comment" + c.ID[strings.LastIndex(c.ID, "-")+1:]
}

// shown is a comment as the list has it; some numbers are texts, and some are not.
func (c *Comment) shown() map[string]any {
	return map[string]any{"id": c.ID, "author": c.Author, "author_is_deleted": 0, "authorname": c.Name, "iconserver": "2865", "iconfarm": 3,
		"datecreate": strconv.FormatInt(c.At.Unix(), 10), "permalink": c.link(), "path_alias": nil, "realname": "", "_content": Shown(c.Text)}
}

var (
	tag     = regexp.MustCompile(`</?([a-zA-Z]+)[^>]*>`)
	address = regexp.MustCompile(`https?://[^\s<>"&()\[\]]+`)
	allowed = map[string]bool{"a": true, "b": true, "i": true, "em": true, "strong": true, "blockquote": true}
)

// Shown is a text as readers of the list get it: most tags are gone, and an address has become
// a link whose words lack its beginning.
func Shown(text string) string {
	text = tag.ReplaceAllStringFunc(text, func(t string) string {
		if allowed[strings.ToLower(tag.FindStringSubmatch(t)[1])] {
			return t
		}
		return ""
	})
	if strings.Contains(text, "<a ") {
		return text
	}
	return address.ReplaceAllStringFunc(text, func(a string) string {
		_, words, _ := strings.Cut(a, "://")
		return `<a href="` + a + `" rel="noreferrer nofollow">` + words + `</a>`
	})
}

func (f *Flickr) addComment(params url.Values) (map[string]any, error) {
	if err := f.photo(params); err != nil {
		return nil, err
	}
	if err := fits(params); err != nil {
		return nil, err
	}
	switch {
	case f.closed:
		return nil, fail(99, "User not logged in / Insufficient permissions")
	case f.perHour > 0 && f.mine() >= f.perHour:
		return nil, fail(9, "User is posting comments too fast.")
	}
	c := f.add(Self, SelfName, params.Get("comment_text"))
	return map[string]any{"comment": map[string]any{"id": c.ID}}, nil
}

// mine is how many comments the account wrote in the last hour.
func (f *Flickr) mine() (n int) {
	for _, c := range f.comments {
		if c.Author == Self && f.now().Sub(c.At) < time.Hour {
			n++
		}
	}
	return n
}

func fits(params url.Values) error {
	text := params.Get("comment_text")
	switch {
	case strings.TrimSpace(text) == "":
		return fail(8, "Blank comment.")
	case len(text) > MostBytes:
		return fail(906, "fake: the comment is too long")
	}
	return nil
}

// own looks for the account's comment that a call names.
func (f *Flickr) own(params url.Values) (*Comment, error) {
	c := f.comment(params.Get("comment_id"))
	switch {
	case f.vanished:
		return nil, fail(1, "Photo not found.")
	case c == nil:
		return nil, fail(2, "Comment not found.")
	case c.Author != Self:
		return nil, fail(99, "User not logged in / Insufficient permissions")
	}
	return c, nil
}

func (f *Flickr) editComment(params url.Values) (map[string]any, error) {
	c, err := f.own(params)
	if err == nil {
		err = fits(params)
	}
	if err != nil {
		return nil, err
	}
	c.Text = params.Get("comment_text")
	return map[string]any{}, nil
}

func (f *Flickr) deleteComment(params url.Values) (map[string]any, error) {
	c, err := f.own(params)
	if err != nil {
		return nil, err
	}
	f.remove(c.ID)
	return map[string]any{}, nil
}
