package facebook

import (
	"net/url"
	"regexp"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Locator = (*Facebook)(nil)

// hosts are those under which people copy addresses.
var hosts = regexp.MustCompile(`^(?:(?:www|m|web)\.)?facebook\.com$`)

// Locate reads the address of a post or a comment that has its numbers. Many have a word in place
// of the number of the post ("pfbid…"), which says nothing.
func (f *Facebook) Locate(_ session.PlaceID, address string) (session.MessageID, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "https" || !hosts.MatchString(u.Host) {
		return "", false
	}
	q, own := u.Query(), string(f.settings.Page)
	post := q.Get("story_fbid")
	if under, ok := strings.CutPrefix(strings.TrimSuffix(u.Path, "/"), "/"+own+"/posts/"); ok {
		post = under
	} else if u.Path != "/permalink.php" || q.Get("id") != own {
		return "", false
	}
	id := own + "_" + post
	for _, name := range []string{"comment_id", "reply_comment_id"} { // the latter is that of a reply to the former
		if n := q.Get(name); n != "" {
			id = post + "_" + n
		}
	}
	return session.MessageID(id), nodeID.MatchString(id)
}
