package youtubefake

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// failure is how YouTube says no.
type failure struct {
	status         int
	reason, domain string
	text           string
}

func (f *failure) Error() string { return f.text }

func fail(status int, reason, text string) *failure {
	return &failure{status: status, reason: reason, domain: "youtube.api", text: text}
}

// Body is an answer that says no, for Answer and Break.
func Body(status int, reason string) string {
	b, _ := json.Marshal(fail(status, reason, "No ("+reason+").").shown())
	return string(b)
}

func (f *failure) shown() map[string]any {
	return map[string]any{"error": map[string]any{"code": f.status, "message": f.text,
		"errors": []any{map[string]any{"message": f.text, "domain": f.domain, "reason": f.reason}}}}
}

// call is a request that was let in.
type call struct {
	query url.Values
	parts []string
	body  resource
}

// resource is what is read of a body.
type resource struct {
	ID      string
	Snippet struct {
		ParentID, TextOriginal, ChannelID, VideoID string
		LiveChatID, Type                           string
		TextMessageDetails                         struct{ MessageText string }
		TopLevelComment                            struct{ Snippet struct{ TextOriginal string } }
	}
}

// method is one of the API.
type method struct {
	cost   int
	params []string // that it knows beside those of every method
	parts  []string // of which at least one is asked for; none where nothing is answered
	body   []string // the paths that may stand in one
	do     func(*YouTube, call) (any, error)
}

// api is where the methods stand.
const api = "/youtube/v3/"

var ofThreads, ofComments, ofChat = []string{"id", "snippet", "replies"}, []string{"id", "snippet"}, []string{"id", "snippet",
	"authorDetails"}

// methods have the costs of https://developers.google.com/youtube/v3/determine_quota_cost.
var methods = map[string]method{
	"GET " + api + "commentThreads": {1, []string{"part", "videoId", "id", "order", "maxResults", "pageToken", "textFormat",
		"moderationStatus"}, ofThreads, nil, (*YouTube).listThreads},
	"POST " + api + "commentThreads": {50, []string{"part"}, ofThreads, []string{"snippet.channelId", "snippet.videoId",
		"snippet.topLevelComment.snippet.textOriginal"}, (*YouTube).insertThread},
	"GET " + api + "comments": {1, []string{"part", "id", "parentId", "maxResults", "pageToken", "textFormat"}, ofComments, nil,
		(*YouTube).listComments},
	"POST " + api + "comments": {50, []string{"part"}, ofComments, []string{"snippet.parentId", "snippet.textOriginal"},
		(*YouTube).insertComment},
	"PUT " + api + "comments":    {50, []string{"part"}, ofComments, []string{"id", "snippet.textOriginal"}, (*YouTube).updateComment},
	"DELETE " + api + "comments": {50, []string{"id"}, nil, nil, (*YouTube).deleteComment},
	"POST " + api + "comments/setModerationStatus": {50, []string{"id", "moderationStatus", "banAuthor"}, nil, nil,
		(*YouTube).moderate},
	"GET " + api + "videos": {1, []string{"part", "id"}, []string{"id", "snippet", "status", "statistics",
		"liveStreamingDetails"}, nil, (*YouTube).listVideos},
	// These have the costs that youtube-api.json says.
	"GET " + api + "liveChat/messages": {5, []string{"liveChatId", "part", "maxResults", "pageToken"}, ofChat, nil, (*YouTube).listChat},
	StreamChat:                         {5, []string{"liveChatId", "part", "maxResults", "pageToken"}, ofChat, nil, (*YouTube).streamChat},
	"POST " + api + "liveChat/messages": {20, []string{"part"}, ofChat, []string{"snippet.liveChatId", "snippet.type",
		"snippet.textMessageDetails.messageText"}, (*YouTube).insertChat},
	"DELETE " + api + "liveChat/messages": {20, []string{"id"}, nil, nil, (*YouTube).deleteChat},
	"GET " + api + "channels": {1, []string{"part", "mine"}, []string{"id", "snippet", "status"}, nil,
		(*YouTube).listChannels},
}

// everywhere are the parameters of every method.
var everywhere = []string{"alt", "prettyPrint"}

const mostBody = 1 << 20

