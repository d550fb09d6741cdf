package main

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"experthour/internal/testenv"
)

const untokened = `
[mastodon]
server = %q
[[public]]
kind = "mastodon"
`

// connecting is "bot connect mastodon" while it waits for a person.
type connecting struct {
	*running
	in   io.Writer
	page *url.URL // that it asks them to open
}

func connect(t *testing.T, dir string, flags ...string) *connecting {
	t.Helper()
	cmd := command(t, dir, append([]string{"connect", "mastodon"}, flags...)...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	c := &connecting{running: launch(t, cmd), in: in}
	if c.page, err = url.Parse("http" + c.line("http")); err != nil {
		t.Fatal(err)
	}
	return c
}

// ends waits for the end, and gives the exit code.
func (c *connecting) ends() int {
	io.Copy(io.Discard, readAll{c.stdout})
	c.cmd.Wait()
	return c.cmd.ProcessState.ExitCode()
}

// agree presses the button of the page, in a browser that follows where it is sent.
func (c *connecting) agree(fields url.Values) (status int, page string) {
	c.t.Helper()
	resp, err := http.PostForm(c.page.String(), fields)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	all, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(all)
}

// TestConnect: a person logs in with a browser, or elsewhere and types the code; the token
// is in the store, and in no file and no output. The running program goes on with it.
func TestConnect(t *testing.T) {
	t.Parallel()
	fake := newFakeMastodon(t)
	at := &institution{t: t, dir: t.TempDir(), listen: free(t)}
	at.base = "http://" + at.listen
	writeConfig(t, at.dir, fmt.Sprintf(settings, realRedis(t), at.listen)+fmt.Sprintf(untokened, fake.URL))
	checks := func(want string, code int) {
		t.Helper()
		if out, errs, got := bot(t, at.dir, "check"); !strings.Contains(out, want) || got != code {
			t.Errorf("it ends with %d and does not say %q:\n%s%s", got, want, out, errs)
		}
	}
	checks("run “bot connect mastodon”", exitFailed)
	running := start(t, at.dir, "run")
	at.await()

	c := connect(t, at.dir)
	if resp, err := http.Get(c.page.Query().Get("redirect_uri") + "?code=stolen&state=guessed"); err != nil || resp.StatusCode != 400 {
		t.Errorf("somebody else came back: %v, %v", resp, err)
	}
	if status, page := c.agree(nil); status != http.StatusOK || !strings.Contains(page, "close this") {
		t.Errorf("who comes back reads %d %s", status, page)
	}
	if code := c.ends(); code != exitOK {
		t.Errorf("it ends with %d", code)
	}
	checks("Mastodon: @iestade can be used", exitOK)
	at.schedule("homes")
	testenv.Until(t, "the program that ran announces the hour", func() bool { return len(fake.Posts()) == 1 })
	running.stop()
	kept := secretsIn(t, at.dir, fake.Tokens())
	if kept || strings.Contains(running.log.String(), c.page.Query().Get("client_id")) {
		t.Error("a token is in a file, or a client in the log")
	}

	c = connect(t, at.dir, "--type-code")
	_, page := c.agree(nil)
	code := regexp.MustCompile(`value="([^"]+)"`).FindStringSubmatch(page)[1]
	fmt.Fprintln(c.in, html.UnescapeString(code))
	if code := c.ends(); code != exitOK || len(fake.Tokens()) != 3 {
		t.Errorf("with a typed code it ends with %d, and there are %d tokens", code, len(fake.Tokens()))
	}

	c = connect(t, at.dir)
	c.agree(url.Values{"deny": {"1"}})
	if code := c.ends(); code != exitFailed || !strings.Contains(c.log.String(), "access_denied") {
		t.Errorf("who says no: it ends with %d: %s", code, c.log)
	}
}

// secretsIn reports whether a file below a folder holds one of some secrets.
func secretsIn(t *testing.T, dir string, secrets []string) (found bool) {
	t.Helper()
	for _, path := range must(filepath.Glob(filepath.Join(dir, "*"))) {
		b, err := os.ReadFile(path)
		if err != nil {
			continue // a folder
		}
		for _, s := range secrets {
			found = found || bytes.Contains(b, []byte(s))
		}
	}
	return found
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestConnectMisused names what is wrong before anybody has to log in.
func TestConnectMisused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeConfig(t, dir, fmt.Sprintf(settings, "embedded", "127.0.0.1:0"))
	for _, c := range []struct {
		args []string
		says string
		code int
	}{
		{nil, "name one KIND", exitMisused},
		{[]string{"mastadon"}, "there is no kind", exitMisused},
		{[]string{"mastodon"}, "inside the running program", exitFailed},
	} {
		if _, errs, code := bot(t, dir, append([]string{"connect"}, c.args...)...); code != c.code || !strings.Contains(errs, c.says) {
			t.Errorf("%q ends with %d: %s", c.args, code, errs)
		}
	}
	writeConfig(t, dir, fmt.Sprintf(settings, realRedis(t), "127.0.0.1:0"))
	for kind, says := range map[string]string{"mastodon": "has no [[public]] table", "sandbox": "needs no log-in"} {
		if _, errs, code := bot(t, dir, "connect", kind); code != exitFailed || !strings.Contains(errs, says) {
			t.Errorf("%s ends with %d: %s", kind, code, errs)
		}
	}
}
