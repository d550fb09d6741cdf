package main

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"experthour/internal/testenv"
)

// TestSetupOfTheReadme runs the lines of the README's set-up as they stand there, on
// other ports: a newcomer's machine, with a real Redis.
func TestSetupOfTheReadme(t *testing.T) {
	t.Parallel()
	testenv.Need(t, "redis-server")
	testenv.Need(t, "openssl")
	dir := t.TempDir()
	copyModule(t, dir)
	_, redisPort, _ := net.SplitHostPort(free(t))
	listen := free(t)
	script := strings.NewReplacer("6379", redisPort, "127.0.0.1:8080", listen).Replace(shellBlock(t, "../../README.md", "## Set-up"))
	// Built as a release is, the program has no trace of the folder, and what was compiled for another one can be used.
	out := testenv.Shell(t, dir, "export CGO_ENABLED=0 GOFLAGS=-trimpath\n"+script)
	for _, want := range []string{"No problem found.", "first-hour", "http://" + listen + "/desk/anna-berzina?token=",
		"http://" + listen + "/desk/edgars-ozols?token="} {
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
