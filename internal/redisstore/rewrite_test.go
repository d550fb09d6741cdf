package redisstore_test

import (
	"bytes"
	"io/fs"
	"log/slog"
	"os"
	"testing"

	"experthour/internal/redisstore"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
	"experthour/internal/testenv"
)

// TestTheFileForgets: what was withdrawn is not in the append-only file after a rewrite, and
// without anything erased there is none.
func TestTheFileForgets(t *testing.T) {
	t.Parallel()
	testenv.Need(t, "redis-server")
	dir := t.TempDir()
	client, stop, err := redisstore.Managed(t.Context(), dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	store := redisstore.New(client, redisstore.Options{})
	rewrite := func() {
		t.Helper()
		if err := store.Rewrite(t.Context()); err != nil {
			t.Fatal(err)
		}
		testenv.Until(t, "the rewrite ends", func() bool {
			info, err := client.Info(t.Context(), "persistence").Result()
			return err == nil && bytes.Contains([]byte(info), []byte("aof_rewrite_in_progress:0"))
		})
	}
	rewrite() // the one after the start; a file that was written anew is compressed
	scene := sessiontest.NewScene(t, store)
	n := scene.New("key")
	n.Text = "MARKtext"
	n.Sealed.Payload, n.Entry.Commitment = "MARKpayload", session.Sealed{Salt: n.Sealed.Salt, Payload: "MARKpayload"}.Commitment()
	q, _, err := store.Add(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	forget := scene.Stored(q, session.Withdraw, func(q *session.Question) { q.State, q.Text = session.Withdrawn, "" })
	forget.Erase = true
	scene.Commit(scene.Change(forget))
	if !holds(t, dir, "MARKtext") {
		t.Error("the file does not hold it even before: this test proves nothing")
	}
	rewrite()
	for _, what := range []string{"MARKtext", "MARKpayload"} {
		if holds(t, dir, what) {
			t.Errorf("the file still holds %q", what)
		}
	}
}

// holds reports whether any file of a folder has a text in it.
func holds(t *testing.T, dir, text string) bool {
	t.Helper()
	found := false
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := fs.ReadFile(os.DirFS(dir), path)
		found = found || bytes.Contains(content, []byte(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
