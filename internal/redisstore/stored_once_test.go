package redisstore_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// writeHour stores an hour in a file, unless there is one: an hour that this build writes
// anew would only show that the build can read itself.
func writeHour(t *testing.T, path string) {
	t.Helper()
	a := newAuthor(t, hourAt)
	a.write()
	text, err := json.MarshalIndent(dumped(t, a.store.Client), "", "\t")
	check(t, err)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return
	}
	check(t, err)
	_, err = f.Write(append(text, '\n'))
	check(t, errors.Join(err, f.Close()))
}

// TestAnHourIsWrittenOnce: writing golden files anew leaves an hour of an earlier build alone.
func TestAnHourIsWrittenOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hour.json")
	writeHour(t, path)
	text, err := os.ReadFile(path)
	if check(t, err); !json.Valid(text) {
		t.Fatalf("wrote %q", text)
	}
	const earlier = "of an earlier build"
	check(t, os.WriteFile(path, []byte(earlier), 0o644))
	writeHour(t, path)
	text, err = os.ReadFile(path)
	if check(t, err); string(text) != earlier {
		t.Errorf("an hour of an earlier build was written anew: %q", text)
	}
}