// ServeHTTP answers one call.
func (y *YouTube) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil {
		http.Error(w, "too long", http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	y.mu.Lock()
	name := r.Method + " " + r.URL.Path
	x, faulty := y.Take(name)
	if faulty && !x.Done {
		y.mu.Unlock()
		x.Write(w, r)
		return
	}
	if door, is := entrances[name]; is {
		to := w
		if faulty { // what is said goes nowhere
			to = discard{http.Header{}}
		}
		door(y, to, r)
		y.mu.Unlock()
	} else {
		out, err := y.call(name, r, body)
		y.mu.Unlock()
		switch {
		case faulty:
		case name == StreamChat && err == nil:
			y.goOn(w, r, out)
		default:
			say(w, out, err)
		}
	}
	if faulty {
		x.Write(w, r)
	}
}

// discard is an answer that nobody gets.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// call does what one says. What is refused costs one unit, for all but the token is paid.
func (y *YouTube) call(name string, r *http.Request, body []byte) (any, error) {
	if err := y.admitted(r); err != nil {
		return nil, err
	}
	m, known := methods[name]
	c, err := m.read(r.URL.Query(), body)
	if !known {
		err = fail(http.StatusNotFound, "notFound", "fake: there is no "+name)
	}
	cost := m.cost
	if err != nil {
		cost = 1
	}
	if !y.quota.take(y.now(), cost) {
		return nil, &failure{http.StatusForbidden, "quotaExceeded", "youtube.quota",
			"The request cannot be completed because you have exceeded your quota."}
	}
	if err != nil {
		return nil, err
	}
	y.counts[name]++
	return m.do(y, c)
}

// read takes a request apart and looks whether a method knows all of it.
func (m method) read(query url.Values, body []byte) (c call, err error) {
	c.query = query
	for name := range query {
		if !slices.Contains(m.params, name) && !slices.Contains(everywhere, name) {
			return c, fail(http.StatusBadRequest, "unexpectedParameter", "fake: unexpected parameter "+name)
		}
	}
	for _, p := range query["part"] {
		c.parts = append(c.parts, strings.Split(p, ",")...)
	}
	if len(m.parts) > 0 && len(c.parts) == 0 {
		return c, fail(http.StatusBadRequest, "missingRequiredParameter", "No filter selected. Expected one of: part")
	}
	for _, p := range c.parts {
		if !slices.Contains(m.parts, p) {
			return c, fail(http.StatusBadRequest, "unknownPart", "'"+p+"'")
		}
	}
	return c, m.readBody(body, &c.body)
}

func (m method) readBody(body []byte, into *resource) error {
	if len(m.body) == 0 {
		if len(body) > 0 {
			return fail(http.StatusBadRequest, "badRequest", "fake: it takes no body")
		}
		return nil
	}
	var fields map[string]any
	if json.Unmarshal(body, &fields) != nil || json.Unmarshal(body, into) != nil {
		return fail(http.StatusBadRequest, "parseError", "Parse Error")
	}
	for _, path := range pathsOf("", fields) {
		if !slices.Contains(m.body, path) {
			return fail(http.StatusBadRequest, "badRequest", "fake: "+path+" cannot be set")
		}
	}
	return nil
}

// pathsOf are those of all that stands in an object.
func pathsOf(before string, fields map[string]any) (all []string) {
	for name, v := range fields {
		if inner, is := v.(map[string]any); is {
			all = append(all, pathsOf(before+name+".", inner)...)
		} else {
			all = append(all, before+name)
		}
	}
	return all
}

func say(w http.ResponseWriter, out any, err error) {
	status := http.StatusOK
	if f, is := errors.AsType[*failure](err); is {
		out, status = f.shown(), f.status
	} else if out == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	answer(w, status, out)
}

func answer(w http.ResponseWriter, status int, out any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(out) // who asked is gone
}

// quota is the units of a day, which begins at midnight of Pacific time.
type quota struct {
	most, used int
	day        string
}

var pacific = func() *time.Location {
	l, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		panic(err) // it is in time/tzdata
	}
	return l
}()

func (q *quota) take(now time.Time, cost int) bool {
	if day := now.In(pacific).Format(time.DateOnly); day != q.day {
		q.day, q.used = day, 0
	}
	if q.used+cost > q.most {
		return false
	}
	q.used += cost
	return true
}

// Quota is how many units a day has.
func (y *YouTube) Quota(most int) { y.do(func() { y.quota.most = most }) }

// Used is how many units were used today.
func (y *YouTube) Used() (n int) {
	y.do(func() {
		y.quota.take(y.now(), 0)
		n = y.quota.used
	})
	return n
}
