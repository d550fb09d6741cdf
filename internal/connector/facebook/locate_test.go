package facebook

import (
	"testing"

	"experthour/internal/session"
)

// TestLocate: addresses with numbers are read, on this Page alone.
func TestLocate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	const page = "https://www.facebook.com/" + place + "/posts/"
	for address, want := range map[string]session.MessageID{
		sent.URL:     sent.Message,
		page + "17/": place + "_17",
		page + "17?comment_id=18&reply_comment_id=19":                                       "17_19",
		"https://m.facebook.com/permalink.php?story_fbid=17&id=" + place + "&comment_id=18": "17_18",
		page + "pfbid0abc?comment_id=18":                                                    "",
		"https://www.facebook.com/7/posts/17":                                               "",
		"https://www.facebook.com/permalink.php?story_fbid=17&id=7":                         "",
		"https://www.facebook.com.evil.lv/" + place + "/posts/17":                           "",
		"http://www.facebook.com/" + place + "/posts/17":                                    "",
		page + "17?comment_id=../me":                                                        "",
		"https://www.facebook.com/" + place + "/photos/17":                                  "",
		"%": "",
	} {
		if got, ok := w.Locate(place, address); ok != (want != "") || ok && got != want {
			t.Errorf("%s is %q, %v; want %q", address, got, ok, want)
		}
	}
}
