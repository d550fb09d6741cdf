package chaos

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/testenv"
)

// fleet is the replicas of the program behind one address, as a balancer shows them to
// people and to the platform: whoever is not ready gets no requests, and nothing is
// repeated for anybody.
type fleet struct {
	all   []*replica
	base  string
	front *http.Server
}

// replica is one of them: a folder with a configuration, and the process that runs on it.
type replica struct {
	bot, dir, base string
	env            []string
	up             atomic.Bool // it is ready and gets requests

	turn  sync.Mutex // of those who kill and start it
	mu    sync.Mutex
	cmd   *exec.Cmd
	gone  chan struct{} // closed when the process has ended
	meant bool          // that it ends
	ends  []string      // what it said when it ended by itself
}

// open listens for people; replicas are added before start.
func openFleet() (*fleet, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f := &fleet{base: "http://" + ln.Addr().String()}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(f.any())
			r.SetXForwarded()
		},
		Transport:    &http.Transport{ResponseHeaderTimeout: 8 * time.Second},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
		ErrorLog:     log.New(new(bytes.Buffer), "", 0), // that answers break off is the purpose
	}
	f.front = &http.Server{Handler: proxy, ReadHeaderTimeout: time.Minute}
	go func() { _ = f.front.Serve(ln) }()
	return f, nil
}

// any is the address of a replica that is ready, or of nobody.
func (f *fleet) any() *url.URL {
	for _, i := range rand.Perm(len(f.all)) {
		if f.all[i].up.Load() {
			u, _ := url.Parse(f.all[i].base) // it is ours
			return u
		}
	}
	return &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
}

// add makes a replica; config is its file, in which %s is the address that it listens at.
func (f *fleet) add(dir, bot, config, fault string) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	at := ln.Addr().String()
	r := &replica{bot: bot, dir: filepath.Join(dir, fmt.Sprint("replica", len(f.all)+1)), base: "http://" + at}
	r.env = append(os.Environ(), "CHAOS_FAULT="+fault, "BOT_TOKEN=")
	f.all = append(f.all, r)
	if err := ln.Close(); err != nil {
		return err
	}
	if err := os.Mkdir(r.dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.dir, "config.toml"), fmt.Appendf(nil, config, at), 0o600)
}

// start starts the process, which gets requests once it is ready.
func (r *replica) start() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	said, err := os.OpenFile(filepath.Join(r.dir, "log.txt"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	c := exec.Command(r.bot, "run")
	c.Dir, c.Env, c.Stderr, c.Stdout = r.dir, r.env, said, said
	testenv.Tie(c)
	if err := c.Start(); err != nil {
		return err
	}
	gone := make(chan struct{})
	r.cmd, r.gone, r.meant = c, gone, false
	go func() {
		err := c.Wait()
		_ = said.Close()
		r.ended(err)
		close(gone)
	}()
	go r.ready(gone)
	return nil
}

func (r *replica) ended(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.up.Store(false)
	if !r.meant {
		r.ends = append(r.ends, fmt.Sprintf("%s ended by itself: %v", filepath.Base(r.dir), err))
	}
}

// ready lets people in once the process says so.
func (r *replica) ready(gone chan struct{}) {
	client := &http.Client{Timeout: 2 * time.Second}
	for {
		select {
		case <-gone:
			return
		case <-time.After(20 * time.Millisecond):
		}
		resp, err := client.Get(r.base + "/readyz")
		if err != nil {
			continue
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			r.up.Store(true)
			return
		}
	}
}

// kill ends the process as kill -9 does, and returns when it is gone.
func (r *replica) kill() {
	r.mu.Lock()
	r.meant = true
	r.up.Store(false)
	gone := r.gone
	if r.cmd != nil {
		_ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL)
	}
	r.mu.Unlock()
	if gone != nil {
		<-gone
	}
}

// restart kills the process and starts another.
func (r *replica) restart() error {
	r.turn.Lock()
	defer r.turn.Unlock()
	r.kill()
	return r.start()
}

// freeze stops the process for a while, without its noticing.
func (r *replica) freeze(ctx context.Context, d time.Duration) {
	r.mu.Lock()
	pid := r.cmd.Process.Pid
	r.mu.Unlock()
	_ = syscall.Kill(pid, syscall.SIGSTOP)
	r.up.Store(false)
	backoff.Pause(ctx, d)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cmd.Process.Pid == pid { // it was not killed meanwhile
		_ = syscall.Kill(pid, syscall.SIGCONT)
		r.up.Store(true)
	}
}

// upright waits until all of them are ready.
func (f *fleet) upright(ctx context.Context) error {
	for _, r := range f.all {
		for !r.up.Load() {
			if !backoff.Pause(ctx, 20*time.Millisecond) {
				return fmt.Errorf("%s is not ready: %w", r.dir, ctx.Err())
			}
		}
	}
	return nil
}

func (f *fleet) close() {
	for _, r := range f.all {
		r.kill()
	}
	_ = f.front.Close()
}
