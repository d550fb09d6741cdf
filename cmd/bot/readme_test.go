package main

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// TestSetupOfTheReadme runs the lines of the README's set-up as they stand there, on
// other ports: a newcomer's machine, with a real Redis.
func TestSetupOfTheReadme(t *testing.T) {
	t.Parallel()
	need(t, "redis-server")
	need(t, "openssl")
	dir := t.TempDir()
	copyModule(t, dir)
	_, redisPort, _ := net.SplitHostPort(free(t))
	listen := free(t)
	script := strings.NewReplacer("6379", redisPort, "127.0.0.1:8080", listen).Replace(shellBlock(t, "../../README.md", "## Set-up"))
	t.Cleanup(func() {
		c := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + redisPort})
		defer c.Close()
		c.ShutdownNoSave(t.Context())
	})
	out := runScript(t, dir, script)
	for _, want := range []string{"No problem found.", "first-hour", "http://" + listen + "/desk/anna-berzina?token=", "http://" + listen + "/desk/edgars-ozols?token="} {
		if !strings.Contains(out, want) {
			t.Errorf("the lines print no %q:\n%s", want, out)
		}
	}
	i := &institution{t: t, dir: dir, base: "http://" + listen}
	i.await()
	resp, err := http.Get(i.base + "/s/first-hour")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("the page of the hour: %s", resp.Status)
	}
}

// shellBlock returns the first ```sh block after a heading.
func shellBlock(t *testing.T, file, heading string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(b), "\n"+heading+"\n")
	_, rest, ok2 := strings.Cut(rest, "\n```sh\n")
	block, _, ok3 := strings.Cut(rest, "\n```\n")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("%s has no shell block under %q", file, heading)
	}
	return block
}

// copyModule puts what the lines need into dir, so that the work tree stays clean.
func copyModule(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"cmd", "internal"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join("../..", name))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		b, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// runScript runs lines in one shell that stops at the first failure, and returns what
// they print. What they leave running ends with the test.
func runScript(t *testing.T, dir, script string) string {
	t.Helper()
	out, err := os.Create(filepath.Join(dir, "out.txt")) // a file: the program in the background keeps it open
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	c := exec.Command("bash", "-e", "-c", script)
	c.Dir, c.Stdout, c.Stderr = dir, out, out
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = c.Run()
	t.Cleanup(func() { endGroup(c.Process.Pid) })
	text, _ := os.ReadFile(out.Name())
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return string(text)
}

// endGroup ends a shell's children, and waits until they have let go of their files.
func endGroup(group int) {
	syscall.Kill(-group, syscall.SIGTERM)
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if syscall.Kill(-group, 0) != nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}
