package youtubefake

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/testenv"
)

// clock is a time that stands until it is moved.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// caller calls by hand: what is sent is spelled out here.
type caller struct {
	t     *testing.T
	y     *YouTube
	clock *clock
	token string
}

func newCaller(t *testing.T) *caller {
	k := &clock{time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)}
	c := &caller{t: t, y: New(t, k.now), clock: k}
	c.token = c.enter(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {Refresh}}).Access
	return c
}

// said is an answer.
type said struct {
	status  int
	body    string
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Ends    int    `json:"refresh_token_expires_in"`
	ID      string
	Next    string `json:"nextPageToken"`
	Snippet snippet
	Items   []struct {
		ID      string
		Snippet snippet
		Replies struct{ Comments []struct{ ID string } }
	}
	Error struct {
		Errors []struct{ Reason, Domain string }
	}
}

type snippet struct {
	ParentID, TextDisplay, TextOriginal, UpdatedAt string
	CanReply, IsPublic                             bool
	TotalReplyCount                                int
	TopLevelComment                                struct {
		ID      string
		Snippet struct{ TextDisplay, TextOriginal string }
	}
}

func (s said) reason() string {
	if len(s.Error.Errors) == 0 {
		return ""
	}
	return s.Error.Errors[0].Reason
}

// call makes one call: "GET comments?part=snippet".
func (c *caller) call(what, body string) said {
	c.t.Helper()
	verb, path, _ := strings.Cut(what, " ")
	r, err := http.NewRequest(verb, c.y.URL+api+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	return c.send(r)
}

func (c *caller) send(r *http.Request) (s said) {
	c.t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, _ := io.ReadAll(resp.Body)
	_ = json.Unmarshal(b, &s) // some answers are none
	s.status, s.body = resp.StatusCode, string(b)
	return s
}

// enter asks for a token.
func (c *caller) enter(form url.Values) said {
	c.t.Helper()
	for key, value := range map[string]string{"client_id": ClientID, "client_secret": ClientSecret} {
		if !form.Has(key) {
			form.Set(key, value)
		}
	}
	r, err := http.NewRequest(http.MethodPost, c.y.URL+Token, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.send(r)
}

// wants is the reason of a refusal with its status; without a reason it is a success.
func (c *caller) wants(what string, s said, status int, reason string) {
	c.t.Helper()
	if s.status != status || s.reason() != reason {
		c.t.Errorf("%s: %d %s", what, s.status, s.body)
	}
}

const (
	list   = "GET commentThreads?part=snippet&videoId=" + Video
	add    = "POST comments?part=snippet"
	edit   = "PUT comments?part=snippet"
	thread = "POST commentThreads?part=snippet"
)

func reply(parent, text string) string {
	return `{"snippet":{"parentId":"` + parent + `","textOriginal":"` + text + `"}}`
}

func top(text string) string {
	return `{"snippet":{"channelId":"` + Self + `","videoId":"` + Video + `","topLevelComment":{"snippet":{"textOriginal":"` + text + `"}}}}`
}

// TestLife: comments are written, listed, edited, moderated and deleted; the same text twice is two.
func TestLife(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	q := c.y.Write("UCilze", "@ilze", "Kas <b> ir?\nhttps://a.lv", "")
	c.clock.at = c.clock.at.Add(time.Minute)
	one, two := c.call(add, reply(q, "Jā.")), c.call(add, reply(q, "Jā."))
	if one.ID == "" || one.ID == two.ID || !strings.HasPrefix(one.ID, q+".") || one.Snippet.ParentID != q ||
		one.Snippet.TextOriginal != "Jā." {
		t.Fatalf("%s and %s", one.body, two.body)
	}
	if deeper := c.call(add, reply(one.ID, "Nē.")); deeper.Snippet.ParentID != q {
		t.Errorf("a reply to a reply stands at %s", deeper.body)
	}
	c.wants("announce", c.call(thread, top("Sākam.")), 200, "")
	all := c.call(list, "").Items
	if len(all) != 2 || all[0].Snippet.TopLevelComment.Snippet.TextOriginal != "Sākam." || all[1].ID != q ||
		all[1].Snippet.TotalReplyCount != 3 || !all[1].Snippet.CanReply || !all[1].Snippet.IsPublic ||
		all[1].Snippet.TopLevelComment.Snippet.TextDisplay != `Kas &lt;b&gt; ir?<br><a href="https://a.lv">https://a.lv</a>` ||
		all[1].Snippet.TopLevelComment.Snippet.TextOriginal != "" {
		t.Errorf("%+v", all)
	}
	plain := c.call(list+"&textFormat=plainText", "").Items[1].Snippet.TopLevelComment.Snippet.TextDisplay
	if plain != "Kas <b> ir?\nhttps://a.lv" {
		t.Errorf("as plain text it is %q", plain)
	}
	c.clock.at = c.clock.at.Add(time.Minute)
	if s := c.call(edit, `{"id":"`+one.ID+`","snippet":{"textOriginal":"Nē."}}`); s.Snippet.UpdatedAt != "2026-11-30T10:02:00Z" {
		t.Errorf("edited: %s", s.body)
	}
	c.wants("delete", c.call("DELETE comments?id="+two.ID, ""), 204, "")
	c.wants("delete again", c.call("DELETE comments?id="+two.ID, ""), 404, "commentNotFound")
	if below := c.call("GET comments?part=snippet&parentId="+q, "").Items; len(below) != 2 || below[1].Snippet.TextOriginal != "Nē." {
		t.Errorf("%+v", below)
	}
	c.wants("moderate", c.call("POST comments/setModerationStatus?moderationStatus=rejected&id="+q, ""), 204, "")
	if n := len(c.call(list, "").Items); n != 1 {
		t.Errorf("%d are listed", n)
	}
	if s := c.call("GET videos?part=statistics&id="+Video, ""); !strings.Contains(s.body, `"commentCount":"4"`) {
		t.Error(s.body)
	}
}

// TestRefused: each of the reasons that YouTube documents, and those of the fake.
func TestRefused(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	q := c.y.Write("UCilze", "@ilze", "Kas ir?", "")
	held, locked := c.y.Write("UCilze", "@ilze", "Spams?", ""), c.y.Write("UCilze", "@ilze", "Kas?", "")
	c.y.Change(held, func(x *Comment) { x.Status = Held })
	c.y.Change(locked, func(x *Comment) { x.Locked = true })
	long := strings.Repeat("👍", MostText/2)
	for _, x := range []struct {
		what, body string
		status     int
		reason     string
	}{
		{add, reply(q, ""), 400, "commentTextRequired"},
		{add, reply(q, long), 200, ""},
		{add, reply(q, long+"a"), 400, "commentTextTooLong"},
		{add, reply("", "x"), 400, "parentIdMissing"},
		{add, reply("Ugz_fake", "x"), 404, "parentCommentNotFound"},
		{add, reply(held, "x"), 400, "parentCommentIsPrivate"},
		{add, reply(locked, "x"), 400, "operationNotSupported"},
		{add, `{"snippet":{"parentId":"` + q + `","textDisplay":"x"}}`, 400, "badRequest"},
		{add, `x`, 400, "parseError"},
		{"POST comments", reply(q, "x"), 400, "missingRequiredParameter"},
		{"POST comments?part=replies", reply(q, "x"), 400, "unknownPart"},
		{edit, `{"id":"` + q + `","snippet":{"textOriginal":"x"}}`, 403, "forbidden"},
		{edit, `{"id":"Ugz_fake","snippet":{"textOriginal":"x"}}`, 404, "commentNotFound"},
		{"DELETE comments?id=" + q, "", 403, "forbidden"},
		{"DELETE comments?id=" + q, "{}", 400, "badRequest"},
		{thread, `{"snippet":{"videoId":"` + Video + `"}}`, 400, "channelOrVideoIdMissing"},
		{thread, strings.Replace(top("x"), Self, "UCx", 1), 404, "channelNotFound"},
		{thread, strings.Replace(top("x"), Video, "x", 1), 404, "videoNotFound"},
		{list + "&id=" + q, "", 400, "incompatibleParameters"},
		{"GET commentThreads?part=snippet", "", 400, "missingRequiredParameter"},
		{"GET commentThreads?part=snippet&maxResults=5&id=" + q, "", 400, "incompatibleParameters"},
		{list + "&maxResults=101", "", 400, "invalidParameter"},
		{list + "&pageToken=x", "", 400, "invalidPageToken"},
		{list + "&since=x", "", 400, "unexpectedParameter"},
		{"GET comments?part=snippet&parentId=Ugz_fake", "", 404, "commentNotFound"},
		{"GET comments?part=snippet&id=" + strings.Repeat("x,", mostIDs) + "x", "", 400, "invalidFilters"},
		{"GET channels?part=snippet", "", 400, "missingRequiredParameter"},
		{"POST comments/setModerationStatus?moderationStatus=published&banAuthor=true&id=" + q, "", 400, "banWithoutReject"},
		{"POST comments/setModerationStatus?moderationStatus=likelySpam&id=" + q, "", 400, "invalidParameter"},
		{"POST comments/setModerationStatus?moderationStatus=published&id=x", "", 404, "commentNotFound"},
		{"GET search?part=snippet", "", 404, "notFound"},
	} {
		c.wants(x.what, c.call(x.what, x.body), x.status, x.reason)
	}
}

// TestSwitches: what goes wrong at YouTube or is taken from the channel.
func TestSwitches(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	q := c.y.Write("UCilze", "@ilze", "Kas ir?", "")
	byID := "GET comments?part=id&id=" + q + ",Ugz_fake"
	if n := len(c.call(byID, "").Items); n != 1 {
		t.Errorf("%d of two are there", n)
	}
	c.y.Strict(true)
	c.wants("strict", c.call(byID, ""), 404, "commentNotFound")
	c.wants("strict threads", c.call("GET commentThreads?part=id&id=Ugz_fake", ""), 404, "commentThreadNotFound")
	c.y.Disable(true)
	c.wants("disabled", c.call(list, ""), 403, "commentsDisabled")
	c.wants("disabled, reply", c.call(add, reply(q, "x")), 403, "commentsDisabled")
	if s := c.call("GET videos?part=statistics&id="+Video, ""); strings.Contains(s.body, "commentCount") {
		t.Error(s.body)
	}
	c.y.Disable(false)
	c.y.Vanish(true)
	c.wants("vanished", c.call(list, ""), 404, "videoNotFound")
	if s := c.call("GET videos?part=id&id="+Video, ""); len(s.Items) != 0 || s.status != 200 {
		t.Error(s.body)
	}
	c.y.Vanish(false)
	c.y.Ineligible(true)
	c.wants("ineligible", c.call(thread, top("x")), 403, "ineligibleAccount")
	if s := c.call("GET channels?part=id&mine=true", ""); s.Items != nil || s.status != 200 {
		t.Error(s.body)
	}
}

// TestPagesAndLag: a page has at most so many, and shows what was written some time later.
func TestPagesAndLag(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.y.Lag(3 * time.Second)
	first := c.y.Write("UCilze", "@ilze", "Viens?", "")
	for _, text := range []string{"Divi?", "Trīs?"} {
		c.clock.at = c.clock.at.Add(time.Second)
		c.y.Write("UCilze", "@ilze", text, "")
	}
	if n := len(c.call(list, "").Items) + len(c.call("GET comments?part=id&id="+first, "").Items); n != 0 {
		t.Errorf("%d at once", n)
	}
	c.clock.at = c.clock.at.Add(3 * time.Second)
	c.y.Pages(2)
	s := c.call(list+"&maxResults=100", "")
	if len(s.Items) != 2 || s.Items[0].Snippet.TopLevelComment.Snippet.TextDisplay != "Trīs?" {
		t.Errorf("%+v", s.Items)
	}
	c.y.Write("UCilze", "@ilze", "Četri?", "") // moves nothing
	if s = c.call(list+"&pageToken="+s.Next, ""); len(s.Items) != 1 || s.Items[0].ID != first || s.Next != "" {
		t.Errorf("%+v", s)
	}
}

// TestQuota: each method has its cost, what is refused costs one, and the day ends at midnight of
// Pacific time.
func TestQuota(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	q := c.y.Write("UCilze", "@ilze", "Kas ir?", "")
	used := 0
	for _, x := range []struct {
		what, body string
		cost       int
	}{{list, "", 1}, {"GET comments?part=id&id=" + q, "", 1}, {add, reply(q, "Jā."), 50}, {thread, top("x"), 50}, {list + "&x=y", "", 1},
		{"GET search?q=x", "", 1}, {"GET channels?part=id&mine=true", "", 1}, {"DELETE comments?id=x", "", 50}} {
		c.call(x.what, x.body)
		if used += x.cost; c.y.Used() != used {
			t.Errorf("%s: %d are used, want %d", x.what, c.y.Used(), used)
		}
	}
	c.y.Quota(used + 49)
	s := c.call(add, reply(q, "x"))
	c.wants("used up", s, 403, "quotaExceeded")
	if s.Error.Errors[0].Domain != "youtube.quota" || c.y.Used() != used {
		t.Errorf("%d are used: %s", c.y.Used(), s.body)
	}
	c.wants("a cheap one", c.call("GET channels?part=id&mine=true", ""), 200, "")
	c.clock.at = time.Date(2026, 12, 1, 7, 59, 59, 0, time.UTC)
	c.token = c.enter(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {Refresh}}).Access
	c.wants("a second before", c.call(add, reply(q, "x")), 403, "quotaExceeded")
	c.clock.at = c.clock.at.Add(time.Second)
	c.wants("at midnight", c.call(add, reply(q, "x")), 200, "")
	if c.y.Used() != 50 {
		t.Errorf("%d are used", c.y.Used())
	}
}

// TestFaults: what is broken was done, what is answered in its place was not.
func TestFaults(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	const name = "POST " + api + "commentThreads"
	c.y.Break(name, 500, "oops")
	c.y.Answer(name, 502, "proxy")
	c.wants("broken", c.call(thread, top("Viens.")), 500, "")
	c.wants("answered", c.call(thread, top("Divi.")), 502, "")
	c.y.Hang(name)
	ctx, giveUp := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.y.URL+api+"commentThreads?part=id", strings.NewReader(top("Trīs.")))
		if err == nil {
			r.Header.Set("Authorization", "Bearer "+c.token)
			_, err = http.DefaultClient.Do(r)
		}
		ended <- err
	}()
	testenv.Until(t, "what was asked for is done", func() bool { return len(c.y.Comments()) == 2 })
	giveUp()
	if err := <-ended; err == nil {
		t.Error("it answered")
	}
	if all := c.y.Comments(); len(all) != 2 || all[1].Text != "Trīs." {
		t.Errorf("%+v", all)
	}
	c.y.Break("POST "+Token, 500, "oops")
	if s := c.enter(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {Refresh}}); s.status != 500 || s.body != "oops" {
		t.Errorf("%d %s", s.status, s.body)
	}
}
