package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"experthour/internal/backoff"
	"experthour/internal/config"
	"experthour/internal/redisstore"
	"experthour/internal/session"
	"experthour/internal/wording"
)

func checkCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "check --config FILE",
		Short: "Check the configuration and everything it names, and list every problem",
		Long: `Reads the configuration strictly, then looks at what it names: whether the store
accepts writes and what its settings could lose, and whether each platform is set up
as the bot needs it. It ends with 1 if something should be mended.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadConfig(file)
			if err != nil {
				return err
			}
			core, err := newCore(cmd.Context(), cfg, publicURL(cfg, cfg.HTTP.Listen), slog.New(slog.DiscardHandler), visit)
			if err != nil {
				return err
			}
			defer core.close()
			grave := doubts(cfg, func(d config.Doubt) { say(cmd.OutOrStdout(), "configuration: %v", d) })
			return cmp.Or(core.report(cmd.Context(), cmd.OutOrStdout()), grave)
		},
	}
	configFlag(c, &file)
	return c
}

var errGrave = errors.New("the configuration lets somebody in who should not be; see above")

// doubts tells what should not stay as it is; the error is about what must not.
func doubts(cfg config.Config, tell func(config.Doubt)) error {
	var grave error
	for _, d := range cfg.Doubts {
		tell(d)
		if d.Grave {
			grave = errGrave
		}
	}
	return grave
}

// report says what is there, line by line.
func (c *core) report(ctx context.Context, out io.Writer) error {
	w := wording.In(session.English)
	r, err := c.store.Check(ctx)
	for _, t := range r {
		say(out, "store: %s", w.Text("store."+t.ID, t.Args...))
	}
	if err != nil {
		return errors.New("the store cannot be used; see above")
	}
	if !c.cfg.Redis.Managed() && !c.cfg.Redis.Embedded() {
		say(out, "store: %s", w.Text("store.rewrite"))
	}
	c.reportAbilities(func(format string, args ...any) { say(out, format, args...) })
	if bad := c.checkConnectors(ctx, func(format string, args ...any) { say(out, format, args...) }); bad > 0 {
		return errPlatforms
	}
	if len(c.cfg.Doubts) == 0 {
		say(out, "No problem found.")
	}
	return nil
}

// lookEvery is how often the store's settings are looked at while the bot runs.
const lookEvery = time.Minute

// awaitStore looks at the store until it is there, for at most so long.
func (c *core) awaitStore(ctx context.Context, wait time.Duration) error {
	err := c.look(ctx)
	if !away(err) || wait <= 0 {
		return err
	}
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return backoff.Insist(waiting, time.Second/4, 2*time.Second, away, func() error { return c.look(waiting) })
}

func away(err error) bool { return session.KindOf(err) == session.Unavailable }

// look says plainly what the store could lose; it fails when it must not be used.
func (c *core) look(ctx context.Context) error {
	r, err := c.store.Check(ctx)
	c.tell(ctx, r)
	if err != nil {
		return fmt.Errorf("the store cannot be used: %w", err)
	}
	return c.claim(ctx)
}

// claim says in the store which version writes into it, and refuses one that a later
// version wrote into.
func (c *core) claim(ctx context.Context) error {
	b := thisBuild()
	r, err := c.store.Claim(ctx, b.version+", commit "+b.commit)
	if len(r) > 0 {
		return errors.New(wording.In(session.English).Text("store."+r[0].ID, r[0].Args...))
	}
	return err
}

// tell says what was found, if that is something else than the last time.
func (c *core) tell(ctx context.Context, r redisstore.Report) {
	w := wording.In(session.English)
	now := fmt.Sprint(r)
	if now == c.said || ctx.Err() != nil {
		return
	}
	c.said = now
	for _, t := range r {
		level := slog.LevelInfo
		if t.Level > redisstore.Good {
			level = slog.LevelWarn
		}
		c.log.Log(ctx, level, "store", "says", w.Text("store."+t.ID, t.Args...))
	}
}

// rewriteEvery is how often the managed store's file is written anew at most: minutes of
// looking, each lookEvery.
const rewriteEvery = 10

// watchStore looks again while the bot runs, and says what changed. The file of the managed
// store forgets what was erased.
func (c *core) watchStore(ctx context.Context) error {
	for n := 1; backoff.Pause(ctx, lookEvery); n++ {
		r, _ := c.store.Check(ctx)
		c.tell(ctx, r)
		if n%rewriteEvery == 0 && c.cfg.Redis.Managed() {
			if err := c.store.Rewrite(ctx); err != nil {
				c.log.Warn("the managed store's file was not written anew, and may hold what was erased", "error", err)
			}
		}
	}
	return nil
}
