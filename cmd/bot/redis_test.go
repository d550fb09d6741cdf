package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/redis/go-redis/v9"

	"experthour/internal/testenv"
)

// realRedis starts a redis-server of the test's own and returns its address.
func realRedis(t testing.TB) string {
	t.Helper()
	address, begin := laterRedis(t)
	begin()
	return address
}

// laterRedis is the address of a redis-server that begin starts.
func laterRedis(t testing.TB) (address string, begin func()) {
	t.Helper()
	path := testenv.Need(t, "redis-server")
	dir, err := os.MkdirTemp("", "eh") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	return "unix://" + socket, func() {
		t.Helper()
		testenv.Start(t, exec.Command(path, "--port", "0", "--unixsocket", socket, "--dir", dir, "--appendonly", "yes",
			"--appendfsync", "always", "--save", ""))
		client := redis.NewClient(&redis.Options{Network: "unix", Addr: socket})
		defer client.Close()
		testenv.Until(t, "redis-server answers", func() bool { return client.Ping(t.Context()).Err() == nil })
	}
}

// TestStoreComesLater: after a reboot Redis may be there later than the bot, which waits,
// says so to whoever asks, and takes questions then. --wait 0 ends instead, and so does a
// setting that would lose what is accepted, as soon as it is seen.
func TestStoreComesLater(t *testing.T) {
	t.Parallel()
	address, begin := laterRedis(t)
	i := &institution{t: t, dir: t.TempDir(), listen: free(t)}
	i.base = "http://" + i.listen
	writeConfig(t, i.dir, fmt.Sprintf(settings, address, i.listen))
	if out, errs, code := bot(t, i.dir, "run", "--wait", "0"); code == 0 || !strings.Contains(errs, "Redis cannot be reached") {
		t.Errorf("--wait 0 ends with %d and says %s%s", code, out, errs)
	}
	start(t, i.dir, "run")
	testenv.Until(t, "the program answers", func() bool { return i.status("/healthz") == http.StatusOK })
	for path, want := range map[string]int{"/readyz": 503, "/": 503, "/api/v1/sessions": 503, "/healthz": 200, "/desk/": 503} {
		if got := i.status(path); got != want {
			t.Errorf("%s answers %d, want %d", path, got, want)
		}
	}
	begin()
	i.await()
	if got := i.status("/"); got != http.StatusOK {
		t.Errorf("the page answers %d", got)
	}
}

// status is that of the answer to a GET; 0 is no answer.
func (i *institution) status(path string) int {
	resp, err := http.Get(i.base + path)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

// TestManagedRedisEndsWithAKilledBot: a server that outlived its program would keep the
// folder busy for nobody.
func TestManagedRedisEndsWithAKilledBot(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends the children of who is killed")
	}
	testenv.Need(t, "redis-server")
	i := &institution{t: t, dir: t.TempDir(), listen: free(t)}
	i.base = "http://" + i.listen
	writeConfig(t, i.dir, strings.Replace(fmt.Sprintf(settings, "managed", i.listen), "[http]", "dir = \"redis\"\n[http]", 1))
	run := start(t, i.dir, "run")
	i.await()
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: filepath.Join(i.dir, "redis", "redis.sock"), ContextTimeoutEnabled: true})
	defer client.Close()
	if err := client.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- client.BLPop(testenv.Soon(t), 0, "never").Err() }()
	run.cmd.Process.Kill()
	if err := <-ended; errors.Is(err, context.DeadlineExceeded) {
		t.Error("it still runs")
	}
	if err := client.Ping(t.Context()).Err(); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("somebody answers: %v", err)
	}
}

// TestStoreOfALaterVersion: an earlier version does not start on what a later one wrote,
// gives no command there, and says what to do.
func TestStoreOfALaterVersion(t *testing.T) {
	t.Parallel()
	address := realRedis(t)
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: strings.TrimPrefix(address, "unix://")})
	defer client.Close()
	dir := t.TempDir()
	writeConfig(t, dir, fmt.Sprintf(settings, address, free(t)))
	if _, errs, code := bot(t, dir, "session", "list", "--as", "Anna Bērziņa"); code != 0 {
		t.Fatal(errs)
	}
	if err := client.HIncrBy(t.Context(), "eh:schema", "newest", 1).Err(); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"run"}, {"session", "list", "--as", "Anna Bērziņa"}, {"check"}} {
		out, errs, code := bot(t, dir, args...)
		if code == 0 || !strings.Contains(out+errs, "restore a backup that is older than its first start") {
			t.Errorf("%v ends with %d and says %s%s", args, code, out, errs)
		}
	}
}

// TestCheckOfAForeignRedis: the operator of a Redis that the bot does not run itself reads
// what must be done there for withdrawn questions to be gone.
func TestCheckOfAForeignRedis(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeConfig(t, dir, fmt.Sprintf(settings, realRedis(t), free(t)))
	out, errs, code := bot(t, dir, "check")
	if code != 0 || !strings.Contains(out, "Run BGREWRITEAOF once a day") {
		t.Errorf("ends with %d and says %s%s", code, out, errs)
	}
}
