package mastodonfake

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Each rule of the fake, by raw HTTP.
func TestRules(t *testing.T) {
	t.Parallel()
	f := New(t, time.Now)
	q := f.Write(Person{"7", "anna"}, "@iestade How?", "")
	f.Write(Person{"8", "juris@social.example"}, "@iestade And then? #hour", "", "hour")
	for to, want := range map[string]bool{"notifications": true, "notifications?exclude_types[]=poll": true,
		"notifications?exclude_types[]=poll&exclude_types[]=mention": false, "timelines/tag/hour?local=false": true,
		"timelines/tag/hour?local=true": false} {
		if said := says(t, f, "/api/v1/"+to); strings.Contains(said, "And then?") != want {
			t.Errorf("%s: %s", to, said)
		}
	}
	for _, c := range []struct {
		name, method, to, body, key string
		want                        int
	}{
		{"a post", "POST", "/api/v1/statuses", `{"status":"a"}`, "k1", 200},
		{"a field that is unknown", "POST", "/api/v1/statuses", `{"status":"a","text":"b"}`, "k2", 400},
		{"no key", "POST", "/api/v1/statuses", `{"status":"a"}`, "", 400},
		{"too long", "POST", "/api/v1/statuses", `{"status":"` + strings.Repeat("a", Most+1) + `"}`, "k3", 422},
		{"under nothing", "POST", "/api/v1/statuses", `{"status":"a","in_reply_to_id":"9"}`, "k4", 404},
		{"an edit of another's post", "PUT", "/api/v1/statuses/" + q.ID, `{"status":"a"}`, "", 404},
		{"a deletion of another's post", "DELETE", "/api/v1/statuses/" + q.ID, "", "", 404},
		{"a parameter that is unknown", "GET", "/api/v1/notifications?since=1", "", "", 400},
		{"the same key", "POST", "/api/v1/statuses", `{"status":"b"}`, "k1", 200},
	} {
		if got := call(t, f, Token, c.method, c.to, c.body, c.key); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	for to, want := range map[string]int{"accounts/verify_credentials": 401, "instance": 200} {
		if got := call(t, f, "other", "GET", "/api/v1/"+to, "", ""); got != want {
			t.Errorf("%s with another token: %d", to, got)
		}
	}
	if posts := f.Posts(); len(posts) != 1 || posts[0].Content != "<p>a</p>" {
		t.Errorf("stand: %+v", posts)
	}
}

// Pinning is refused as documented: what is not the bot's, what only some read, the sixth, and twice.
func TestPinning(t *testing.T) {
	t.Parallel()
	f := New(t, time.Now)
	f.Grant("narrow", "read write:statuses write:media")
	at := func(s Status) string { return "/api/v1/statuses/" + s.ID }
	hers, own := f.Write(Person{"7", "anna"}, "Hers", ""), f.Write(Bot, "Ours", "")
	for _, c := range []struct {
		name, token, to string
		want            int
	}{
		{"another's", Token, at(hers) + "/pin", 422}, {"what is direct", Token, at(f.Whisper(Bot, "Ours")) + "/pin", 422},
		{"nothing", Token, "/api/v1/statuses/9/pin", 404}, {"nothing let go", Token, "/api/v1/statuses/9/unpin", 404},
		{"a narrow token", "narrow", at(own) + "/pin", 403}, {"a narrow token lets go", "narrow", at(own) + "/unpin", 403},
		{"one that is not pinned let go", Token, at(own) + "/unpin", 200}, {"the first", Token, at(own) + "/pin", 200},
		{"twice", Token, at(own) + "/pin", 422}, {"let go", Token, at(own) + "/unpin", 200}, {"again", Token, at(own) + "/pin", 200},
		{"the second", Token, at(f.Write(Bot, "2", "")) + "/pin", 200}, {"the third", Token, at(f.Write(Bot, "3", "")) + "/pin", 200},
		{"the fourth", Token, at(f.Write(Bot, "4", "")) + "/pin", 200}, {"the fifth", Token, at(f.Write(Bot, "5", "")) + "/pin", 200},
		{"the sixth", Token, at(f.Write(Bot, "6", "")) + "/pin", 422},
	} {
		if got := call(t, f, c.token, "POST", c.to, "", ""); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func call(t *testing.T, f *Fake, token, method, to, body, key string) int {
	t.Helper()
	status, _ := ask(t, f, token, method, to, body, key)
	return status
}

func says(t *testing.T, f *Fake, to string) string {
	t.Helper()
	_, said := ask(t, f, Token, http.MethodGet, to, "", "")
	return said
}

func ask(t *testing.T, f *Fake, token, method, to, body, key string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, f.URL+to, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Idempotency-Key", key)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	said, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(said)
}
