package mastodonfake_test

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/mastodon/mastodonfake"
	"experthour/internal/connector/mastodon/mastodontest"
	"experthour/internal/testenv"
)

// TestSomebodyElsesClient: a client that others wrote for Mastodon understands the fake, and is
// understood; what goes either way is as documented.
func TestSomebodyElsesClient(t *testing.T) {
	t.Parallel()
	f := mastodonfake.New(t, time.Now)
	f.URL = mastodontest.Judge(t, f.URL)
	asked := f.Write(mastodonfake.Person{ID: "7", Acct: "ilze@social.example"}, "@iestade When? #hour", "", "hour")
	testenv.Node(t, "clients", "mastodon.mjs", f.URL, mastodonfake.Token, asked.ID, "hour")
	if n := len(f.Posts()); n != 0 {
		t.Errorf("%d posts stand", n)
	}
}

// TestToot: so does a second one, Debian's toot, which people use in a terminal. What it was granted
// is written into its file as its log-in would.
func TestToot(t *testing.T) {
	t.Parallel()
	f := mastodonfake.New(t, time.Now)
	me := toot{T: t, program: testenv.Need(t, "toot"), home: t.TempDir()}
	f.URL = mastodontest.Judge(t, f.URL)
	me.configured(f.URL)
	asked := f.Write(mastodonfake.Person{ID: "7", Acct: "ilze@social.example"}, "@iestade When? #hour", "", "hour")
	me.sees("@iestade", "whoami")
	me.sees("@ilze@social.example mentioned you", "notifications", "--mentions")
	me.sees("ID "+asked.ID, "timeline", "--once", "--tag", "hour")

	posted := regexp.MustCompile(`/(\d+)\s*$`).FindStringSubmatch(me.sees("Toot posted:", "post", "--reply-to", asked.ID, "--language", "en",
		"--visibility", "public", "In spring."))
	if posted == nil {
		t.Fatal("what was posted has no id")
	}
	me.sees("In reply to "+asked.ID, "thread", asked.ID)
	me.sees("Status deleted", "delete", posted[1])
	if out := me.sees("When?", "thread", asked.ID); strings.Contains(out, "In spring.") {
		t.Errorf("it still stands:\n%s", out)
	}
}

// toot is the client with a home of its own.
type toot struct {
	*testing.T
	program, home string
}

func (c toot) configured(address string) {
	c.Helper()
	at, err := url.Parse(address)
	if err != nil {
		c.Fatal(err)
	}
	who := "iestade@" + at.Host
	b, err := json.Marshal(map[string]any{"active_user": who,
		"apps": map[string]any{at.Host: map[string]string{"instance": at.Host, "base_url": address, "client_id": "id",
			"client_secret": "secret"}},
		"users": map[string]any{who: map[string]string{"instance": at.Host, "username": "iestade", "access_token": mastodonfake.Token}}})
	dir := filepath.Join(c.home, "toot")
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "config.json"), b, 0o600)
	}
	if err != nil {
		c.Fatal(err)
	}
}

// sees runs a command, which must say something.
func (c toot) sees(what string, command ...string) string {
	c.Helper()
	run := exec.CommandContext(testenv.Soon(c), c.program, append(command, "--no-color")...)
	run.Env = append(os.Environ(), "XDG_CONFIG_HOME="+c.home, "no_proxy=127.0.0.1")
	out, err := run.CombinedOutput()
	if said := string(out); err != nil || !strings.Contains(said, what) {
		c.Fatalf("toot %v: %v, and no %q in:\n%s", command, err, what, said)
	}
	return string(out)
}
