package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"experthour/internal/session"
)

func forgetCommand() *cobra.Command {
	var file string
	var dry bool
	c := &cobra.Command{
		Use:   "forget --config FILE",
		Short: "Forget now what [retention] lets expire, or show it",
		Long: `Forgets e-mail addresses, accounts, originals and unpublished questions of hours that
were closed longer ago than [retention] says. The running bot does the same by itself,
so this is for looking (--dry-run) and for stores on which no bot runs.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return onStore(cmd.Context(), file, func(c *core) error { return c.forget(cmd.Context(), cmd.OutOrStdout(), dry) })
		},
	}
	configFlag(c, &file)
	c.Flags().BoolVar(&dry, "dry-run", false, "only show what would be forgotten")
	return c
}

// onStore does something on the configured store.
func onStore(ctx context.Context, file string, do func(*core) error) error {
	cfg, err := loadConfig(file)
	if err != nil {
		return err
	}
	if cfg.Redis.Embedded() {
		return errors.New("the embedded store lives inside the running program, and is gone with it")
	}
	c, err := newCore(ctx, cfg, publicURL(cfg, cfg.HTTP.Listen), slog.New(slog.DiscardHandler), visit)
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.claim(ctx); err != nil {
		return err
	}
	return do(c)
}

// forget says for each hour what has expired, and drops it unless it is a dry run.
func (c *core) forget(ctx context.Context, out io.Writer, dry bool) error {
	hours, err := c.store.Sessions(ctx)
	if err != nil {
		return err
	}
	nothing := true
	for _, s := range hours {
		for _, e := range c.service.Retention.Due(s, time.Now()) {
			numbers, err := c.service.Expired(ctx, s.ID, e)
			if err != nil {
				return err
			}
			at, _ := c.service.Retention.At(s, e)
			say(out, "%s: %s of %d questions, since %s", s.ID, e, len(numbers), at.In(s.Location()).Format("2006-01-02"))
			nothing = false
		}
		if err := c.forgetHour(ctx, s, dry); err != nil {
			return err
		}
	}
	if nothing {
		say(out, "Nothing has expired.")
	}
	return nil
}

func (c *core) forgetHour(ctx context.Context, s session.Session, dry bool) error {
	for done := dry; !done; {
		var err error
		if done, err = c.service.Forget(ctx, s); err != nil {
			return err
		}
		if s, err = c.store.Session(ctx, s.ID); err != nil {
			return err
		}
	}
	return nil
}
