package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/redisstore"
	"experthour/internal/testenv"
)

// buildDir is where built puts the program; empty when no test needed it.
var buildDir string

// built is the program as a user builds it, once for all tests; but pictures are fetched from platforms
// on this machine too.
var built = sync.OnceValues(func() (path string, err error) {
	if buildDir, err = os.MkdirTemp("", "bot"); err != nil {
		return "", err
	}
	path = filepath.Join(buildDir, "bot")
	args := append([]string{"build", "-ldflags", "-X main.near=tests", "-o", path}, raceFlags...)
	out, err := exec.Command("go", append(args, ".")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// sideBySide is how many tests run at once: they wait for other programs, and hardly
// compute.
const sideBySide = "8"

func TestMain(m *testing.M) {
	testenv.Main()
	asProgram()
	redisstore.LogTo(slog.New(slog.DiscardHandler)) // servers that are not there yet
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		_ = f.Value.Set(sideBySide) // it is a number
	}
	code := m.Run()
	if buildDir != "" {
		os.RemoveAll(buildDir)
	}
	os.Exit(code)
}

// command makes a run of the program that ends with the test.
func command(t testing.TB, dir string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "BOT_TOKEN=")
	return c
}

// bot runs the program to its end and returns what it printed.
func bot(t testing.TB, dir string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	c := command(t, dir, args...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	testenv.Start(t, c)
	late := time.AfterFunc(testenv.Patience, func() { c.Process.Kill() })
	defer late.Stop()
	c.Wait()
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// running is a program that was started and goes on.
type running struct {
	t      testing.TB
	cmd    *exec.Cmd
	stdout *bufio.Scanner
	log    *bytes.Buffer
}

func start(t testing.TB, dir string, args ...string) *running {
	t.Helper()
	return launch(t, command(t, dir, args...))
}

func launch(t testing.TB, c *exec.Cmd) *running {
	t.Helper()
	r := &running{t: t, cmd: c, log: &bytes.Buffer{}}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.cmd.Stderr = r.log
	r.stdout = bufio.NewScanner(out)
	testenv.Start(t, r.cmd)
	t.Cleanup(func() {
		testenv.Kill(r.cmd)
		if strings.Contains(r.log.String(), "DATA RACE") {
			t.Error("the program has a data race")
		}
		if t.Failed() {
			t.Logf("log of bot %s:\n%s", c.Args[1], r.log)
		}
	})
	return r
}

// line reads the next line that the program prints, which begins with prefix.
func (r *running) line(prefix string) string {
	r.t.Helper()
	for r.stdout.Scan() {
		if rest, ok := strings.CutPrefix(r.stdout.Text(), prefix); ok {
			return rest
		}
	}
	r.t.Fatalf("the program ended without a line %q\n%s", prefix, r.log)
	return ""
}

// stop ends the program as an operator does, and returns its exit code.
func (r *running) stop() int {
	r.t.Helper()
	r.cmd.Process.Signal(os.Interrupt)
	io.Copy(io.Discard, readAll{r.stdout})
	r.cmd.Wait()
	return r.cmd.ProcessState.ExitCode()
}

type readAll struct{ s *bufio.Scanner }

func (r readAll) Read([]byte) (int, error) {
	if r.s.Scan() {
		return 0, nil
	}
	return 0, io.EOF
}

// free finds an address that nobody listens on.
func free(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// institution is a folder with a configuration, and a program that runs on it.
type institution struct {
	t      testing.TB
	dir    string
	base   string
	listen string
	bot    *running
}

// newInstitution has a folder and an address, and no program yet.
func newInstitution(t testing.TB) *institution {
	t.Helper()
	i := &institution{t: t, dir: t.TempDir(), listen: free(t)}
	i.base = "http://" + i.listen
	return i
}

// public tells a configuration at which address the institution is.
func (i *institution) public(text string) string {
	return strings.Replace(text, "[http]\n", fmt.Sprintf("[http]\npublic_url = %q\n", i.base), 1)
}

// settings are the configuration of every test here.
const settings = `
[institution]
name = "Ministry of Examples"
locale = "en"
[redis]
url = %q
[http]
listen = %q
secret = "5f1d7e0c9ab34c2286d1f0a4e7b35c98"
[limits]
ask_per_minute = 600
[desk]
undo = "0s"
[[public]]
kind = "sandbox"
name = "Pretend platform"
every_answer = true
[[people]]
name = "Anna Bērziņa"
role = "moderator"
[[people]]
name = "Jānis Kalniņš"
role = "moderator"
[[people]]
name = "Edgars Ozols"
role = "expert"
office = "Head of Housing Support"
`

// elsewhere takes the desk out of the settings: it stands in what is added to them.
func elsewhere(text string) string { return strings.Replace(text, "[desk]\nundo = \"0s\"\n", "", 1) }

// found makes an institution on a store and starts its program; change is what in the
// settings reads otherwise, each after what it was.
func found(t testing.TB, redisURL string, change ...string) *institution {
	t.Helper()
	i := newInstitution(t)
	text := strings.NewReplacer(change...).Replace(fmt.Sprintf(settings, redisURL, i.listen))
	if err := os.WriteFile(filepath.Join(i.dir, "config.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	i.bot = start(t, i.dir, "run")
	i.await()
	return i
}

// await returns when the program answers.
func (i *institution) await() {
	i.t.Helper()
	testenv.Until(i.t, "the program is ready", func() bool {
		resp, err := http.Get(i.base + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// link is a link for a person, who stays logged in elsewhere.
func (i *institution) link(name string) string { return i.deskLink("--keep", "--as", name) }

// token is a token of the JSON API.
func (i *institution) token(name string) string { return i.deskLink("--token", "--as", name) }

func (i *institution) deskLink(flags ...string) string {
	i.t.Helper()
	out, errs, code := bot(i.t, i.dir, append([]string{"desk-link"}, flags...)...)
	if code != 0 {
		i.t.Fatalf("desk-link: %s", errs)
	}
	return strings.TrimSpace(out)
}

// enter logs in with a link, as the button behind it does, and returns the page.
func enter(t *testing.T, client *http.Client, link string) string {
	t.Helper()
	at, token, _ := strings.Cut(link, "?token=")
	resp, err := client.PostForm(at+"/_login", url.Values{"token": {token}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%d, %v: %s", resp.StatusCode, err, page)
	}
	return string(page)
}

// api calls the JSON API and returns the status and the decoded answer.
func (i *institution) api(token, method, path string, in any) (int, map[string]any) {
	i.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		i.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(i.t.Context(), method, i.base+path, bytes.NewReader(body))
	if err != nil {
		i.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		i.t.Fatal(err)
	}
	defer resp.Body.Close()
	out := map[string]any{}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		i.t.Fatalf("%s %s: %s: %v", method, path, resp.Status, err)
	}
	return resp.StatusCode, out
}

// schedule opens an hour now.
func (i *institution) schedule(slug string) {
	i.t.Helper()
	now := time.Now()
	status, out := i.api(i.token("Anna Bērziņa"), http.MethodPost, "/api/v1/desk/sessions",
		map[string]any{"slug": slug, "title": "Warmer homes",
			"experts": []string{"Edgars Ozols"}, "start": now.Add(-time.Minute), "end": now.Add(time.Hour)})
	if status != http.StatusCreated {
		i.t.Fatalf("schedule: %d %v", status, out)
	}
}

// cookies is a jar for one person: it sends back whatever it got.
type cookies map[string]*http.Cookie

// SetCookies keeps cookies.
func (c cookies) SetCookies(_ *url.URL, cs []*http.Cookie) {
	for _, k := range cs {
		c[k.Name] = k
	}
}

// Cookies sends them all.
func (c cookies) Cookies(*url.URL) []*http.Cookie {
	return slices.Collect(maps.Values(c))
}

// reads waits until a page says something, or does not, and gives it.
func (i *institution) reads(client *http.Client, path, text string, want bool) (page string) {
	i.t.Helper()
	testenv.Until(i.t, fmt.Sprintf("%s says %q: %v", path, text, want), func() bool {
		resp, err := client.Get(i.base + path)
		if err != nil {
			i.t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		page = string(body)
		return err == nil && resp.StatusCode == http.StatusOK && strings.Contains(page, text) == want
	})
	return page
}
