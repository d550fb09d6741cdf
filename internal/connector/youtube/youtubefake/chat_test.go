package youtubefake

import (
	"strings"
	"testing"
)

const (
	chatList   = "GET liveChat/messages?part=snippet&liveChatId=" + Chat
	chatAdd    = "POST liveChat/messages?part=snippet"
	chatDelete = "DELETE liveChat/messages?id="
	videoLive  = "GET videos?part=liveStreamingDetails&id=" + Video
)

func chatLine(text string) string {
	return `{"snippet":{"liveChatId":"` + Chat + `","type":"textMessageEvent","textMessageDetails":{"messageText":"` + text + `"}}}`
}

// TestChat: messages are written, read on from a page and deleted; the same text twice is two.
func TestChat(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.wants("no broadcast", c.call(chatList, ""), 404, "liveChatNotFound")
	c.y.Schedule()
	if s := c.call(videoLive, ""); strings.Contains(s.body, Chat) || !strings.Contains(s.body, "scheduledStartTime") {
		t.Error(s.body)
	}
	c.y.GoLive()
	if s := c.call(videoLive, ""); !strings.Contains(s.body, Chat) {
		t.Error(s.body)
	}
	first := c.call(chatList, "")
	a, b := c.call(chatAdd, chatLine("Viens")), c.call(chatAdd, chatLine("Viens"))
	c.wants("said", a, 200, "")
	c.wants("deleted", c.call(chatDelete+a.ID, ""), 204, "")
	c.wants("deleted again", c.call(chatDelete+a.ID, ""), 404, "liveChatMessageNotFound")
	s := c.call(chatList+"&pageToken="+first.Next, "")
	if len(s.Items) != 3 || s.Items[0].ID != a.ID || s.Items[1].ID != b.ID || s.Items[2].ID != a.ID || !strings.Contains(s.body, Tombstone) {
		t.Errorf("%s", s.body)
	}
	c.y.Forget(3)
	if s := c.call(chatList, ""); len(s.Items) != 0 {
		t.Errorf("the history has %s", s.body)
	}
}

// TestChatRefused: what the chat does not take.
func TestChatRefused(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.y.GoLive()
	c.wants("the longest", c.call(chatAdd, chatLine(strings.Repeat("ā", MostMessage))), 200, "")
	for _, x := range []struct{ call, body, reason string }{
		{chatAdd, chatLine(strings.Repeat("ā", MostMessage+1)), "messageTextInvalid"}, {chatAdd, chatLine(" "), "messageTextInvalid"},
		{chatAdd, strings.Replace(chatLine("x"), "textMessageEvent", "tombstone", 1), "messageTextInvalid"},
		{chatList + "&maxResults=100", "", "invalidParameter"}, {chatList + "&pageToken=x", "", "pageTokenInvalid"},
	} {
		c.wants(x.call, c.call(x.call, x.body), 400, x.reason)
	}
	at := c.call(chatList, "").Next
	c.y.Stale(true)
	c.wants("stale", c.call(chatList+"&pageToken="+at, ""), 400, "pageTokenInvalid")
	c.y.Stale(false)
	c.y.Mute(true)
	c.wants("off", c.call(chatAdd, chatLine("x")), 403, "liveChatDisabled")
	c.y.Mute(false)
	c.y.EndLive()
	c.wants("over", c.call(chatAdd, chatLine("x")), 403, "liveChatEnded")
	s := c.call(chatList+"&pageToken="+at, "")
	if !strings.Contains(s.body, "chatEndedEvent") || !strings.Contains(s.body, "offlineAt") {
		t.Error(s.body)
	}
	c.wants("after the end", c.call(chatList+"&pageToken="+s.Next, ""), 403, "liveChatEnded")
}
