package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

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
			return core.report(cmd.Context(), cmd.OutOrStdout())
		},
	}
	configFlag(c, &file)
	return c
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
	all := c.capabilities()
	for _, conn := range c.registry.All() {
		var can []string
		for _, k := range all[conn.ID()] {
			can = append(can, string(k))
		}
		say(out, "%s: %s", conn.ID(), strings.Join(can, ", "))
	}
	if bad := c.checkConnectors(ctx, func(format string, args ...any) { say(out, format, args...) }); bad > 0 {
		return errPlatforms
	}
	say(out, "No problem found.")
	return nil
}

// lookEvery is how often the store's settings are looked at while the bot runs.
const lookEvery = time.Minute

// look says plainly, once, what the store could lose; it fails when it must not be used.
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

func (c *core) tell(ctx context.Context, r redisstore.Report) {
	w := wording.In(session.English)
	for _, t := range r {
		level := slog.LevelInfo
		if t.Level > redisstore.Good {
			level = slog.LevelWarn
		}
		c.log.Log(ctx, level, "store", "says", w.Text("store."+t.ID, t.Args...))
	}
}

// watchStore looks again while the bot runs, and says what changed.
func (c *core) watchStore(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	said := ""
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		r, _ := c.store.Check(ctx)
		if now := fmt.Sprint(r); now != said && ctx.Err() == nil {
			if said != "" {
				c.tell(ctx, r)
			}
			said = now
		}
	}
}
