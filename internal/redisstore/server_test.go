package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/redisstore"
	"experthour/internal/testenv"
)

// server is a redis-server of the tests' own.
type server struct {
	dir   string
	port  int
	args  []string
	loose bool // it need not answer more than an error
	cmd   *exec.Cmd
}

// common is one server for all tests that do it no harm; each has its own prefix. It runs
// once shared was asked for it.
var common = &server{args: []string{"--appendonly", "yes", "--appendfsync", "everysec"}}

var shared = sync.OnceValues(func() (_ *server, err error) {
	if common.dir, err = os.MkdirTemp("", "eh"); err != nil {
		return nil, err
	}
	return common, common.start()
})

func TestMain(m *testing.M) {
	redisstore.LogTo(slog.New(slog.DiscardHandler))
	code := m.Run()
	if common.cmd != nil {
		common.kill()
		os.RemoveAll(common.dir)
	}
	os.Exit(code)
}

var errNoServer = fmt.Errorf("redis-server is not installed")

// start starts the server and waits until it answers.
func (s *server) start() error {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return errNoServer
	}
	if s.port == 0 {
		if s.port, err = freePort(); err != nil {
			return err
		}
	}
	args := append([]string{"--port", fmt.Sprint(s.port), "--bind", "127.0.0.1", "--unixsocket", s.socket(), "--dir", s.dir, "--save", ""},
		s.args...)
	s.cmd = exec.Command(path, args...)
	testenv.Tie(s.cmd)
	if err := s.cmd.Start(); err != nil {
		return err
	}
	c, err := redisstore.Dial("unix://" + s.socket())
	if err != nil {
		return err
	}
	defer c.Close()
	if err = ready(c); s.loose && redis.HasErrorPrefix(err, "NOAUTH") {
		return nil
	}
	return err
}

// ownLoose is own for a server that may refuse to talk.
func ownLoose(t *testing.T, args ...string) *server {
	t.Helper()
	return ownWith(t, &server{args: args, loose: true})
}

func ready(c redis.UniversalClient) error {
	ctx, cancel := context.WithTimeout(context.Background(), testenv.Patience)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		err := c.Ping(ctx).Err()
		_, refused := errors.AsType[redis.Error](err)
		if err == nil || ctx.Err() != nil || refused && !redis.HasErrorPrefix(err, "LOADING") {
			return err
		}
		<-tick.C
	}
}

func (s *server) socket() string { return filepath.Join(s.dir, "s") }

func (s *server) address() string { return fmt.Sprintf("redis://127.0.0.1:%d", s.port) }

// kill ends the server as a power cut of the process would: kill -9.
func (s *server) kill() { testenv.Kill(s.cmd) }

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// own starts a server that only this test uses.
func own(t *testing.T, args ...string) *server {
	t.Helper()
	return ownWith(t, &server{args: args})
}

func ownWith(t *testing.T, s *server) *server {
	t.Helper()
	dir, err := os.MkdirTemp("", "eh") // t.TempDir is too long for a socket's path
	if err != nil {
		t.Fatal(err)
	}
	s.dir = dir
	needed(t, s.start())
	t.Cleanup(func() {
		s.kill()
		os.RemoveAll(dir)
	})
	return s
}

// needed skips where there is no server, except where the tests must run.
func needed(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == errNoServer && os.Getenv("CI") != "true":
		t.Skip("skipped: ", err)
	case err != nil:
		t.Fatal(err)
	}
}

// dial gives a client that is closed with the test, with the program's own time-outs.
func dial(t testing.TB, address string) redis.UniversalClient {
	t.Helper()
	return closed(t)(redisstore.Dial(address))
}

// patient is dial for servers that nobody makes slow or takes away.
func patient(t testing.TB, address string) redis.UniversalClient {
	t.Helper()
	return closed(t)(redisstore.DialPatiently(address, testenv.Patience))
}

func closed(t testing.TB) func(redis.UniversalClient, error) redis.UniversalClient {
	return func(c redis.UniversalClient, err error) redis.UniversalClient {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
}

var prefixes atomic.Int64

// prefix is unique in this process; the servers are the tests' own.
func prefix(t testing.TB) string {
	name := strings.NewReplacer("/", "-", "{", "", "}", "").Replace(t.Name())
	return fmt.Sprintf("eh-%s-%d", name, prefixes.Add(1))
}

// onServer gives a store on the shared server.
func onServer(t testing.TB) *redisstore.Store {
	t.Helper()
	s, err := shared()
	needed(t, err)
	return redisstore.New(patient(t, s.address()), redisstore.Options{Prefix: prefix(t)})
}

// embedded gives a store of its own inside the process.
func embedded(t testing.TB) *redisstore.Store {
	t.Helper()
	c, stop, err := redisstore.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		stop()
	})
	return redisstore.New(c, redisstore.Options{Embedded: true})
}
