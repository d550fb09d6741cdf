package redisstore_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/redisstore"
	"experthour/internal/session/sessiontest"
)

var quiet = slog.New(slog.DiscardHandler)

func managed(t *testing.T, dir string) (redis.UniversalClient, func()) {
	t.Helper()
	c, stop, err := redisstore.Managed(t.Context(), dir, quiet)
	if errors.Is(err, redisstore.ErrNoServer) {
		needed(t, errNoServer)
	}
	check(t, err)
	t.Cleanup(stop)
	return c, stop
}

func pid(t *testing.T, c redis.UniversalClient) int {
	t.Helper()
	info, err := c.Info(t.Context(), "server").Result()
	check(t, err)
	_, rest, _ := strings.Cut(info, "process_id:")
	text, _, _ := strings.Cut(rest, "\r")
	n, err := strconv.Atoi(text)
	check(t, err)
	return n
}

func TestManaged(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 20), "data") // longer than a socket's path may be
	c, stop := managed(t, dir)
	store := redisstore.New(c, redisstore.Options{})
	s := sessiontest.NewScene(t, store)
	s.Ask("a")
	report, err := store.Check(t.Context())
	if err != nil || len(report) != 1 || report[0].ID != "always" {
		t.Errorf("check: %v, %v", report, err)
	}
	info, err := os.Stat(dir)
	check(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v", info.Mode())
	}
	if _, _, err := redisstore.Managed(t.Context(), dir, quiet); !errors.Is(err, redisstore.ErrDirInUse) {
		t.Errorf("second program: %v", err)
	}

	first := pid(t, c)
	check(t, syscall.Kill(first, syscall.SIGKILL))
	check(t, ready(c))
	if s.Read(1); pid(t, c) == first {
		t.Error("not started again")
	}
	stop()
	c, _ = managed(t, dir)
	s.Store = redisstore.New(c, redisstore.Options{})
	s.Read(1)
	s.Verify()
}

// TestManagedOrphan starts on a folder whose server outlived its program.
func TestManagedOrphan(t *testing.T) {
	t.Parallel()
	orphan := own(t, "--port", "0", "--appendonly", "yes")
	check(t, os.Rename(orphan.socket(), filepath.Join(orphan.dir, "redis.sock")))
	old, err := redisstore.Dial("unix://" + filepath.Join(orphan.dir, "redis.sock"))
	check(t, err)
	defer old.Close()
	sessiontest.NewScene(t, redisstore.New(old, redisstore.Options{}))
	c, _ := managed(t, orphan.dir)
	if pid(t, c) == orphan.cmd.Process.Pid {
		t.Error("the orphan still runs")
	}
	if _, err := redisstore.New(c, redisstore.Options{}).Session(t.Context(), "hour"); err != nil {
		t.Error(err)
	}
}

func TestManagedNoServer(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, _, err := redisstore.Managed(t.Context(), t.TempDir(), quiet); !errors.Is(err, redisstore.ErrNoServer) {
		t.Errorf("no redis-server: %v", err)
	}
}

func TestManagedBroken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "appendonlydir"), []byte("in the way"), 0o600))
	_, stop, err := redisstore.Managed(t.Context(), dir, quiet)
	if errors.Is(err, redisstore.ErrNoServer) {
		needed(t, errNoServer)
	}
	if err == nil || !strings.Contains(err.Error(), "redis.log") || stop != nil {
		t.Errorf("broken folder: %v", err)
	}
}

// TestManagedOutlivesTheSignal: the program that is told to stop has outcomes to
// record first, so its server goes last.
func TestManagedOutlivesTheSignal(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c, stop, err := redisstore.Managed(ctx, t.TempDir(), quiet)
	if errors.Is(err, redisstore.ErrNoServer) {
		needed(t, errNoServer)
	}
	check(t, err)
	defer stop()
	cancel()
	if err := c.BLPop(t.Context(), time.Second, "never").Err(); err != redis.Nil { // who is told to stop ends at once
		t.Errorf("it ended with the signal: %v", err)
	}
	check(t, c.Set(t.Context(), "outcome", "sent", 0).Err())
}

// TestManagedStartIsCancelled: whoever stops the program while the server still starts
// does not wait for it.
func TestManagedStartIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := redisstore.Managed(ctx, t.TempDir(), quiet)
	if errors.Is(err, redisstore.ErrNoServer) {
		needed(t, errNoServer)
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("started all the same: %v", err)
	}
}

// TestManagedGivesTheFolderBack although a process that is just being started has the
// lock's file open as well.
func TestManagedGivesTheFolderBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, stop := managed(t, dir)
	files, err := filepath.Glob("/proc/self/fd/*")
	check(t, err)
	copies := 0
	for _, f := range files {
		if at, _ := os.Readlink(f); at != filepath.Join(dir, "lock") {
			continue
		}
		n, err := strconv.Atoi(filepath.Base(f))
		check(t, err)
		fd, err := syscall.Dup(n)
		check(t, err)
		defer syscall.Close(fd)
		copies++
	}
	if copies == 0 {
		t.Skip("this system does not list open files")
	}
	stop()
	managed(t, dir)
}
