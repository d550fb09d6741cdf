package youtube

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
)

const (
	timeout = 15 * time.Second
	// mostAnswer bounds an answer: a hundred comments.
	mostAnswer = 8 << 20
	// mendWait is while somebody has to mend the token, the channel or the video.
	mendWait = 30 * time.Second
	fastWait = time.Minute // after "too fast", of which YouTube does not say how long it lasts
	// mostPages bounds how far back a list is read, of up to perPage comments each.
	mostPages, perPage = 20, 100
)

// root is where the methods stand.
const root = "/youtube/v3/"

// The reasons of YouTube that something depends on
// (https://developers.google.com/youtube/v3/docs/errors).
const (
	noComment  = "commentNotFound"
	noThread   = "commentThreadNotFound"
	noVideo    = "videoNotFound"
	closed     = "commentsDisabled"
	usedUp     = "quotaExceeded"
	usedUpToo  = "dailyLimitExceeded"
	noScope    = "insufficientPermissions"
	notEnabled = "accessNotConfigured"
	badGrant   = "invalid_grant"
	badClient  = "invalid_client"
)

// dialect is how YouTube says no, and how the server does that gives tokens.
var dialect = httpapi.Dialect{Code: []string{"error.errors.0.reason", "error.status", "error"},
	Words: []string{"error.message", "error_description"}, Rules: []httpapi.Rule{
		{Code: usedUp, Outcome: connector.Deferred},
		{Code: usedUpToo, Outcome: connector.Deferred},
		{Code: "rateLimitExceeded", Outcome: connector.Deferred, Wait: fastWait},
		{Code: "userRateLimitExceeded", Outcome: connector.Deferred, Wait: fastWait},
		{Code: noScope, Outcome: connector.Deferred, Wait: mendWait},
		{Code: notEnabled, Outcome: connector.Deferred, Wait: mendWait},
		{Code: badGrant, Outcome: connector.Deferred, Wait: mendWait},
		{Code: badClient, Outcome: connector.Deferred, Wait: mendWait},
		{Status: http.StatusUnauthorized, Outcome: connector.Deferred, Wait: time.Second}, // the next token is asked for
		{Status: http.StatusTooManyRequests, Outcome: connector.Deferred, Wait: fastWait},
	}}

// details are refusals in plain words, where YouTube's own say nothing to who is not a programmer.
var details = map[string]string{
	"operationNotSupported":  "YouTube lets nobody reply to this comment",
	"parentCommentIsPrivate": "the comment is held for review; approve it in YouTube Studio and send the answer again",
	"parentCommentNotFound":  "the comment is not there any more",
	noComment:                "the comment is not there any more",
	closed:                   "comments under the video are turned off; turn them on in YouTube Studio",
	noVideo:                  "the video is not there any more, or nobody else may see it",
	"ineligibleAccount":      "the account has no channel; make one at youtube.com/create_channel",
	"commentTextTooLong":     "the text is too long",
	"processingFailure":      "YouTube could not work on it; look whether it stands there before you send it again",
	chatEnded:                "the broadcast is over, and its chat takes no messages; say it elsewhere",
	chatGone:                 "the broadcast is over, and its chat takes no messages; say it elsewhere",
	chatOff:                  "the live chat is turned off; turn it on in YouTube Studio",
	messageGone:              "the message is not there any more",
	"messageTextInvalid":     "YouTube does not take this text; it may be too long, or have blocked words",
	usedUp:                   "the day's units are used up",
	usedUpToo:                "the day's units are used up",
}

func newClient(a Account, now func() time.Time) *httpapi.Client {
	return httpapi.New(httpapi.Options{Base: a.URL, Dialect: dialect, Timeout: timeout, Most: mostAnswer, Now: now,
		Secrets: []string{a.ClientSecret.Reveal(), a.RefreshToken.Reveal()}})
}

// call makes one call with the token that there is.
func (y *YouTube) call(ctx context.Context, verb, method string, query url.Values, body, into any) error {
	return y.with(ctx, httpapi.Request{Method: verb, To: root + method, Query: query, Into: into}, func(r httpapi.Request) error {
		if body != nil {
			r.Body = httpapi.JSON(body)
		}
		_, err := y.http.Do(ctx, r)
		return err
	})
}

