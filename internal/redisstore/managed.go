package redisstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/backoff"
)

// ErrNoServer says that there is no redis-server on the PATH.
var ErrNoServer = errors.New(`redis-server is not on the PATH: install the package redis-server, or name a server in [redis] url`)

// ErrDirInUse says that another program runs its managed server in the folder.
var ErrDirInUse = errors.New("another program uses this folder for its managed redis")

const (
	managedPause = 200 * time.Millisecond // before a server that died is started again
	managedPoll  = 20 * time.Millisecond
	managedGrace = 20 * time.Second // for writing its files, before it is killed
	longestPath  = 100              // of a unix socket, in bytes; the system allows 104 to 108
)

// managed is a redis-server of our own: only this user can reach it, it syncs every
// write before it answers, and it never drops a key.
type managed struct {
	dir, socket string
	path        string
	log         *slog.Logger
	lock        *os.File
	client      redis.UniversalClient
	stopped     chan struct{}
}

// Managed starts a private, durable redis-server whose files are in dir, and starts
// it again when it dies, until stop is called. It returns once the server answers; a
// large file takes a while to load, and ctx bounds that only: when a program is told to
// stop, what it has under way still needs its store. stop closes the client, lets the
// server finish its files, and waits for its end. Errors: ErrNoServer, ErrDirInUse.
func Managed(ctx context.Context, dir string, log *slog.Logger) (client redis.UniversalClient, stop func(), err error) {
	m, err := newManaged(dir, log)
	if err != nil {
		return nil, nil, err
	}
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ready := make(chan error, 1)
	go m.supervise(life, ready)
	stop = sync.OnceFunc(func() {
		_ = m.client.Close()
		cancel()
		<-m.stopped
	})
	select {
	case err = <-ready:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return m.client, stop, nil
}

func newManaged(dir string, log *slog.Logger) (*managed, error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrNoServer, err)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, fmt.Errorf("managed redis: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("managed redis: %w", err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	m := &managed{dir: dir, path: path, log: log, lock: lock, stopped: make(chan struct{})}
	if err := m.connect(); err != nil {
		unlockDir(lock)
		return nil, err
	}
	return m, nil
}

// connect makes the client. A socket's path is short: a long one is kept elsewhere.
func (m *managed) connect() error {
	m.socket = filepath.Join(m.dir, "redis.sock")
	if len(m.socket) > longestPath {
		short, err := os.MkdirTemp("", "eh")
		if err != nil {
			return fmt.Errorf("managed redis: %w", err)
		}
		m.socket = filepath.Join(short, "redis.sock")
	}
	o := &redis.UniversalOptions{Addrs: []string{m.socket}}
	limits(o)
	m.client = redis.NewUniversalClient(o)
	return nil
}

// supervise keeps the server running. The first start is reported.
func (m *managed) supervise(ctx context.Context, ready chan<- error) {
	defer close(m.stopped)
	defer m.tidy()
	m.endOrphan(ctx)
	first := true
	for ctx.Err() == nil {
		exited := make(chan error, 1)
		go func() { exited <- m.run(ctx) }()
		if first {
			first = false
			if err := m.answers(ctx, exited); err != nil {
				ready <- err
				return
			}
			ready <- nil
		}
		err := <-exited
		if ctx.Err() == nil {
			m.log.Error("managed redis ended, starting it again", "error", err, "dir", m.dir)
			backoff.Pause(ctx, managedPause)
		}
	}
	if first {
		ready <- ctx.Err()
	}
}

// tidy gives the folder back.
func (m *managed) tidy() {
	if dir := filepath.Dir(m.socket); dir != m.dir {
		_ = os.RemoveAll(dir)
	}
	unlockDir(m.lock)
}

// run is one life of the server. The thread that starts it must stay for as long: to the
// system its end is ours.
func (m *managed) run(ctx context.Context) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return m.command(ctx).Run()
}

// command is one run of the server; when ctx ends it is asked to stop, later killed.
func (m *managed) command(ctx context.Context) *exec.Cmd {
	c := exec.CommandContext(ctx, m.path, "--port", "0", "--unixsocket", m.socket, "--unixsocketperm", "700",
		"--dir", m.dir, "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--maxmemory-policy", "noeviction",
		"--daemonize", "no", "--logfile", filepath.Join(m.dir, "redis.log"))
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = managedGrace
	apart(c)
	return c
}

// endOrphan stops a server that a killed program left behind; the lock says that
// nobody else uses the folder.
func (m *managed) endOrphan(ctx context.Context) {
	if m.client.Ping(ctx).Err() != nil {
		return
	}
	m.log.Warn("managed redis is still running, stopping it", "dir", m.dir)
	_ = m.client.Shutdown(ctx).Err() // the connection ends without a reply
	for m.client.Ping(ctx).Err() == nil && backoff.Pause(ctx, managedPoll) {
		continue
	}
}

// answers waits until the server has loaded its files.
func (m *managed) answers(ctx context.Context, exited <-chan error) error {
	tick := time.NewTicker(managedPoll)
	defer tick.Stop()
	for {
		if m.client.Ping(ctx).Err() == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), <-exited)
		case err := <-exited:
			return fmt.Errorf("managed redis did not start, see %s: %w", filepath.Join(m.dir, "redis.log"), err)
		case <-tick.C:
		}
	}
}
