package youtubefake

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// MostText is the longest comment, in units of UTF-16; YouTube documents no bound.
const MostText = 10_000

// mostIDs is how many ids one call asks for.
const mostIDs = 50

// visible reports whether a reader sees a comment by now.
func (y *YouTube) visible(c *Comment) bool {
	return c.Status == Published && y.now().Sub(c.At) >= y.lag
}

// video looks for the one that a call names.
func (y *YouTube) video(id string) error {
	switch {
	case y.vanished || id != Video:
		return fail(http.StatusNotFound, "videoNotFound", "The video identified by the videoId parameter could not be found.")
	case y.disabled:
		return fail(http.StatusForbidden, "commentsDisabled",
			"The video identified by the videoId parameter has disabled comments.")
	}
	return nil
}

// only wants exactly one of several filters.
func only(c call, names ...string) (string, error) {
	var given []string
	for _, n := range names {
		if len(c.query[n]) > 0 {
			given = append(given, n)
		}
	}
	switch len(given) {
	case 0:
		return "", fail(http.StatusBadRequest, "missingRequiredParameter", "No filter selected.")
	case 1:
		return given[0], nil
	}
	return "", fail(http.StatusBadRequest, "incompatibleParameters", "Incompatible parameters specified in the request.")
}

// ids are those that a call asks for.
func ids(c call) (all []string, err error) {
	for _, v := range c.query["id"] {
		all = append(all, strings.Split(v, ",")...)
	}
	if len(all) > mostIDs {
		return nil, fail(http.StatusBadRequest, "invalidFilters", "fake: more than 50 ids")
	}
	for _, p := range []string{"maxResults", "pageToken", "order", "moderationStatus"} {
		if c.query.Get(p) != "" {
			return nil, fail(http.StatusBadRequest, "incompatibleParameters", "fake: "+p+" goes with no id")
		}
	}
	return all, nil
}

func (y *YouTube) listThreads(c call) (any, error) {
	by, err := only(c, "id", "videoId")
	if err != nil {
		return nil, err
	}
	var found []*Comment
	if by == "id" {
		found, err = y.named(c, func(x *Comment) bool { return x.Parent == "" }, "commentThreadNotFound")
	} else if err = y.video(c.query.Get("videoId")); err == nil {
		found = y.those(func(x *Comment) bool {
			if c.query.Get("moderationStatus") == Held {
				return x.Parent == "" && x.Status == Held
			}
			return x.Parent == "" && y.visible(x)
		})
	}
	if err != nil {
		return nil, err
	}
	return y.page(c, found, "youtube#commentThreadListResponse", func(x *Comment) any { return y.thread(c, x) })
}

// those are comments, the newest first.
func (y *YouTube) those(are func(*Comment) bool) (found []*Comment) {
	for _, x := range slices.Backward(y.comments) {
		if are(x) {
			found = append(found, x)
		}
	}
	slices.SortStableFunc(found, func(a, b *Comment) int { return b.At.Compare(a.At) })
	return found
}

// named are those that a call asks for by their ids. The channel sees what is held for review too.
func (y *YouTube) named(c call, are func(*Comment) bool, missing string) (found []*Comment, err error) {
	all, err := ids(c)
	for _, id := range all {
		x := y.comment(id)
		there := x != nil && are(x) && x.Status != Rejected && y.now().Sub(x.At) >= y.lag
		switch {
		case there:
			found = append(found, x)
		case y.strict:
			return nil, fail(http.StatusNotFound, missing, "One or more of the specified comments cannot be found.")
		}
	}
	return found, err
}

// page is a part of what was found.
func (y *YouTube) page(c call, found []*Comment, kind string, show func(*Comment) any) (any, error) {
	most := 20
	if s := c.query.Get("maxResults"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 100 {
			return nil, fail(http.StatusBadRequest, "invalidParameter", "Invalid value '"+s+"'. Values must be within the range: [1, 100]")
		}
		most = n
	}
	if len(c.query["id"]) > 0 {
		most = len(found)
	}
	if after := c.query.Get("pageToken"); after != "" {
		i := slices.IndexFunc(found, func(x *Comment) bool { return "after-"+x.ID == after })
		if i < 0 {
			return nil, fail(http.StatusBadRequest, "invalidPageToken", "The request specifies an invalid page token.")
		}
		found = found[i+1:]
	}
	out := map[string]any{"kind": kind, "etag": "fake", "pageInfo": map[string]any{"totalResults": len(found), "resultsPerPage": most}}
	if n := min(most, y.pages); len(found) > n {
		found = found[:n]
		out["nextPageToken"] = "after-" + found[n-1].ID
	}
	items := []any{}
	for _, x := range found {
		items = append(items, show(x))
	}
	out["items"] = items
	return out, nil
}

// mostReplies is how many a thread shows.
const mostReplies = 5

