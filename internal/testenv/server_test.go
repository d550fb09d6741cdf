package testenv

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestFolderSum compares with what the shell of .ci/servers/install computes.
func TestFolderSum(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"install": "one", "a/b": "two", "a.c": "three"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command(Need(t, "bash"), "-c", "find . -type f | LC_ALL=C sort | xargs cat | sha256sum | cut -c1-16")
	c.Dir = dir
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	if sum, err := folderSum(dir); err != nil || sum+"\n" != string(out) {
		t.Errorf("%s, %v; the shell says %s", sum, err, out)
	}
}
