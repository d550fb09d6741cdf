package youtubefake

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// Chat is the live chat of the broadcast.
const Chat = "Cg0KC2FCM19kRS1mRzdo"

// MostMessage is the longest message of a chat, in units of UTF-16.
const MostMessage = 200

// The kinds of what stands in a chat.
const (
	Message   = "textMessageEvent"
	Tombstone = "tombstone"
	Deleted   = "messageDeletedEvent"
	Retracted = "messageRetractedEvent"
	ended     = "chatEndedEvent"
)

// Line is what stands in a chat; Of is the message that it is about, where it is none.
type Line struct {
	ID, Type, Author, Name, Text, Of string
	At                               time.Time
}

// chat is the state of the live chat.
type chat struct {
	state   string // "later", "on", "off", "over"
	lines   []*Line
	tells   string        // how a deletion is told
	forgets int           // how many lines the history leaves out
	stale   bool          // no page token is known any more
	polling time.Duration // what is to be waited
}

// GoLive begins a broadcast with a chat.
func (y *YouTube) GoLive() {
	y.do(func() { y.chat = chat{state: "on", tells: Tombstone, polling: time.Millisecond} })
}

// Schedule makes a broadcast that has not begun.
func (y *YouTube) Schedule() { y.do(func() { y.chat = chat{state: "later", tells: Tombstone} }) }

// Mute turns the chat of a broadcast off, or on again.
func (y *YouTube) Mute(is bool) {
	y.do(func() {
		if y.chat.state = "on"; is {
			y.chat.state = "off"
		}
	})
}

// EndLive ends the broadcast; what was read before shows the end.
func (y *YouTube) EndLive() {
	y.do(func() {
		y.say(ended, "", "", "")
		y.chat.state = "over"
	})
}

// Polling is how long a client is told to wait.
func (y *YouTube) Polling(d time.Duration) { y.do(func() { y.chat.polling = d }) }

// Forget leaves the oldest lines out of the history.
func (y *YouTube) Forget(lines int) { y.do(func() { y.chat.forgets = lines }) }

// Stale says whether the tokens of pages are not known any more.
func (y *YouTube) Stale(is bool) { y.do(func() { y.chat.stale = is }) }

// Deletions says how a deletion is told: Tombstone, Deleted or Retracted.
func (y *YouTube) Deletions(how string) { y.do(func() { y.chat.tells = how }) }

// Say is a message of somebody in the chat. It gives its id.
func (y *YouTube) Say(author, name, text string) (id string) {
	y.do(func() { id = y.say(Message, author, name, text).ID })
	return id
}

// Unsay deletes a message, as its author or a moderator does.
func (y *YouTube) Unsay(id string) { y.do(func() { y.unsay(id) }) }

// Lines are the messages that readers of the chat see.
func (y *YouTube) Lines() (all []Line) {
	y.do(func() {
		for _, l := range y.chat.lines {
			if l.Type == Message {
				all = append(all, *l)
			}
		}
	})
	return all
}

func (y *YouTube) say(kind, author, name, text string) *Line {
	y.last++
	l := &Line{ID: fmt.Sprintf("LCC.EhwKGkNfake%012d", y.last), Type: kind, Author: author, Name: name, Text: text, At: y.now().UTC()}
	y.chat.lines = append(y.chat.lines, l)
	y.happened()
	return l
}

func (y *YouTube) unsay(id string) bool {
	i := slices.IndexFunc(y.chat.lines, func(l *Line) bool { return l.ID == id && l.Type == Message })
	if i < 0 {
		return false
	}
	gone := y.chat.lines[i]
	gone.Type, gone.Text = Tombstone, ""
	if y.chat.tells == Tombstone {
		y.chat.lines = append(y.chat.lines, &Line{ID: id, Type: Tombstone, At: gone.At})
		y.happened()
	} else {
		y.say(y.chat.tells, "", "", "").Of = id
	}
	return true
}

// live looks for the chat that a call names.
func (y *YouTube) live(id string) error {
	switch {
	case id != Chat || y.chat.state == "" || y.chat.state == "later":
		return fail(http.StatusNotFound, "liveChatNotFound", "The live chat that you are trying to retrieve cannot be found.")
	case y.chat.state == "off":
		return fail(http.StatusForbidden, "liveChatDisabled", "Live chat is not enabled for the specified broadcast.")
	case y.chat.state == "over":
		return fail(http.StatusForbidden, "liveChatEnded", "The specified live chat is no longer live.")
	}
	return nil
}

