package main

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/flickr/flickrfake"
	"experthour/internal/testenv"
)

// TestFlickrConnect: a person logs in and types the code; the token is in the store, and in no file and
// no output. The running program goes on with it.
func TestFlickrConnect(t *testing.T) {
	t.Parallel()
	fake := flickrfake.New(t, time.Now)
	at := &institution{t: t, dir: t.TempDir(), listen: free(t)}
	at.base = "http://" + at.listen
	oauth := strings.TrimSuffix(fake.URL, flickrfake.Path) + flickrfake.OAuthPath
	writeConfig(t, at.dir, plain(realRedis(t), at)+fmt.Sprintf("[flickr]\napi_url = %q\noauth_url = %q\napi_key = %q\napi_secret = %q\n"+
		"[[public]]\nkind = \"flickr\"\nphoto = %q\n", fake.URL, oauth, flickrfake.Key, flickrfake.Secret, flickrfake.Photo))
	says := func(want string, code int, args ...string) {
		t.Helper()
		if out, errs, got := bot(t, at.dir, args...); !strings.Contains(out+errs, want) || got != code {
			t.Errorf("it ends with %d and does not say %q:\n%s%s", got, want, out, errs)
		}
	}
	says("Run “bot connect flickr --type-code”", exitFailed, "check")
	says("--type-code", exitFailed, "connect", "flickr")
	running := start(t, at.dir, "run")
	at.await()

	cmd := command(t, at.dir, "connect", "flickr", "--type-code")
	in := must(cmd.StdinPipe())
	c := &connecting{running: launch(t, cmd), in: in}
	c.page = must(url.Parse("http" + c.line("http")))
	_, page := c.agree(nil)
	fmt.Fprintln(in, regexp.MustCompile(`class="code">([^<]+)<`).FindStringSubmatch(page)[1])
	if code := c.ends(); code != exitOK {
		t.Errorf("it ends with %d: %s", code, c.log)
	}
	says("Flickr works", exitOK, "check")
	at.schedule("homes")
	testenv.Until(t, "the program that ran announces the hour", func() bool { return len(fake.Comments()) == 1 })
	running.stop()
	if secretsIn(t, at.dir, fake.Tokens()) {
		t.Error("a token is in a file")
	}
	for _, secret := range fake.Tokens() {
		if strings.Contains(running.log.String()+c.log.String(), secret) {
			t.Error("a token is in the log")
		}
	}
}