func (y *YouTube) thread(c call, x *Comment) any {
	below := y.those(func(o *Comment) bool { return o.Parent == x.ID && y.visible(o) })
	out := map[string]any{"kind": "youtube#commentThread", "etag": "fake", "id": x.ID}
	if slices.Contains(c.parts, "snippet") {
		out["snippet"] = map[string]any{"channelId": y.channel(), "videoId": Video, "topLevelComment": y.shown(c, x),
			"canReply": x.Status == Published && !x.Locked, "totalReplyCount": len(below), "isPublic": x.Status == Published}
	}
	if slices.Contains(c.parts, "replies") && len(below) > 0 {
		var some []any
		for _, o := range below[:min(len(below), mostReplies)] {
			some = append(some, y.shown(c, o))
		}
		out["replies"] = map[string]any{"comments": some}
	}
	return out
}

// channel is whose video it is.
func (y *YouTube) channel() string {
	if y.foreign {
		return "UCsomebody_else_01234567"
	}
	return Self
}

// shown is a comment as a reader gets it; its author gets the text as it was written besides.
func (y *YouTube) shown(c call, x *Comment) any {
	s := map[string]any{"channelId": y.channel(), "videoId": Video, "textDisplay": display(x.Text, c.query.Get("textFormat")),
		"authorDisplayName": x.Name, "authorProfileImageUrl": "https://yt3.ggpht.com/fake", "canRate": true, "viewerRating": "none",
		"authorChannelUrl": "http://www.youtube.com/" + x.Name, "authorChannelId": map[string]any{"value": x.Author},
		"likeCount": x.Likes, "publishedAt": stamp(x.At), "updatedAt": stamp(x.Updated)}
	if x.Author == Self {
		s["textOriginal"] = x.Text
	}
	if x.Parent != "" {
		s["parentId"] = x.Parent
	}
	if len(c.query["id"]) == 0 {
		s["moderationStatus"] = x.Status
	}
	return map[string]any{"kind": "youtube#comment", "etag": "fake", "id": x.ID, "snippet": s}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

var address = regexp.MustCompile(`https?://[^\s<>"]+`)

// display is a text as YouTube shows it. Addresses of videos may become their titles, also where
// plain text was asked for.
func display(text, format string) string {
	own := "https://www.youtube.com/watch?v=" + Video
	if format == "plainText" {
		return strings.ReplaceAll(text, own, VideoTitle)
	}
	shown := address.ReplaceAllStringFunc(html.EscapeString(text), func(a string) string { return `<a href="` + a + `">` + a + `</a>` })
	return strings.ReplaceAll(strings.ReplaceAll(shown, own+"</a>", VideoTitle+"</a>"), "\n", "<br>")
}

func (y *YouTube) listComments(c call) (any, error) {
	by, err := only(c, "id", "parentId")
	if err != nil {
		return nil, err
	}
	var found []*Comment
	if by == "id" {
		found, err = y.named(c, func(*Comment) bool { return true }, "commentNotFound")
	} else if top := y.comment(c.query.Get("parentId")); top == nil {
		err = fail(http.StatusNotFound, "commentNotFound", "One or more of the specified comments cannot be found.")
	} else {
		found = y.those(func(x *Comment) bool { return x.Parent == top.ID && y.visible(x) })
	}
	if err != nil {
		return nil, err
	}
	return y.page(c, found, "youtube#commentListResponse", func(x *Comment) any { return y.shown(c, x) })
}

// fits looks at a text, and at who writes it.
func (y *YouTube) fits(text string) error {
	switch {
	case y.ineligible:
		return fail(http.StatusForbidden, "ineligibleAccount", "The YouTube account used to authorize the API request must be merged.")
	case strings.TrimSpace(text) == "":
		return fail(http.StatusBadRequest, "commentTextRequired", "Comments cannot be empty.")
	case len(utf16.Encode([]rune(text))) > MostText:
		return fail(http.StatusBadRequest, "commentTextTooLong", "The comment contains too many characters.")
	}
	return nil
}

func (y *YouTube) insertThread(c call) (any, error) {
	s := c.body.Snippet
	if s.ChannelID == "" || s.VideoID == "" {
		return nil, fail(http.StatusBadRequest, "channelOrVideoIdMissing", "Each comment thread must be linked to a video.")
	}
	if err := y.fits(s.TopLevelComment.Snippet.TextOriginal); err != nil {
		return nil, err
	}
	if err := y.video(s.VideoID); err != nil {
		return nil, err
	}
	if s.ChannelID != y.channel() {
		return nil, fail(http.StatusNotFound, "channelNotFound", "The channel could not be found.")
	}
	return y.thread(c, y.add(Self, SelfName, s.TopLevelComment.Snippet.TextOriginal, "")), nil
}

func (y *YouTube) insertComment(c call) (any, error) {
	s := c.body.Snippet
	if s.ParentID == "" {
		return nil, fail(http.StatusBadRequest, "parentIdMissing", "The comment must be linked to a parent comment.")
	}
	if err := y.fits(s.TextOriginal); err != nil {
		return nil, err
	}
	top := y.comment(s.ParentID)
	if top != nil && top.Parent != "" {
		top = y.comment(top.Parent)
	}
	switch {
	case top == nil || top.Status == Rejected || y.vanished:
		return nil, fail(http.StatusNotFound, "parentCommentNotFound", "The specified parent comment could not be found.")
	case y.disabled:
		return nil, y.video(Video)
	case top.Status == Held:
		return nil, fail(http.StatusBadRequest, "parentCommentIsPrivate", "The specified parent comment is private.")
	case top.Locked:
		return nil, fail(http.StatusBadRequest, "operationNotSupported", "The API user is not able to insert a comment in reply.")
	}
	return y.shown(c, y.add(Self, SelfName, s.TextOriginal, top.ID)), nil
}

// own looks for the channel's comment that a call names.
func (y *YouTube) own(id string) (*Comment, error) {
	c := y.comment(id)
	switch {
	case c == nil || y.vanished:
		return nil, fail(http.StatusNotFound, "commentNotFound", "The specified comment could not be found.")
	case c.Author != Self:
		return nil, fail(http.StatusForbidden, "forbidden", "The comment cannot be changed due to insufficient permissions.")
	}
	return c, nil
}

func (y *YouTube) updateComment(c call) (any, error) {
	x, err := y.own(c.body.ID)
	if err == nil {
		err = y.fits(c.body.Snippet.TextOriginal)
	}
	if err != nil {
		return nil, err
	}
	x.Text, x.Updated = c.body.Snippet.TextOriginal, y.now().UTC().Truncate(time.Second)
	return y.shown(c, x), nil
}

func (y *YouTube) deleteComment(c call) (any, error) {
	x, err := y.own(c.query.Get("id"))
	if err != nil {
		return nil, err
	}
	y.remove(x.ID)
	return nil, nil
}

func (y *YouTube) moderate(c call) (any, error) {
	all, err := ids(call{query: map[string][]string{"id": c.query["id"]}})
	status := c.query.Get("moderationStatus")
	switch {
	case err != nil:
		return nil, err
	case c.query.Get("banAuthor") == "true" && status != Rejected:
		return nil, fail(http.StatusBadRequest, "banWithoutReject", "The banAuthor parameter goes with rejected alone.")
	case !slices.Contains([]string{Published, Held, Rejected}, status):
		return nil, fail(http.StatusBadRequest, "invalidParameter", "Invalid value '"+status+"'.")
	}
	for _, id := range all {
		x := y.comment(id)
		if x == nil {
			return nil, fail(http.StatusNotFound, "commentNotFound", "One or more of the comments could not be found.")
		}
		x.Status = status
	}
	return nil, nil
}

func (y *YouTube) listVideos(c call) (any, error) {
	all, err := ids(c)
	if err != nil {
		return nil, err
	}
	items := []any{}
	if slices.Contains(all, Video) && !y.vanished {
		counts := map[string]any{"viewCount": "12", "likeCount": "3"}
		if !y.disabled {
			counts["commentCount"] = strconv.Itoa(len(y.comments))
		}
		parts := map[string]any{"snippet": map[string]any{"channelId": y.channel(), "title": VideoTitle}, "statistics": counts,
			"status": map[string]any{"privacyStatus": y.privacy}}
		if live := y.streaming(); live != nil {
			parts["liveStreamingDetails"] = live
		}
		items = append(items, resourceOf("youtube#video", Video, parts, c.parts))
	}
	return map[string]any{"kind": "youtube#videoListResponse", "etag": "fake", "items": items}, nil
}

func (y *YouTube) listChannels(c call) (any, error) {
	if c.query.Get("mine") != "true" {
		return nil, fail(http.StatusBadRequest, "missingRequiredParameter", "No filter selected.")
	}
	out := map[string]any{"kind": "youtube#channelListResponse", "etag": "fake"}
	if !y.ineligible { // who has no channel gets a list without items
		parts := map[string]any{"snippet": map[string]any{"title": Title, "customUrl": SelfName},
			"status": map[string]any{"privacyStatus": "public"}}
		out["items"] = []any{resourceOf("youtube#channel", Self, parts, c.parts)}
	}
	return out, nil
}

// resourceOf has those of the parts that were asked for.
func resourceOf(kind, id string, parts map[string]any, asked []string) map[string]any {
	out := map[string]any{"kind": kind, "etag": "fake", "id": id}
	for _, p := range asked {
		if v, is := parts[p]; is {
			out[p] = v
		}
	}
	return out
}
