package youtubefake

import (
	"encoding/json"
	"net/http"
	"net/url"
)

// StreamChat is the call by which a client hears a chat on.
const StreamChat = "GET " + api + "liveChat/messages/stream"

// listeners are the clients who hear a chat on.
type listeners struct {
	news chan struct{} // closed when there is something new
	cuts int           // how often all of them were cut off
	now  int           // how many there are
	none bool          // nobody can
}

// happened lets all who listen look.
func (y *YouTube) happened() {
	close(y.listeners.news)
	y.listeners.news = make(chan struct{})
}

// Streamless says whether there is no such call.
func (y *YouTube) Streamless(is bool) { y.do(func() { y.listeners.none = is }) }

// CutStreams cuts everybody off who listens, in the middle of a message.
func (y *YouTube) CutStreams() {
	y.do(func() {
		y.listeners.cuts++
		y.happened()
	})
}

// Listening is how many clients hear the chat on.
func (y *YouTube) Listening() (n int) {
	y.do(func() { n = y.listeners.now })
	return n
}

func (y *YouTube) streamChat(c call) (any, error) {
	if y.listeners.none {
		return nil, fail(http.StatusNotFound, "notFound", "Method not found.")
	}
	return y.listChat(c)
}

// goOn answers with a list that goes on: the page that there is, and one more whenever something happens. That is how HTTP
// has what Google streams; the documentation of YouTube shows it by gRPC alone.
func (y *YouTube) goOn(w http.ResponseWriter, r *http.Request, page any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	var cuts int
	y.do(func() { y.listeners.now++; cuts = y.listeners.cuts })
	defer y.do(func() { y.listeners.now-- })
	for before := "["; ; before = ",\r\n" {
		b, _ := json.Marshal(page) // it is made of maps
		_, _ = w.Write(append([]byte(before), b...))
		w.(http.Flusher).Flush()
		if page.(map[string]any)["offlineAt"] != nil {
			_, _ = w.Write([]byte("]"))
			return
		}
		if page = y.following(w, r, page.(map[string]any)["nextPageToken"].(string), cuts); page == nil {
			return
		}
	}
}

// following waits for the page behind a token; nil is that the client is gone or the list ends.
func (y *YouTube) following(w http.ResponseWriter, r *http.Request, token string, cuts int) (page any) {
	q := url.Values{"liveChatId": {Chat}, "pageToken": {token}}
	for {
		var news chan struct{}
		y.do(func() {
			news = y.listeners.news
			if y.listeners.cuts != cuts {
				_, _ = w.Write([]byte(`,{"kind":"youtube#liveChatMessageListResponse","items":[{"id":"LCC.`))
				panic(http.ErrAbortHandler)
			}
			if now := pageOf(len(y.chat.lines)); now != token {
				page, _ = y.listChat(call{query: q})
			}
		})
		if page != nil {
			return page
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-news:
		}
	}
}
