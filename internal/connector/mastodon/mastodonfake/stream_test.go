package mastodonfake

import (
	"bufio"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/testenv"
)

var stranger = Person{"7", "anna@social.example"}

// stream opens one by raw HTTP. next gives its next line, and "" when it has ended.
func stream(t *testing.T, f *Fake, token, to string) (status int, next func() string) {
	t.Helper()
	r, err := http.NewRequestWithContext(testenv.Soon(t), http.MethodGet, f.URL+to, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	return resp.StatusCode, func() string {
		lines.Scan()
		return lines.Text()
	}
}

const (
	user    = "/api/v1/streaming/user"
	hashtag = "/api/v1/streaming/hashtag?tag=Hour"
)

func TestWhoMayStream(t *testing.T) {
	t.Parallel()
	f := New(t, time.Now)
	f.Grant("writer", "write:statuses")
	for to, want := range map[string]map[string]int{
		user:                            {Token: 200, "writer": 401, "": 401},
		hashtag:                         {Token: 200, "writer": 200, "nobody": 401},
		user + "?tag=hour":              {Token: 400},
		"/api/v1/streaming/hashtag":     {Token: 400},
		"/api/v1/streaming/everything":  {Token: 404},
		"/api/v1/streaming/hashtag?q=a": {Token: 400},
	} {
		for token, status := range want {
			if got, _ := stream(t, f, token, to); got != status {
				t.Errorf("%s with %q: %d, want %d", to, token, got, status)
			}
		}
	}
	f.Poll()
	if got, _ := stream(t, f, Token, user); got != 404 {
		t.Errorf("where there is none: %d", got)
	}
}

// hears wants the names of the next events, each with the id of its post in it, and
// heartbeats under their own name.
func hears(t *testing.T, next func() string, want ...string) {
	t.Helper()
	var got []string
	for range want {
		line := next()
		if name, ok := strings.CutPrefix(line, "event: "); ok {
			line = name
			if data := next(); !strings.HasPrefix(data, "data: ") || next() != "" {
				t.Errorf("after %s stands %q", name, data)
			}
		}
		got = append(got, line)
	}
	if !slices.Equal(got, want) {
		t.Errorf("heard %q, want %q", got, want)
	}
}

// Who follows nobody hears of an edit under the hashtag only, and of a removal as well
// where it was mentioned. What was written before, and what is not for all, is not there.
func TestStreams(t *testing.T) {
	t.Parallel()
	f := New(t, time.Now)
	f.Write(stranger, "@iestade early", "")
	f.Grant("half", "read:statuses")
	_, all := stream(t, f, Token, user)
	_, half := stream(t, f, "half", user)
	_, tagged := stream(t, f, Token, hashtag)
	friend := Person{"8", "juris"}
	f.Follow(friend)

	both := f.Write(stranger, "@iestade both", "", "hour")
	f.Change(both.ID, "@iestade both!")
	private := f.Whisper(stranger, "@iestade private", "hour")
	f.Remove(private.ID)
	f.Remove(both.ID)
	f.Write(stranger, "nothing", "")
	followed := f.Write(friend, "home", "")
	f.Change(followed.ID, "home!")
	f.Thump()

	hears(t, all, ":)", "notification", "notification", "delete", "delete", "update", "status.update", ":thump")
	hears(t, half, ":)", "delete", "delete", "update", "status.update", ":thump")
	hears(t, tagged, ":)", "update", "status.update", "delete", ":thump")
}

// A restart ends every stream, and so does taking its token back. What happened meanwhile
// is lost.
func TestRestart(t *testing.T) {
	t.Parallel()
	f := New(t, time.Now)
	f.Grant("other", "read")
	for _, end := range []func(){f.Restart, func() { f.Revoke("other") }} {
		_, next := stream(t, f, "other", user)
		hears(t, next, ":)")
		end()
		hears(t, next, "")
		f.Write(stranger, "@iestade missed", "")
	}
	_, next := stream(t, f, Token, user)
	f.Thump()
	hears(t, next, ":)", ":thump")
}

// A stranger whose mention the policy holds back is neither in the list nor in the stream.
func TestPolicy(t *testing.T) {
	t.Parallel()
	f := New(t, time.Now)
	f.Policy("filter")
	_, next := stream(t, f, Token, user)
	f.Write(stranger, "@iestade held back", "")
	f.Thump()
	hears(t, next, ":)", ":thump")
	if got := call(t, f, Token, "GET", "/api/v1/notifications", "", ""); got != 200 {
		t.Errorf("the list: %d", got)
	}
}