func (y *YouTube) listChat(c call) (any, error) {
	over := y.chat.state == "over" && c.query.Get("pageToken") != "" && c.query.Get("pageToken") != pageOf(len(y.chat.lines))
	if err := y.live(c.query.Get("liveChatId")); err != nil && !over {
		return nil, err
	}
	most := 500
	if s := c.query.Get("maxResults"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 200 || n > 2000 {
			return nil, fail(http.StatusBadRequest, "invalidParameter", "Invalid value '"+s+"'.")
		}
		most = n
	}
	from := min(y.chat.forgets, len(y.chat.lines))
	if t := c.query.Get("pageToken"); t != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(t, "GMfake"))
		if err != nil || n > len(y.chat.lines) || y.chat.stale {
			return nil, fail(http.StatusBadRequest, "pageTokenInvalid", "The page token is not valid.")
		}
		from = n
	}
	to := min(from+min(most, y.pages), len(y.chat.lines))
	items := []any{}
	for _, l := range y.chat.lines[from:to] {
		items = append(items, l.shown())
	}
	out := map[string]any{"kind": "youtube#liveChatMessageListResponse", "etag": "fake", "items": items, "nextPageToken": pageOf(to),
		"pollingIntervalMillis": y.chat.polling.Milliseconds(), "pageInfo": map[string]any{"totalResults": len(items), "resultsPerPage": most}}
	if over {
		out["offlineAt"] = y.now().UTC().Format(time.RFC3339)
	}
	return out, nil
}

func pageOf(at int) string { return "GMfake" + strconv.Itoa(at) }

// shown is a line as a reader gets it. Of what was deleted the author is not told.
func (l *Line) shown() map[string]any {
	s := map[string]any{"type": l.Type, "liveChatId": Chat, "publishedAt": l.At.Format(time.RFC3339Nano),
		"hasDisplayContent": l.Type == Message}
	out := map[string]any{"kind": "youtube#liveChatMessage", "etag": "fake", "id": l.ID, "snippet": s}
	switch l.Type {
	case Message:
		s["authorChannelId"], s["displayMessage"] = l.Author, l.Text
		s["textMessageDetails"] = map[string]any{"messageText": l.Text}
		out["authorDetails"] = map[string]any{"channelId": l.Author, "displayName": l.Name, "isChatOwner": l.Author == Self}
	case Deleted:
		s["messageDeletedDetails"] = map[string]any{"deletedMessageId": l.Of}
	case Retracted:
		s["messageRetractedDetails"] = map[string]any{"retractedMessageId": l.Of}
	}
	return out
}

func (y *YouTube) insertChat(c call) (any, error) {
	s := c.body.Snippet
	if err := y.live(s.LiveChatID); err != nil {
		return nil, err
	}
	text := s.TextMessageDetails.MessageText
	if s.Type != Message || strings.TrimSpace(text) == "" || len(utf16.Encode([]rune(text))) > MostMessage {
		return nil, fail(http.StatusBadRequest, "messageTextInvalid", "The message text is not valid.")
	}
	return y.say(Message, Self, SelfName, text).shown(), nil
}

func (y *YouTube) deleteChat(c call) (any, error) {
	if !y.unsay(c.query.Get("id")) {
		return nil, fail(http.StatusNotFound, "liveChatMessageNotFound", "The chat message that you are trying to delete cannot be found.")
	}
	return nil, nil
}

// streaming is what a video says of its broadcast; nil is that it is none.
func (y *YouTube) streaming() map[string]any {
	begun := "2026-11-30T09:00:00Z"
	switch y.chat.state {
	case "later":
		return map[string]any{"scheduledStartTime": begun}
	case "on", "off":
		return map[string]any{"actualStartTime": begun, "activeLiveChatId": Chat}
	case "over":
		return map[string]any{"actualStartTime": begun, "actualEndTime": y.now().UTC().Format(time.RFC3339)}
	}
	return nil
}
