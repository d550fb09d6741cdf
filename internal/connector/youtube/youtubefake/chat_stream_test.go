package youtubefake

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"experthour/internal/testenv"
)

const chatStream = "GET liveChat/messages/stream?part=snippet&liveChatId=" + Chat

// heard is a stream that goes on, read value by value.
type heard struct {
	*testing.T
	dec *json.Decoder
}

// hear begins to listen, behind a token if there is one, and reads the beginning of the list.
func (c *caller) hear(token string) heard {
	c.t.Helper()
	path := strings.TrimPrefix(chatStream, "GET ")
	if token != "" {
		path += "&pageToken=" + token
	}
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.y.URL+api+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { resp.Body.Close() })
	h := heard{c.t, json.NewDecoder(resp.Body)}
	if first, err := h.dec.Token(); err != nil || first != json.Delim('[') || resp.StatusCode != http.StatusOK {
		c.t.Fatalf("%d begins with %v (%v)", resp.StatusCode, first, err)
	}
	return h
}

// page reads the next one, which has these messages.
func (h heard) page(ids ...string) (p said, raw string) {
	h.Helper()
	var b json.RawMessage
	if err := h.dec.Decode(&b); err != nil {
		h.Fatal(err)
	}
	if err := json.Unmarshal(b, &p); err != nil || len(p.Items) != len(ids) {
		h.Fatalf("%s (%v), want %v", b, err, ids)
	}
	for i, id := range ids {
		if p.Items[i].ID != id {
			h.Errorf("message %d is %s, want %s", i, p.Items[i].ID, id)
		}
	}
	return p, string(b)
}

// TestChatStream: pages come as they are said, in one list; behind the token of a page goes what came later, and nothing
// twice, also after a cut in the middle of a message; the end of the broadcast ends the list.
func TestChatStream(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.y.GoLive()
	a := c.y.Say("UCilze", "@ilze", "Viens")
	h := c.hear("")
	h.page(a)
	b := c.y.Say("UCilze", "@ilze", "Divi")
	second, _ := h.page(b)
	c.y.CutStreams()
	var cut json.RawMessage
	if err := h.dec.Decode(&cut); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("it is cut with %v after %s", err, cut)
	}
	testenv.Until(t, "nobody listens", func() bool { return c.y.Listening() == 0 })
	d := c.y.Say("UCilze", "@ilze", "Trīs")
	h = c.hear(second.Next)
	h.page(d)
	c.y.EndLive()
	var last struct {
		Offline string `json:"offlineAt"`
	}
	if err := h.dec.Decode(&last); err != nil || last.Offline == "" {
		t.Errorf("the last page: %+v, %v", last, err)
	}
	if end, err := h.dec.Token(); err != nil || end != json.Delim(']') {
		t.Errorf("it ends with %v, %v", end, err)
	}
}

// TestChatStreamCosts as much as one look, however much is said.
func TestChatStreamCosts(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.y.GoLive()
	before := c.y.Used()
	h := c.hear("")
	h.page()
	for range 3 {
		h.page(c.y.Say("UCilze", "@ilze", "Sveiki"))
	}
	if used := c.y.Used() - before; used != 5 {
		t.Errorf("it costs %d units", used)
	}
}

// TestChatStreamRefused: what is no stream says so before it begins.
func TestChatStreamRefused(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.wants("no broadcast", c.call(chatStream, ""), 404, "liveChatNotFound")
	c.y.GoLive()
	c.wants("a wrong token", c.call(chatStream+"&pageToken=x", ""), 400, "pageTokenInvalid")
	c.wants("another part", c.call(strings.Replace(chatStream, "snippet", "statistics", 1), ""), 400, "unknownPart")
	c.y.Stale(true)
	c.wants("an old token", c.call(chatStream+"&pageToken="+pageOf(0), ""), 400, "pageTokenInvalid")
	c.y.Stale(false)
	c.y.Streamless(true)
	c.wants("no such call", c.call(chatStream, ""), 404, "notFound")
	c.y.Streamless(false)
	token := c.token
	c.token = "wrong"
	c.wants("a wrong bearer", c.call(chatStream, ""), 401, "authError")
	c.token = token
	c.y.EndLive()
	end := c.call(chatList, "").Next
	c.wants("after the end", c.call(chatStream+"&pageToken="+end, ""), 403, "liveChatEnded")
}
