package chaos

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/testenv"
)

// server is one redis-server, or a Sentinel. It keeps its files when it is killed.
type server struct {
	dir, port string
	args      []string
	cmd       *exec.Cmd
}

func newServer(dir, name string, args ...string) (*server, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	s := &server{dir: filepath.Join(dir, name), port: port, args: args}
	return s, errors.Join(ln.Close(), os.Mkdir(s.dir, 0o700))
}

// start starts it and waits until it answers.
func (s *server) start(ctx context.Context) error {
	args := append(s.args, "--port", s.port, "--bind", "127.0.0.1", "--dir", s.dir, "--logfile", "log.txt")
	s.cmd = exec.Command("redis-server", args...)
	testenv.Tie(s.cmd)
	if err := s.cmd.Start(); err != nil {
		return err
	}
	for {
		if out, err := s.cli(ctx, "ping"); err == nil && strings.HasPrefix(out, "PONG") {
			return nil
		}
		if !backoff.Pause(ctx, 20*time.Millisecond) {
			return fmt.Errorf("redis in %s: %w", s.dir, ctx.Err())
		}
	}
}

func (s *server) kill() {
	if s.cmd != nil {
		testenv.Kill(s.cmd)
	}
}

func (s *server) cli(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "redis-cli", append([]string{"-p", s.port}, args...)...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func (s *server) address() string { return "127.0.0.1:" + s.port }

// store is all the servers that a run has, the first primary first.
type store struct {
	kind    string
	servers []*server
	watch   []*server // Sentinels
}

// durable are the settings that lose nothing that was confirmed.
var durable = []string{"--appendonly", "yes", "--appendfsync", "always", "--save", ""}

// openStore starts the servers of a kind: single or sentinel.
func openStore(ctx context.Context, dir, kind string) (*store, error) {
	st := &store{kind: kind}
	open := map[string]func(context.Context, string) error{"single": st.single, "sentinel": st.sentinel, "cluster": st.cluster}[kind]
	if open == nil {
		return nil, fmt.Errorf("redis %q: want single, sentinel or cluster", kind)
	}
	if err := open(ctx, dir); err != nil {
		st.close()
		return nil, err
	}
	return st, nil
}

// add starts one more server.
func (st *store) add(ctx context.Context, dir string, args ...string) (*server, error) {
	s, err := newServer(dir, fmt.Sprint("redis", len(st.servers)+1), append(durable[:len(durable):len(durable)], args...)...)
	if err != nil {
		return nil, err
	}
	st.servers = append(st.servers, s)
	return s, s.start(ctx)
}

func (st *store) single(ctx context.Context, dir string) error {
	_, err := st.add(ctx, dir)
	return err
}

// sentinel is a primary, two copies of it, and three Sentinels that agree by two.
func (st *store) sentinel(ctx context.Context, dir string) error {
	primary, err := st.add(ctx, dir)
	if err != nil {
		return err
	}
	for range 2 {
		if _, err := st.add(ctx, dir, "--replicaof", "127.0.0.1 "+primary.port); err != nil {
			return err
		}
	}
	for i := range 3 {
		s, err := newServer(dir, fmt.Sprint("sentinel", i+1))
		if err != nil {
			return err
		}
		file := filepath.Join(s.dir, "sentinel.conf")
		text := fmt.Sprintf("sentinel monitor hours 127.0.0.1 %s 2\nsentinel down-after-milliseconds hours 1000\n"+
			"sentinel failover-timeout hours 5000\n", primary.port)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return err
		}
		s.args = []string{file, "--sentinel"}
		st.watch = append(st.watch, s)
		if err := s.start(ctx); err != nil {
			return err
		}
	}
	return nil
}

// cluster is three primaries with a copy each.
func (st *store) cluster(ctx context.Context, dir string) error {
	args := []string{"--cluster", "create"}
	for range 6 {
		s, err := st.add(ctx, dir, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
		if err != nil {
			return err
		}
		args = append(args, s.address())
	}
	if out, err := st.servers[0].cli(ctx, append(args, "--cluster-replicas", "1", "--cluster-yes")...); err != nil {
		return fmt.Errorf("cluster: %w\n%s", err, out)
	}
	return nil
}

// settings are those of the section [redis].
func (st *store) settings() string {
	var hosts []string
	of := st.servers
	if st.kind == "sentinel" {
		of = st.watch
	}
	for _, s := range of {
		hosts = append(hosts, s.address())
	}
	url := "redis://" + strings.Join(hosts, ",")
	return map[string]string{
		"single":   fmt.Sprintf("url = %q\n", url),
		"sentinel": fmt.Sprintf("url = %q\nwait_replicas = 2\n", url+"?master_name=hours"),
		"cluster":  fmt.Sprintf("url = %q\nwait_replicas = 1\n", url),
	}[st.kind]
}

// primary is a server that writes go to; of a cluster, one of them.
func (st *store) primary(ctx context.Context, pick func(int) int) *server {
	var all []*server
	for _, s := range st.servers {
		if out, err := s.cli(ctx, "role"); err == nil && strings.HasPrefix(out, "master") {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return st.servers[0]
	}
	return all[pick(len(all))]
}

// crash kills a primary and starts it again: at once, or after the others had the time to
// choose another one.
func (st *store) crash(ctx context.Context, pick func(int) int) error {
	s := st.primary(ctx, pick)
	s.kill()
	if st.kind != "single" {
		backoff.Pause(ctx, 4*time.Second)
	}
	return s.start(ctx)
}

// switchOver lets a copy take over while all of them live; a single server has none.
func (st *store) switchOver(ctx context.Context, pick func(int) int) error {
	switch st.kind {
	case "sentinel":
		_, _ = st.watch[0].cli(ctx, "sentinel", "failover", "hours") // it refuses a second one soon after the first
		return nil
	case "cluster":
		for _, i := range []int{pick(len(st.servers))} {
			_, _ = st.servers[i].cli(ctx, "cluster", "failover") // a primary refuses, which is as well
		}
		return nil
	}
	return st.crash(ctx, pick)
}

// troubles are what a server can have without dying: commands that begin one, and those that end it a while later.
var troubles = [][2][]string{
	{{"config", "set", "maxmemory", "1"}, {"config", "set", "maxmemory", "0"}},
	{{"config", "set", "min-replicas-to-write", "9"}, {"config", "set", "min-replicas-to-write", "0"}},
	{{"client", "pause", "3000", "all"}, nil},
	{{"client", "kill", "type", "normal"}, nil},
}

// suffer has a server in trouble. One that is killed meanwhile is well when it is back.
func (s *server) suffer(ctx context.Context, of [2][]string) {
	_, _ = s.cli(ctx, of[0]...)
	backoff.Pause(ctx, 2*time.Second)
	if of[1] != nil {
		_, _ = s.cli(context.WithoutCancel(ctx), of[1]...)
	}
}

func (st *store) close() {
	for _, s := range append(st.servers, st.watch...) {
		s.kill()
	}
}
