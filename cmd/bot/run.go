package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"experthour/internal/config"
)

func runCommand() *cobra.Command {
	var file string
	var wait time.Duration
	c := &cobra.Command{
		Use:   "run --config FILE",
		Short: "Run the bot",
		Long: `Runs the bot until it is stopped: the public pages, the desk, the clock and the
deliveries. Several may run on one Redis. SIGTERM finishes what is under way. SIGHUP
reads the configuration again: people, their roles, decline reasons and hashtags change
at once, and the log says what needs a restart.

Where Redis is not there yet, as after a reboot, the bot waits for it, and /readyz
and the pages say so (503). --wait 0 ends instead, as does a setting of Redis that
would lose what was accepted.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			hangups := make(chan os.Signal, 1)
			signal.Notify(hangups, syscall.SIGHUP) // from now on, or one that comes early ends the program
			defer signal.Stop(hangups)
			cfg, err := loadConfig(file)
			if err != nil {
				return err
			}
			log := slog.New(slog.NewTextHandler(os.Stderr, nil))
			_ = doubts(cfg, func(d config.Doubt) { log.Warn("configuration", "says", d.String()) })
			ln, err := listen(cfg.HTTP.Listen)
			if err != nil {
				return err
			}
			base := publicURL(cfg, ln.Addr().String())
			core, err := newCore(cmd.Context(), cfg, base, log, own)
			if err != nil {
				_ = ln.Close()
				return err
			}
			defer core.close()
			first := func(ctx context.Context) error {
				if err := core.awaitStore(ctx, wait); err != nil {
					return err
				}
				log.Info("ready", "public", base, "build", thisBuild())
				return nil
			}
			reload := func(ctx context.Context) error { return core.reloadOn(ctx, hangups, file, base) }
			return core.serve(cmd.Context(), ln, base, first, reload)
		},
	}
	configFlag(c, &file)
	c.Flags().DurationVar(&wait, "wait", 24*time.Hour, "how long to wait for Redis at the start")
	return c
}

// listen takes the port, and says in words when somebody else has it.
func listen(addr string) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another program; stop it, or listen somewhere else ([http] listen, or --listen in the demo)", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return ln, nil
}

// farewell is how long requests that are under way may take when the program stops.
const farewell = 10 * time.Second

// eager is from how much memory on the program collects its garbage more often: 10,000 live
// readers need about 250 MB, and twice as much with what lies about otherwise. An operator sets
// another figure by $GOMEMLIMIT.
const eager = 340 << 20

// serve runs everything, and more, until ctx ends, then lets what is under way finish. Before
// first has returned, whoever comes is told that the program is not ready yet.
func (c *core) serve(ctx context.Context, ln net.Listener, base string, first func(context.Context) error,
	more ...func(context.Context) error) error {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(eager)
	}
	g, ctx := errgroup.WithContext(ctx)
	h, err := c.handler(ctx, base)
	if err != nil {
		return err
	}
	if err := c.serveMetrics(ctx, g); err != nil { // first: nothing is under way when its port is taken
		return err
	}
	c.early.Store(true)
	g.Go(func() error { return serveHTTP(ctx, ln, h) })
	g.Go(func() error {
		if err := first(ctx); err != nil {
			return err
		}
		c.early.Store(false)
		c.work(ctx, g, more)
		return nil
	})
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// work starts what needs the store, and more.
func (c *core) work(ctx context.Context, g *errgroup.Group, more []func(context.Context) error) {
	if c.news != nil {
		more = append(more, c.news.Run)
	}
	if c.fetches() {
		more = append(more, c.pictures.Run)
	}
	for _, run := range append(more, c.worker.Run, c.listenForWakes, c.watchStore, c.keepRoll, c.learning.Run) {
		g.Go(func() error { return run(ctx) })
	}
	for _, conn := range c.registry.All() {
		g.Go(func() error { return conn.Run(ctx) })
	}
}

func serveHTTP(ctx context.Context, ln net.Listener, h http.Handler) error {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		// What is under way goes on when the program stops; live events end with their hub.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
		defer cancel()
		done <- s.Shutdown(wait)
	}()
	if err := s.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return <-done
}

// serveMetrics serves the metrics on a listener of their own, if one is configured:
// they are for the operator, not for the public.
func (c *core) serveMetrics(ctx context.Context, g *errgroup.Group) error {
	if c.cfg.HTTP.MetricsListen == "" {
		return nil
	}
	ln, err := listen(c.cfg.HTTP.MetricsListen)
	if err != nil {
		return fmt.Errorf("[http] metrics_listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", c.metrics.Handler())
	g.Go(func() error { return serveHTTP(ctx, ln, mux) })
	return nil
}

// again is how long the program waits before it listens for wake-ups once more. The
// worker looks by itself meanwhile.
const again = time.Second

func (c *core) listenForWakes(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := c.store.Wakes(ctx, c.wake); err != nil && ctx.Err() == nil {
			c.log.Debug("wake-ups interrupted", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
	}
	return nil
}
