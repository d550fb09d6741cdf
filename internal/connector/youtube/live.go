package youtube

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// Live is the live chat of a broadcast. It has the account, the token and the units of a video, and
// nothing of comments: a chat is flat, nothing in it can be edited, and it ends with the broadcast.
type Live struct {
	*receive.Runner
	y    *YouTube
	chat atomic.Pointer[string] // the one that goes on
	page atomic.Pointer[mark]   // how far it was read last

	known atomic.Pointer[channel]

	// What Fetch and Stream say to each other.
	going chan reach                         // from where to hear on; at most one
	heard atomic.Pointer[context.CancelFunc] // ends what is heard now; nil is nothing
	// fromNow says that no page is taken from which to hear on: then it begins with what is recent, as YouTube has it.
	fromNow atomic.Bool
	rhythm
}

var (
	_ connector.Connector = (*Live)(nil)
	_ connector.Placed    = (*Live)(nil)
	_ connector.Troubled  = (*Live)(nil)
	_ connector.Checker   = (*Live)(nil)
	_ connector.Connecter = (*Live)(nil)
	_ connector.Replier   = (*Live)(nil)
	_ connector.Retractor = (*Live)(nil)
	_ connector.Reader    = (*Live)(nil)
	_ connector.Finder    = (*Live)(nil)
	_ receive.Fetcher     = (*Live)(nil)
)

// NewLive makes the connector; it calls nothing yet.
func NewLive(env connector.Env, a Account, s Settings, id session.ConnectorID) (*Live, error) {
	if len(s.Triggers) == 0 {
		s.Triggers = []Trigger{TriggerMention, TriggerHashtag}
	}
	y, err := New(env, a, s, id)
	if err != nil {
		return nil, err
	}
	l := &Live{y: y, going: make(chan reach, 1), rhythm: usualRhythm}
	l.Runner = receive.For(env, id, l)
	l.Lease = "youtube:" + string(id)
	return l, nil
}

// ID is the one it was given.
func (l *Live) ID() session.ConnectorID { return l.Name }

// Place is the broadcast.
func (l *Live) Place() session.PlaceID { return l.y.Place() }

// Trouble is what keeps it from receiving, and that the day's units are nearly used up.
func (l *Live) Trouble() []connector.Finding { return append(l.Troubles.List(), l.y.Trouble()...) }

// Connect has a person let the program write as their channel.
func (l *Live) Connect(ctx context.Context, b connector.Browser) error { return l.y.Connect(ctx, b) }

const (
	// longestLive bounds a message, as people report it; YouTube documents neither that nor how it counts.
	longestLive = 200
	// What requests cost (youtube-api.json of google.golang.org/api says so of each method). Before a message it is looked which
	// chat goes on, and how far it has come.
	costLivePost, costLiveWrite, costLiveRead = 26, 20, 5
)

func (l *Live) budget() connector.Budget {
	b := l.y.budget()
	b.Costs = map[connector.Request]int{connector.RequestPost: costLivePost, connector.RequestRetract: costLiveWrite,
		connector.RequestFind: 2 * costLiveRead, connector.RequestRead: costLiveRead}
	return b
}

// Limits are the units of a day, and the short messages of a chat.
func (l *Live) Limits() connector.Limits {
	return connector.Limits{
		Longest: connector.AtMost(longestLive, session.UTF16), Budgets: []connector.Budget{l.budget()},
		Timeout: timeout, LookAfter: lookAfter, Notices: true, Announces: true, Address: called,
	}
}

// plainName is a name that is repeated in a chat as it is.
var plainName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} _·-]{0,29}$`)

// called names whoever asked: a chat knows no replies.
func called(o session.Origin) string {
	_, name, _ := strings.Cut(string(o.User), " ")
	switch {
	case handle.MatchString(name):
		return name
	case plainName.MatchString(name):
		return "@" + name
	}
	return ""
}

// The reasons of the chat that something depends on
// (https://developers.google.com/youtube/v3/live/docs/liveChatMessages/list).
const (
	chatEnded   = "liveChatEnded"
	chatGone    = "liveChatNotFound"
	chatOff     = "liveChatDisabled"
	messageGone = "liveChatMessageNotFound"
	badPage     = "pageTokenInvalid"
	badPageToo  = "invalidPageToken"
)

// broadcast is what is read of the video.
type broadcast struct {
	video
	Live *struct {
		Chat  string    `json:"activeLiveChatId"`
		Ended time.Time `json:"actualEndTime"`
	} `json:"liveStreamingDetails"`
}

func (l *Live) broadcast(ctx context.Context) (b broadcast, there bool, err error) {
	var answer struct{ Items []broadcast }
	q := url.Values{"part": {"snippet,status,liveStreamingDetails"}, "id": {l.y.settings.Video}}
	if err := l.y.call(ctx, http.MethodGet, "videos", q, nil, &answer); err != nil || len(answer.Items) == 0 {
		return b, false, err
	}
	return answer.Items[0], true, nil
}

// chatID is how chats and their messages are named.
var chatID = regexp.MustCompile(`^[A-Za-z0-9_.=%+-]{4,200}$`)

// open is the chat that goes on; empty is that none does, and over that there will be none any more.
func (l *Live) open(ctx context.Context) (chat string, over bool, err error) {
	if known := l.chat.Load(); known != nil {
		return *known, false, nil
	}
	b, there, err := l.broadcast(ctx)
	switch {
	case err != nil:
		return "", false, err
	case !there || b.Live == nil:
		return "", true, nil
	case !chatID.MatchString(b.Live.Chat):
		return "", !b.Live.Ended.IsZero(), nil
	}
	l.chat.Store(&b.Live.Chat)
	return b.Live.Chat, false, nil
}

// Check looks at the token, the channel, and whether the chat of the broadcast goes on.
func (l *Live) Check(ctx context.Context) []connector.Finding {
	c, err := l.y.mine(ctx)
	if err != nil {
		return []connector.Finding{refusal(err)}
	}
	found := []connector.Finding{good("youtube.works", "name", c.Snippet.Title), good("youtube.longest", "most", longestLive),
		l.y.checkToken(ctx)}
	b, there, err := l.broadcast(ctx)
	switch title := b.Snippet.Title; {
	case err != nil:
		return append(found, refusal(err))
	case !there:
		return append(found, bad("youtube.video_gone"))
	case b.Snippet.Channel != c.ID:
		return append(found, bad("youtube.not_own", "title", title))
	case b.Live == nil:
		return append(found, bad("youtube.no_broadcast", "title", title))
	case b.Live.Chat == "" && !b.Live.Ended.IsZero():
		return append(found, good("youtube.live_over", "title", title))
	case b.Live.Chat == "":
		return append(found, good("youtube.live_later", "title", title))
	default:
		return append(found, good("youtube.live", "title", title))
	}
}
