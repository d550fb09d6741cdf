// Package redistest gives tests the real store on a Redis in the process: no port, no
// file, and the clock that the test chooses. It works inside testing/synctest bubbles.
//
// It knows how to make that server and to take it away. It must not stand in for a rule
// of the store: what the store does is done by package redisstore, or it is not true.
// The server knows no full memory, no slots and no replicas; tests of those need a
// redis-server.
package redistest

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
	lua "github.com/yuin/gopher-lua"

	"experthour/internal/redisstore"
)

// Each run of a script gets stacks of its own, which by default take 100 kB: most of the time of a script went into
// making and clearing them. A script that outgrows them fails.
func init() { lua.RegistrySize, lua.CallStackSize = 1024, 64 }

// Store is a store of one test. It ends with the test or the bubble that made it.
type Store struct {
	*redisstore.Store
	// Client talks to the same server, for looking at keys and for more stores there.
	Client redis.UniversalClient
	broken *atomic.Pointer[error]
}

// New makes an empty store. Its server tells the time by now: leases, budgets and all
// that expires follow it.
func New(t testing.TB, now func() time.Time) *Store {
	server := miniredis.NewMiniRedis()
	server.ClockTTL(true)
	pipes := &pipes{server: server}
	client := redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs:    []string{"127.0.0.1:1"}, // nobody dials it: an address so that no name is looked up
		Dialer:   pipes.dial,
		Protocol: 2, ContextTimeoutEnabled: true, DialerRetries: 1,
		PoolSize:                 200, // whoever waits for a connection waits with a timer of another bubble
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	s := &Store{Store: redisstore.New(client, redisstore.Options{Embedded: true}), Client: client, broken: &atomic.Pointer[error]{}}
	client.AddHook(hook{server, now, s.broken})
	t.Cleanup(func() {
		_ = client.Close()
		pipes.close()
	})
	return s
}

// pipes lead to a server until it is closed: the client's pool dials for itself, perhaps at its end.
type pipes struct {
	mu     sync.Mutex
	server *miniredis.Miniredis
	closed bool
}

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, net.ErrClosed
	}
	return p.server.Dial()
}

func (p *pipes) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.server.Close()
}

// Break makes every command fail because of err, as when the server is away; nil mends
// it. Whoever waits in the server already goes on waiting.
func (s *Store) Break(err error) {
	if err == nil {
		s.broken.Store(nil)
		return
	}
	s.broken.Store(&err)
}

// hook goes before every command: it sets the server's clock, or fails.
type hook struct {
	server *miniredis.Miniredis
	now    func() time.Time
	broken *atomic.Pointer[error]
}

func (h hook) before() error {
	if err := h.broken.Load(); err != nil {
		return *err
	}
	h.server.SetTime(h.now())
	return nil
}

// DialHook is redis.Hook's.
func (h hook) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook is redis.Hook's.
func (h hook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if err := h.before(); err != nil {
			cmd.SetErr(err)
			return err
		}
		return next(ctx, cmd)
	}
}

// ProcessPipelineHook is redis.Hook's.
func (h hook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if err := h.before(); err != nil {
			return err
		}
		return next(ctx, cmds)
	}
}