// with makes a request with the token that there is.
func (y *YouTube) with(ctx context.Context, r httpapi.Request, do func(httpapi.Request) error) error {
	t, err := y.token.Token(ctx)
	if err != nil {
		return err
	}
	r.Header = http.Header{"Authorization": {"Bearer " + t.Access}}
	err = do(r)
	if httpapi.ErrorOf(err).Status == http.StatusUnauthorized {
		y.token.Refused(ctx, t.Access)
	}
	return y.plain(err)
}

// plain says a refusal in plain words, and until when a day without units lasts.
func (y *YouTube) plain(err error) error {
	e, is := errors.AsType[*connector.SendError](err)
	if !is {
		return err
	}
	code := httpapi.ErrorOf(err).Code
	if text := details[code]; text != "" {
		e.Detail = text
	}
	if code == usedUp || code == usedUpToo {
		now := y.env.Now()
		e.Wait = y.budget().Rate.Ends(now).Sub(now)
		y.left.Store(0)
	}
	return err
}

// said reports whether YouTube itself gives a reason.
func said(err error, reasons ...string) bool {
	code := httpapi.ErrorOf(err).Code
	for _, r := range reasons {
		if code == r {
			return true
		}
	}
	return false
}

// unusable is an answer of which nobody knows what it says.
func unusable(outcome connector.Outcome) error {
	return &connector.SendError{Outcome: outcome, Detail: "no usable answer"}
}

// commentID is how one is named. One below another begins with the name of that and a dot.
var commentID = regexp.MustCompile(`^[A-Za-z0-9_-]{10,80}(\.[A-Za-z0-9_-]{5,80})?$`)

// comment is what is read of one.
type comment struct {
	ID      string
	Snippet struct {
		Parent string                 `json:"parentId"`
		Author struct{ Value string } `json:"authorChannelId"`
		Name   string                 `json:"authorDisplayName"`
		Shown  string                 `json:"textDisplay"`
		Wrote  string                 `json:"textOriginal"` // for its author alone
		Likes  int                    `json:"likeCount"`
		At     time.Time              `json:"publishedAt"`
		Edited time.Time              `json:"updatedAt"`
		Status string                 `json:"moderationStatus"` // not where it was asked for by its id
	}
}

func (c comment) text() string {
	if c.Snippet.Wrote != "" {
		return c.Snippet.Wrote
	}
	return c.Snippet.Shown
}

// thread is what is read of a comment at the top and of what stands below it.
type thread struct {
	ID      string
	Snippet struct {
		Top      comment `json:"topLevelComment"`
		CanReply *bool
		IsPublic *bool
		Replies  int `json:"totalReplyCount"`
	}
}

// parse reads an item of a list; ok is false for what is none.
func parse[T comment | thread](raw []byte) (item T, ok bool) {
	if json.Unmarshal(raw, &item) != nil {
		return item, false
	}
	var of comment
	switch x := any(item).(type) {
	case comment:
		of = x
	case thread:
		of = x.Snippet.Top
	}
	return item, commentID.MatchString(of.ID) && !of.Snippet.At.IsZero()
}

// channel is who the bot is.
type channel struct {
	ID      string
	Snippet struct {
		Title  string
		Handle string `json:"customUrl"`
	}
}

var errNoChannel = errors.New("the account has no channel")

func (y *YouTube) mine(ctx context.Context) (channel, error) {
	var answer struct{ Items []channel }
	err := y.call(ctx, http.MethodGet, "channels", url.Values{"part": {"snippet"}, "mine": {"true"}}, nil, &answer)
	switch {
	case err != nil:
		return channel{}, err
	case len(answer.Items) == 0 || answer.Items[0].ID == "":
		return channel{}, &connector.SendError{Outcome: connector.Deferred, Wait: mendWait, Detail: details["ineligibleAccount"],
			Cause: errNoChannel}
	}
	return answer.Items[0], nil
}

// self is the id of the channel, which does not change.
func (y *YouTube) self(ctx context.Context) (string, error) {
	if id := y.known.Load(); id != nil {
		return *id, nil
	}
	c, err := y.mine(ctx)
	if err != nil {
		return "", err
	}
	y.known.Store(&c.ID)
	return c.ID, nil
}
